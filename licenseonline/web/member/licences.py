"""Being written."""

from django.http import HttpRequest, HttpResponse


def index(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Being written."""
    return HttpResponse("")


def reveal(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Being written."""
    return HttpResponse("")


def certificate(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Being written."""
    return HttpResponse("")
