"""Comes in: decisions asked for one by one. Goes out: them, by kernels once they are asked often.

Making a kernel takes as long as some ten to a hundred decisions of the reference, so the first ones
are the reference's. Which of the two decides changes nothing of what comes out.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from voucher_rules.decision.law import Options
from voucher_rules.decision.result import Overlay
from voucher_rules.program.build import Program

if TYPE_CHECKING:
    from voucher_rules.compiled.verdict import Decider

OFTEN: Final = 100
"""How many decisions of one kind the reference takes before a kernel is made for them."""
MOST: Final = 64
"""How many kinds are kept at once."""


@dataclass(slots=True)
class _Kind:
    program: Program
    options: Options
    overlays: tuple[Overlay, ...]
    left: int = OFTEN
    decider: Decider | None = None


@dataclass(slots=True)
class Habit:
    """What is asked of one ruleset, and how often: by decision, readings and assumptions."""

    _kinds: dict[Hashable, _Kind] = field(default_factory=dict)

    def find(self, key: Hashable) -> Decider | None:
        """Return what decides a kind that is asked for often; counts that it is asked once more."""
        kind = self._kinds.get(key)
        if kind is None:
            return None
        if kind.decider is None:
            kind.left -= 1
            if kind.left > 0:
                return None
            from voucher_rules.compiled.verdict import Decider

            kind.decider = Decider(kind.program, kind.options, kind.overlays)
        return kind.decider

    def keep(
        self, key: Hashable, program: Program, options: Options, overlays: tuple[Overlay, ...]
    ) -> None:
        """Keep a kind that the reference has decided."""
        if key in self._kinds:
            return
        # taken as a list, for other threads may keep some at the same time
        for old in list(self._kinds)[: max(0, len(self._kinds) + 1 - MOST)]:
            self._kinds.pop(old, None)
        self._kinds[key] = _Kind(program, options, overlays)
