"""Comes in: typed rules, some of which set others aside. Goes out: rules whose conditions say so.

A rule that another one overrides or waives counts only where that other one does not: its condition
becomes `its own and not rule.other`, where `rule.other` tells whether the other counts. Exceptions
nest: an exception that is itself set aside lets the general rule stand again, unless what set it
aside takes the general rule's place too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import Final

from voucher_rules.checked.mechanics import Body, Exclude, Limit, Rule, Waive, name_set
from voucher_rules.checked.order import find_cycle
from voucher_rules.checked.reads import LIVE
from voucher_rules.checked.report import Report
from voucher_rules.checked.symbols import Wording
from voucher_rules.language.terms import Role, Term
from voucher_rules.language.types import BOOLEAN, Kind
from voucher_rules.meaning.terms import find_value
from voucher_rules.ruleset.rules import RuleDoc
from voucher_rules.values.model import Known

MOST_TRIED: Final = 4_096
"""How many combinations of options are tried for one in which two exceptions meet."""


@dataclass(frozen=True, slots=True)
class Exceptions:
    """The rules of a document with what each of them sets aside."""

    report: Report
    rules: Mapping[str, Rule]
    docs: Mapping[str, tuple[RuleDoc, str]]
    """The rule of the document and its provision, by the rule's id."""

    def apply(self) -> dict[str, Rule]:
        """Return the rules with their exceptions in their conditions, or report what clashes."""
        if not self._check_targets():
            return dict(self.rules)
        aside = {name: self._list_set_aside(rule) for name, rule in self.rules.items()}
        above: dict[str, list[str]] = {}
        for name, targets in aside.items():
            for target in targets:
                above.setdefault(target, []).append(name)
        based = {name: self._base(rule) for name, rule in self.rules.items()}
        made = {name: _condition(rule, above.get(name, [])) for name, rule in based.items()}
        for target in self.rules:
            for one, other in combinations(above.get(target, []), 2):
                if one not in aside[other] and other not in aside[one]:
                    self._meet(made, target, one, other)
        return made

    def _check_targets(self) -> bool:
        """Check that what rules set aside exists, is of their kind, and does not go in a circle."""
        before = len(self.report.found)
        for name, (doc, ref) in self.docs.items():
            if name not in self.rules:
                continue
            self.report.ref = ref
            both = doc.overrides is not None and doc.waives is not None
            if both:
                self.report.add("overrides-and-waives", doc.id)
            for word in (*(doc.overrides or ()), *(doc.waives or ())):
                target = self.rules.get(str(word))
                if target is None and str(word) in self.docs:
                    continue
                if target is None:
                    near = self.report.suggest(word, self.rules)
                    self.report.add("unknown-rule", word, name=word, near=near)
                elif not both and not self._fits(
                    self.rules[name], target, replaces=doc.overrides is not None
                ):
                    self.report.add("exception-does-not-fit", word, name=word, rule=name)
            self.report.ref = ""
        needs = {name: list(rule.sets_aside) for name, rule in self.rules.items()}
        known = {n: [x for x in targets if x in needs] for n, targets in needs.items()}
        cycle = find_cycle(known)
        if cycle:
            word, ref = self.docs[cycle[0]][0].id, self.docs[cycle[0]][1]
            self.report.ref = ref
            self.report.add("exceptions-in-a-circle", word, cycle=" → ".join([*cycle, cycle[0]]))
            self.report.ref = ""
        return len(self.report.found) == before

    def _fits(self, rule: Rule, target: Rule, *, replaces: bool) -> bool:
        """A rule may stand in the place of one of its kind, in decisions that have it."""
        if not set(rule.decisions) & set(target.decisions):
            return False
        return not replaces or _kind_of(rule.body) == _kind_of(target.body)

    def _list_targets(self, rule: Rule) -> list[str]:
        """Return what a rule sets aside, without rules whose own faults are told already."""
        return [name for name in rule.sets_aside if name in self.rules]

    def _list_set_aside(self, rule: Rule) -> list[str]:
        """Return what a rule sets aside; one that overrides takes the place of the whole chain."""
        found = dict.fromkeys(self._list_targets(rule))
        waiting = list(found) if not isinstance(rule.body, Waive) else []
        while waiting:
            inner = self.rules[waiting.pop()]
            if isinstance(inner.body, Waive):
                continue
            for name in self._list_targets(inner):
                if name not in found:
                    found[name] = None
                    waiting.append(name)
        return list(found)

    def _base(self, rule: Rule) -> Rule:
        """Return an exception that counts only among the cases of what it overrides.

        The exception to an exception speaks of the cases of the outer one: where that would not
        apply by itself, neither does the inner one.
        """
        targets = self._list_targets(rule)
        if not targets or isinstance(rule.body, Waive):
            return rule
        outer = [self._find_own(self.rules[name]) for name in targets]
        if any(term is None for term in outer):
            return rule
        terms = tuple(dict.fromkeys(term for term in outer if term is not None))
        text = " or ".join(f"({term.text})" for term in terms)
        some = terms[0]
        if len(terms) > 1:
            some = Term(Role.OPERATOR, BOOLEAN, "or", terms, text=text)
        if rule.when is None:
            return replace(rule, when=some)
        if rule.when == some:
            return rule
        whole = f"({rule.when.text}) and ({text})"
        return replace(
            rule, when=Term(Role.OPERATOR, BOOLEAN, "and", (rule.when, some), text=whole)
        )

    def _find_own(self, rule: Rule) -> Term | None:
        """Return the condition a rule has before anything sets it aside; None for always."""
        return self._base(rule).when

    def _meet(self, made: dict[str, Rule], target: str, one: str, other: str) -> None:
        """Two exceptions to one rule: a fault where they surely can meet, else a person decides."""
        first, second = self._base(self.rules[one]), self._base(self.rules[other])
        shared = tuple(x for x in first.decisions if x in second.decisions)
        if not shared:
            return
        witness = find_meeting(first.when, second.when)
        if witness is not None:
            doc, ref = self.docs[other]
            self.report.ref = ref
            told = {n: str(x).lower() if isinstance(x, bool) else x for n, x in witness.items()}
            shown = ", ".join(f"{name} = {value}" for name, value in told.items()) or "—"
            self.report.add(
                "exceptions-clash", doc.id, first=one, second=other, target=target, example=shown
            )
            self.report.ref = ""
        elif not _are_apart(first.when, second.when):
            clash = _make_clash(first, second, shared)
            made.setdefault(clash.id, clash)


