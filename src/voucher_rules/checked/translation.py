"""Comes in: an expression on its way to a typed term. Goes out: what each step of that needs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

from voucher_rules.checked.report import Report
from voucher_rules.checked.symbols import Symbol
from voucher_rules.language.nodes import Apply, Expression
from voucher_rules.language.terms import Term
from voucher_rules.language.types import Type
from voucher_rules.sources.tree import Scalar
from voucher_rules.values.model import WorkingCalendar


class UntypedError(Exception):
    """Raised on the way once a fault has been reported; ends that expression only."""


@dataclass(frozen=True, slots=True)
class Translation(ABC):
    """One expression, the names in its scope, and how a fault in it is reported.

    Look-ups and questions asked of lists are translated in modules of their own; they come back to
    :meth:`build` for the parts they hold.
    """

    scope: Mapping[str, Symbol]
    report: Report
    word: Scalar
    calendar: WorkingCalendar | None
    each: str
    """The list of which the expression speaks of one record; empty for none."""
    asked: bool
    """Whether facts are read under the name that is open where they were asked for in vain."""

    @abstractmethod
    def build(self, node: Expression, hint: Type | None) -> Term:
        """Return the term a part stands for; ``hint`` is the type that quoted options have.

        Raises :class:`UntypedError` once a fault is reported.
        """

    def fail(self, code: str, node: Expression, **arguments: str) -> UntypedError:
        """Report a fault at a part, and return what is to be raised."""
        self.report.add(code, self.word, node.place, **arguments)
        return UntypedError()

    def text_of(self, node: Expression) -> str:
        """Return a part as its author wrote it."""
        return str(self.word)[node.place.start : node.place.end]

    def check_named(self, node: Apply, allowed: tuple[str, ...]) -> None:
        """Check that a call gives by name only what it takes by name, and that once."""
        names = [name for name, _ in node.named]
        for name, part in node.named:
            if name not in allowed or names.count(name) > 1:
                raise self.fail("part-not-taken", part, name=name, call=node.symbol)
