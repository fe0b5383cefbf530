"""The request log: one JSON line per request, with a request id and without personal data."""

import logging
import time
import traceback
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

_log = structlog.stdlib.get_logger("licenseonline.request")


class RequestLogMiddleware:
    """Logs route (the pattern, never the address with its numbers and queries), status and duration."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Give the request its id, serve it, log it."""
        request_id = uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]  # see web/requests.py
        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            match = request.resolver_match
            area = getattr(request, "area", None)
            _log.info(
                "request",
                method=request.method if request.method in _METHODS else "other",
                route=match.route if match else None,
                area=area.name if area else None,
                status=response.status_code,
                ms=round((time.perf_counter() - started) * 1000, 1),
            )
        response["X-Request-ID"] = request_id
        return response


_METHODS = {"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"}


def _frames_only(_logger: object, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Keep where an exception came from, not its text: a database error quotes the row it refused."""
    info = event.pop("exc_info", None)
    record: logging.LogRecord | None = event.get("_record")
    if isinstance(info, tuple) and info[0]:
        frames = traceback.extract_tb(info[2])
        event["exception"] = info[0].__name__
        event["frames"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        if record is not None and record.name == "django.request":
            event["event"] = "unhandled exception"
    return event


def _without_addresses(_logger: object, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Django's own warnings name the address asked for, which holds numbers and whatever was typed into it."""
    record: logging.LogRecord | None = event.get("_record")
    arguments = event.pop("positional_args", None) or ()
    is_djangos = record is not None and record.name.startswith(("django.request", "django.security"))
    if record is not None and is_djangos and any(map(_is_address, arguments)):
        event["event"] = record.msg % tuple("…" if _is_address(argument) else argument for argument in arguments)
    return event


def _is_address(argument: object) -> bool:
    return isinstance(argument, str) and argument.startswith("/")


class JsonFormatter(structlog.stdlib.ProcessorFormatter):
    """Every log line, ours and the libraries', as one JSON object."""

    def __init__(self) -> None:
        shared: list[structlog.typing.Processor] = [
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ]
        super().__init__(
            pass_foreign_args=True,
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder(allow=["request_id"])],
            processors=[
                _without_addresses,
                _frames_only,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
        structlog.configure(
            processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
            wrapper_class=structlog.stdlib.BoundLogger,
            logger_factory=structlog.stdlib.LoggerFactory(),
            cache_logger_on_first_use=True,
        )
