"""Two companies of a store that are one: search, choose, look at what would move, merge, and undo."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from unfold.widgets import SELECT_CLASSES

from licenseonline.accounts import company_merges
from licenseonline.accounts.models import Company, CompanyMerge, CompanyState
from licenseonline.backoffice import access
from licenseonline.backoffice.fields import TextField
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.backoffice.site import site
from licenseonline.kit.errors import Refused
from licenseonline.kit.forms import choose_from
from licenseonline.kit.rights import Right
from licenseonline.records import idempotency
from licenseonline.stores.models import Store

MOST = 50
WORDS = {
    "accounts.member": gettext_lazy("会員"),
    "accounts.maillink": gettext_lazy("招待・確認メールのURL"),
    "accounts.billingcontact": gettext_lazy("請求先情報"),
    "accounts.companychange": gettext_lazy("会社情報の変更のお申し込み"),
    "sales.quote": gettext_lazy("見積"),
    "sales.order": gettext_lazy("注文"),
    "billing.receivable": gettext_lazy("ご請求"),
    "licensing.contract": gettext_lazy("契約"),
    "records.storedfile": gettext_lazy("書類ファイル"),
}


class SearchForm(forms.Form):
    """Companies of one store by their name, reading, telephone or corporate number."""

    store = forms.ModelChoiceField(
        label=gettext_lazy("ストア"),
        queryset=Store.objects.none(),
        widget=forms.Select(attrs={"class": " ".join(SELECT_CLASSES)}),
    )
    q = TextField(label=gettext_lazy("会社名・フリガナ・電話番号・法人番号"), max_length=100, required=False)

    def __init__(self, stores: Any, data: Any) -> None:
        super().__init__(data)
        choose_from(self, "store", stores)

    def found(self, request: DeskRequest) -> list[Company]:
        """The open companies, by their reading."""
        if not self.is_bound or not self.is_valid():
            return []
        text = self.cleaned_data["q"]
        rows = Company.objects.visible_to(request.user).filter(store=self.cleaned_data["store"])
        rows = rows.exclude(state=CompanyState.MERGED)
        if text:
            like = Q(name__contains=text) | Q(kana__contains=text)
            rows = rows.filter(like | Q(phone=text) | Q(corporate_number=text))
        return list(rows.order_by("kana", "id")[:MOST])


class PairForm(forms.Form):
    """Which stays and which is merged into it."""

    store = forms.IntegerField()
    kept = forms.IntegerField(error_messages={"required": gettext_lazy("残す会社を選択してください。")})
    merged = forms.IntegerField(error_messages={"required": gettext_lazy("統合する会社を選択してください。")})


@access.needs(Right.REVIEW_COMPANIES)
@require_safe
def index(request: DeskRequest) -> HttpResponse:
    """Search, and the merges so far."""
    search = SearchForm(Store.objects.order_by("id"), request.GET or None)
    made = CompanyMerge.objects.visible_to(request.user).select_related("kept", "merged", "store", "made_by")
    context = {
        **site.each_context(request),
        "title": _("会社の統合"),
        "search": search,
        "companies": search.found(request),
        "merges": made.order_by("-id")[:MOST],
        "key": uuid.uuid4(),
    }
    return render(request, "backoffice/company_merges.html", context)


@access.needs(Right.REVIEW_COMPANIES)
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: DeskRequest) -> HttpResponse:
    """What would move; POST merges."""
    form = PairForm(request.POST or request.GET)
    if not form.is_valid():
        for error in form.errors.values():
            messages.error(request, str(error[0]))
        return redirect("backoffice:merges")
    kept, merged = (_company(request, form.cleaned_data[name]) for name in ("kept", "merged"))
    try:
        rows = company_merges.preview(kept, merged, by=request.user)
        if request.method == "POST":
            return _merged(request, kept, merged)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("backoffice:merges")
    return _preview(request, kept, merged, rows)


def _preview(request: DeskRequest, kept: Company, merged: Company, rows: dict[str, int]) -> HttpResponse:
    context = {
        **site.each_context(request),
        "title": _("会社の統合の確認"),
        "kept": kept,
        "merged": merged,
        "rows": [(WORDS.get(label, label), count) for label, count in rows.items()],
        "key": uuid.uuid4(),
    }
    return render(request, "backoffice/company_merge.html", context)


@access.needs(Right.REVIEW_COMPANIES)
@require_POST
def undo(request: DeskRequest, store_id: int, merge_id: int) -> HttpResponse:
    """Take a merge back."""
    made = get_object_or_404(CompanyMerge.objects.visible_to(request.user), store_id=store_id, pk=merge_id)
    try:
        company_merges.undo(made, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("統合を取り消し、会員の方へメールでお知らせしました。"))
    return redirect("backoffice:merges")


def _company(request: DeskRequest, company_id: int) -> Company:
    return get_object_or_404(Company.objects.visible_to(request.user).select_related("store"), pk=company_id)


def _merged(request: DeskRequest, kept: Company, merged: Company) -> HttpResponse:
    def do() -> str:
        return str(company_merges.merge(kept, merged, by=request.user).pk)

    body = {"do": "company_merges.merge", "kept": kept.pk, "merged": merged.pk}
    idempotency.once(request.POST.get("key", ""), body, do, by=request.user, store_id=kept.store_id)
    messages.success(request, _("統合し、両方の会社の会員の方へメールでお知らせしました。"))
    return redirect("backoffice:merges")
