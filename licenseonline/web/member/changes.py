"""What the pages under 会員情報 share: a form, a verb, and the way back."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from licenseonline.kit.errors import Refused
from licenseonline.kit.forms import show_refusal
from licenseonline.web import devices
from licenseonline.web.requests import StoreRequest


def device(request: StoreRequest) -> str:
    """The browser's name, for the notice of the change."""
    return devices.name_of(str(request.META.get("HTTP_USER_AGENT", "")))


def succeeded(request: StoreRequest, form: forms.Form, do: Callable[[], object]) -> bool:
    """Whether the form was sent and its verb did it; if not, the form says why, at the field at fault."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        do()
    except Refused as refusal:
        show_refusal(form, refusal)
        return False
    return True


def answered(
    request: StoreRequest, form: forms.Form, do: Callable[[], object], done: str, to: str = "store:profile"
) -> HttpResponse | None:
    """As `succeeded`, with the way back and a sentence there."""
    if not succeeded(request, form, do):
        return None
    messages.success(request, done)
    return redirect(to, store_id=request.store.pk)


def page(request: StoreRequest, name: str, form: forms.Form, context: Mapping[str, Any] | None = None) -> HttpResponse:
    """The page with its form, new or filled as it was sent."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, f"web/member/{name}.html", {"form": form, **(context or {})}, status=status)
