"""Being written."""

from django.http import HttpRequest, HttpResponse


def home(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Being written."""
    return HttpResponse("")


def quotes(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Being written."""
    return HttpResponse("")


def orders(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Being written."""
    return HttpResponse("")


def order(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Being written."""
    return HttpResponse("")
