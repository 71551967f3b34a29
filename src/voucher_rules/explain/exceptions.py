"""Comes in: a decision's rules. Goes out: which of them an exception set aside."""

from __future__ import annotations

from collections.abc import Iterator

from voucher_rules.checked.mechanics import Rule, Waive
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.checked.reads import LIVE
from voucher_rules.decision.evaluate import Evaluation
from voucher_rules.decision.trace import RuleResult, Status
from voucher_rules.explain.forms import Line
from voucher_rules.explain.names import Namer
from voucher_rules.explain.teller import Teller
from voucher_rules.values.model import NONE


def tell_exceptions(teller: Teller) -> Iterator[Line]:
    """Tell the rules that would apply but for an exception, and which exception that is."""
    result = teller.result
    for rule in result.program.rules:
        for exception in list_exceptions(result.ruleset, result.evaluation, rule):
            told = tell_exception(teller.writer, exception)
            text = teller.tell("exception.line", says=teller.writer.say_cited(rule), by=told)
            yield Line(text, str(exception.citation))


def tell_exception(writer: Namer, exception: Rule) -> str:
    """Tell which exception sets a rule aside."""
    key = "exception.waives" if isinstance(exception.body, Waive) else "exception.replaces"
    return writer.tell(key, exception=writer.say_rule(exception))


def list_exceptions(ruleset: CheckedRuleset, evaluation: Evaluation, rule: Rule) -> list[Rule]:
    """Return the exceptions that set a rule aside which would otherwise apply."""
    result = evaluation.rules[rule.id]
    if result.status is not Status.NOT_APPLICABLE or not _applies_by_itself(rule, result):
        return []
    live = [x for x in rule.set_aside_by if evaluation.values.get(f"{LIVE}{x}") is True]
    return [ruleset.rules[name] for name in live]


def _applies_by_itself(rule: Rule, result: RuleResult) -> bool:
    """Return whether a rule's own condition, without the exceptions to it, may hold."""
    if rule.stated_when is None or result.when is None:
        return True
    return result.when.parts[0].value not in {False, NONE}
