"""Comes in: nothing. Goes out: what may be asked for, and what is told of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

BATCH: Final = 8_192
ROWS: Final = "rows"
NUMPY: Final = "numpy"
EVALUATOR: Final = "evaluator"
TABLES: Final = "tables"
"""Both executors of `decide_table`, held against each other on files."""
DECISIVE: Final = "of them asked what decides alone"
"""Cases of kernels such as tables are decided by."""


@dataclass(frozen=True)
class Order:
    """What is asked for: so many cases of a decision under one of its laws.

    ``run`` tells apart the cases of one run from those of another. ``executors`` are held against
    the code of kernels; the evaluator has so many ``seconds`` of a processor.
    """

    ruleset: str
    decision: str
    law: int
    cases: int
    run: int
    executors: tuple[str, ...]
    seconds: float
    batch: int = BATCH


@dataclass
class Report:
    """What came of an order."""

    ruleset: str
    decision: str
    law: tuple[str, str]
    run: int
    cases: Counter[str] = field(default_factory=Counter)
    """How many cases were held against the code of kernels, by executor."""
    undecided: int = 0
    """Cases that kernels leave to the evaluator, or where something misstated was seen."""
    outcomes: Counter[str] = field(default_factory=Counter)
    failed: set[str] = field(default_factory=set)
    bound: set[str] = field(default_factory=set)
    met: set[str] = field(default_factory=set)
    """Comparisons met where both sides are equal, and those that turned both ways."""
    turned: set[str] = field(default_factory=set)
    rules: set[str] = field(default_factory=set)
    limits: set[str] = field(default_factory=set)
    comparisons: set[str] = field(default_factory=set)
    differences: int = 0
    told: list[str] = field(default_factory=list)
    asked: tuple[str, ...] = ()
    """The executors that were asked for."""
    without: dict[str, dict[str, int]] = field(default_factory=dict)
    """Of each executor that did not decide all cases: why, and how many it did not."""
    seconds: dict[str, float] = field(default_factory=dict)

    def spend(self, name: str, seconds: float) -> None:
        """Add the time something took."""
        self.seconds[name] = self.seconds.get(name, 0.0) + seconds

    def leave(self, name: str, reason: str, cases: int) -> None:
        """Note how many cases an executor did not decide, and why."""
        reasons = self.without.setdefault(name, {})
        reasons[reason] = reasons.get(reason, 0) + cases

    def as_plain(self) -> dict[str, Any]:
        """Return the report as JSON takes it."""
        return {k: sorted(x) if isinstance(x, set) else x for k, x in vars(self).items()}
