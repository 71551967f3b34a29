"""Comes in: facts that all cases compared share, as stated. Goes out: them read and judged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from voucher_rules.decision.case import read_case
from voucher_rules.decision.stated import RefusedError, check_bounds, read_value
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.differences.pairs import Pair
from voucher_rules.errors import InputError
from voucher_rules.language.records import split_field
from voucher_rules.language.types import Kind
from voucher_rules.ruleset.names import suggest_name
from voucher_rules.values.model import Value


def check_types(pair: Pair) -> None:
    """Check that facts of both have one type. Raises :class:`~voucher_rules.InputError`."""
    old, new = pair.before.whole.inputs, pair.after.whole.inputs
    changed = [name for name in old if name in new and old[name].type != new[name].type]
    if changed:
        raise InputError([Diagnostic("fact-of-other-type", {"name": name}) for name in changed])


def read_fixed(pair: Pair, facts: Mapping[str, Any]) -> dict[str, Value]:
    """Read facts all cases share. Raises :class:`~voucher_rules.InputError` with every fault."""
    read: dict[str, Value] = {}
    found: list[Diagnostic] = []
    inputs = {**pair.after.whole.inputs, **pair.before.whole.inputs}
    for name, told in facts.items():
        if name not in inputs:
            near = suggest_name(str(name), list(inputs))
            found.append(Diagnostic("unknown-fact", {"name": str(name), "near": near}))
            continue
        try:
            if inputs[name].type.kind is Kind.LIST:
                read |= _read_records(pair, name, told)
                continue
            read[name] = read_value(inputs[name], told, pair.before.whole.ruleset.zone)
            check_bounds(inputs[name], read[name], told)
        except RefusedError as error:
            found.append(Diagnostic(error.code, error.arguments, path=name))
        except InputError as error:
            found.extend(error.diagnostics)
    if found:
        raise InputError(found)
    return read


def _read_records(pair: Pair, name: str, told: object) -> dict[str, Value]:
    """Read a list and what its records state. Raises :class:`~voucher_rules.InputError`."""
    before, after = pair.before.whole, pair.after.whole
    values = read_case(before if name in before.inputs else after, {name: told}).values
    return {n: x for n, x in values.items() if n == name or split_field(n)[0] == name}
