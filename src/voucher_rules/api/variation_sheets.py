"""Comes in: a fact that was followed, its pieces and turns. Goes out: them in words and sheets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final

from voucher_rules.api.decisions import Decision
from voucher_rules.api.questions import Asked
from voucher_rules.checked.symbols import Input, Output, Wording
from voucher_rules.decision.amounts import REQUESTED
from voucher_rules.decision.outcomes import VALUELESS, Outcome
from voucher_rules.explain.sheets import Column, Figure, Sheet
from voucher_rules.explain.values import Writer
from voucher_rules.explain.whatif_words import tell
from voucher_rules.explain.words import tell as tell_word
from voucher_rules.language.types import BOOLEAN, QUANTITIES, TEXT, Kind
from voucher_rules.values.model import Period, Value
from voucher_rules.values.write import write_decimal, write_ratio
from voucher_rules.whatif.goals import find_paid
from voucher_rules.whatif.lines import Line
from voucher_rules.whatif.pieces import Piece, Turn

_PLAIN: Final = (bool, int, Fraction, str, date, datetime, Period)


@dataclass(frozen=True, slots=True)
class VariationTeller:
    """Says a fact that is followed, what it is followed by, and what came of it."""

    asked: Asked
    fact: Input
    output: Output | None

    def tell_rules(self, names: Sequence[str], language: str) -> str:
        """Return rules in words with their provisions."""
        writer = self.writer(language)
        rules = self.asked.ruleset.checked.rules
        told = [
            tell(language, "requested") if name == REQUESTED else writer.say_cited(rules[name])
            for name in names
        ]
        return writer.tell("joiner").join(told)

    def list_refs(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the provisions of rules, each once."""
        rules = self.asked.ruleset.checked.rules
        return tuple(dict.fromkeys(rules[x].citation.ref for x in names if x in rules))

    def tell_value(self, value: Value, language: str) -> str:
        """Return a value of the fact in words."""
        return self.writer(language).write_value(value, self.fact.type)

    def tell_output(self, value: Value, language: str) -> str:
        """Return a value of the output in words."""
        kind = TEXT if self.output is None else self.output.type
        return self.writer(language).write_value(value, kind)

    def label(self, language: str) -> str:
        """Return what the fact is called."""
        return self.writer(language).label_input(self.fact.name)

    def writer(self, language: str) -> Writer:
        """Return what writes values of the ruleset."""
        return Writer(self.asked.ruleset.checked, language)

    def make_pieces(self, pieces: Sequence[Piece]) -> Sheet:
        """Return the pieces: from where to where, the outcome, and the amount as a line."""
        dense = any(not (x.holds_first and x.holds_last) for x in pieces)
        counted = self.output is not None and self.output.type.kind in QUANTITIES
        columns = [
            Column("first", _word("column.first"), self.fact.type),
            Column("last", _word("column.last"), self.fact.type),
            *([_column("holds_first", BOOLEAN), _column("holds_last", BOOLEAN)] if dense else []),
            _column("outcome", TEXT),
            _column("formula", TEXT) if counted else _column("value", TEXT),
        ]
        if counted and self.output is not None:
            columns += [_column("at_first", self.output.type), _column("at_last", self.output.type)]
        columns += [_column("binding", TEXT), _column("exact", BOOLEAN)]
        rows = tuple(self._make_piece(x, dense=dense, counted=counted) for x in pieces)
        note = _word("vary.rounding") if counted else None
        return Sheet("pieces", _word("sheet.pieces"), tuple(columns), rows, note)

    def _make_piece(self, piece: Piece, *, dense: bool, counted: bool) -> tuple[Figure, ...]:
        rules = piece.binding or piece.stopping
        return (
            self._figure(piece.first),
            self._figure(piece.last),
            *((piece.holds_first, piece.holds_last) if dense else ()),
            _say(lambda x: tell_word(x, f"outcome.{piece.outcome}")),
            _say(lambda x: self._tell_formula(piece, x)),
            *((piece.starts_at, piece.ends_at) if counted else ()),
            _say(lambda x: self.tell_rules(rules, x)),
            piece.exact,
        )

    def _figure(self, value: Value) -> Figure:
        if isinstance(value, _PLAIN) and self.fact.type.kind not in {Kind.CHOICE, Kind.TIME}:
            return value
        return _say(lambda x: self.tell_value(value, x))

    def _tell_formula(self, piece: Piece, language: str) -> str:
        """Tell what an output comes to along a piece, before rounding."""
        output = self.output
        if output is None or piece.outcome in VALUELESS:
            return "—"
        writer = self.writer(language)
        if piece.value is not None and piece.line is None:
            return writer.write_value(piece.value, output.type)
        if piece.line is None:
            known = piece.outcome in {Outcome.GRANTED, Outcome.DETERMINED}
            return tell(language, "formula.varies") if known else "—"
        return self._tell_line(piece.line, piece, output, language)

    def _tell_line(self, line: Line, piece: Piece, output: Output, language: str) -> str:
        writer = self.writer(language)
        if not line.slope:
            return writer.write_value(line.const, output.type)
        label = self.label(language)
        if self.fact.type.kind not in QUANTITIES:
            start = writer.write_value(line.at(piece.reach.low), output.type)
            rate = writer.write_value(line.slope, output.type)
            return tell(language, "formula.each", amount=start, rate=rate)
        rate = self._tell_rate(abs(Fraction(line.slope)), output, language)
        if not line.const and line.slope > 0:
            return tell(language, "formula.times", rate=rate, label=label)
        amount = writer.write_value(line.const, output.type)
        key = "formula.plus" if line.slope > 0 else "formula.minus"
        return tell(language, key, amount=amount, rate=rate, label=label)

    def _tell_rate(self, slope: Fraction, output: Output, language: str) -> str:
        """Tell what one more of the fact gives: a ratio of like things, else so much for each."""
        if self.fact.type == output.type:
            return write_ratio(slope)
        if output.type.kind is Kind.MONEY:
            return self.writer(language).write_value(slope, output.type)
        return write_decimal(slope)

    def make_turns(self, turns: Sequence[Turn]) -> Sheet:
        """Return the turns between pieces, with the rules that make them."""
        columns = [
            Column("at", _word("column.at"), self.fact.type),
            _column("what", TEXT),
        ]
        counted = self.output is not None and self.output.type.kind in QUANTITIES
        if counted and self.output is not None:
            kind = self.output.type
            columns += [_column("step_before", kind), _column("step_after", kind)]
        columns.append(_column("because", TEXT))
        rows = tuple(
            (
                self._figure(turn.at),
                _word(f"turn.{turn.kind}"),
                *((turn.before, turn.after) if counted else ()),
                _say(lambda x, t=turn: self.tell_rules(t.rules, x)),  # type: ignore[misc] # t is its own default
            )
            for turn in turns
        )
        return Sheet("turns", _word("sheet.turns"), tuple(columns), rows)

    def make_values(self, decisions: Sequence[tuple[Value, Decision]]) -> Sheet:
        """Return the decisions at the values asked for."""
        columns = [Column("value", _word("column.value"), self.fact.type), _column("outcome", TEXT)]
        output = self.output
        counted = output is not None and output.type.kind in QUANTITIES
        if output is not None:
            columns.append(_column("amount", output.type if counted else TEXT))
        rows = tuple(self._make_value(*pair, counted=counted) for pair in decisions)
        return Sheet("values", _word("sheet.values"), tuple(columns), rows)

    def _make_value(self, value: Value, decision: Decision, *, counted: bool) -> tuple[Figure, ...]:
        output = self.output
        told = (self._figure(value), _say(lambda x: tell_word(x, f"outcome.{decision.outcome}")))
        if output is None:
            return told
        if counted:
            return (*told, find_paid(decision.result, output.name))
        found = decision.result.values.get(output.name)
        if found is None:
            return (*told, None)
        return (*told, _say(lambda x: self.writer(x).write_value(found, output.type)))


def _word(key: str) -> Wording:
    return Wording(tell("zh", key), tell("en", key))


def _say(make: Callable[[str], str]) -> Wording:
    return Wording(make("zh"), make("en"))


def _column(key: str, kind: Any) -> Column:  # noqa: ANN401 - a type
    return Column(key, _word(f"column.{key}"), kind)