def _kind_of(body: Body) -> tuple[str, str]:
    return (type(body).__name__ if isinstance(body, Limit) else "", name_set(body))


def live(rule: str) -> Term:
    """Return the term for whether a rule counts."""
    name = f"{LIVE}{rule}"
    return Term(Role.VARIABLE, BOOLEAN, name, text=name)


def _condition(rule: Rule, above: list[str]) -> Rule:
    """Return a rule that counts only where none of the rules above it does."""
    if not above:
        return rule
    parts = [live(name) for name in above]
    text = " or ".join(part.text for part in parts)
    some = parts[0]
    if len(parts) > 1:
        some = Term(Role.OPERATOR, BOOLEAN, "or", tuple(parts), text=text)
    none = Term(Role.OPERATOR, BOOLEAN, "not", (some,), text=f"not ({text})")
    when = none
    if rule.when is not None:
        text = f"({rule.when.text}) and {none.text}"
        when = Term(Role.OPERATOR, BOOLEAN, "and", (rule.when, none), text=text)
    return replace(rule, when=when, stated_when=rule.when, set_aside_by=tuple(above))


def _make_clash(one: Rule, other: Rule, decisions: tuple[str, ...]) -> Rule:
    """Return the rule that sends a case to a person where two exceptions to one rule both count."""
    both = (live(one.id), live(other.id))
    text = f"{both[0].text} and {both[1].text}"
    condition = Term(Role.OPERATOR, BOOLEAN, "and", both, text=text)
    says = Wording(
        f"两条例外同时适用：{one.says.zh or one.id}；{other.says.zh or other.id}",
        f"two exceptions apply at once: {one.says.en or one.id}; {other.says.en or other.id}",
    )
    return Rule(
        id=f"{one.id}+{other.id}",
        topic=one.topic,
        citation=one.citation,
        decisions=decisions,
        body=Exclude(condition),
        says=says,
        span=one.span,
        soft=True,
    )


def find_meeting(one: Term | None, other: Term | None) -> Mapping[str, Known] | None:
    """Return facts under which two conditions both hold, where all they read has few options.

    None where they never both hold, and where that cannot be told by trying every option.
    """
    conditions = [term for term in (one, other) if term is not None]
    for values in iterate_options(conditions) or ():
        if all(find_value(term, values) is True for term in conditions):
            return values
    return None


def _are_apart(one: Term | None, other: Term | None) -> bool:
    """Return whether two conditions surely never both hold, by trying every option."""
    conditions = [term for term in (one, other) if term is not None]
    tried = iterate_options(conditions)
    return tried is not None and not any(
        all(find_value(term, values) is True for term in conditions) for values in tried
    )


def iterate_options(conditions: list[Term]) -> Iterator[dict[str, Known]] | None:
    """Return every combination of the options that conditions read, or None for too many."""
    leaves: dict[str, tuple[Known, ...]] = {}
    for term in (part for condition in conditions for part in condition.walk()):
        if term.role in {Role.OPERATOR, Role.CONSTANT}:
            continue
        options = _list_options(term)
        if not options:
            return None
        leaves[term.name] = options
    size = 1
    for options in leaves.values():
        size *= len(options)
    if size > MOST_TRIED:
        return None
    return (dict(zip(leaves, chosen, strict=True)) for chosen in product(*leaves.values()))


def _list_options(term: Term) -> tuple[Known, ...]:
    """Return every value a name may have, where it has few: a truth value or an option."""
    if term.role not in {Role.FACT, Role.FINDING, Role.READING}:
        return ()
    if term.type.kind is Kind.BOOLEAN:
        return (True, False)
    return tuple(term.type.options) if term.type.kind is Kind.CHOICE else ()
