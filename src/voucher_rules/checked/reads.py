"""Comes in: rules. Goes out: the names they read, and every part of what they say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from voucher_rules.checked.mechanics import Rule, name_set
from voucher_rules.checked.symbols import DecisionSpec, Input, Parameter
from voucher_rules.language.terms import Role, Term

STATED: Final = (Role.FACT, Role.FINDING, Role.BALANCE, Role.PARAMETER)
ASKED: Final = "!"
"""Ends the name under which a rule reads a fact that refers where it was asked in vain."""
LIVE: Final = "rule."
"""Begins the name of the truth of whether a rule counts."""


def list_read(
    rules: Iterable[Rule],
    spec: DecisionSpec,
    inputs: Mapping[str, Input],
    parameters: Mapping[str, Parameter],
) -> list[str]:
    """Return every input and parameter a decision reads, the day that fixes the law first."""
    names = [spec.as_of]
    for rule in rules:
        for term in rule.terms():
            names.extend(name.removesuffix(ASKED) for name in term.names(*STATED))
    names.extend(output.requested for output in spec.outputs.values() if output.requested)
    return list_behind(names, inputs, parameters)


def list_behind(
    names: Iterable[str], inputs: Mapping[str, Input], parameters: Mapping[str, Parameter]
) -> list[str]:
    """Return names, and all that whether they exist or which of their values holds rests on."""
    found = dict.fromkeys(names)
    waiting = list(found)
    while waiting:
        for name in _list_behind(waiting.pop(), inputs, parameters):
            if name not in found:
                found[name] = None
                waiting.append(name)
    return list(found)


def _list_behind(
    name: str, inputs: Mapping[str, Input], parameters: Mapping[str, Parameter]
) -> list[str]:
    """Return what whether an input exists, or which value of a parameter holds, depends on."""
    applies: Term | None = inputs[name].applies if name in inputs else None
    if applies is not None:
        return list(applies.names(*STATED))
    picked = parameters[name].on if name in parameters else ""
    return [picked] if picked else []


def iterate_terms(rules: Mapping[str, Rule]) -> Iterator[Term]:
    """Yield every part of every expression of every rule."""
    for rule in rules.values():
        for term in rule.terms():
            yield from term.walk()


def collect_needs(rules: Mapping[str, Rule], decision: str) -> dict[str, list[str]]:
    """Return, for each variable and output a decision sets, the ones it is made from."""
    needs: dict[str, list[str]] = {}
    for rule in rules.values():
        if decision not in rule.decisions:
            continue
        name = name_set(rule.body)
        if name:
            read = [n for t in rule.terms() for n in t.names(Role.VARIABLE, Role.OUTPUT)]
            needs.setdefault(name, []).extend(read)
        if rule.sets_aside:
            names = rule.when.names(Role.VARIABLE, Role.OUTPUT) if rule.when else ()
            needs.setdefault(f"{LIVE}{rule.id}", []).extend(names)
    for read in list(needs.values()):
        for name in read:
            needs.setdefault(name, [])
    return needs
