"""The order in which a ruleset lists its rules, facts and readings decides nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import THOROUGHNESS, draw_facts, list_decisions, load_rulesets

from voucher_rules.api import Decision, Ruleset
from voucher_rules.catalog.gather import gather_library
from voucher_rules.checked.check import check_ruleset
from voucher_rules.ruleset.load import LoadedRuleset, shape_ruleset
from voucher_rules.sources.tree import Mapping, Sequence, Source

RULESETS = load_rulesets()
DECISIONS = list_decisions(RULESETS)
SHUFFLED = ("rules", "facts", "findings", "ledger", "readings", "parameters", "choices")


def reverse_lists(node: Any) -> Any:  # noqa: ANN401 - a node of any kind
    """Return a document with its rules and declarations in the opposite order."""
    if isinstance(node, Mapping):
        entries = [(key, reverse_lists(value)) for key, value in node.items()]
        turned = [(k, turn(v) if k in SHUFFLED else v) for k, v in entries]
        made = Mapping(turned)
        made.span = node.span
        return made
    if isinstance(node, Sequence):
        listed = Sequence(reverse_lists(item) for item in node)
        listed.span = node.span
        return listed
    return node


def turn(node: Any) -> Any:  # noqa: ANN401 - a mapping or a list
    if isinstance(node, Mapping):
        made = Mapping(reversed(list(node.items())))
        made.span = node.span
        return made
    listed = Sequence(reversed(node))
    listed.span = node.span
    return listed


def turn_ruleset(ruleset: Ruleset) -> Ruleset:
    source = ruleset.loaded.source
    turned = Source(source.name, source.text, reverse_lists(source.root))
    loaded: LoadedRuleset = shape_ruleset(turned, "sha256:" + "0" * 64)
    library = gather_library(loaded, ruleset.folders)
    return Ruleset(loaded, check_ruleset(loaded, library), ruleset.path)


TURNED = {ruleset.id: turn_ruleset(ruleset) for ruleset in RULESETS}


def tell_all(decision: Decision) -> object:
    amounts = {n: (a.value, a.low, a.high, sorted(a.binding)) for n, a in decision.amounts.items()}
    reasons = sorted(
        (r.kind, str(r.citation), sorted(x.id for x in r.rules)) for r in decision.reasons
    )
    statuses = {result.rule.id: result.statuses for result in decision.trace}
    return (decision.outcome, amounts, reasons, sorted(decision.missing), statuses)


@pytest.mark.parametrize(("ruleset", "name"), DECISIONS, ids=[f"{r.id}-{n}" for r, n in DECISIONS])
@settings(max_examples=6 * THOROUGHNESS, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_order_of_rules_does_not_matter(
    ruleset: Ruleset, name: str, data: st.DataObject
) -> None:
    facts = data.draw(draw_facts(ruleset.program(name), unknown=True))
    turned = TURNED[ruleset.id].decide(name, facts)
    assert tell_all(turned) == tell_all(ruleset.decide(name, facts))
