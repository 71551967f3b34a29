"""Comes in: what a benchmark measured. Goes out: a line of a file, where somebody gathers figures.

A benchmark prints for people; ``run.py`` names a file in ``VOUCHER_RULES_FIGURES`` and makes one
table of what all of them noted there.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

GATHERED: Final = "VOUCHER_RULES_FIGURES"
"""The setting that names the file."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured: a value in its unit, and how many times another it is.

    ``size`` tells of how many rows, cases or events; ``beside`` is what the ratio is taken to.
    """

    what: str
    value: float
    unit: str
    size: str = ""
    ratio: float | None = None
    beside: str = ""


def note(figure: Figure) -> None:
    """Add a figure to the file, where there is one."""
    path = os.environ.get(GATHERED)
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(figure), ensure_ascii=False) + "\n")


def read_figures(path: Path) -> list[Figure]:
    """Return the figures of a file; none where nothing was noted."""
    if not path.exists():
        return []
    return [Figure(**json.loads(line)) for line in path.read_text("utf-8").splitlines()]
