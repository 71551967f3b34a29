"""Comes in: the rules of a document and the names in scope. Goes out: typed rules, or faults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, get_args

from voucher_rules.checked.declare import PLAIN_NAME, Declarations, word_text
from voucher_rules.checked.domains import CALENDAR_UNITS
from voucher_rules.checked.expressions import Symbol, TermBuilder, collect_names
from voucher_rules.checked.model import (
    Body,
    Consequence,
    Define,
    Documents,
    Exclude,
    Limit,
    Parameter,
    Rank,
    RankKey,
    Require,
    Rule,
    Warn,
    Window,
    Wording,
)
from voucher_rules.checked.order import find_cycle, sort_names
from voucher_rules.checked.provisions import walk_provisions
from voucher_rules.language.nodes import Expression
from voucher_rules.language.parse import ExpressionError, parse_expression
from voucher_rules.language.terms import Role, Term
from voucher_rules.language.types import BOOLEAN, DATE, NUMBER, ONE, ZERO, Kind, Type
from voucher_rules.ruleset.load import suggest_name
from voucher_rules.ruleset.model import RuleDoc, Topic, WindowDoc
from voucher_rules.sources.tree import Scalar

TOPICS: Final = get_args(Topic)
NO_WORDS: Final = Wording("", "")


@dataclass(frozen=True, slots=True)
class PlacedRule:
    """A rule of the document with the provision it stands in."""

    doc: RuleDoc
    ref: str


@dataclass(slots=True)
class RuleBuilder:
    """Builds typed rules; variables come into scope as their definitions are typed."""

    made: Declarations
    parameters: Mapping[str, Parameter]
    scope: dict[str, Symbol] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, item in self.made.inputs.items():
            self.scope[name] = Symbol(name, item.role, item.type, item)
        for name in map(str, self._list_declared()):
            self.scope.setdefault(name, Symbol(name, Role.FACT, BOOLEAN, broken=True))
        for name, parameter in self.parameters.items():
            self.scope[name] = Symbol(name, Role.PARAMETER, parameter.type, parameter)
        for name, reading in self.made.readings.items():
            full = f"reading.{name}"
            kind = Type(Kind.CHOICE, full, tuple(reading.options))
            self.scope[full] = Symbol(full, Role.READING, kind)
        for outputs in self.made.outputs.values():
            for name, output in outputs.items():
                self.scope.setdefault(name, Symbol(name, Role.OUTPUT, output.type))

    def _list_declared(self) -> list[str]:
        """Return the names the document declares, also where the declaration has a fault."""
        document = self.made.document
        return [
            *document.facts,
            *(f"finding.{name}" for name in document.findings),
            *(f"ledger.{name}" for name in document.ledger),
            *(n for item in walk_provisions(document.provisions) for n in item.doc.parameters),
        ]

    @property
    def builder(self) -> TermBuilder:
        """Return the builder of terms over the names in scope now."""
        return TermBuilder(self.scope, self.made.report)

    def build_rules(self, placed: list[PlacedRule]) -> dict[str, Rule]:
        """Build every rule: definitions first, in the order they depend on each other."""
        built: dict[str, Rule] = {}
        for item in self._sort_definitions(placed):
            self._build_into(built, item)
        for item in placed:
            if str(item.doc.id) not in built:
                self._build_into(built, item)
        return {str(item.doc.id): built[item.doc.id] for item in placed if item.doc.id in built}

    def _build_into(self, built: dict[str, Rule], item: PlacedRule) -> None:
        self.made.report.ref = item.ref
        rule = self._build_rule(item)
        if rule is not None:
            built[rule.id] = rule
        elif item.doc.define is not None and str(item.doc.define) not in self.scope:
            name = str(item.doc.define)
            self.scope[name] = Symbol(name, Role.VARIABLE, BOOLEAN, broken=True)
        self.made.report.ref = ""

    def _sort_definitions(self, placed: list[PlacedRule]) -> list[PlacedRule]:
        defining: dict[str, list[PlacedRule]] = {}
        for item in placed:
            if item.doc.define is not None:
                defining.setdefault(str(item.doc.define), []).append(item)
        needs = {
            name: [n for item in items for n in self._names_read(item.doc) if n in defining]
            for name, items in defining.items()
        }
        cycle = find_cycle(needs)
        if cycle:
            first = defining[cycle[0]][0]
            self.made.report.ref = first.ref
            shown = " → ".join([*cycle, cycle[0]])
            self.made.report.add("definition-cycle", first.doc.define or first.doc.id, cycle=shown)
            return []
        return [item for name in sort_names(needs) for item in defining[name]]

    def _names_read(self, doc: RuleDoc) -> list[str]:
        names: list[str] = []
        for word in (doc.formula, doc.when):
            expression = _parse_quietly(word) if word is not None else None
            names.extend(collect_names(expression) if expression else [])
        return names

    def _build_rule(self, item: PlacedRule) -> Rule | None:
        doc, made = item.doc, self.made
        made.check_name(doc.id, PLAIN_NAME, "item_cap")
        made.read_option(doc.topic, TOPICS)
        decisions = tuple(self._read_decision(word) for word in doc.decisions)
        when = self.builder.build(doc.when, BOOLEAN) if doc.when is not None else None
        body = self._build_body(doc)
        self._check_keys(doc, body)
        if body is None or (doc.when is not None and when is None):
            return None
        return Rule(
            id=str(doc.id),
            topic=str(doc.topic),
            citation=made.cite(item.ref),
            decisions=decisions,
            body=body,
            says=word_text(doc.says) if doc.says else NO_WORDS,
            span=doc.id.span,
            when=when,
            soft=made.read_flag(doc.soft),
            key=made.read_flag(doc.key),
            next_step=word_text(doc.next) if doc.next else None,
        )

    def _read_decision(self, word: Scalar) -> str:
        known = [str(name) for name in self.made.document.decisions]
        if word not in known:
            near = suggest_name(word, known)
            self.made.report.add("unknown-decision", word, name=word, near=near)
        return str(word)

    def _check_keys(self, doc: RuleDoc, body: Body | None) -> None:
        conditions = Require | Exclude | Window | Documents
        if doc.soft is not None and body and not isinstance(body, conditions | Limit):
            self.made.report.add("key-does-not-fit", doc.soft, key="soft", type=doc.mechanic)
        if doc.key is not None and body and not isinstance(body, conditions):
            self.made.report.add("key-does-not-fit", doc.key, key="key", type=doc.mechanic)
        needs_words = isinstance(body, conditions | Limit)
        if needs_words and doc.says is None:
            self.made.report.add("rule-without-words", doc.id)

    def _build_body(self, doc: RuleDoc) -> Body | None:
        match doc.mechanic:
            case "require" | "exclude":
                return self._build_condition(doc)
            case "limits":
                return self._build_limit(doc)
            case "define":
                return self._build_define(doc)
            case "window":
                return self._build_window(doc.window) if doc.window else None
            case "documents":
                return self._build_documents(doc)
            case "rank":
                return self._build_rank(doc)
            case "consequence":
                return self._build_consequence(doc)
            case _:
                return Warn(word_text(doc.warn)) if doc.warn else None

    def _build_condition(self, doc: RuleDoc) -> Body | None:
        word = doc.exclude if doc.require is None else doc.require
        term = self.builder.build(word, BOOLEAN) if word is not None else None
        if term is None:
            return None
        return Exclude(term) if doc.exclude is not None else Require(term)

    def _build_limit(self, doc: RuleDoc) -> Body | None:
        if doc.limits is None or doc.at_most is None:
            return None
        kind = self._find_output_type(doc)
        term = self.builder.build(doc.at_most, kind) if kind else None
        return Limit(str(doc.limits), term) if term else None

    def _find_output_type(self, doc: RuleDoc) -> Type | None:
        name = doc.limits
        if name is None:
            return None
        for decision in doc.decisions:
            outputs = self.made.outputs.get(str(decision), {})
            if name not in outputs:
                near = suggest_name(name, list(outputs))
                self.made.report.add(
                    "unknown-output", name, name=name, decision=str(decision), near=near
                )
                return None
        return self.scope[str(name)].type

    def _build_define(self, doc: RuleDoc) -> Body | None:
        if doc.define is None or doc.formula is None:
            return None
        name = str(doc.define)
        declared = self.scope.get(name)
        if declared is not None and declared.role not in {Role.OUTPUT, Role.VARIABLE}:
            self.made.report.add("defines-declared-name", doc.define, name=name)
            return None
        expected = declared.type if declared else None
        term = self.builder.build(doc.formula, expected)
        if term is None:
            return None
        kind = NUMBER if term.type in {ZERO, ONE} else term.type
        if declared is None:
            self.made.check_name(doc.define, PLAIN_NAME, "eligible_cost")
            self.scope[name] = Symbol(name, Role.VARIABLE, kind)
        elif declared.role is Role.VARIABLE and not declared.broken and declared.type != kind:
            self.made.report.add(
                "type-mismatch", doc.formula, expected=str(declared.type), found=str(kind)
            )
        return Define(name, term)

    def _build_window(self, doc: WindowDoc) -> Body | None:
        opens = self.builder.build(doc.opens, DATE)
        lasts = self.builder.build(doc.lasts, Type(Kind.PERIOD))
        act = self.builder.build(doc.act, DATE)
        first = self.made.read_option(doc.first_day, ("counts", "does_not_count"))
        if opens is None or lasts is None or act is None:
            return None
        if lasts.type.unit not in {"", *CALENDAR_UNITS}:
            wanted = "period in days, months or years"
            self.made.report.add("type-mismatch", doc.lasts, expected=wanted, found=str(lasts.type))
            return None
        return Window(opens, lasts, first == "counts", act)

    def _build_documents(self, doc: RuleDoc) -> Body | None:
        if doc.documents is None:
            return None
        symbol = self.scope.get(str(doc.documents.fact))
        if symbol is None or symbol.type.kind is not Kind.SET:
            near = suggest_name(str(doc.documents.fact), list(self.scope))
            self.made.report.add("set-fact-expected", doc.documents.fact, near=near)
            return None
        for word in doc.documents.required:
            self.made.read_option(word, symbol.type.options)
        required = tuple(str(word) for word in doc.documents.required)
        return Documents(symbol.name, symbol.type, required)

    def _build_rank(self, doc: RuleDoc) -> Body | None:
        keys = []
        for item in doc.rank or ():
            term = self.builder.build(item.key)
            first = self.made.read_option(item.first, ("highest", "lowest"))
            if term is None:
                return None
            keys.append(RankKey(term, first == "highest"))
        return Rank(tuple(keys))

    def _build_consequence(self, doc: RuleDoc) -> Body | None:
        if doc.consequence is None:
            return None
        start = self.builder.build(doc.consequence.start, DATE)
        endless = doc.consequence.until == "endless"
        until = None if endless else self.builder.build(doc.consequence.until, DATE)
        if start is None or (until is None and not endless):
            return None
        party, effect = word_text(doc.consequence.party), word_text(doc.consequence.effect)
        return Consequence(party, effect, start, until)


def _parse_quietly(word: Scalar) -> Expression | None:
    """Parse for the names alone; faults are reported when the rule is built."""
    try:
        return parse_expression(word)
    except ExpressionError:
        return None


def iterate_terms(rules: Mapping[str, Rule]) -> Iterator[Term]:
    """Yield every part of every expression of every rule."""
    for rule in rules.values():
        for term in rule.terms():
            yield from term.walk()
