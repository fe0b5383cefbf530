"""Host names: the platform's own (ALLOWED_HOSTS) and those that stores declare. Any other gets one page that helps, and nothing else.

A host that is a store's serves that store's numbers only; its home leads to the store. The console and the desk are the platform's.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.request import split_domain_port, validate_host

from licenseonline.kit import sql
from licenseonline.stores import stores
from licenseonline.web.areas import Area, AreaKind, area_of

_UNKNOWN = 0


class StoreHostMiddleware:
    """Lets Django accept the hosts of stores. For a wrong one the request counts as the platform's, and is marked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request; `request.store_of_host` is the store's number, 0 for a wrong host, None for the platform's."""
        if area_of(request.path_info).kind is AreaKind.BARE:  # probes ask by address, and need no database
            return self.get_response(request)
        raw = request._get_raw_host()  # type: ignore[attr-defined]  # noqa: SLF001  (get_host, before it refuses)
        domain, _port = split_domain_port(raw)
        if validate_host(domain, settings.ALLOWED_HOSTS):
            request.store_of_host = None  # type: ignore[attr-defined]  # read below
            return self.get_response(request)
        number = _store_of(domain)
        request.store_of_host = number  # type: ignore[attr-defined]  # read below
        host = raw if number else urlsplit(settings.SITE_URL).netloc
        request.get_host = lambda: host  # type: ignore[method-assign]  # known now; Django knows ALLOWED_HOSTS only
        return self.get_response(request)


def _store_of(domain: str) -> int:
    if not domain:
        return _UNKNOWN
    ((edition,),) = sql.rows(stores.EDITION)
    return stores.hosts_of_edition(edition).get(domain, _UNKNOWN)


def is_misdirected(request: HttpRequest, area: Area) -> bool:
    """Whether this host does not serve this area: a wrong host, a store's with another store's number, the console or the desk."""
    number: int | None = getattr(request, "store_of_host", None)
    if number is None or area.kind is AreaKind.BARE:
        return False
    if number == _UNKNOWN:
        return True
    return area.kind is not AreaKind.PLATFORM and area.store_id != number


def home(request: HttpRequest) -> HttpResponse | None:
    """A store's host leads from its root to the store."""
    number: int | None = getattr(request, "store_of_host", None)
    return HttpResponseRedirect(f"/{number}/") if number and request.path_info == "/" else None
