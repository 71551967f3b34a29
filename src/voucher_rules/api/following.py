"""Comes in: a question and one of its facts. Goes out: the decision over it, in exact pieces."""

from __future__ import annotations

from dataclasses import replace

from voucher_rules.api.questions import Asked
from voucher_rules.checked.symbols import Input, Output
from voucher_rules.decision.outcomes import VALUELESS, Outcome
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.language.types import Kind
from voucher_rules.values.model import Exact, Mark, Value
from voucher_rules.whatif.changes import FactSearch, make_candidate
from voucher_rules.whatif.goals import Goal, find_paid
from voucher_rules.whatif.lines import Line, Reach
from voucher_rules.whatif.paths import PAYING
from voucher_rules.whatif.pieces import Piece, make_pieces
from voucher_rules.whatif.positions import make_axis
from voucher_rules.whatif.stretches import Sweep


def follow_fact(asked: Asked, fact: Input, output: Output | None) -> list[Piece]:
    """Return the pieces of a decision over every value of a fact. Raises :class:`InputError`."""
    axis = make_axis(fact.name, fact.type, fact.domain)
    if axis is not None:
        return make_pieces(Sweep(asked.question, axis).run(), axis, output)
    everything = Goal(frozenset(Outcome))
    candidate = make_candidate(asked.question, fact.name)
    search = FactSearch(asked.question, replace(candidate, before=fact.domain), everything)
    found = [_decide_option(asked, fact, output, value) for value in search.list_values()]
    if not search.exact and fact.type.kind is not Kind.SET:
        raise InputError([Diagnostic("fact-not-varied", {"name": fact.name}, path=fact.name)])
    return found


def _decide_option(asked: Asked, fact: Input, output: Output | None, value: Value) -> Piece:
    """Return the decision at one option as a piece of its own."""
    result = asked.question.decide({fact.name: value})
    paid: Exact | None = None
    worked_out: Value | None = None
    binding: tuple[str, ...] = ()
    if output is not None:
        paid = find_paid(result, output.name)
        worked_out = result.values.get(output.name)
        if output.name in result.amounts and result.outcome in PAYING:
            binding = result.amounts[output.name].binding
    stopping = tuple(rule.id for reason in result.reasons for rule in reason.rules)
    known = paid is not None and result.outcome not in VALUELESS
    line = Line(paid) if known and paid is not None and not isinstance(worked_out, Mark) else None
    return Piece(
        first=value,
        last=value,
        holds_first=True,
        holds_last=True,
        outcome=result.outcome,
        line=line,
        value=worked_out,
        starts_at=paid,
        ends_at=paid,
        binding=binding,
        stopping=stopping,
        exact=True,
        reach=Reach(0, 0),
    )
