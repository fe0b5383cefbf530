"""`bin/demo [--reset]`: the whole demo in the foreground. Starts what is missing, serves, and stops what it started."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from time import sleep
from typing import TYPE_CHECKING

import psycopg

from licenseonline.demo import announcement, children, preparation
from licenseonline.demo.children import Child
from licenseonline.demo.place import FAILED, Place, UnusableError, alone, check_port, find
from licenseonline.kit.embedded_pg import EmbeddedServerError

if TYPE_CHECKING:
    from collections.abc import Sequence

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_OK = 200
_CONCURRENCY = "4"
_THREADS = "8"  # as many as a web process keeps database connections


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until a signal (exit code 0) or until something fails (1, or 2 for a wrong call)."""
    parser = argparse.ArgumentParser(prog="bin/demo", description="The demo shop on this machine (PORT, default 8000).")
    parser.add_argument("--reset", action="store_true", help="delete the demo's data first")
    options = parser.parse_args(arguments)
    for number in _SIGNALS:  # set by hand: a shell gives its background jobs an ignored SIGINT
        signal.signal(number, signal.default_int_handler)
    try:
        place = find(os.environ)
        with alone(place):
            check_port(place)
            _serve(place, anew=options.reset)
    except KeyboardInterrupt:
        _say("Stopped.")
        return 0
    except (UnusableError, EmbeddedServerError, psycopg.Error) as error:
        sys.stderr.write(f"{error}\n")
        return error.code if isinstance(error, UnusableError) else FAILED
    return 0


def _serve(place: Place, *, anew: bool) -> None:
    server = preparation.server_of(place)
    running: list[Child] = []
    try:
        if anew:
            preparation.reset(place, server)
        _say("Starting …")
        preparation.prepare(place, server)
        running.append(_web(place))
        running.append(_worker(place))
        _wait_until_ready(place, running)
        _say(announcement.text(place))
        _watch(running)
    finally:
        for number in _SIGNALS:  # a second Ctrl-C must not leave the database running
            signal.signal(number, signal.SIG_IGN)
        children.stop(running)
        if server is not None:
            server.stop()


def _web(place: Place) -> Child:
    workers = str(min(2, os.cpu_count() or 1))
    where = ("--host", place.host, "--port", str(place.port))
    # A worker process that is still starting misses granian's call to stop.
    size = ("--workers", workers, "--blocking-threads", _THREADS, "--workers-kill-timeout", "3")
    application = ("--interface", "wsgi", "--no-ws", "licenseonline.wsgi:application")
    return Child("web", "-m", "granian", *where, *size, *application, place=place, DATABASE_POOL="1")


def _worker(place: Place) -> Child:
    command = ("procrastinate", "worker", "--concurrency", _CONCURRENCY)
    return Child("worker", "-m", "licenseonline", *command, place=place)


def _wait_until_ready(place: Place, running: Sequence[Child]) -> None:
    while not _is_ready(place):
        for child in running:
            child.check()
        sleep(0.05)


def _is_ready(place: Place) -> bool:
    connection = HTTPConnection(place.host, place.port, timeout=5)
    with suppress(OSError, HTTPException):
        connection.request("GET", "/readyz")
        return connection.getresponse().status == _OK
    return False


def _watch(running: Sequence[Child]) -> None:
    while True:
        for child in running:
            child.check()
        sleep(0.3)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
