"""Taking a step on a page of the desk: one form, one verb, done once."""

from collections.abc import Callable

from django.contrib import messages

from licenseonline.backoffice.order_forms import StepForm
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.kit.errors import Refused
from licenseonline.kit.forms import show_refusal
from licenseonline.records import idempotency


def taken(request: DeskRequest, form: StepForm, do: Callable[[], object], done: str, *, store_id: int | None) -> bool:
    """Do it and say that it is `done`. The same form sent again does nothing more and is told the same.

    Without a store there is nobody to keep that for, and the verb alone decides what a second time means. Not taken: what was typed or the verb refuses it, and the form says why.
    """
    if not form.is_valid():
        return False
    try:
        _once(request, form, do, store_id)
    except Refused as refusal:
        show_refusal(form, refusal)
        return False
    messages.success(request, done)
    return True


def _once(request: DeskRequest, form: StepForm, do: Callable[[], object], store_id: int | None) -> None:
    def once() -> str:
        do()
        return request.path

    if store_id is None:
        do()
        return
    body = {"path": request.path, **form.facts()}
    idempotency.once(request.POST.get("key", ""), body, once, by=request.user, store_id=store_id)
