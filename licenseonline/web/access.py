"""Who may enter a page."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from licenseonline.accounts.models import User
from licenseonline.kit import rights
from licenseonline.kit.rights import Right

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


def partner_needs(right: Right) -> Callable[[View], View]:
    """A partner's staff with this right. Staff without it are told which one is missing (403); anyone else signs in first."""

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            if not isinstance(request.user, User) or request.user.partner_id is None:
                return _to_sign_in(reverse("partner:login"), request.get_full_path() if request.method == "GET" else "")
            if not rights.allowed(request.user, right):
                return render(
                    request, "web/partner/not_allowed.html", {"right": right.label}, status=HTTPStatus.FORBIDDEN
                )
            return view(request, **kwargs)

        guarded.right = right  # type: ignore[attr-defined]  # read by the test that every page has one
        return guarded

    return mark


def _to_sign_in(page: str, after: str) -> HttpResponse:
    return redirect(f"{page}?{urlencode({'next': after})}" if after else page)
