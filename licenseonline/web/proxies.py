"""Forwarded headers are believed from our own proxies only."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from licenseonline.kit.networks import is_trusted

_FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED")


class ProxyHeadersMiddleware:
    """Drops them when anyone else sent the request, before anything reads them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request as its true sender's."""
        if not is_trusted(str(request.META.get("REMOTE_ADDR", ""))):
            for name in _FORWARDED:
                request.META.pop(name, None)
        return self.get_response(request)
