"""Taking a step on a page of the desk: one form, one verb, done once."""

from collections.abc import Callable

from django.contrib import messages

from licenseonline.backoffice.order_forms import StepForm
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.kit.errors import Refused
from licenseonline.kit.forms import show_refusal
from licenseonline.records import idempotency


def taken(request: DeskRequest, form: StepForm, do: Callable[[], object], done: str, *, store_id: int) -> bool:
    """Do it and say that it is `done`. The same form sent again does nothing more and is told the same.

    Not taken: what was typed or the verb refuses it, and the form says why.
    """

    def once() -> str:
        do()
        return request.path

    if not form.is_valid():
        return False
    try:
        body = {"path": request.path, **form.facts()}
        idempotency.once(request.POST.get("key", ""), body, once, by=request.user, store_id=store_id)
    except Refused as refusal:
        show_refusal(form, refusal)
        return False
    messages.success(request, done)
    return True
