"""Pages for what went wrong; each says what to do next."""

from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from licenseonline.kit.errors import Refused
from licenseonline.records import files


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, the same for what does not exist and what belongs to others."""
    return render(request, "404.html", status=404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, and 413 for a body larger than any form, which was not read."""
    is_large = isinstance(exception, RequestDataTooBig)
    context = {"is_large": is_large}
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if is_large else HTTPStatus.BAD_REQUEST
    return render(request, "400.html", context, status=status)


def unknown_store(request: HttpRequest) -> HttpResponse:
    """404 for a store number that is not in use, with the way to find one's store."""
    return render(request, "web/unknown_store.html", status=404)


def wrong_host(request: HttpRequest) -> HttpResponse:
    """404 on a host that does not serve this address, with the way to the right one."""
    number = getattr(request, "store_of_host", None)
    context = {"platform_url": f"{settings.SITE_URL}/", "store_url": f"/{number}/" if number else ""}
    return render(request, "web/wrong_host.html", context, status=404)


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """409 with the sentence of the rule that refused; 503 when it is the place of the files that does not answer."""
    status = HTTPStatus.SERVICE_UNAVAILABLE if refusal.code == files.UNREACHABLE else HTTPStatus.CONFLICT
    return render(request, "web/refused.html", {"refusal": refusal}, status=status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 when a form was open too long or came from elsewhere."""
    return render(request, "403_csrf.html", status=403)
