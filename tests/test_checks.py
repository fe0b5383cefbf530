"""The tools of bin/check see a breach of their rule, with the project's own configuration."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.environment import ROOT

UNTYPED = "def twice(number):\n    return number * 2\n"


def run(*command: str, cwd: Path = ROOT, given: str = "") -> tuple[int, str]:
    done = subprocess.run([sys.executable, *command], cwd=cwd, input=given, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("source", "rule"),
    [(UNTYPED, "ANN001"), ("print('x')\n", "T201"), ("import os\n", "F401"), ("x = eval('1')\n", "S307")],
)
def test_ruff_sees_a_breach(source: str, rule: str) -> None:
    code, said = run(
        "-m", "ruff", "check", "--no-cache", "--stdin-filename", "licenseonline/sales/x.py", "-", given=source
    )
    assert code == 1
    assert rule in said


@pytest.mark.parametrize(("source", "expected"), [("x = 1\n", 0), ("x  =  1\n", 1)])
def test_ruff_sees_another_layout(source: str, expected: int) -> None:
    code, _ = run("-m", "ruff", "format", "--check", "--no-cache", "--stdin-filename", "x.py", "-", given=source)
    assert code == expected


def test_mypy_is_strict() -> None:
    code, said = run("-m", "mypy", "--no-incremental", "-c", UNTYPED)
    assert code == 1
    assert "[no-untyped-def]" in said


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package's code and its contracts, to be spoilt."""
    shutil.copytree(ROOT / "licenseonline", tmp_path / "licenseonline", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def contracts(place: Path) -> tuple[int, str]:
    code, said = run("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", cwd=place)
    return code, re.sub(r"\x1b\[[0-9;]*m", "", said)


def test_contracts_are_kept(copy: Path) -> None:
    assert contracts(copy)[0] == 0


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("kit/money.py", "from licenseonline.sales import orders", "Imports point down"),
        ("billing/payments.py", "from licenseonline.licensing import keys", "Imports point down"),
        ("sales/orders.py", "import django_htmx", "Domain apps know nothing of the web"),
        ("loyalty/__init__.py", '"""An app that no layer names."""', "Imports point down"),
    ],
)
def test_import_linter_sees_a_breach(copy: Path, file: str, line: str, contract: str) -> None:
    spoilt = copy / "licenseonline" / file
    spoilt.parent.mkdir(exist_ok=True)
    spoilt.write_text((spoilt.read_text() if spoilt.exists() else "") + f"\n{line}\n")
    code, said = contracts(copy)
    assert code == 1
    assert f"{contract} BROKEN" in said
