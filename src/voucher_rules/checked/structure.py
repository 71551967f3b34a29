"""Comes in: typed rules. Goes out: faults in how they hang together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from voucher_rules.checked.declarations import Declarations
from voucher_rules.checked.mechanics import Call, Define, Limit, Rule, name_set
from voucher_rules.checked.order import find_cycle, sort_names
from voucher_rules.checked.parameters import Parameters
from voucher_rules.checked.provisions import PlacedRule
from voucher_rules.checked.reads import ASKED, LIVE, collect_needs
from voucher_rules.checked.symbols import DecisionSpec
from voucher_rules.language.terms import Role, Term
from voucher_rules.language.types import Kind
from voucher_rules.sources.tree import Scalar
from voucher_rules.values.model import NONE, Scale


@dataclass(frozen=True, slots=True)
class Structure:
    """A ruleset's typed rules beside the document they came from."""

    made: Declarations
    placed: list[PlacedRule]
    rules: Mapping[str, Rule]
    parameters: Parameters
    decisions: Mapping[str, DecisionSpec]

    def is_built(self, rule: Scalar) -> bool:
        """Return whether a name stands for no rule that has a fault, which is reported there."""
        return str(rule) in self.rules or all(item.doc.id != rule for item in self.placed)

    def report(self, code: str, word: Scalar, ref: str, **arguments: str) -> None:
        """Report a fault found in a provision."""
        self.made.report.ref = ref
        self.made.report.add(code, word, **arguments)
        self.made.report.ref = ""


def check_structure(structure: Structure) -> bool:
    """Run every check of structure; those of the list follow chains, so cycles are sought first.

    Returns whether there are none, so that chains may be followed.
    """
    before = len(structure.made.report.found)
    check_outputs_do_not_cycle(structure)
    check_calls_do_not_cycle(structure)
    if len(structure.made.report.found) > before:
        return False
    for check in CHECKS:
        check(structure)
    return True


def check_rule_ids_are_unique(structure: Structure) -> None:
    """Two rules may not share an id, not even one that differs in case only."""
    seen: dict[str, Scalar] = {}
    for item in structure.placed:
        word = item.doc.id
        first = seen.setdefault(word.lower(), word)
        if first is not word:
            structure.report("duplicate-rule", word, item.ref, id=word, first=str(first.span.line))


def check_definitions_are_single(structure: Structure) -> None:
    """A variable or output has one definition in each decision, and none where it has limits.

    A definition may stand in the place of another where it overrides it.
    """
    seen: dict[tuple[str, str], Rule] = {}
    for item in structure.placed:
        rule = structure.rules.get(str(item.doc.id))
        name = find_defined(rule) if rule else ""
        if rule is None or not name:
            continue
        for decision in rule.decisions:
            first = seen.setdefault((name, decision), rule)
            if first is not rule and not _is_exception(structure, rule, first):
                structure.report(
                    "double-definition", item.doc.id, item.ref, name=name, first=first.id
                )
    for decision, name in find_limited(structure):
        if (name, decision) in seen:
            rule = seen[name, decision]
            word = next(i.doc.id for i in structure.placed if i.doc.id == rule.id)
            structure.report("limited-and-defined", word, rule.citation.ref, name=name)


def find_defined(rule: Rule) -> str:
    """Return the variable or output that a rule defines, or an empty string."""
    return "" if isinstance(rule.body, Limit) else name_set(rule.body)


def _is_exception(structure: Structure, rule: Rule, other: Rule) -> bool:
    """Return whether one of two definitions stands in the other's place, through any chain."""
    chain: set[str] = set()
    waiting = [rule.id]
    while waiting:
        name = waiting.pop()
        if name not in chain and name in structure.rules:
            chain.add(name)
            waiting += structure.rules[name].sets_aside
            waiting += structure.rules[name].set_aside_by
    return other.id in chain


def find_limited(structure: Structure) -> list[tuple[str, str]]:
    """Return each (decision, output) that some rule limits."""
    found = (
        (decision, rule.body.output)
        for rule in structure.rules.values()
        if isinstance(rule.body, Limit)
        for decision in rule.decisions
    )
    return list(dict.fromkeys(found))


