"""Comes in: the decision of ``compiled.py``. Goes out: it in rule engines that Python reaches.

Every engine decides the conditions, the limits and which of them binds, as far as its language
goes; what it cannot say (a rule that calculates, a value used twice) is a line of Python here. A
case has plain names and money in yuan; what an engine wants otherwise is made inside the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from typing import Any

from compiled import (
    CAPS,
    DEAL_CAP,
    LONGER_DAYS,
    LONGEST_DAYS,
    LONGEST_HOURS,
    YEAR,
)

Case = dict[str, Any]
Answer = tuple[str, list[str] | None, int | None, str | None]
"""The outcome, the failed conditions, fen, and what binds; None for what a way does not tell."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way to decide a case: what is timed, and what reads the answer out of what that gave.

    What an engine gives is an answer as it stands where nothing is said of reading it.
    """

    label: str
    decide: Callable[[Case], Any]
    read: Callable[[Any], Answer] = lambda given: given


# These three languages write conditions alike, down to the choice between two values.
PASSES = {
    "registered": "registered",
    "legal_person": "legal_person",
    "size": "size != 'large'",
    "dishonest": "dishonest == false",
    "debtor": "debtor == false",
    "has_voucher": "has_voucher",
    "kind": "kind != 'k0'",
    "hours": f"hours <= {LONGEST_HOURS}",
    "waited": f"waited <= (extended ? {LONGER_DAYS} : {LONGEST_DAYS})",
}
SHORT, LONG = 300, 300 * YEAR  # three tenths of a price in yuan, in tenths of a fen
SMALL, MIDDLE, LARGE = CAPS.values()
CAP = f"(grade == 'ordinary' ? {SMALL} : (grade == 'specialised' ? {MIDDLE} : {LARGE}))"


def write_share(over: str) -> str:
    """Return the share of the price, with what this language divides whole numbers by."""
    return f"(days <= {YEAR} ? price * {SHORT} {over} 10 : price * {LONG} {over} (days * 10))"


def settle(failed: list[str], grant: int, binding: str) -> Answer:
    """Return the answer: granted where nothing failed and something is left to grant."""
    return ("denied" if failed or not grant else "granted"), failed, grant, binding


def list_failed(passed: Iterable[bool]) -> list[str]:
    """Return the names of the conditions that did not pass."""
    return [name for name, holds in zip(PASSES, passed, strict=True) if not holds]


def write_day(case: Case) -> Case:
    """Return a case for an engine that takes no date: with the day as text."""
    return case | {"day": case["day"].isoformat()}


def make_zen() -> tuple[Way, ...]:
    """Decide by a graph of ZEN, loaded once: an expression node for each step."""
    steps = {
        "conditions": PASSES,
        "failures": {
            "failed": "filter(["
            + ", ".join(f"conditions.{name} ? '' : '{name}'" for name in PASSES)
            + "], # != '')"
        },
        "limits": {
            "share": f"floor({write_share('/')})",
            "left": f"max([{CAP} - used * 100, 0])",
        },
        "result": {
            "grant": f"min([share, {DEAL_CAP}, left])",
            "binding": "share == $.grant ? 'by_share' : "
            f"($.grant == {DEAL_CAP} ? 'by_deal' : 'by_year')",
            "outcome": "len(failed) > 0 or $.grant == 0 ? 'denied' : 'granted'",
        },
    }
    nodes = [
        {"id": "facts", "name": "facts", "type": "inputNode", "content": {}},
        *(write_zen_node(name, pairs) for name, pairs in steps.items()),
        {"id": "answer", "name": "answer", "type": "outputNode", "content": {}},
    ]
    edges = [
        {"id": f"e{at}", "type": "edge", "sourceId": one["id"], "targetId": other["id"]}
        for at, (one, other) in enumerate(pairwise(nodes))
    ]
    graph = {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}
    engine = import_module("zen").ZenEngine(
        {"loader": {"type": "static", "content": {"claim": graph}}}
    )
    traced = {"trace": True}

    def decide(case: Case) -> Answer:
        told = engine.evaluate("claim", write_day(case))["result"]
        return told["outcome"], told["failed"], told["grant"], told["binding"]

    def decide_traced(case: Case) -> Any:  # noqa: ANN401 - what the engine gives
        return engine.evaluate("claim", write_day(case), traced)

    def read_trace(given: Any) -> Answer:  # noqa: ANN401
        told = given["result"]
        passed = given["trace"]["conditions"]["output"]["conditions"]
        failed = [name for name in PASSES if not passed[name]]
        return told["outcome"], failed, told["grant"], told["binding"]

    return Way("zen-engine", decide), Way("zen-engine, with its trace", decide_traced, read_trace)


def write_zen_node(name: str, pairs: dict[str, str]) -> dict[str, Any]:
    """Return a node of expressions whose results join what comes in."""
    under = "conditions." if name == "conditions" else ""
    expressions = [
        {"id": f"{name}-{key}", "key": under + key, "value": value} for key, value in pairs.items()
    ]
    content = {"passThrough": True, "executionMode": "single", "expressions": expressions}
    return {"id": name, "name": name, "type": "expressionNode", "content": content}


def make_cel() -> tuple[Way, ...]:
    """Decide by two programs of CEL, which has no name for a value: what is found, what binds."""
    cel = import_module("cel")
    found = cel.compile(f"[{', '.join(PASSES.values())}, {write_share('/')}, {CAP} - used * 100]")
    bound = cel.compile(
        f"share <= {DEAL_CAP} && share <= left ? ['by_share', share] : "
        f"({DEAL_CAP} <= left ? ['by_deal', {DEAL_CAP}] : ['by_year', left])"
    )

    def decide(case: Case) -> Answer:
        *passed, share, left = found.execute(write_day(case))
        name, grant = bound.execute({"share": share, "left": max(left, 0)})
        return settle(list_failed(passed), grant, name)

    return (Way("common-expression-language (Rust)", decide),)


def make_rule_engine() -> tuple[Way, ...]:
    """Decide by a rule for each condition and each limit."""
    make = import_module("rule_engine").Rule
    rules = [make(text) for text in PASSES.values()]
    share, left = make(write_share("//")), make(f"{CAP} - used * 100")
    binding = make(
        f"(share <= {DEAL_CAP} and share <= left) ? 'by_share' : "
        f"({DEAL_CAP} <= left ? 'by_deal' : 'by_year')"
    )

    def decide(case: Case) -> Answer:
        failed = list_failed(rule.matches(case) for rule in rules)
        limits = {"share": share.evaluate(case), "left": max(left.evaluate(case), 0)}
        name = binding.evaluate(limits)
        return settle(failed, int(min(limits["share"], DEAL_CAP, limits["left"])), name)

    return (Way("rule-engine", decide),)


def make_json_logic() -> tuple[Way, ...]:
    """Decide by documents of JsonLogic, which has no floor: a remainder is taken off first."""
    run = import_module("json_logic").jsonLogic

    def get(name: str) -> dict[str, str]:
        return {"var": name}

    def divide(one: object, other: object) -> dict[str, Any]:
        return {"/": [{"-": [one, {"%": [one, other]}]}, other]}

    days_most = {"if": [get("extended"), LONGER_DAYS, LONGEST_DAYS]}
    passes = [
        {"!!": get("registered")},
        {"!!": get("legal_person")},
        {"!=": [get("size"), "large"]},
        {"!": get("dishonest")},
        {"!": get("debtor")},
        {"!!": get("has_voucher")},
        {"!=": [get("kind"), "k0"]},
        {"<=": [get("hours"), LONGEST_HOURS]},
        {"<=": [get("waited"), days_most]},
    ]
    short = divide({"*": [get("price"), SHORT]}, 10)
    long = divide({"*": [get("price"), LONG]}, {"*": [get("days"), 10]})
    cap = {
        "if": [
            {"==": [get("grade"), "ordinary"]},
            SMALL,
            {"==": [get("grade"), "specialised"]},
            MIDDLE,
            LARGE,
        ]
    }
    left = {"max": [0, {"-": [cap, {"*": [get("used"), 100]}]}]}
    found = [*passes, {"if": [{"<=": [get("days"), YEAR]}, short, long]}, left]
    by_share = {"and": [{"<=": [get("share"), DEAL_CAP]}, {"<=": [get("share"), get("left")]}]}
    by_deal = {"<=": [DEAL_CAP, get("left")]}
    binding = {"if": [by_share, "by_share", by_deal, "by_deal", "by_year"]}

    def decide(case: Case) -> Answer:
        *passed, share, rest = run(found, case)
        name = run(binding, {"share": share, "left": rest})
        return settle(list_failed(passed), int(min(share, DEAL_CAP, rest)), name)

    return (Way("json-logic-qubit", decide),)


def make_business_rules() -> tuple[Way, ...]:
    """Decide by rules that compare and act; the limits are Python, as rules do not calculate."""
    run_all = import_module("business_rules").run_all
    facts, verdict = make_variables(), make_actions()

    def test(name: str, operator: str, value: object = None) -> dict[str, Any]:
        return {"name": name, "operator": operator, "value": value}

    def write_rule(conditions: dict[str, Any], action: str, name: str) -> dict[str, Any]:
        return {"conditions": conditions, "actions": [{"name": action, "params": {"name": name}}]}

    late = [test("extended", "is_false"), test("waited", "greater_than", LONGEST_DAYS)]
    very_late = test("waited", "greater_than", LONGER_DAYS)
    fails = {
        "registered": {"all": [test("registered", "is_false")]},
        "legal_person": {"all": [test("legal_person", "is_false")]},
        "size": {"all": [test("size", "equal_to", "large")]},
        "dishonest": {"all": [test("dishonest", "is_true")]},
        "debtor": {"all": [test("debtor", "is_true")]},
        "has_voucher": {"all": [test("has_voucher", "is_false")]},
        "kind": {"all": [test("kind", "equal_to", "k0")]},
        "hours": {"all": [test("hours", "greater_than", LONGEST_HOURS)]},
        "waited": {"any": [very_late, {"all": late}]},
    }
    conditions = [write_rule(when, "fail", name) for name, when in fails.items()]
    least = "less_than_or_equal_to"
    limits = [
        write_rule(
            {"all": [test("share", least, DEAL_CAP), test("share_over_left", least, 0)]},
            "bind",
            "by_share",
        ),
        write_rule(
            {"all": [test("left", "greater_than_or_equal_to", DEAL_CAP)]}, "bind", "by_deal"
        ),
        write_rule({"all": [test("left", "less_than", DEAL_CAP)]}, "bind", "by_year"),
    ]

    def decide(case: Case) -> Answer:
        found, came = facts(case), verdict()
        run_all(conditions, found, came)
        run_all(limits, found, came, stop_on_first_trigger=True)
        grants = {"by_share": found.of_share, "by_deal": DEAL_CAP, "by_year": found.of_year}
        return settle(came.failed, grants[came.binding], came.binding)

    return (Way("business-rules", decide),)


def make_variables() -> Any:  # noqa: ANN401 - a class of the package
    """Return the variables of a case, for business-rules."""
    variables = import_module("business_rules.variables")
    kinds = {
        variables.boolean_rule_variable: (
            "registered",
            "legal_person",
            "dishonest",
            "debtor",
            "has_voucher",
            "extended",
        ),
        variables.string_rule_variable: ("size", "kind"),
        variables.numeric_rule_variable: ("hours", "waited"),
    }

    def begin(self: Any, case: Case) -> None:  # noqa: ANN401
        self.case = case
        price, days = case["price"], case["days"]
        self.of_share = price * SHORT // 10 if days <= YEAR else price * LONG // (days * 10)
        self.of_year = max(CAPS[case["grade"]] - case["used"] * 100, 0)

    def get(name: str) -> Callable[[Any], Any]:
        def read(self: Any) -> Any:  # noqa: ANN401
            return self.case[name]

        read.__name__ = name
        return read

    numeric = variables.numeric_rule_variable
    parts: dict[str, Any] = {
        name: kind(get(name)) for kind, names in kinds.items() for name in names
    }
    worked_out = {
        "share": lambda self: self.of_share,
        "share_over_left": lambda self: self.of_share - self.of_year,
        "left": lambda self: self.of_year,
    }
    parts |= {name: numeric(read) for name, read in worked_out.items()}
    return type("Facts", (variables.BaseVariables,), parts | {"__init__": begin})


def make_actions() -> Any:  # noqa: ANN401 - a class of the package
    """Return what rules may do, for business-rules: name what failed, and what binds."""
    actions, fields = (import_module(f"business_rules.{x}") for x in ("actions", "fields"))

    def begin(self: Any) -> None:  # noqa: ANN401
        self.failed, self.binding = [], ""

    def fail(self: Any, name: str) -> None:  # noqa: ANN401
        self.failed.append(name)

    def bind(self: Any, name: str) -> None:  # noqa: ANN401
        self.binding = name

    act = actions.rule_action(params={"name": fields.FIELD_TEXT})
    parts = {"__init__": begin, "fail": act(fail), "bind": act(bind)}
    return type("Verdict", (actions.BaseActions,), parts)


# Packages as they are called where they are installed from, and the ways each gives.
PEERS: dict[str, Callable[[], tuple[Way, ...]]] = {
    "zen-engine": make_zen,
    "common-expression-language": make_cel,
    "rule-engine": make_rule_engine,
    "json-logic-qubit": make_json_logic,
    "business-rules": make_business_rules,
}
