"""Session and CSRF cookies of the request's area: Django's own middleware, with the area's path and store of rows."""

from typing import TypeVar

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware

from licenseonline.web.areas import Area, AreaKind
from licenseonline.web.session_store import SessionStore

R = TypeVar("R", bound=HttpResponseBase)


class AreaSessionMiddleware(SessionMiddleware):
    """A session per area; nothing is read before a view asks, and nothing in areas without sign-in."""

    def process_request(self, request: HttpRequest) -> None:
        """Open the area's session lazily."""
        area: Area = request.area  # type: ignore[attr-defined]  # see web/requests.py
        cookie = None if area.kind is AreaKind.BARE else request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        request.session = SessionStore(cookie, area=area.name, meta=request.META)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Save as Django does, then put the cookie on the area's path."""
        response = super().process_response(request, response)
        return _on_area_path(request, response, settings.SESSION_COOKIE_NAME)


class AreaCsrfMiddleware(CsrfViewMiddleware):
    """A CSRF cookie per area."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """As Django, on the area's path."""
        response = super().process_response(request, response)
        return _on_area_path(request, response, settings.CSRF_COOKIE_NAME)


def _on_area_path(request: HttpRequest, response: R, name: str) -> R:
    if name in response.cookies:
        response.cookies[name]["path"] = request.area.cookie_path  # type: ignore[attr-defined]  # see web/requests.py
    return response
