"""The embedded server: one per base directory, private to its user, and no commit lost when it is killed.

Every server here is started and stopped by child processes, as root (where the tests run as root) and as an ordinary
user. A child imports first and gives up root afterwards: others may not be able to enter our environment.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from licenseonline.kit.embedded_pg import EmbeddedServer, EmbeddedServerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = 0
ORDINARY = 65534
STRANGER = 65533
ME = os.geteuid()
USERS = [ROOT, ORDINARY] if ME == ROOT else [ME]

CHILD = """
import json, os, socket, sys
from pathlib import Path
from licenseonline.kit.embedded_pg import EmbeddedServer, EmbeddedServerError
uid, base, lasting, *actions = sys.argv[1:]
if os.geteuid() != int(uid):
    os.setgroups([])
    os.setresgid(int(uid), int(uid), int(uid))
    os.setresuid(int(uid), int(uid), int(uid))
os.chdir("/")
try:
    if actions == ["connect"]:
        socket.socket(socket.AF_UNIX).connect(base)
    else:
        server = EmbeddedServer(Path(base), throwaway=not lasting)
        for action in actions:
            getattr(server, action)()
        if actions[-1] == "start":
            print(json.dumps([server.url("postgres", "postgres"), str(server.socket_dir)]))
except (EmbeddedServerError, PermissionError) as error:
    sys.exit(f"{type(error).__name__}: {error}")
"""


@dataclass
class Site:
    """A base directory and the user to whom its server belongs."""

    uid: int
    base: Path
    bindir: Path
    lasting: bool = False
    url: str = ""
    socket_dir: Path = field(default_factory=Path)

    def spawn(self, *actions: str, uid: int | None = None, base: Path | None = None) -> subprocess.Popen[str]:
        who = self.uid if uid is None else uid
        environment = dict(os.environ)
        if who != ME:
            environment["LICENSEONLINE_PG_BINDIR"] = str(self.bindir)
        return subprocess.Popen(
            [sys.executable, "-c", CHILD, str(who), str(base or self.base), "yes" if self.lasting else "", *actions],
            env=environment,
            cwd=Path(__file__).parents[2],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def finish(self, child: subprocess.Popen[str]) -> None:
        out, err = child.communicate()
        assert child.returncode == 0, err
        if out:
            self.url, socket_dir = json.loads(out)
            self.socket_dir = Path(socket_dir)

    def do(self, *actions: str) -> None:
        self.finish(self.spawn(*actions))

    def refused(self, *actions: str, uid: int, base: Path | None = None) -> str:
        child = self.spawn(*actions, uid=uid, base=base)
        _, err = child.communicate()
        assert child.returncode == 1, err
        return err

    def ask(self, query: str) -> object:
        """The one value that the query gives."""
        with psycopg.connect(self.url) as connection:
            row = connection.execute(query.encode()).fetchone()
        assert row is not None
        return row[0]

    def identity(self) -> object:
        """Tells two runs of a server apart, and two servers."""
        return self.ask("SELECT pg_postmaster_start_time()::text || system_identifier FROM pg_control_system()")

    @property
    def pid_file(self) -> Path:
        return Path(str(self.ask("SHOW data_directory"))) / "postmaster.pid"

    def postmaster(self) -> int:
        return int(self.pid_file.read_text().split()[0])


@pytest.fixture(params=USERS, ids=lambda uid: "root" if uid == ROOT else "ordinary")
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    """A directory that belongs to the user and that everyone can enter; afterwards nothing of it is left."""
    yield from _sites(request.param)


def _sites(uid: int) -> Iterator[Site]:
    top = Path(tempfile.mkdtemp(prefix="embedded-pg-", dir="/tmp"))
    top.chmod(0o755)
    if ME == ROOT:
        os.chown(top, uid, uid)
    site = Site(uid, top / "pg", EmbeddedServer(top / "binaries").bindir)
    try:
        yield site
        site.do("destroy")
    finally:
        shutil.rmtree(top)


def _directory(site: Site, path: Path, mode: int = 0o755) -> None:
    """Make a directory that belongs to the site's user."""
    path.mkdir()
    path.chmod(mode)
    if ME == ROOT:
        os.chown(path, site.uid, site.uid)


def _modes(path: Path) -> list[int]:
    return [stat.S_IMODE(parent.stat().st_mode) for parent in path.parents]


def test_two_processes_that_start_at_once_get_one_server(site: Site) -> None:
    children = [site.spawn("start") for _ in range(2)]
    identities = set()
    for child in children:
        site.finish(child)
        identities.add(site.identity())
    assert len(identities) == 1


def test_a_second_start_leaves_the_server_alone(site: Site) -> None:
    site.do("start")
    before = site.identity()
    site.do("start", "start")
    assert site.identity() == before


