"""Being written."""

from django.http import HttpRequest, HttpResponse


def top(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Being written."""
    return HttpResponse("")


def about(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Being written."""
    return HttpResponse("")


def campaigns(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Being written."""
    return HttpResponse("")


def faq(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Being written."""
    return HttpResponse("")


def inquiry(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Being written."""
    return HttpResponse("")


def news(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Being written."""
    return HttpResponse("")


def page(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Being written."""
    return HttpResponse("")