def check_amounts_are_limited(structure: Structure) -> None:
    """Every limited output has a hard limit that applies in every case."""
    defined = collect_defined(structure)
    for decision, spec in structure.decisions.items():
        words = structure.made.document.decisions[decision].outputs  # type: ignore[index]
        for name, output in spec.outputs.items():
            word = next(key for key in words if key == name)
            if not output.limited:
                if (name, decision) not in defined:
                    structure.report("output-never-set", word, "", name=name, decision=decision)
            elif not any(
                _is_unconditional(structure, rule, decision, name)
                for rule in structure.rules.values()
            ):
                structure.report("no-unconditional-limit", word, "", name=name)


def collect_defined(structure: Structure) -> set[tuple[str, str]]:
    """Return each (variable or output, decision) that some rule defines."""
    return {
        (find_defined(rule), decision)
        for rule in structure.rules.values()
        for decision in rule.decisions
    }


def _is_unconditional(structure: Structure, rule: Rule, decision: str, name: str) -> bool:
    return (
        isinstance(rule.body, Limit)
        and rule.body.output == name
        and decision in rule.decisions
        and (rule.when is None or _is_always_replaced(structure, rule, decision))
        and not rule.soft
        and not _may_be_none(structure, decision, rule.body.at_most)
    )


def _is_always_replaced(structure: Structure, rule: Rule, decision: str) -> bool:
    """Return whether a rule without condition gives way only to limits that stand in its place."""
    if not rule.set_aside_by or rule.stated_when is not None:
        return False
    above = [structure.rules[name] for name in rule.set_aside_by]
    return all(
        isinstance(item.body, Limit)
        and not item.soft
        and not _may_be_none(structure, decision, item.body.at_most)
        for item in above
        if decision in item.decisions
    )


def _may_be_none(structure: Structure, decision: str, term: Term) -> bool:
    """Return whether an expression may turn out to be none, through the variables it reads."""
    if term.role in {Role.VARIABLE, Role.OUTPUT}:
        return _may_variable_be_none(structure, decision, term.name)
    if term.role is Role.AGGREGATE:
        return term.name in {"min", "max"}
    if term.role is not Role.OPERATOR:
        return _may_name_be_none(structure, term.name.removesuffix(ASKED))
    if term.name in {"lookup_min", "lookup_max"}:
        return True
    parts = [_may_be_none(structure, decision, part) for part in term.parts]
    return all(parts) if term.name in {"min", "max"} else any(parts)


def _may_name_be_none(structure: Structure, name: str) -> bool:
    """Return whether a fact may be left out, or a cell or a bracket holds nothing."""
    declared = structure.made.inputs.get(name)
    if declared is not None:
        return declared.optional or declared.applies is not None
    parameter = structure.parameters.single.get(name)
    values = [item.value for item in parameter.values] if parameter else []
    brackets = [b for value in values if isinstance(value, Scale) for b in value.brackets]
    return NONE in values or any(bracket.value is NONE for bracket in brackets)


def _may_variable_be_none(structure: Structure, decision: str, name: str) -> bool:
    for rule in structure.rules.values():
        if find_defined(rule) == name and decision in rule.decisions:
            replaced = rule.set_aside_by and rule.stated_when is None
            conditional = rule.when is not None and not replaced
            formulas = (rule.body.formula,) if isinstance(rule.body, Define) else ()
            if conditional or any(_may_be_none(structure, decision, x) for x in formulas):
                return True
            if isinstance(rule.body, Call) and rule.body.type.kind not in _SURE:
                return True
    return False


_SURE: Final = frozenset({Kind.BOOLEAN, Kind.MONEY})
"""Kinds of which a called decision always gives something: whether it is granted, and how much."""


def check_limited_outputs_are_money(structure: Structure) -> None:
    """An output that limits bound is an amount of money."""
    for decision, spec in structure.decisions.items():
        words = structure.made.document.decisions[decision].outputs  # type: ignore[index]
        for name, output in spec.outputs.items():
            if output.limited and output.type.kind is not Kind.MONEY:
                word = next(key for key in words if key == name)
                structure.report(
                    "type-mismatch", word, "", expected="money", found=str(output.type)
                )


