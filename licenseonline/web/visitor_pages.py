"""Pages that are the same for every visitor are rendered once per edition of the shop, not once per visitor.

Every change of catalogue, prices, stores or content raises the edition in its own transaction (kit/edition.py), and
each request reads it together with its store: a change is seen at once, and nothing is ever stale.
"""

from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from functools import lru_cache, wraps
from threading import Lock
from typing import Any, TypeVar, cast

from django.conf import settings
from django.http import HttpResponse

from licenseonline.kit import clock
from licenseonline.stores.models import Store
from licenseonline.web.requests import StoreRequest

MOST_BYTES = 32 * 1024 * 1024  # in each process
_LONGEST_PATH = 300
_OK = 200

Key = tuple[str, str, int]
T = TypeVar("T")
_pages: OrderedDict[Key, bytes] = OrderedDict()
_lock = Lock()


def same_for_visitors(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For a store's page that depends on its address, the edition and the day alone when nobody is signed in.

    Any cookie of a session means it is rendered afresh, and a page that says how it may be kept is not kept here. Each process keeps its own pages, the most recently used.
    """

    @wraps(view)
    def kept(request: StoreRequest, store_id: int, **kwargs: Any) -> HttpResponse:
        # As sent: get_full_path() writes raw and encoded bytes alike that are read as different words.
        path = f"{request.path}?{request.META.get('QUERY_STRING', '')}"
        if settings.SESSION_COOKIE_NAME in request.COOKIES or len(path) > _LONGEST_PATH:
            return view(request, store_id, **kwargs)
        key = (path, clock.today().isoformat(), request.store.edition)
        if (body := _find(key)) is not None:
            return HttpResponse(body)
        response = view(request, store_id, **kwargs)
        if response.status_code == _OK and not response.has_header("Cache-Control"):
            _keep(key, response.content)
        return response

    return kept


def once(make: Callable[..., T], store: Store, *arguments: str) -> T:
    """What `make` gives for the store, made once per edition and day: the parts that members' pages share with visitors'."""
    return cast("T", _made(make, store, store.edition, clock.today(), *arguments))


@lru_cache(maxsize=4096)
def _made(make: Callable[..., object], store: Store, edition: int, day: date, *arguments: str) -> object:
    return make(store, *arguments)


def forget() -> None:
    """Render everything afresh in this process."""
    with _lock:
        _pages.clear()
    _made.cache_clear()


def _find(key: Key) -> bytes | None:
    with _lock:
        body = _pages.get(key)
        if body is not None:
            _pages.move_to_end(key)
        return body


def _keep(key: Key, body: bytes) -> None:
    with _lock:
        _pages[key] = body
        _pages.move_to_end(key)
        held = sum(map(len, _pages.values()))
        while held > MOST_BYTES:
            held -= len(_pages.popitem(last=False)[1])
