"""ストアの管理: a store is prepared, looked at, opened, changed, paused and closed here."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from licenseonline.backoffice import access, platform_events, store_steps
from licenseonline.backoffice.order_forms import StepForm
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.backoffice.site import site
from licenseonline.backoffice.store_forms import NewStoreForm, SettingsForm
from licenseonline.catalog import store_summaries
from licenseonline.kit import clock, whole_numbers
from licenseonline.kit.errors import Refused
from licenseonline.kit.forms import show_refusal
from licenseonline.kit.rights import Right
from licenseonline.records import history
from licenseonline.sales import store_copies
from licenseonline.stores import openings, previews, store_drafts, store_settings, stores
from licenseonline.stores.models import Commission, Store

PER_PAGE: Final = 30
_NOT_TAKEN_OVER = {"name", "host"}


@access.needs(Right.MANAGE_STORES)
@require_safe
def index(request: DeskRequest) -> HttpResponse:
    """All stores with their state, PER_PAGE on a page."""
    found = (
        Store.objects.select_related("partner").only("name", "state", "partner__spid", "partner__name").order_by("id")
    )
    return _render(
        request, "stores", _("ストアの管理"), {"stores": Paginator(found, PER_PAGE).get_page(request.GET.get("page"))}
    )


@access.needs(Right.MANAGE_STORES)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """The form; `from` in the address fills it with another store's settings. POST prepares the store."""
    if request.method == "POST":
        form = NewStoreForm(request.POST, request.FILES)
        if form.is_valid() and _did(form, lambda: _prepare(request, form)):
            messages.success(request, _("ストアを準備しました。プレビューで確認してから公開してください。"))
            return redirect("backoffice:store_admin", form.cleaned_data["number"])
    else:
        form = NewStoreForm(initial=_initial(request))
    return _edit(request, _("ストアを開設する"), form)


@access.needs(Right.MANAGE_STORES)
@require_safe
def show(request: DeskRequest, store_id: int) -> HttpResponse:
    """One store: its state, what is set, what can be done, what was done."""
    return _show(request, _store(store_id))


@access.needs(Right.MANAGE_STORES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: DeskRequest, store_id: int) -> HttpResponse:
    """Its settings, or (`draft`) those of a change that is being looked at. Of an open store the change is shown first."""
    store = _store(store_id)
    if request.method == "POST":
        form = SettingsForm(request.POST, request.FILES)
        if form.is_valid() and _did(form, lambda: _change(request, store, form)):
            if store.state == Store.State.OPEN:
                return redirect("backoffice:store_draft", store_id)
            messages.success(request, _("設定を変更しました。"))
            return redirect("backoffice:store_admin", store_id)
    else:
        form = SettingsForm(initial=_as_it_is(request, store))
    return _edit(request, _("設定の変更：%(name)s") % {"name": store}, form, _store(store_id))


def _change(request: DeskRequest, store: Store, form: SettingsForm) -> None:
    seen = form.cleaned_data["seen"] or None
    change = store_drafts.make if store.state == Store.State.OPEN else store_settings.change
    change(store, form.settings(), by=request.user, based_on=seen)


def _as_it_is(request: DeskRequest, store: Store) -> dict[str, Any]:
    seen = store_settings.digest(store)
    if "draft" in request.GET and (draft := store_drafts.of(store, by=request.user)):
        seen = draft.based_on
        store_drafts.put(draft, store)
    return {**{name: getattr(store, name) for name in store_settings.FIELDS}, "seen": seen}


@access.needs(Right.MANAGE_STORES)
@require_POST
def act(request: DeskRequest, store_id: int, step: str) -> HttpResponse:
    """One of the steps."""
    store = _store(store_id)
    if step not in store_steps.STEPS:
        raise Http404
    form = store_steps.form_of(store, step, request.POST)
    if form.is_valid() and _did(form, lambda: store_steps.do(store, step, form, by=request.user)):
        messages.success(request, str(store_steps.STEPS[step].done))
        return redirect("backoffice:store_admin", store_id)
    return _show(request, _store(store_id), step, form)


def _did(form: StepForm, do: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            do()
    except Refused as refusal:
        if isinstance(form, SettingsForm):
            form.refuse(refusal)
        else:
            show_refusal(form, refusal)
        return False
    return True


def _prepare(request: DeskRequest, form: NewStoreForm) -> None:
    given = form.cleaned_data
    store = openings.prepare(given["number"], partner=given["partner"], settings=form.settings(), by=request.user)
    per_mille = int(given["rate"] * 10)
    store_settings.agree_commission(store, per_mille=per_mille, from_day=clock.today(), by=request.user)
    if given["source"]:
        store_copies.copy(given["source"], to=store, by=request.user)


def _initial(request: DeskRequest) -> dict[str, Any]:
    """Of a partner (`partner`), and of the store to take over from (`from`), when there are such."""
    number, partner = (whole_numbers.read(request.GET.get(name, "")) for name in ("from", "partner"))
    source = None if number is None else Store.objects.filter(pk=number).first()
    initial: dict[str, Any] = {} if partner is None else {"partner": partner}
    if source is None:
        plain = Store()
        return initial | {
            name: getattr(plain, name) for name in ("brand", "accent", "quote_days", "payment_days", "payment_methods")
        }
    taken = {name: getattr(source, name) for name in store_settings.FIELDS if name not in _NOT_TAKEN_OVER}
    rate = stores.commission_per_mille(source, clock.today()) / 10
    return {"partner": source.partner_id} | initial | taken | {"source": source.pk, "rate": f"{rate:g}"}


def _store(store_id: int) -> Store:
    return get_object_or_404(Store.objects.select_related("partner"), pk=store_id)


def _edit(request: DeskRequest, title: str, form: SettingsForm, store: Store | None = None) -> HttpResponse:
    context = {"form": form, "store": store, "is_copy": bool(form.initial.get("source"))}
    return _render(request, "store_edit", title, context, failed=form)


def _show(request: DeskRequest, store: Store, step: str = "", failed: StepForm | None = None) -> HttpResponse:
    context = {
        "store": store,
        "logo": store.logo_svg,
        "draft": store_drafts.of(store, by=request.user),
        "payments": store_settings.facts(store)["payment_methods"],
        "preview": previews.token(store) if store.state != Store.State.OPEN else "",
        "summary": store_summaries.of(store, with_margins=True),
        "commissions": [
            (one.from_day, f"{one.per_mille / 10:g}%")
            for one in Commission.objects.filter(store=store).order_by("-from_day")
        ],
        "steps": store_steps.of(store, step, failed),
        "events": platform_events.described(
            history.of_platform(store), events=store_steps.EVENTS, fields=store_steps.LABELS
        ),
    }
    return _render(request, "store_admin", str(store), context, failed=failed)


def _render(
    request: DeskRequest, template: str, title: str, context: dict[str, Any], failed: StepForm | None = None
) -> HttpResponse:
    wrong = failed if failed is not None and failed.errors else None
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    values = {**site.each_context(request), "title": title, "failed": wrong, **context}
    return render(request, f"backoffice/{template}.html", values, status=status)
