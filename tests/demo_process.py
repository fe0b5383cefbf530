"""`bin/demo` as a process, for tests that start it or look at it in a browser."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.environment import ROOT

NOT_PASSED_ON = {"DATABASE_URL", "MIGRATE_DATABASE_URL", "SITE_URL", "ALLOWED_HOSTS", "SECRET_KEY", "DATA_KEY", "HOST"}


class Demo:
    """One demo of a clone, and what it prints."""

    def __init__(self, var: Path, port: int) -> None:
        kept = {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON}
        self.port = port
        self.process = subprocess.Popen(
            [sys.executable, "-m", "licenseonline.demo"],
            env={**kept, "LICENSEONLINE_VAR": str(var), "PORT": str(port)},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def wait_until_served(self) -> None:
        said = ""
        for line in self.process.stdout or []:
            said += line
            if "Ctrl-C" in line:
                return
        pytest.fail(said)

    def mails(self) -> list[dict[str, object]]:
        with urlopen(f"http://127.0.0.1:{self.port}/demo/mail.json") as answer:
            found: list[dict[str, object]] = json.load(answer)["mails"]
        return found

    def children(self) -> dict[str, int]:
        """The processes it started itself, by what their command names."""
        tasks = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        commands = {int(pid): Path(f"/proc/{pid}/cmdline").read_text() for pid in tasks}
        return {
            name: pid for pid, command in commands.items() for name in ("granian", "procrastinate") if name in command
        }

    def end(self, how: signal.Signals) -> tuple[int, str]:
        self.process.send_signal(how)
        return self.outcome()

    def outcome(self) -> tuple[int, str]:
        said, _ = self.process.communicate(timeout=60)
        return self.process.returncode, said


@contextmanager
def started(var: Path, port: int) -> Iterator[Demo]:
    demo = Demo(var, port)
    try:
        yield demo
    finally:
        if demo.process.poll() is None:
            demo.end(signal.SIGTERM)
        demo.process.communicate()


def free_ports(count: int) -> list[int]:
    servers = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    found = [int(server.getsockname()[1]) for server in servers]
    for server in servers:
        server.close()
    return found
