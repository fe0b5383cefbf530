"""The product and the bare view under the same server: granian, workers of 1 thread, each with the same pool."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from types import MappingProxyType

from bench import place

_PATIENCE = 30  # seconds for a start


@contextmanager
def running() -> Iterator[None]:
    """Both, side by side: only the one that is asked uses the processors."""
    started = []
    try:
        started.append(start("licenseonline.wsgi:application", place.APP_PORT))
        started.append(start("bench.bare:application", place.BARE_PORT))
        wait(place.APP_PORT, "/readyz")
        wait(place.BARE_PORT, "/")
        yield
    finally:
        stop(started)


def stop(started: list[subprocess.Popen[bytes]]) -> None:
    """End them, at last by force."""
    for process in started:
        process.terminate()
    for process in started:
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def start(
    application: str, port: int, *, workers: int = 2, environment: Mapping[str, str] = MappingProxyType({})
) -> subprocess.Popen[bytes]:
    """A server of the application, on its way up; `environment` is added to ours."""
    size = ("--workers", str(workers), "--blocking-threads", "1")
    where = ("--host", "127.0.0.1", "--port", str(port))
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", *where, *size, application]
    environment = {**os.environ, "DATABASE_POOL": "1", **environment}
    with (place.VAR / "log" / f"web-{port}.log").open("wb") as log:
        return subprocess.Popen(
            command, cwd=place.ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip


def wait(port: int, path: str) -> None:
    """Until it answers; SystemExit when it does not."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        with suppress(OSError, HTTPException):
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return
        time.sleep(0.1)
    message = f"nothing answers on port {port}: see {place.VAR / 'log'}"
    raise SystemExit(message)


def get(port: int, path: str, cookie: str = "") -> tuple[int, str]:
    """One request: status and body."""
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    response = connection.getresponse()
    return response.status, response.read().decode()
