"""Results as they stand in README.md."""

import json
import os
import platform
from collections.abc import Iterable
from pathlib import Path

from bench.place import VAR


def markdown(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table; the first column is text, the others are figures."""
    lines = [list(head), *map(list, rows)]
    lines.insert(1, [" --- ", *[" ---: "] * (len(lines[0]) - 1)])
    return "\n".join("|" + "|".join(f" {cell.strip()} " for cell in line) + "|" for line in lines)


def verdict(ratio: float, target: float) -> str:
    """Whether the target is met."""
    return "met" if ratio >= target else "missed"


def machine() -> str:
    """What it was measured on."""
    model = "unknown processor"
    with Path("/proc/cpuinfo").open() as info:
        model = next((line.partition(":")[2].strip() for line in info if line.startswith("model name")), model)
    return f"{os.cpu_count()} cores ({model}), Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"


def keep(name: str, result: object) -> None:
    """Write the figures to var/bench/<name>.json."""
    (VAR / f"{name}.json").write_text(json.dumps(result, ensure_ascii=False, indent=1))
