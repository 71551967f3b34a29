"""Comes in: the body of a record made from a ledger. Goes out: what only that ledger could tell.

A ledger knows more than a body repeats: what its histories read, what became of the money, which
other rulesets it held. Deciding again has no ledger, and takes this over from the body as it
stands; that it was not changed since is what the digest of the body is for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.decision.case import Case
from voucher_rules.decision.result import Caution, DecisionResult
from voucher_rules.ledger.deciding import list_facts_read
from voucher_rules.ledger.filling import FROM_LEDGER
from voucher_rules.ledger.telling import tell_value, write_records
from voucher_rules.record.canonical import Data
from voucher_rules.record.covers import Cover
from voucher_rules.values.model import Value

_NOT_READ: Final = "fact_not_read"
_OF_BALANCES: Final = "ruleset_not_held"
_OF_POOLS: Final = frozenset(
    {"pool_not_found", "pool_not_stated", "pool_cut", "pool_waits", "pool_empty"}
)


def list_filled(body: Mapping[str, Any]) -> frozenset[str]:
    """Return the facts that a ledger told; it may tell what nobody could state."""
    whole = dict(FROM_LEDGER.entries)
    return frozenset(name for name, told in body["provenance"].items() if told == whole)


def pass_over_unread(case: Case, body: Mapping[str, Any], ruleset: CheckedRuleset) -> Case:
    """Return a case without the facts that only histories read, where the body warned of none."""
    warned = {
        item["arguments"]["name"] for item in _list_warnings(body) if item["code"] == _NOT_READ
    }
    read = list_facts_read(ruleset) - warned
    return replace(case, extra=tuple(name for name in case.extra if name not in read))


def carry_warnings(result: DecisionResult, body: Mapping[str, Any]) -> DecisionResult:
    """Return a decision with what the ledger warned of, of pools and balances there are."""
    carried = tuple(_list_carried(body, result.ruleset))
    return replace(result, warnings=(*result.warnings, *carried))


def _list_carried(body: Mapping[str, Any], ruleset: CheckedRuleset) -> Iterator[Caution]:
    histories = ruleset.histories
    for item in _list_warnings(body):
        code, arguments = item["code"], item["arguments"]
        told = tuple((name, str(text)) for name, text in arguments.items())
        if code == _OF_BALANCES and arguments["balance"] in histories.balances:
            yield Caution(code, None, told)
        if code in _OF_POOLS and arguments["pool"] in histories.pools:
            yield Caution(code, histories.pools[arguments["pool"]].citation, told)


def _list_warnings(body: Mapping[str, Any]) -> Sequence[Data]:
    found: Sequence[Data] = body["outcome"]["warnings"]
    return found


def retell_balances(
    balances: Sequence[Data], case: Case, ruleset: CheckedRuleset, cover: Cover
) -> list[Data]:
    """Return balances of a body, each with the value the decision went by, and hidden texts so."""
    values = cover.cover_values(case.values)
    return [_retell_balance(item, values, ruleset, cover) for item in balances]


def _retell_balance(
    item: Mapping[str, Any], values: Mapping[str, Value], ruleset: CheckedRuleset, cover: Cover
) -> Data:
    name = item["name"]
    told = _cover_whose(item, cover) if cover.texts else {**item}
    listed = ruleset.lists.get(name)
    if listed is not None and name in values:
        told["value"] = write_records(listed, values)
    elif name in values:
        told["value"] = tell_value(values[name], ruleset.inputs[name].type)
    return told


def _cover_whose(item: Mapping[str, Any], cover: Cover) -> dict[str, Data]:
    per = {name: [cover.cover_text(x) for x in parties] for name, parties in item["per"].items()}
    lots = [{**lot, "thing": cover.cover_text(lot["thing"])} for lot in item["lots"]]
    return {**item, "per": per, "lots": lots}
