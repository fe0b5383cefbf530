"""Where the demo runs: its port, its directory, its secrets; everything that can be refused before anything starts."""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import socket
from base64 import urlsafe_b64encode
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT: Final = Path(__file__).resolve().parents[2]
WRONG_USE: Final = 2
FAILED: Final = 1
_LOOPBACK = {"": "127.0.0.1", "127.0.0.1": "127.0.0.1", "localhost": "127.0.0.1", "::1": "::1"}
_PORTS = range(1, 65536)
_SECRETS = "demo-secrets.env"


class UnusableError(Exception):
    """The demo cannot run like this; the message says what to do, the code is the exit code."""

    def __init__(self, message: str, code: int = FAILED) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Place:
    """One demo: where it listens, where it keeps its data, and the environment of the processes it starts."""

    host: str
    port: int
    var: Path
    environment: dict[str, str]

    @property
    def url(self) -> str:
        """Where a browser finds it."""
        return f"http://[{self.host}]:{self.port}" if ":" in self.host else f"http://{self.host}:{self.port}"

    @property
    def logs(self) -> Path:
        """The directory of what web server, worker and the one-time steps print."""
        return self.var / "log"


def exists(environment: Mapping[str, str]) -> bool:
    """Whether a demo was begun in this clone (or in LICENSEONLINE_VAR)."""
    return (_directory(environment) / _SECRETS).exists()


def _directory(environment: Mapping[str, str]) -> Path:
    return Path(environment.get("LICENSEONLINE_VAR") or ROOT / "var").expanduser().resolve()


def find(environment: Mapping[str, str]) -> Place:
    """The demo that the environment asks for, with what it leaves open filled in.

    Refused: a HOST that is not loopback (the demo shows its passwords to everyone), a PORT that is none, a directory
    that cannot be written.
    """
    host = _LOOPBACK.get(environment.get("HOST", ""))
    if host is None:
        message = (
            f"The demo shows its passwords to every visitor, so it serves this machine only: HOST is "
            f"{environment['HOST']}, but may be 127.0.0.1, localhost or ::1."
        )
        raise UnusableError(message, WRONG_USE)
    port = environment.get("PORT") or "8000"
    if not port.isascii() or not port.isdigit() or int(port) not in _PORTS:
        message = f"PORT is {port}, but must be a number from 1 to 65535."
        raise UnusableError(message, WRONG_USE)
    var = _directory(environment)
    try:
        (var / "log").mkdir(parents=True, exist_ok=True)
        kept = _secrets(var / _SECRETS)
    except OSError as error:
        message = f"{var} cannot be written ({error.strerror}): start as its owner, or set LICENSEONLINE_VAR."
        raise UnusableError(message) from error
    place = Place(host, int(port), var, {})
    defaults = {**kept, "ALLOWED_HOSTS": "127.0.0.1,localhost,[::1]", "SITE_URL": place.url}
    fixed = {"LICENSEONLINE_DEMO": "1", "LICENSEONLINE_VAR": str(var), "PORT": port, "PYTHONUNBUFFERED": "1"}
    given = {name: value for name, value in environment.items() if value}
    place.environment.update({**defaults, **given, **fixed})
    return place


def _secrets(path: Path) -> dict[str, str]:
    """SECRET_KEY and DATA_KEY, made once: a second start must read what the first one encrypted."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(descriptor, "w") as file:
            data_key = urlsafe_b64encode(secrets.token_bytes(32)).decode()
            file.write(f"SECRET_KEY={secrets.token_urlsafe(48)}\nDATA_KEY={data_key}\n")
    return dict(line.split("=", 1) for line in path.read_text().splitlines() if "=" in line)


def check_port(place: Place) -> None:
    """Refuse a port that somebody serves already or that we may not have, before anything is started."""
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # the last demo's closed connections do not count
        try:
            probe.bind((place.host, place.port))
        except OSError as error:
            why = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
            message = f"PORT {place.port} {why}. Choose another:  PORT={place.port + 1} bin/demo"
            raise UnusableError(message) from error


@contextmanager
def alone(place: Place) -> Iterator[None]:
    """One demo per directory: the first one to stop would take the database from the other."""
    with (place.var / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = f"A demo already runs with the data in {place.var}. Use that one, or a second clone."
            raise UnusableError(message) from None
        yield
