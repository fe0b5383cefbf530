"""Text in requests is UTF-8, whatever they say about themselves."""

from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters


class Utf8Request(WSGIRequest):
    """Without Django's choice of the encoding by the client.

    Another charset would read other words from the same address (and so put a wrong page among those kept for visitors),
    make lone surrogates that no database takes, or name a codec that is not for text at all.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))


class Utf8Handler(WSGIHandler):
    """Django's WSGI application, with such requests."""

    request_class = Utf8Request
