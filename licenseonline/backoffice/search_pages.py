"""サイト内検索 on the desk: what was looked for in vain, and the words that mean the same."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from unfold.widgets import SELECT_CLASSES

from licenseonline.backoffice import access
from licenseonline.backoffice.fields import TextField
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.backoffice.site import site
from licenseonline.catalog import synonyms, zero_hits
from licenseonline.catalog.search_models import StoreSynonym, Synonym
from licenseonline.kit.errors import Refused
from licenseonline.kit.forms import show_refusal
from licenseonline.kit.rights import Right
from licenseonline.stores.models import Store


class SynonymForm(forms.Form):
    """Words that mean the same, everywhere or at one store."""

    words = TextField(
        label=gettext_lazy("同じ意味の言葉"),
        max_length=500,
        help_text=gettext_lazy("「、」で区切って2つ以上入力します。例：乗換、乗り換え、のりかえ"),
    )
    store = forms.ModelChoiceField(
        label=gettext_lazy("対象"),
        queryset=Store.objects.order_by("id"),
        required=False,
        empty_label=gettext_lazy("すべてのストア"),
        widget=forms.Select(attrs={"class": " ".join(SELECT_CLASSES)}),
    )


@access.needs(Right.EDIT_CATALOGUE)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: DeskRequest) -> HttpResponse:
    """Both lists; POST adds a synonym. `word` in the address fills the form with what was looked for."""
    first = request.GET.get("word", "").replace("\0", "")
    form = SynonymForm(request.POST or None, initial={"words": f"{first}、" if first else ""})
    if request.method == "POST" and form.is_valid() and _added(request, form):
        return redirect("backoffice:search")
    context = {
        **site.each_context(request),
        "title": _("サイト内検索"),
        "form": form,
        "missed": zero_hits.most_frequent(by=request.user),
        "kept_days": zero_hits.LISTED_DAYS,
        "everywhere": synonyms.everywhere(),
        "of_stores": synonyms.of_stores(by=request.user),
    }
    return render(request, "backoffice/search.html", context, status=422 if form.errors else 200)


def _added(request: DeskRequest, form: SynonymForm) -> bool:
    try:
        synonyms.put(form.cleaned_data["words"], store=form.cleaned_data["store"], by=request.user)
    except Refused as refusal:
        show_refusal(form, refusal)
        return False
    messages.success(request, _("登録しました。次の検索から有効です。"))
    return True


@access.needs(Right.EDIT_CATALOGUE)
@require_POST
def remove(request: DeskRequest, synonym_id: int) -> HttpResponse:
    """Take a group of all stores away."""
    synonyms.remove(get_object_or_404(Synonym.objects.all(), pk=synonym_id), by=request.user)
    messages.success(request, _("削除しました。"))
    return redirect("backoffice:search")


@access.needs(Right.EDIT_CATALOGUE)
@require_POST
def remove_of_store(request: DeskRequest, store_id: int, synonym_id: int) -> HttpResponse:
    """Take a group of one store away."""
    found = StoreSynonym.objects.visible_to(request.user)
    synonyms.remove(get_object_or_404(found, store_id=store_id, pk=synonym_id), by=request.user)
    messages.success(request, _("削除しました。"))
    return redirect("backoffice:search")


@access.needs(Right.EDIT_CATALOGUE)
@require_POST
def forget(request: DeskRequest, store_id: int) -> HttpResponse:
    """Take what was looked for in vain off the list."""
    zero_hits.forget(request.POST.get("text", "").replace("\0", ""), store_id=store_id, by=request.user)
    return redirect("backoffice:search")
