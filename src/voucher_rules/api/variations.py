"""Comes in: a case and one of its facts. Goes out: the decision over every value of that fact.

A study of one case: exact pieces, the turns between them with the provisions that make them, and
the decisions at values someone asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from voucher_rules.api.decisions import Decision
from voucher_rules.api.questions import Asked, ask, find_input, find_output, read_values
from voucher_rules.api.rulesets import Ruleset
from voucher_rules.api.studies import Study
from voucher_rules.arguments import check_language
from voucher_rules.checked.symbols import Input, Output, Wording
from voucher_rules.decision.amounts import REQUESTED
from voucher_rules.decision.outcomes import VALUELESS, Outcome
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.explain.sheets import Column, Figure, Sheet
from voucher_rules.explain.values import Writer
from voucher_rules.explain.whatif_words import tell
from voucher_rules.explain.words import tell as tell_word
from voucher_rules.language.types import BOOLEAN, QUANTITIES, TEXT, Kind
from voucher_rules.pictures.variations import draw_variation
from voucher_rules.sources.tree import Source
from voucher_rules.values.model import CURRENCIES, Exact, Mark, Period, Unknown, Value
from voucher_rules.values.write import write_decimal, write_ratio
from voucher_rules.whatif.changes import FactSearch, make_candidate
from voucher_rules.whatif.goals import Goal, find_paid
from voucher_rules.whatif.lines import Line, Reach
from voucher_rules.whatif.paths import PAYING
from voucher_rules.whatif.pieces import Piece, Turn, list_turns, make_pieces
from voucher_rules.whatif.positions import make_axis
from voucher_rules.whatif.stretches import Sweep

_PLAIN = (bool, int, Fraction, str, date, datetime, Period)


class Variation(Study):
    """A decision as a function of one fact; made by :func:`vary`."""

    __slots__ = ("_asked", "decisions", "fact", "language", "output", "pieces", "turns")

    def __init__(
        self,
        asked: Asked,
        fact: Input,
        output: Output | None,
        pieces: Sequence[Piece],
        decisions: Sequence[tuple[Value, Decision]],
    ) -> None:
        self.language = "zh"
        self._asked = asked
        self.fact = fact
        """The fact that varies."""
        self.output = output
        """The output that is followed; None where the decision has none."""
        self.pieces = tuple(pieces)
        """The pieces, from the lowest value to the highest."""
        ordered = make_axis(fact.name, fact.type, fact.domain) is not None
        self.turns: tuple[Turn, ...] = tuple(list_turns(list(pieces), output)) if ordered else ()
        """Where one piece goes over into the next."""
        self.decisions = tuple(decisions)
        """The values asked for, each with the decision at it."""

    @property
    def exact(self) -> bool:
        """Whether every piece is proved for every value in it."""
        return all(piece.exact for piece in self.pieces)

    @property
    def cliffs(self) -> tuple[Turn, ...]:
        """The turns at which a little more of the fact gives less."""
        return tuple(turn for turn in self.turns if turn.kind == "fall")

    @property
    def now(self) -> Value:
        """The value in the case as it stands."""
        return self._asked.question.case.values.get(self.fact.name, self.fact.domain)

    @property
    def base(self) -> Decision:
        """The decision on the case as it stands."""
        return Decision(self._asked.base)

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """The pieces, the turns, and the values asked for."""
        return (self._make_pieces(), self._make_turns(), self._make_values())

    def title(self, language: str) -> str:
        """Return which decision varies by what."""
        spec = self._asked.question.program.decision
        return tell(
            language,
            "vary.title",
            title=self._asked.ruleset.checked.document.title.told(language),
            decision=spec.label.told(language),
            label=self._label(language),
        )

    def headline(self, language: str) -> str:
        """Return what varies by what, without the name of the measure."""
        spec = self._asked.question.program.decision
        told = (self.output or spec).label.told(language)
        return tell(language, "vary.headline", what=told, label=self._label(language))

    def list_lines(self, language: str) -> Iterator[str]:
        """Yield how it stands now, how many pieces there are, and whether there are cliffs."""
        label = self._label(language)
        if isinstance(self.now, Unknown):
            yield tell(language, "vary.unknown", label=label)
        else:
            value = self._writer(language).write_value(self.now, self.fact.type)
            outcome = tell_word(language, f"outcome.{self._asked.base.outcome}")
            yield tell(language, "vary.now", label=label, value=value, outcome=outcome)
        yield tell(language, "vary.pieces", count=str(len(self.pieces)))
        falls = len(self.cliffs)
        if falls:
            key = "vary.cliff_one" if falls == 1 else "vary.cliffs"
            yield tell(language, key, count=str(falls))
        if not self.exact:
            yield tell(language, "vary.searched")

    def plot(self, language: str = "zh", **options: Any) -> Any:  # noqa: ANN401 - a figure of Matplotlib
        """Return a picture of the amount by the fact (extra ``plot``).

        ``window`` is the lowest and the highest value to show, as a case would state them; without
        it that is where something happens. Raises :class:`~voucher_rules.InputError` for another
        option, or where Matplotlib or a font for the language is lacking.
        """
        check_language(language)
        window = options.pop("window", None)
        if options:
            arguments = {"found": ", ".join(options), "options": "window", "near": ""}
            raise InputError([Diagnostic("not-one-of", arguments, path="plot")])
        bounds = None if window is None else read_values(self._asked, self.fact, window)
        return draw_variation(self, bounds, language)

    def formula(self, piece: Piece) -> tuple[Fraction, Fraction] | None:
        """Return ``a`` and ``b`` of ``a + b · x``, what a piece comes to before rounding.

        All in main units: yuan, and yuan for each yuan, person or other unit of the fact. None
        where it is no line, and where the fact is no quantity.
        """
        line, output = piece.line, self.output
        if line is None or output is None or self.fact.type.kind not in QUANTITIES:
            return None
        big, small = _find_main(output), _find_main(self.fact)
        return Fraction(line.const) / big, Fraction(line.slope) * small / big

    # what pictures and sheets share

    def tell_rules(self, names: Sequence[str], language: str) -> str:
        """Return rules in words with their provisions."""
        writer = self._writer(language)
        rules = self._asked.ruleset.checked.rules
        told = [
            tell(language, "requested") if name == REQUESTED else writer.say_cited(rules[name])
            for name in names
        ]
        return writer.tell("joiner").join(told)

    def list_refs(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the provisions of rules, each once."""
        rules = self._asked.ruleset.checked.rules
        return tuple(dict.fromkeys(rules[x].citation.ref for x in names if x in rules))

    def tell_value(self, value: Value, language: str) -> str:
        """Return a value of the fact in words."""
        return self._writer(language).write_value(value, self.fact.type)

    def tell_output(self, value: Value, language: str) -> str:
        """Return a value of the output in words."""
        kind = TEXT if self.output is None else self.output.type
        return self._writer(language).write_value(value, kind)

    def _label(self, language: str) -> str:
        return self._writer(language).label_input(self.fact.name)

    def _writer(self, language: str) -> Writer:
        return Writer(self._asked.ruleset.checked, language)

    def _make_pieces(self) -> Sheet:
        dense = any(not (x.holds_first and x.holds_last) for x in self.pieces)
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
        rows = tuple(self._make_piece(x, dense=dense, counted=counted) for x in self.pieces)
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
        writer = self._writer(language)
        if piece.value is not None and piece.line is None:
            return writer.write_value(piece.value, output.type)
        if piece.line is None:
            known = piece.outcome in {Outcome.GRANTED, Outcome.DETERMINED}
            return tell(language, "formula.varies") if known else "—"
        return self._tell_line(piece.line, piece, output, language)

    def _tell_line(self, line: Line, piece: Piece, output: Output, language: str) -> str:
        writer = self._writer(language)
        if not line.slope:
            return writer.write_value(line.const, output.type)
        label = self._label(language)
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
            return self._writer(language).write_value(slope, output.type)
        return write_decimal(slope)

    def _make_turns(self) -> Sheet:
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
            for turn in self.turns
        )
        return Sheet("turns", _word("sheet.turns"), tuple(columns), rows)

    def _make_values(self) -> Sheet:
        columns = [Column("value", _word("column.value"), self.fact.type), _column("outcome", TEXT)]
        output = self.output
        counted = output is not None and output.type.kind in QUANTITIES
        if output is not None:
            columns.append(_column("amount", output.type if counted else TEXT))
        rows = tuple(self._make_value(*pair, counted=counted) for pair in self.decisions)
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
        return (*told, _say(lambda x: self._writer(x).write_value(found, output.type)))


