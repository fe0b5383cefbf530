"""Changes of an open store, looked at before they are public: field by field, and as the store will be."""

import uuid
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from licenseonline.accounts.models import User
from licenseonline.backoffice import access, platform_events, store_steps
from licenseonline.backoffice.once import once
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
    seen = request.POST.get("draft", "")

    def do() -> str:
        _store, draft = _draft(request, store_id)
        if seen != str(draft.pk):
            message = _("別の画面で変更を入力し直されたため、公開しませんでした。次の内容でよいかご確認ください。")
            raise Refused(message, code="draft")
        store_drafts.publish(draft, by=request.user)
        messages.success(request, _("変更を公開しました。"))
        return reverse("backoffice:store_admin", args=[store_id])

    try:
        return redirect(once(request, do, facts={"draft": seen}, store_id=store_id))
    except Refused as refusal:
        return _show(request, *_draft(request, store_id), refusal.message)


@access.needs(Right.MANAGE_STORES)
@require_POST
def discard(request: DeskRequest, store_id: int) -> HttpResponse:
    """The changes are forgotten."""
    store = get_object_or_404(Store, pk=store_id)

    def do() -> str:
        store_drafts.discard(store, by=request.user)
        messages.success(request, _("変更を破棄しました。ストアは変わっていません。"))
        return reverse("backoffice:store_admin", args=[store_id])

    try:
        return redirect(once(request, do, facts={}, store_id=store_id))
    except Refused as refusal:
        messages.error(request, refusal.message)
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
        "key": uuid.uuid4(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK
    return render(request, "backoffice/store_draft.html", context, status=status)
