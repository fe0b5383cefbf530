"""Which area a request is for. Cookies, sessions and the database scope all follow from it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect


class AreaKind(StrEnum):
    """The parts of the site that share nothing."""

    BARE = "bare"  # health checks: no session, no database scope
    PLATFORM = "platform"
    STORE = "store"
    PARTNER = "partner"
    BACKOFFICE = "backoffice"
    DEMO = "demo"


@dataclass(frozen=True, slots=True)
class Area:
    """Where a request is; `store_id` only in a store."""

    kind: AreaKind
    store_id: int | None = None

    @property
    def name(self) -> str:
        """As the session row says it."""
        return f"store-{self.store_id}" if self.store_id else str(self.kind)

    @property
    def cookie_path(self) -> str:
        """Browsers send this area's cookies to this path only."""
        if self.kind is AreaKind.STORE:
            return f"/{self.store_id}/"
        return f"/{self.kind}/" if self.kind in {AreaKind.PARTNER, AreaKind.BACKOFFICE} else "/"


_STORE = re.compile(r"^/([1-9][0-9]{0,17})(/|$)")
_NAMED = re.compile(r"^/(partner|backoffice|demo)/")


def area_of(path: str) -> Area:
    """The area of a path, from its first part alone."""
    if match := _STORE.match(path):
        return Area(AreaKind.STORE, int(match[1]))
    if match := _NAMED.match(path):
        return Area(AreaKind(match[1]))
    return Area(AreaKind.BARE if path in {"/healthz", "/readyz"} else AreaKind.PLATFORM)


# Where members hand in a file.
_PAPERS = re.compile(r"^/[1-9][0-9]{0,17}/member/profile/company/name$")
_ORDER_PAPERS = re.compile(r"^/([1-9][0-9]{0,17}/member/orders/[^/]+|partner/orders/[0-9]+/[^/]+)/papers/[0-9]+$")
_REQUESTS = re.compile(r"^/([1-9][0-9]{0,17}/member/requests/[^/]+|partner/requests/[0-9]+/[^/]+/answer)$")


def _most_bytes(area: Area, path: str) -> int:
    """Files are handed in at the desk, several with one delivery, and by members one by one."""
    if area.kind is AreaKind.BACKOFFICE:
        return settings.MOST_UPLOADED_BYTES
    if _ORDER_PAPERS.match(path) or _REQUESTS.match(path):
        return settings.MOST_PAPERS_BYTES
    return settings.MOST_PAPER_BYTES if _PAPERS.match(path) else settings.DATA_UPLOAD_MAX_MEMORY_SIZE


class AreaMiddleware:
    """Puts `request.area` on every request, and the slash behind a store's bare number."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Find the area; `/87465`, `/partner` and `/backoffice` lead to their home pages."""
        path = request.path_info
        if re.fullmatch(r"/([1-9][0-9]{0,17}|partner|backoffice)", path):
            return HttpResponseRedirect(f"{path}/")
        request.area = area = area_of(path)  # type: ignore[attr-defined]  # see web/requests.py
        # Before anything reads the body: Django would write files of any size to the disk for anyone.
        if int(request.META.get("CONTENT_LENGTH") or 0) > _most_bytes(area, path):
            message = "a body larger than any form"
            raise RequestDataTooBig(message)
        if area.kind is AreaKind.BARE:  # probes ask by address, and these answers depend on no host
            request.META["HTTP_HOST"] = settings.ALLOWED_HOSTS[0].lstrip(".")
        return self.get_response(request)
