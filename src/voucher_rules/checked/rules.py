"""Comes in: the rules of a document and the names in scope. Goes out: typed rules, or faults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, get_args

from voucher_rules.checked.calls import CallBuilder
from voucher_rules.checked.declarations import PLAIN_NAME, Declarations, word_text
from voucher_rules.checked.expressions import TermBuilder
from voucher_rules.checked.library import Library
from voucher_rules.checked.mechanics import (
    Body,
    Consequence,
    Define,
    Documents,
    Exclude,
    Limit,
    Rank,
    RankKey,
    Require,
    Rule,
    Waive,
    Warn,
    Window,
)
from voucher_rules.checked.order import find_cycle, sort_names
from voucher_rules.checked.parameters import Parameters
from voucher_rules.checked.provisions import walk_provisions
from voucher_rules.checked.symbols import Symbol, Wording
from voucher_rules.checked.windows import WindowBuilder
from voucher_rules.language.nodes import Expression, collect_names
from voucher_rules.language.parse import ExpressionError, parse_expression
from voucher_rules.language.terms import Role, Term
from voucher_rules.language.types import BOOLEAN, DATE, NUMBER, ONE, ZERO, Kind, Type, fits_type
from voucher_rules.ruleset.load import suggest_name
from voucher_rules.ruleset.model import RuleDoc, Topic, WindowDoc
from voucher_rules.sources.tree import Scalar

TOPICS: Final = get_args(Topic)
NO_WORDS: Final = Wording("", "")
_STATED: Final = frozenset(
    {Role.FACT, Role.FINDING, Role.READING, Role.PARAMETER, Role.CONSTANT, Role.OPERATOR}
)


@dataclass(frozen=True, slots=True)
class PlacedRule:
    """A rule of the document with the provision it stands in."""

    doc: RuleDoc
    ref: str


@dataclass(slots=True)
class RuleBuilder:
    """Builds typed rules; variables come into scope as their definitions are typed."""

    made: Declarations
    parameters: Parameters
    library: Library
    scope: dict[str, Symbol] = field(default_factory=dict)
    tried: set[int] = field(default_factory=set)
    """The rules of the document that were built or found faulty, by identity."""
    asked: bool = False
    """Whether the rule being built refers where a fact was asked for in vain."""

    def __post_init__(self) -> None:
        for name, item in self.made.inputs.items():
            self.scope[name] = Symbol(name, item.role, item.type, item)
        for name in map(str, self._list_declared()):
            self.scope.setdefault(name, Symbol(name, Role.FACT, BOOLEAN, broken=True))
        for listed in self.made.lists.values():
            self.scope[listed.name] = Symbol(
                listed.name, Role.FACT, Type(Kind.LIST, listed.name), listed
            )
            for name, item in listed.fields.items():
                self.scope[name] = Symbol(name, Role.FIELD, item.type, item)
        for name, parameter in self.parameters.single.items():
            if not parameter.table:
                kind = parameter.type if parameter.entered is None else Type(Kind.SCALE)
                self.scope[name] = Symbol(name, Role.PARAMETER, kind, parameter)
        for name, table in self.parameters.tables.items():
            self.scope[name] = Symbol(name, Role.PARAMETER, Type(Kind.TABLE), table)
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
            *document.lists,
            *(f"{name}.{key}" for name, item in document.lists.items() for key in item.fields),
            *(n for item in walk_provisions(document.provisions) for n in item.doc.parameters),
        ]

    @property
    def builder(self) -> TermBuilder:
        """Return the builder of terms over the names in scope now."""
        return TermBuilder(self.scope, self.made.report, self.library.calendar, asked=self.asked)

    def build_rules(self, placed: list[PlacedRule]) -> dict[str, Rule]:
        """Build every rule: definitions first, in the order they depend on each other."""
        built: dict[str, Rule] = {}
        self._build_applies()
        for item in self._sort_definitions(placed):
            self._build_into(built, item)
        for item in placed:
            if id(item.doc) not in self.tried:
                self._build_into(built, item)
        return {str(item.doc.id): built[item.doc.id] for item in placed if item.doc.id in built}

    def _build_applies(self) -> None:
        """Build the conditions under which facts exist; they read only what a case states."""
        needs: dict[str, list[str]] = {}
        words: dict[str, Scalar] = {}
        for name, doc in self.made.document.facts.items():
            if doc.applies is None or str(name) not in self.made.inputs:
                continue
            term = self.builder.build(doc.applies, BOOLEAN)
            if term is None:
                continue
            read = list(term.names(*Role))
            if any(part.role not in _STATED for part in term.walk()):
                self.made.report.add("applies-to-results", doc.applies, name=name)
                continue
            needs[str(name)], words[str(name)] = read, doc.applies
            self.made.inputs[str(name)] = replace(self.made.inputs[str(name)], applies=term)
            self.scope[str(name)] = replace(
                self.scope[str(name)], declared=self.made.inputs[str(name)]
            )
        cycle = find_cycle({n: [x for x in read if x in needs] for n, read in needs.items()})
        if cycle:
            shown = " → ".join([*cycle, cycle[0]])
            self.made.report.add("definition-cycle", words[cycle[0]], cycle=shown)

    def _build_into(self, built: dict[str, Rule], item: PlacedRule) -> None:
        self.made.report.ref = item.ref
        self.tried.add(id(item.doc))
        rule = self._build_rule(item)
        if rule is not None:
            built[rule.id] = rule
        elif name_defined(item.doc) and name_defined(item.doc) not in self.scope:
            name = name_defined(item.doc)
            self.scope[name] = Symbol(name, Role.VARIABLE, BOOLEAN, broken=True)
        self.made.report.ref = ""

    def _sort_definitions(self, placed: list[PlacedRule]) -> list[PlacedRule]:
        defining: dict[str, list[PlacedRule]] = {}
        for item in placed:
            if name_defined(item.doc):
                defining.setdefault(name_defined(item.doc), []).append(item)
        needs = {
            name: [n for item in items for n in self._names_read(item.doc) if n in defining]
            for name, items in defining.items()
        }
        cycle = find_cycle(needs)
        if cycle:
            first = defining[cycle[0]][0]
            self.made.report.ref = first.ref
            shown = " → ".join([*cycle, cycle[0]])
            word = first.doc.define or first.doc.id
            self.made.report.add("definition-cycle", word, cycle=shown)
            return []
        return [item for name in sort_names(needs) for item in defining[name]]

    def _names_read(self, doc: RuleDoc) -> list[str]:
        names: list[str] = []
        for word in list_defining_words(doc):
            expression = _parse_quietly(word)
            names.extend(collect_names(expression) if expression else [])
        return names

    def _build_rule(self, item: PlacedRule) -> Rule | None:
        doc, made = item.doc, self.made
        made.check_name(doc.id, PLAIN_NAME, "item_cap", held=False)
        made.read_option(doc.topic, TOPICS)
        decisions = tuple(self._read_decision(word) for word in doc.decisions)
        self.asked = self._read_unanswered(doc)
        each = self._read_each(doc)
        when = self.builder.build(doc.when, BOOLEAN, each) if doc.when is not None else None
        body = self._build_each(doc, each, when) if each else self._build_body(doc)
        self.asked = False
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
            when=None if each else when,
            soft=made.read_flag(doc.soft),
            key=made.read_flag(doc.key),
            next_step=word_text(doc.next) if doc.next else None,
            sets_aside=tuple(str(word) for word in (doc.overrides or doc.waives or ())),
        )

    def _read_unanswered(self, doc: RuleDoc) -> bool:
        if doc.unanswered is None:
            return False
        if doc.mechanic not in {"require", "exclude", "limits", "define", "window"}:
            self.made.report.add(
                "key-does-not-fit", doc.unanswered, key="unanswered", type=doc.mechanic
            )
        return self.made.read_option(doc.unanswered, ("refer",)) == "refer"

    def _read_each(self, doc: RuleDoc) -> str:
        """Return the list whose every record a rule speaks of, or an empty string."""
        if doc.each is None:
            return ""
        if str(doc.each) not in self.made.lists:
            near = suggest_name(doc.each, list(self.made.lists))
            self.made.report.add("unknown-list", doc.each, name=doc.each, near=near)
            return ""
        if doc.mechanic not in {"require", "exclude"}:
            self.made.report.add("key-does-not-fit", doc.each, key="each", type=doc.mechanic)
            return ""
        return str(doc.each)

    def _build_each(self, doc: RuleDoc, each: str, when: Term | None) -> Body | None:
        """Ask of every record: a condition must hold of all, an exclusion of none."""
        word = doc.exclude if doc.require is None else doc.require
        asked = self.builder.build(word, BOOLEAN, each) if word is not None else None
        if asked is None:
            return None
        whole = Term(Role.FACT, Type(Kind.LIST, each), each, text=each)
        parts = (whole, asked, when) if when is not None else (whole, asked)
        name = "all" if doc.exclude is None else "any"
        term = Term(Role.AGGREGATE, BOOLEAN, name, parts, text=asked.text)
        return Exclude(term) if doc.exclude is not None else Require(term)

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
        if doc.of is not None and body and not isinstance(body, Define):
            self.made.report.add("key-does-not-fit", doc.of, key="of", type=doc.mechanic)
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
            case "waives":
                return Waive()
            case _:
                return Warn(word_text(doc.warn)) if doc.warn else None

    def _build_condition(self, doc: RuleDoc) -> Body | None:
        word = doc.exclude if doc.require is None else doc.require
        term = self.builder.build(word, BOOLEAN) if word is not None else None
        if term is None:
            return None
        return Exclude(term) if doc.exclude is not None else Require(term)

    def _build_limit(self, doc: RuleDoc) -> Body | None:
        bound = doc.at_most if doc.at_most is not None else doc.at_least
        kind = self._find_output_type(doc)
        if doc.limits is None or bound is None or kind is None:
            return None
        term = self.builder.build(bound, kind)
        if term is None:
            return None
        name = str(doc.limits)
        if doc.at_most is not None:
            return Limit(name, term)
        given = Term(Role.OUTPUT, kind, name, text=name)
        text = f"{name} >= {bound}"
        return Require(Term(Role.OPERATOR, BOOLEAN, ">=", (given, term), text=text))

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
        if doc.define is None:
            return None
        name = str(doc.define)
        declared = self.scope.get(name)
        if declared is not None and declared.role not in {Role.OUTPUT, Role.VARIABLE}:
            self.made.report.add("defines-declared-name", doc.define, name=name)
            return None
        if doc.call is not None:
            call = CallBuilder(self.made, self.library, self.builder).build(doc, doc.call)
            fits = call is not None and self._bring_into_scope(doc.define, call.type, doc.define)
            return call if fits else None
        if doc.formula is None:
            return None
        expected = declared.type if declared else self._read_choice(doc)
        term = self.builder.build(doc.formula, expected)
        if term is None:
            return None
        kind = NUMBER if term.type in {ZERO, ONE} else term.type
        self._bring_into_scope(doc.define, kind, doc.formula)
        return Define(name, term)

    def _read_choice(self, doc: RuleDoc) -> Type | None:
        if doc.of is None:
            return None
        choice = self.made.choices.get(str(doc.of))
        if choice is None:
            near = suggest_name(doc.of, list(self.made.choices))
            self.made.report.add("unknown-choice", doc.of, name=doc.of, near=near)
            return None
        return Type(Kind.CHOICE, choice.name, tuple(choice.options), choice.ordered)

    def _bring_into_scope(self, word: Scalar, kind: Type, at: Scalar) -> bool:
        """Bring a variable into scope, or check that it keeps the type it has."""
        name = str(word)
        declared = self.scope.get(name)
        if declared is None:
            self.made.check_name(word, PLAIN_NAME, "eligible_cost")
            self.scope[name] = Symbol(name, Role.VARIABLE, kind)
        elif not declared.broken and not fits_type(kind, declared.type):
            found, expected = str(kind), str(declared.type)
            self.made.report.add("type-mismatch", at, expected=expected, found=found)
            return False
        return True

    def _build_window(self, doc: WindowDoc) -> Body | None:
        window = WindowBuilder(self.made, self.library, self.builder).build(doc)
        if window is not None and doc.gives is not None:
            declared = self.scope.get(window.gives)
            if declared is not None and declared.role not in {Role.OUTPUT, Role.VARIABLE}:
                self.made.report.add("defines-declared-name", doc.gives, name=doc.gives)
            else:
                self._bring_into_scope(doc.gives, window.last.type, doc.gives)
        return window

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


def name_defined(doc: RuleDoc) -> str:
    """Return the name a rule gives a value to without limiting it, or an empty string."""
    if doc.define is not None:
        return str(doc.define)
    gives = doc.window.gives if doc.window is not None else None
    return str(gives) if gives is not None else ""


def list_defining_words(doc: RuleDoc) -> list[Scalar]:
    """Return the expressions that a defined value is made from, its condition among them."""
    words = [doc.formula, doc.when]
    if doc.window is not None:
        words += [doc.window.opens, doc.window.lasts, doc.window.act]
    if doc.call is not None:
        words += [doc.call.on, *doc.call.asked.values()]
    return [word for word in words if word is not None]


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
