"""A partner as a whole is stopped, resumed or ended, after the page has said what that changes."""

import uuid
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from licenseonline.accounts import partner_stops
from licenseonline.backoffice import access
from licenseonline.backoffice.once import once
from licenseonline.backoffice.order_forms import StepForm
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.backoffice.site import site
from licenseonline.backoffice.store_forms import CloseForm, NoteForm
from licenseonline.kit.errors import Refused
from licenseonline.kit.forms import show_refusal
from licenseonline.kit.rights import Right
from licenseonline.sales.models import Order
from licenseonline.stores.models import Partner


class ResumeForm(StepForm):
    """Nothing to fill in."""

    step = "resume"


@dataclass(frozen=True, slots=True)
class Words:
    """A step: where it leads, from where, what it does in words, and its form."""

    to: str
    among: frozenset[str]
    title: Promise
    hint: Promise
    stores: Promise
    people: Promise
    done: Promise
    form: type[StepForm]


_ACTIVE, _STOPPED, _CLOSED = Partner.State.ACTIVE, Partner.State.STOPPED, Partner.State.CLOSED
STEPS: Final[dict[str, Words]] = {
    "stop": Words(
        _STOPPED,
        frozenset({_ACTIVE}),
        _("取引を停止する"),
        _("公開中のストアをすべて休止し、担当者をすぐにログアウトさせます。会員の方は履歴を閲覧できます。後から再開できます。"),
        _("休止するストア"),
        _("停止する担当者"),
        _("取引を停止しました。"),
        NoteForm,
    ),
    "resume": Words(
        _ACTIVE,
        frozenset({_STOPPED}),
        _("取引を再開する"),
        _("停止したときに休止したストアを公開し、停止した担当者がもう一度ログインできるようにします。開始待ちだった方には、開始のご案内を再送してください。"),
        _("公開するストア"),
        _("利用を再開する担当者"),
        _("取引を再開しました。"),
        ResumeForm,
    ),
    "close": Words(
        _CLOSED,
        frozenset({_ACTIVE, _STOPPED}),
        _("取引を終了する"),
        _("ストアをすべて閉店し、担当者を停止します。会員の方は、指定した日まで履歴を閲覧できます。取り消せません。"),
        _("閉店するストア"),
        _("停止する担当者"),
        _("取引を終了しました。"),
        CloseForm,
    ),
}  # fmt: skip


@access.needs(Right.MANAGE_STORES)
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: DeskRequest, partner_id: int, step: str) -> HttpResponse:
    """What the step would change now; POST does it."""
    partner = get_object_or_404(Partner, pk=partner_id)
    if step not in STEPS:
        raise Http404
    form = STEPS[step].form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return redirect(once(request, lambda: _do(request, partner, step, form), facts=form.facts()))
        except Refused as refusal:
            show_refusal(form, refusal)
    return _show(request, get_object_or_404(Partner, pk=partner_id), STEPS[step], form)


def offered(partner: Partner) -> list[tuple[str, Promise]]:
    """The steps that fit the partner's state, with their titles."""
    return [(name, words.title) for name, words in STEPS.items() if partner.state in words.among]


@transaction.atomic
def _do(request: DeskRequest, partner: Partner, name: str, form: StepForm) -> str:
    """Answers where what it did is shown."""
    by = request.user
    if name == "stop":
        partner_stops.stop(partner, note=form.cleaned_data["note"], by=by)
    elif name == "resume":
        partner_stops.resume(partner, by=by)
    else:
        until, note = form.cleaned_data["readable_until"], form.cleaned_data["note"]
        partner_stops.close(partner, readable_until=until, note=note, by=by)
    messages.success(request, str(STEPS[name].done))
    return reverse("backoffice:partner", args=[partner.pk])


def _show(request: DeskRequest, partner: Partner, words: Words, form: StepForm) -> HttpResponse:
    effect = partner_stops.effect(partner, words.to)
    done = {Order.State.DELIVERED, Order.State.COMPLETED, Order.State.CANCELLED}
    orders = Order.objects.visible_to(request.user).filter(store__partner=partner).exclude(state__in=done)
    context = {
        **site.each_context(request),
        "title": f"{words.title}：{partner}",
        "partner": partner,
        "words": words,
        "effect": effect,
        "orders": orders.count(),
        "fits": partner.state in words.among,
        "form": form,
        "failed": form if form.errors else None,
        "key": uuid.uuid4(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "backoffice/partner_step.html", context, status=status)
