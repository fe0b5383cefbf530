"""Being written."""

from django.http import HttpRequest, HttpResponse


def home(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Being written."""
    return HttpResponse("")


def terms(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Being written."""
    return HttpResponse("")
