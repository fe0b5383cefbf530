"""Who may enter a page."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from licenseonline.accounts.models import User

View = Callable[..., HttpResponseBase]


def member_required(view: View) -> View:
    """Members of this store only; anyone else is led to its sign-in page and comes back afterwards."""

    @wraps(view)
    def guarded(request: HttpRequest, store_id: int, **kwargs: Any) -> HttpResponseBase:
        if getattr(request, "member", None) is None:
            after = request.get_full_path() if request.method == "GET" else ""
            return _to_sign_in(reverse("store:login", args=[store_id]), after)
        return view(request, store_id, **kwargs)

    return guarded


def partner_required(view: View) -> View:
    """A partner's staff only; anyone else is led to the console's sign-in page."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if not isinstance(request.user, User) or request.user.partner_id is None:
            return _to_sign_in(reverse("partner:login"), request.get_full_path() if request.method == "GET" else "")
        return view(request, **kwargs)

    return guarded


def _to_sign_in(page: str, after: str) -> HttpResponse:
    return redirect(f"{page}?{urlencode({'next': after})}" if after else page)
