"""The Content-Security-Policy header."""

from collections.abc import Callable
from typing import TypeVar

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.http import HttpRequest, HttpResponseBase

from licenseonline.stores.models import Store

R = TypeVar("R", bound=HttpResponseBase)


def with_forms_to(store: Store, response: R) -> R:
    """The page with a form that leads on to the store's own host, if it has one: browsers hold redirects to the policy too."""
    if store.host:
        vars(response)["_csp_update"] = {"form-action": [f"https://{store.host}"]}  # as django-csp's decorator does
    return response


class PolicyMiddleware(CSPMiddleware):
    """django-csp's, with the shop's policy put together once: only the back office and some downloads change it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        self.usual = build_policy()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The usual policy unless the view asked for another, or for a nonce."""
        changed = any(name.startswith("_csp") for name in vars(response)) or hasattr(request, "_csp_nonce")
        if changed:
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self.usual)
        return response