MOST_PRODUCTS: Final = 24
"""How many quantities may be multiplied with each other through a chain of variables."""


def check_products_are_few(structure: Structure) -> None:
    """A chain of variables may not multiply numbers beyond any size."""
    for decision in structure.decisions:
        degrees: dict[str, int] = {}
        formulas = _group_formulas(structure, decision)
        for name in sort_names(collect_needs(structure.rules, decision)):
            for rule, formula in formulas.get(name, ()):
                degrees[name] = _count_products(formula, degrees)
                if degrees[name] > MOST_PRODUCTS:
                    word = next(i.doc.id for i in structure.placed if i.doc.id == rule.id)
                    ref = rule.citation.ref
                    limit = str(MOST_PRODUCTS)
                    structure.report("too-many-products", word, ref, limit=limit)
                    return


def _group_formulas(structure: Structure, decision: str) -> dict[str, list[tuple[Rule, Term]]]:
    """Return, for each variable or output, the rules that define it in a decision, and how."""
    grouped: dict[str, list[tuple[Rule, Term]]] = {}
    for rule in structure.rules.values():
        if isinstance(rule.body, Define) and decision in rule.decisions:
            grouped.setdefault(rule.body.name, []).append((rule, rule.body.formula))
    return grouped


def _count_products(term: Term, degrees: Mapping[str, int]) -> int:
    if not term.parts:
        return degrees.get(term.name, 1)
    parts = [_count_products(part, degrees) for part in term.parts]
    return sum(parts) if term.name in {"*", "/", "scale"} else max(parts)


def check_names_are_set_where_read(structure: Structure) -> None:
    """A rule may read a variable or output only in decisions that set it."""
    defined = collect_defined(structure)
    for item in structure.placed:
        rule = structure.rules.get(str(item.doc.id))
        if rule is None:
            continue
        for term in rule.terms():
            for name in term.names(Role.VARIABLE, Role.OUTPUT):
                for decision in rule.decisions:
                    if not (_is_set(structure, name, decision) or (name, decision) in defined):
                        structure.report(
                            "not-set-here", item.doc.id, item.ref, name=name, decision=decision
                        )


def _is_set(structure: Structure, name: str, decision: str) -> bool:
    """Return whether a name is set in a decision whatever its rules define."""
    spec = structure.decisions.get(decision)
    return spec is None or name in spec.outputs or name.startswith(LIVE)


def check_outputs_do_not_cycle(structure: Structure) -> None:
    """No output may depend on itself through its limits and definitions."""
    for decision in structure.decisions:
        needs = collect_needs(structure.rules, decision)
        cycle = find_cycle(needs)
        if cycle:
            word = next(k for k in structure.made.document.decisions if k == decision)
            shown = " → ".join([*cycle, cycle[0]])
            structure.report("definition-cycle", word, "", cycle=shown)


def check_calls_do_not_cycle(structure: Structure) -> None:
    """No decision may call itself, through others or not."""
    calls: dict[str, list[str]] = {name: [] for name in structure.decisions}
    words: dict[str, tuple[Scalar, str]] = {}
    for item in structure.placed:
        rule = structure.rules.get(str(item.doc.id))
        if rule is None or not isinstance(rule.body, Call) or rule.body.uses:
            continue
        for decision in rule.decisions:
            calls.setdefault(decision, []).append(rule.body.decision)
            words.setdefault(decision, (item.doc.id, item.ref))
    cycle = find_cycle(calls)
    if cycle:
        word, ref = words[cycle[0]]
        structure.report("calls-in-a-circle", word, ref, cycle=" → ".join([*cycle, cycle[0]]))


CHECKS: Final = (
    check_rule_ids_are_unique,
    check_definitions_are_single,
    check_amounts_are_limited,
    check_names_are_set_where_read,
    check_limited_outputs_are_money,
    check_products_are_few,
)
