"""Comes in: what a case expects, in words. Goes out: the same as values, or every mistake in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from voucher_rules.checked.domains import read_typed
from voucher_rules.checked.mechanics import Consequence, Documents, Limit, Rank, Rule, Warn, Window
from voucher_rules.checked.symbols import Output
from voucher_rules.decision.amounts import REQUESTED
from voucher_rules.decision.law import FIRST_DAY
from voucher_rules.decision.outcomes import Outcome
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.explain.words import WORDS
from voucher_rules.language.records import split_field
from voucher_rules.language.types import BOOLEAN, DATE, TEXT, Kind, Type
from voucher_rules.program.build import Program
from voucher_rules.ruleset.names import suggest_name
from voucher_rules.sources import tree
from voucher_rules.sources.tree import Scalar, Source, diagnose
from voucher_rules.testing.model import SINGLE, ExpectDoc
from voucher_rules.testing.write import NONE_WORD, NOT_KNOWN, UNKNOWN_WORD
from voucher_rules.values.model import NONE, Value
from voucher_rules.values.read import TextValueError

REASON_KINDS: Final = (
    "failed",
    "soft_failed",
    "open",
    "exhausted",
    "too_much_requested",
    "not_in_force",
    "force_unknown",
)
WARNING_CODES: Final = (
    *(key.removeprefix("warning.") for key in WORDS if key.startswith("warning.")),
    "doubt",
)
RANGE_ENDS: Final = 2
RANK_ENDS: Final = ("highest", "lowest")
ENDLESS: Final = "endless"


@dataclass(frozen=True, slots=True)
class Expectation:
    """One thing a decision must come to.

    ``key`` is the key of the case file, ``target`` the output or rule meant, ``label`` both as they
    were written. ``values`` are of the types ``kinds``, or plain names where there are no kinds.
    """

    key: str
    label: str
    values: tuple[Value, ...]
    kinds: tuple[Type, ...] = ()
    target: str = ""


@dataclass(slots=True)
class ExpectationReader:
    """Reads what one case expects of one decision."""

    source: Source
    program: Program
    found: list[Diagnostic] = field(default_factory=list)

    def refuse(self, code: str, at: object, **arguments: str) -> None:
        """Note a mistake at a word or a list."""
        span = getattr(at, "span", self.source.root.span)
        self.found.append(diagnose(self.source, code, span, **arguments))

    def read(self, doc: ExpectDoc) -> tuple[Expectation, ...]:
        """Read everything expected; what is wrong with it is in ``found``."""
        return (
            *self._read_outcomes(doc),
            *self._read_amounts(doc),
            *self._read_names(doc),
            *self._read_values(doc),
            *self._read_rankings(doc),
            *self._read_firsts(doc),
            *self._read_periods(doc),
        )

    def _read_outcomes(self, doc: ExpectDoc) -> Iterator[Expectation]:
        for key, words in (("outcome", [doc.outcome]), ("possible", doc.possible or [])):
            given = [word for word in words if word is not None]
            if given:
                yield Expectation(key, key, tuple(self._read_outcome(word) for word in given))

    def _read_outcome(self, word: Scalar) -> str:
        options = [str(outcome) for outcome in Outcome]
        if word not in options:
            near = suggest_name(word, options)
            self.refuse("not-one-of", word, found=str(word), options=", ".join(options), near=near)
        return str(word)

    def _read_names(self, doc: ExpectDoc) -> Iterator[Expectation]:
        lists = {
            "binding": doc.binding,
            "articles": doc.articles,
            "reasons": doc.reasons,
            "missing": doc.missing,
            "papers": doc.papers,
            "warnings": doc.warnings,
            "no_warnings": doc.no_warnings,
            "consequences": doc.consequences,
        }
        for key, words in lists.items():
            if words is not None:
                known = self._list_known(key)
                for word in words:
                    self._check_name(word, _name_rule(word) if key == "reasons" else word, known)
                yield Expectation(key, key, tuple(str(word) for word in words))

    def _list_known(self, key: str) -> tuple[str, ...]:
        """Return what may stand under a key for this decision at all."""
        program = self.program
        match key:
            case "binding":
                return (*self._list_rules(Limit), REQUESTED)
            case "articles":
                refs = (rule.citation.ref for rule in program.rules)
                return (*dict.fromkeys(refs), program.ruleset.document.effective_ref.ref)
            case "reasons":
                return (*(rule.id for rule in program.rules if rule.decides), *REASON_KINDS)
            case "missing":
                calendar = program.ruleset.calendar
                days = (f"calendar.{calendar.id}",) if calendar else ()
                return (*program.inputs, *_list_unset(program), *days, FIRST_DAY)
            case "papers":
                bodies = [rule.body for rule in program.rules]
                papers = [x.required for x in bodies if isinstance(x, Documents)]
                return tuple(dict.fromkeys(paper for some in papers for paper in some))
            case "consequences":
                return self._list_rules(Consequence)
            case _:
                return (*self._list_rules(Warn), *WARNING_CODES)

    def _list_rules(self, body: type) -> tuple[str, ...]:
        return tuple(rule.id for rule in self.program.rules if isinstance(rule.body, body))

    def _check_name(self, word: Scalar, name: str, known: Sequence[str]) -> bool:
        if name in known or self._is_of_record(name):
            return True
        self.refuse(
            "not-in-decision",
            word,
            name=name,
            decision=self.program.decision.name,
            known=", ".join(known) or "—",
            near=suggest_name(name, list(known)),
        )
        return False

    def _is_of_record(self, name: str) -> bool:
        """Return whether a name is a field of some record of a list: `items[2].amount`."""
        listed, field = split_field(name)
        return listed in self.program.lists and field in self.program.lists[listed].fields

    def _read_amounts(self, doc: ExpectDoc) -> Iterator[Expectation]:
        if doc.amount is not None:
            output = self._find_amount(doc.amount, "amount")
            if output is not None:
                yield self._read_amount("amount", "amount", output, (doc.amount,))
        plain: dict[str, dict[Scalar, tuple[Scalar, ...]]] = {
            "amounts": {word: (text,) for word, text in (doc.amounts or {}).items()},
            "otherwise": {word: (text,) for word, text in (doc.otherwise or {}).items()},
            "range": dict(doc.between or {}),
        }
        for key, by_output in plain.items():
            for word, texts in by_output.items():
                output = self._find_amount(word, str(word))
                if output is not None and (key != "range" or self._count(word, texts, RANGE_ENDS)):
                    yield self._read_amount(key, str(word), output, texts)

    def _find_amount(self, word: Scalar, name: str) -> Output | None:
        decision = self.program.decision
        amounts = {output.name: output for output in decision.outputs.values() if output.limited}
        if name not in SINGLE:
            return amounts[name] if self._check_name(word, name, tuple(amounts)) else None
        if len(amounts) == 1:
            return next(iter(amounts.values()))
        known = ", ".join(amounts) or "—"
        self.refuse("no-single-amount", word, decision=decision.name, known=known)
        return None

    def _read_amount(
        self, key: str, name: str, output: Output, texts: Sequence[Scalar]
    ) -> Expectation:
        label = key if name in SINGLE else f"{key} {name}"
        values = tuple(self._read_value(text, output.type) for text in texts)
        return Expectation(key, label, values, (output.type,) * len(values), output.name)

    def _count(self, word: Scalar, texts: Sequence[object], expected: int) -> bool:
        if len(texts) == expected:
            return True
        found = str(len(texts))
        self.refuse("wrong-number-of-values", word, expected=str(expected), found=found)
        return False

    def _read_values(self, doc: ExpectDoc) -> Iterator[Expectation]:
        if doc.exact is not None:
            yield Expectation("exact", "exact", (self._read_text(doc.exact, BOOLEAN),), (BOOLEAN,))
        outputs = self.program.decision.outputs
        for word, node in (doc.values or {}).items():
            if self._check_name(word, word, tuple(outputs)):
                kind = outputs[word].type
                value = self._read_value(node, kind)
                yield Expectation("values", f"values {word}", (value,), (kind,), str(word))
        for word, text in (doc.deadlines or {}).items():
            if self._check_name(word, word, self._list_rules(Window)):
                kind = self._find_moment(word)
                value = self._read_value(text, kind)
                yield Expectation("deadlines", f"deadlines {word}", (value,), (kind,), str(word))

    def _find_moment(self, rule: Scalar) -> Type:
        """Return the type of the end of a window: a day, or of one in hours a moment."""
        body = self.program.ruleset.rules[str(rule)].body
        return body.last.type if isinstance(body, Window) else DATE

    def _read_rankings(self, doc: ExpectDoc) -> Iterator[Expectation]:
        for word, texts in (doc.ranking or {}).items():
            if not self._check_name(word, word, self._list_rules(Rank)):
                continue
            kinds = _list_kinds(self.program.ruleset.rules[word])
            # no keys at all: the order does not apply
            if not texts or self._count(word, texts, len(kinds)):
                pairs = zip(texts, kinds, strict=False)
                values = tuple(self._read_value(text, kind) for text, kind in pairs)
                yield Expectation("ranking", f"ranking {word}", values, kinds, str(word))

    def _read_firsts(self, doc: ExpectDoc) -> Iterator[Expectation]:
        """Read which end of each key of an order comes first."""
        for word, texts in (doc.first or {}).items():
            if not self._check_name(word, word, self._list_rules(Rank)):
                continue
            keys = len(self.program.ruleset.rules[word].formulas)
            if self._count(word, texts, keys):
                values = tuple(self._read_end(text) for text in texts)
                kinds = (TEXT,) * keys
                yield Expectation("first", f"first {word}", values, kinds, str(word))

    def _read_end(self, word: Scalar) -> str:
        if word not in RANK_ENDS:
            options, near = ", ".join(RANK_ENDS), suggest_name(word, list(RANK_ENDS))
            self.refuse("not-one-of", word, found=str(word), options=options, near=near)
        return str(word)

    def _read_periods(self, doc: ExpectDoc) -> Iterator[Expectation]:
        """Read from when until when consequences hold."""
        for word, texts in (doc.periods or {}).items():
            rules = self._list_rules(Consequence)
            if self._check_name(word, word, rules) and self._count(word, texts, RANGE_ENDS):
                values = tuple(
                    ENDLESS if text == ENDLESS else self._read_value(text, DATE) for text in texts
                )
                yield Expectation("periods", f"periods {word}", values, (DATE, DATE), str(word))

    def _read_value(self, node: Any, kind: Type) -> Value:  # noqa: ANN401 - text or list
        """Read a value as facts are written; what is refused counts as not known."""
        if isinstance(node, Scalar) and not node.quoted:
            if node == UNKNOWN_WORD:
                return NOT_KNOWN
            if node == NONE_WORD:
                return NONE
        if kind.kind is Kind.SET:
            return self._read_set(node, kind)
        return self._read_text(node, kind)

    def _read_set(self, node: object, kind: Type) -> Value:
        if not isinstance(node, tree.Sequence):
            self.refuse("set-expected", node, options=", ".join(kind.options))
            return NOT_KNOWN
        option = Type(Kind.CHOICE, kind.unit, kind.options)
        return frozenset(str(self._read_text(item, option)) for item in node)

    def _read_text(self, node: object, kind: Type) -> Value:
        if not isinstance(node, Scalar):
            self.refuse("text-expected", node)
            return NOT_KNOWN
        try:
            return read_typed(node, kind, self.program.ruleset.zone, bare=True)
        except TextValueError as error:
            self.refuse(error.code, node, **error.arguments)
            return NOT_KNOWN


def _name_rule(word: Scalar) -> str:
    """Return the rule of ``kind:rule``, or the word itself."""
    kind, _, rule = word.partition(":")
    return rule if rule and kind in REASON_KINDS else str(word)


def _list_kinds(rule: Rule) -> tuple[Type, ...]:
    return tuple(term.type for term in rule.formulas)


def _list_unset(program: Program) -> tuple[str, ...]:
    """Return the parameters that someone else has still to set."""
    parameters = program.parameters.values()
    return tuple(x.name for x in parameters if any(value.value is None for value in x.values))