def _word(key: str) -> Wording:
    return Wording(tell("zh", key), tell("en", key))


def _say(make: Callable[[str], str]) -> Wording:
    return Wording(make("zh"), make("en"))


def _column(key: str, kind: Any) -> Column:  # noqa: ANN401 - a type
    return Column(key, _word(f"column.{key}"), kind)


def _find_main(declared: Input | Output) -> int:
    """Return how many positions one main unit takes: 100 for yuan, 1 for anything but money."""
    kind = declared.type
    return 10 ** CURRENCIES[kind.unit].digits if kind.kind is Kind.MONEY else 1


def vary(  # noqa: PLR0913 - each argument is one thing the answer rests on
    ruleset: Ruleset,
    decision: str,
    case: Mapping[str, Any],
    fact: str,
    values: Sequence[object] | None = None,
    *,
    output: str | None = None,
    on: date | str | None = None,
    readings: Mapping[str, str] | None = None,
    assume_in_force: bool = False,
    placed_by: str = "",
    source: Source | None = None,
) -> Variation:
    """Follow a decision along one fact of a case, the others as they are.

    It is cut into pieces on each of which one outcome holds and the amount is one line, exactly;
    the turns between them are told with the rules that make them. ``values`` are decided besides,
    each as a case would state it. ``output`` names what is followed, where there are several. The
    rest is as in :meth:`Ruleset.decide`.

    Raises :class:`~voucher_rules.InputError` for a fault of the case, a fact the decision does not
    read, or one that has no values to go through (a text, a list).
    """
    asked = ask(
        ruleset,
        decision,
        case,
        on=on,
        readings=readings,
        assume_in_force=assume_in_force,
        placed_by=placed_by,
        source=source,
    )
    declared = replace(find_input(asked.question, fact), name=fact)
    outputs = asked.question.program.decision.outputs
    chosen = find_output(asked.question, output, counted=False) if outputs else None
    pieces = _find_pieces(asked, declared, chosen)
    decided = [
        (value, Decision(asked.question.decide({fact: value})))
        for value in read_values(asked, declared, values or ())
    ]
    return Variation(asked, declared, chosen, pieces, decided)


def _find_pieces(asked: Asked, fact: Input, output: Output | None) -> list[Piece]:
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
