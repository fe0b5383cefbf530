"""One chain of middleware for all of a worker's clients, as a server has one for all its requests.

Each `Client()` made its own, and WhiteNoise's looks at every static file: that was most of the time of a request.
A test that has settings of its own (pytest-django's `settings`) still gets a chain made under them.
"""

from typing import Any

from django.conf import UserSettingsHolder, settings
from django.test.client import ClientHandler

_made: dict[str, Any] = {}
_load = ClientHandler.load_middleware


def _load_once(self: ClientHandler, is_async: bool = False) -> None:  # noqa: FBT002  Django's signature
    if is_async or isinstance(settings._wrapped, UserSettingsHolder):  # type: ignore[misc]  # Django's own way to tell
        _load(self, is_async)
    elif _made:
        vars(self).update(_made)
    else:
        before = dict(vars(self))
        _load(self)
        _made.update((name, value) for name, value in vars(self).items() if before.get(name) is not value)


def share_middleware() -> None:
    """From here on, in this process."""
    ClientHandler.load_middleware = _load_once  # type: ignore[assignment,method-assign]  # that is the point
