"""`bin/demo` as a process: it starts all that it needs, and leaves nothing running."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from licenseonline.kit.embedded_pg import EmbeddedServer
from tests.demo_process import Demo, free_ports, started
from tests.environment import ROOT


@pytest.fixture
def ports() -> list[int]:
    return free_ports(3)


@pytest.fixture
def clones(tmp_path: Path) -> Iterator[list[Path]]:
    found = [tmp_path / "a", tmp_path / "b"]
    yield found
    for var in found:
        EmbeddedServer(var / "postgres").destroy()


def gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def copy(clone: Path, to: Path) -> None:
    """A second clone, whose demo is prepared: preparing is tried once here and once by the browsers' demo."""
    shutil.copytree(clone, to, ignore=shutil.ignore_patterns("postgres"))
    data = [EmbeddedServer(var / "postgres")._data for var in (clone, to)]
    subprocess.run(["/bin/cp", "-a", *data], check=True)  # to its owner


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_two_demos_live_beside_each_other_and_end_whole(clones: list[Path], ports: list[int]) -> None:
    with started(clones[0], ports[0]) as first:
        first.wait_until_served()
        children = first.children()
        assert set(children) == {"granian", "procrastinate"}
        assert first.end(signal.SIGINT) == (0, "Stopped.\n")
        assert all(gone(pid) for pid in children.values())
        assert is_free(ports[0])
        assert not EmbeddedServer(clones[0] / "postgres").ready()
    copy(*clones)

    with started(clones[0], ports[0]) as again, started(clones[1], ports[1]) as second:
        again.wait_until_served()
        second.wait_until_served()
        refused = Demo(clones[0], ports[2]).outcome()
        assert refused[0] == 1
        assert "already runs" in refused[1]
        taken = Demo(clones[0].parent / "c", ports[1]).outcome()
        assert taken[0] == 1
        assert re.search(rf"PORT {ports[1]} is in use", taken[1])

        assert second.mails()
        children = second.children()
        os.kill(children["procrastinate"], signal.SIGKILL)
        code, said = second.outcome()
        assert code == 1
        assert "The worker ended with code -9" in said
        assert gone(children["granian"])
        assert not EmbeddedServer(clones[1] / "postgres").ready()

        ids = [mail["id"] for mail in again.mails()]
        assert len(ids) == len(set(ids)) > 0
        children = again.children()
        assert again.end(signal.SIGTERM) == (0, "Stopped.\n")
        assert all(gone(pid) for pid in children.values())


def test_a_host_that_others_reach_is_refused(tmp_path: Path) -> None:
    environment = {**os.environ, "LICENSEONLINE_VAR": str(tmp_path), "HOST": "0.0.0.0"}
    command = [sys.executable, "-m", "licenseonline.demo"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "HOST is 0.0.0.0" in done.stderr
