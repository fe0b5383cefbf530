"""Pages that are the same for every visitor are rendered once in some seconds, not once a visitor.

What changes (a price, a text) reaches visitors so much later; members always see it at once, and what is promised is
computed afresh in their cart and quotation. `VISITOR_PAGE_SECONDS` says how long; 0 renders every time.
"""

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from threading import Lock
from time import monotonic
from typing import Any

from django.conf import settings
from django.http import HttpResponse

from licenseonline.kit import clock
from licenseonline.web.requests import StoreRequest

_MOST_PAGES = 1000
_LONGEST_PATH = 300
_LONGEST_BODY = 200_000

Key = tuple[str, str]
_pages: OrderedDict[Key, tuple[float, bytes]] = OrderedDict()
_lock = Lock()


def same_for_visitors(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For a store's page that depends on its address, the store and the day alone when nobody is signed in.

    Any cookie of a session means it is rendered afresh. Each process keeps its own pages, the most recently used.
    """

    @wraps(view)
    def kept(request: StoreRequest, store_id: int, **kwargs: Any) -> HttpResponse:
        seconds: int = getattr(settings, "VISITOR_PAGE_SECONDS", 0)
        path = request.get_full_path()
        if not seconds or settings.SESSION_COOKIE_NAME in request.COOKIES or len(path) > _LONGEST_PATH:
            return view(request, store_id, **kwargs)
        key = (path, clock.today().isoformat())
        if (body := _find(key)) is not None:
            return HttpResponse(body)
        response = view(request, store_id, **kwargs)
        if response.status_code == 200 and len(response.content) <= _LONGEST_BODY:  # noqa: PLR2004
            _keep(key, response.content, monotonic() + seconds)
        return response

    return kept


def forget() -> None:
    """Render everything afresh in this process."""
    with _lock:
        _pages.clear()


def _find(key: Key) -> bytes | None:
    with _lock:
        until, body = _pages.get(key, (0.0, b""))
        if until <= monotonic():
            return None
        _pages.move_to_end(key)
        return body


def _keep(key: Key, body: bytes, until: float) -> None:
    with _lock:
        _pages[key] = (until, body)
        _pages.move_to_end(key)
        while len(_pages) > _MOST_PAGES:
            _pages.popitem(last=False)
