"""Changes of an open store, looked at before they are public: field by field, and as the store will be."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from licenseonline.accounts.models import User
from licenseonline.backoffice import access, platform_events, store_steps
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.backoffice.site import site
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import Right
from licenseonline.stores import previews, store_drafts, store_settings
from licenseonline.stores.models import Store, StoreDraft


@access.needs(Right.MANAGE_STORES)
@require_safe
def show(request: DeskRequest, store_id: int) -> HttpResponse:
    """What one is about to change: old and new, and the link to the store with it."""
    return _show(request, *_draft(request, store_id))


@access.needs(Right.MANAGE_STORES)
@require_POST
def publish(request: DeskRequest, store_id: int) -> HttpResponse:
    """The changes that were looked at become public."""
    store, draft = _draft(request, store_id)
    if request.POST.get("draft") != str(draft.pk):
        refusal = _("別の画面で変更を入力し直されたため、公開しませんでした。次の内容でよいかご確認ください。")
        return _show(request, store, draft, refusal)
    try:
        store_drafts.publish(draft, by=request.user)
    except Refused as refused:
        return _show(request, store, draft, refused.message)
    messages.success(request, _("変更を公開しました。"))
    return redirect("backoffice:store_admin", store_id)


@access.needs(Right.MANAGE_STORES)
@require_POST
def discard(request: DeskRequest, store_id: int) -> HttpResponse:
    """The changes are forgotten."""
    store_drafts.discard(get_object_or_404(Store, pk=store_id), by=request.user)
    messages.success(request, _("変更を破棄しました。ストアは変わっていません。"))
    return redirect("backoffice:store_admin", store_id)


def _draft(request: DeskRequest, store_id: int) -> tuple[Store, StoreDraft]:
    store = get_object_or_404(Store.objects.select_related("partner"), pk=store_id)
    draft = store_drafts.of(store, by=request.user)
    if draft is None:
        raise Http404
    return store, draft


def _show(request: DeskRequest, store: Store, draft: StoreDraft, refusal: str = "") -> HttpResponse:
    others = StoreDraft.objects.filter(store=store).exclude(pk=draft.pk).values_list("made_by", flat=True)
    context = {
        **site.each_context(request),
        "title": _("変更の確認：%(name)s") % {"name": store},
        "store": store,
        "draft": draft,
        "changes": platform_events.changes(store_drafts.changes(draft, store), store_steps.LABELS),
        "preview": previews.token(store, draft_id=draft.pk),
        "is_stale": draft.based_on != store_settings.digest(store),
        "others": list(User.objects.filter(pk__in=list(others)).values_list("name", flat=True)),
        "refusal": refusal,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK
    return render(request, "backoffice/store_draft.html", context, status=status)
