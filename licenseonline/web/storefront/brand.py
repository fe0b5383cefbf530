"""Being written."""

from django.http import HttpRequest, HttpResponse


def css(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Being written."""
    return HttpResponse("")


def logo(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Being written."""
    return HttpResponse("")
