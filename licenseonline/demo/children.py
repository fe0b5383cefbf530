"""The processes that the demo starts, each in a session of its own: Ctrl-C is for the supervisor, which stops them."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from licenseonline.demo.place import ROOT, Place, UnusableError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_PATIENCE = 15  # seconds for an orderly end
_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of linux/prctl.h
_prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


def _end_with_parent() -> None:
    """In the child, before exec: Linux ends it when the supervisor is killed without a chance to do so."""
    if _prctl:
        _prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)


class Child:
    """A Python process of ours that writes into its own log."""

    def __init__(self, name: str, *arguments: str, place: Place, **environment: str) -> None:
        self.name = name
        self.log = place.logs / f"{name}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env={**place.environment, **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_end_with_parent,  # noqa: PLW1509  (no thread runs in the supervisor)
            )

    def check(self) -> None:
        """Say so when it has ended, with the end of its log."""
        code = self.process.poll()
        if code is not None:
            raise UnusableError(failure(self.name, code, self.log))

    def stop(self) -> None:
        """End it and all that it started, and wait until it is gone."""
        if self.process.poll() is None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(_PATIENCE)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def stop(children: Sequence[Child]) -> None:
    """End them, the first started first."""
    for child in children:
        child.stop()


def finish(steps: Sequence[Child]) -> None:
    """Wait for one-time steps that run side by side; refused when one fails."""
    try:
        for step in steps:
            code = step.process.wait()
            if code:
                raise UnusableError(failure(step.name, code, step.log))
    finally:
        stop(steps)


def failure(name: str, code: int, log: Path) -> str:
    """What to print about a process that ended by itself."""
    said = log.read_text(errors="replace").splitlines()[-12:]
    return "\n".join([*said, f"The {name} ended with code {code}. All that it said: {log}"])