def test_data_outlive_a_stop(site: Site) -> None:
    site.lasting = True
    site.do("start")
    with psycopg.connect(site.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'ライセンス' AS word")
    site.do("stop", "stop", "start")
    assert site.ask("SELECT word FROM kept") == "ライセンス"


def _write_until_killed(url: str, committed: list[int], enough: threading.Event) -> None:
    with suppress(psycopg.OperationalError), psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE written (number int PRIMARY KEY)")
        for number in range(1_000_000):
            connection.execute("INSERT INTO written VALUES (%s)", [number])
            committed.append(number)
            if number == 200:
                enough.set()


def test_a_server_killed_while_writing_restarts_at_once_with_every_commit(site: Site) -> None:
    site.lasting = True
    site.do("start")
    committed: list[int] = []
    enough = threading.Event()
    writer = threading.Thread(target=_write_until_killed, args=(site.url, committed, enough))
    writer.start()
    assert enough.wait(timeout=60)
    postmaster = site.postmaster()
    os.kill(postmaster, signal.SIGKILL)
    site.do("start")
    writer.join()
    assert site.postmaster() != postmaster
    with psycopg.connect(site.url) as connection:
        found = {number for (number,) in connection.execute("SELECT number FROM written")}
    assert found >= set(committed)


@pytest.fixture
def bystander() -> Iterator[Callable[[Path], subprocess.Popen[bytes]]]:
    """Writes the pid of a process that has nothing to do with us into a pid file."""
    started: list[subprocess.Popen[bytes]] = []

    def recycle(pid_file: Path) -> subprocess.Popen[bytes]:
        owner = pid_file.parent.stat().st_uid
        process = subprocess.Popen(["/bin/sleep", "600"], user=owner if ME == ROOT else None)
        started.append(process)
        lines = pid_file.read_text().splitlines()
        pid_file.write_text("\n".join([str(process.pid), *lines[1:], ""]))
        return process

    yield recycle
    for process in started:
        process.kill()
        process.wait()


def test_a_stale_pid_file_that_names_a_living_process_does_no_harm(
    site: Site, bystander: Callable[[Path], subprocess.Popen[bytes]]
) -> None:
    site.do("start")
    pid_file = site.pid_file
    os.kill(site.postmaster(), signal.SIGKILL)
    stranger = bystander(pid_file)
    site.do("stop")
    site.do("start")
    assert site.postmaster() != stranger.pid
    assert stranger.poll() is None


def test_a_half_made_cluster_is_made_anew(site: Site) -> None:
    half = site.base / "data.new"
    _directory(site, site.base)
    _directory(site, half)
    (half / "PG_VERSION").write_text("18")
    site.do("start")
    assert not half.exists()
    assert site.ask("SELECT 1") == 1


@pytest.mark.parametrize("name", ["long/" * 40 + "pg", "在庫 $(id) 'a,b'"], ids=["long", "awkward"])
def test_a_base_whose_name_no_socket_can_have_works(site: Site, name: str) -> None:
    site.base = site.base.parent / name
    site.do("start")
    assert site.ask("SELECT 1") == 1
    assert not site.socket_dir.is_relative_to(site.base)
    assert stat.S_IMODE(site.socket_dir.stat().st_mode) == 0o700


def test_only_its_user_can_connect(site: Site) -> None:
    site.do("start")
    socket = site.socket_dir / ".s.PGSQL.5432"
    assert stat.S_IMODE(site.socket_dir.stat().st_mode) == stat.S_IMODE(socket.stat().st_mode) == 0o700
    assert site.ask("SHOW listen_addresses") == ""
    if ME == ROOT:
        assert "Permission denied" in site.refused("connect", uid=STRANGER, base=socket)


def test_a_base_below_a_closed_directory_works_and_stays_closed(site: Site) -> None:
    closed = site.base.parent / "closed"
    _directory(site, closed, 0o700)
    _directory(site, closed / "clone")
    site.base = closed / "clone" / "pg"
    before = _modes(site.base)
    site.do("start")
    assert site.ask("SELECT 1") == 1
    assert _modes(site.base) == before
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


def test_a_new_clone_at_the_place_of_an_old_one_does_not_find_its_data(site: Site) -> None:
    site.base.parent.chmod(0o700)
    site.do("start")
    before = site.identity()
    site.do("stop")
    kept = site.base.rename(site.base.with_name("kept"))
    site.do("start")
    assert site.identity() != before
    site.do("destroy")
    shutil.rmtree(site.base)
    kept.rename(site.base)


def test_text_sorts_by_code_point_on_every_system(site: Site) -> None:
    site.do("start")
    assert site.ask("SELECT string_agg(w, ' ' ORDER BY w) FROM unnest(ARRAY['ﾊ', '漢', 'ハ', 'ん', 'a']) w") == (
        "a ん ハ 漢 ﾊ"
    )
    assert site.ask("SELECT lower('ÀＡ')") == "àａ"


def test_another_users_server_is_refused_with_a_reason(site: Site) -> None:
    if ME != ROOT:
        pytest.skip("needs root")
    site.do("start")
    site.do("stop")
    other = ROOT if site.uid == ORDINARY else ORDINARY
    assert "as that user" in site.refused("start", uid=other)


def test_a_throwaway_server_trades_safety_for_speed_and_leaves_nothing(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path / "pg", throwaway=True).start()
    try:
        with psycopg.connect(server.url("postgres", "postgres")) as connection:
            assert connection.execute("SHOW fsync").fetchone() == ("off",)
    finally:
        socket_dir = server.socket_dir
        server.destroy()
    assert not socket_dir.exists()


def test_a_missing_server_program_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LICENSEONLINE_PG_BINDIR", str(tmp_path / "nowhere"))
    server = EmbeddedServer(tmp_path / "pg")
    with pytest.raises(EmbeddedServerError, match="nowhere"):
        server.start()
    server.destroy()
