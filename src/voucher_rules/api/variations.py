"""Comes in: a case and one of its facts. Goes out: the decision over every value of that fact.

A study of one case: exact pieces, the turns between them with the provisions that make them, and
the decisions at values someone asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from voucher_rules.api.decisions import Decision
from voucher_rules.api.following import follow_fact
from voucher_rules.api.questions import Asked, ask, find_input, find_output, read_values
from voucher_rules.api.rulesets import Ruleset
from voucher_rules.api.studies import Study
from voucher_rules.api.variation_sheets import VariationTeller
from voucher_rules.api.wants import LIST, RULESET, WORD
from voucher_rules.arguments import FLAG, MAPPING, check_language, takes
from voucher_rules.checked.symbols import Input, Output
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.explain.sheets import Sheet
from voucher_rules.explain.whatif_words import tell
from voucher_rules.explain.words import tell as tell_word
from voucher_rules.language.types import QUANTITIES, Kind
from voucher_rules.pictures.variations import draw_variation
from voucher_rules.sources.tree import Source
from voucher_rules.values.model import CURRENCIES, Period, Unknown, Value
from voucher_rules.whatif.pieces import Piece, Turn, list_turns
from voucher_rules.whatif.positions import make_axis

_PLAIN = (bool, int, Fraction, str, date, datetime, Period)


class Variation(Study):
    """A decision as a function of one fact; made by :func:`vary`."""

    __slots__ = (
        "_asked",
        "_teller",
        "decisions",
        "fact",
        "language",
        "output",
        "pieces",
        "turns",
    )

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
        self._teller = VariationTeller(asked, fact, output)
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
        return (
            self._teller.make_pieces(self.pieces),
            self._teller.make_turns(self.turns),
            self._teller.make_values(self.decisions),
        )

    def title(self, language: str) -> str:
        """Return which decision varies by what."""
        spec = self._asked.question.program.decision
        return tell(
            language,
            "vary.title",
            title=self._asked.ruleset.checked.document.title.told(language),
            decision=spec.label.told(language),
            label=self._teller.label(language),
        )

    def headline(self, language: str) -> str:
        """Return what varies by what, without the name of the measure."""
        spec = self._asked.question.program.decision
        told = (self.output or spec).label.told(language)
        return tell(language, "vary.headline", what=told, label=self._teller.label(language))

    def list_lines(self, language: str) -> Iterator[str]:
        """Yield how it stands now, how many pieces there are, and whether there are cliffs."""
        label = self._teller.label(language)
        if isinstance(self.now, Unknown):
            yield tell(language, "vary.unknown", label=label)
        else:
            value = self._teller.writer(language).write_value(self.now, self.fact.type)
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

    # what a picture asks for

    def tell_rules(self, names: Sequence[str], language: str) -> str:
        """Return rules in words with their provisions."""
        return self._teller.tell_rules(names, language)

    def list_refs(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the provisions of rules, each once."""
        return self._teller.list_refs(names)

    def tell_value(self, value: Value, language: str) -> str:
        """Return a value of the fact in words."""
        return self._teller.tell_value(value, language)

    def tell_output(self, value: Value, language: str) -> str:
        """Return a value of the output in words."""
        return self._teller.tell_output(value, language)


def _find_main(declared: Input | Output) -> int:
    """Return how many positions one main unit takes: 100 for yuan, 1 for anything but money."""
    kind = declared.type
    return 10 ** CURRENCIES[kind.unit].digits if kind.kind is Kind.MONEY else 1


@takes(
    ruleset=RULESET,
    decision=WORD,
    case=MAPPING,
    fact=WORD,
    values=LIST.optional(),
    output=WORD.optional(),
    readings=MAPPING.optional(),
    assume_in_force=FLAG,
    placed_by=WORD,
)
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
    pieces = follow_fact(asked, declared, chosen)
    decided = [
        (value, Decision(asked.question.decide({fact: value})))
        for value in read_values(asked, declared, values or ())
    ]
    return Variation(asked, declared, chosen, pieces, decided)
