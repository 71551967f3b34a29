"""Comes in: cases of a second reading and a ruleset. Goes out: a failure where they part unawares.

What the comparing tests share, whatever the measure: how the files are read, how a ruleset is
asked, and what a difference must be to be allowed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar, Final, TypeAlias

from hypothesis import strategies as st

from voucher_rules import Decision, InputError

Facts: TypeAlias = dict[str, Any]
Readings: TypeAlias = dict[str, str]
Case: TypeAlias = Mapping[str, Any]

REFUSED: Final = "ValueError"
"""What the second reading answers to what is no case; the ruleset refuses it at the door."""
ONE_DAY: Final = timedelta(days=1)
_FOLDER: Final = Path(__file__).resolve().parent


def load_boundary(measure: str) -> Any:  # noqa: ANN401 - a file of data
    """Return what a file of boundary cases holds."""
    path = _FOLDER / f"boundary_cases_{measure}.json"
    return json.loads(path.read_text(encoding="utf-8"))


def name_case(case: Case) -> str:
    return f"{case['id']} {case['function']}: {case['note']}"


def decode(value: Any) -> Any:  # noqa: ANN401
    """Return an argument of the file as the functions take it."""
    if isinstance(value, list):
        return [tuple(decode(item)) if isinstance(item, list) else decode(item) for item in value]
    if not isinstance(value, str):
        return value
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return date.fromisoformat(value)
    if re.fullmatch(r"\d{4}-\d\d-\d\dT.*", value):
        return datetime.fromisoformat(value)
    if re.fullmatch(r"-?\d+/\d+", value):
        return Fraction(value)
    return value


def encode(value: Any) -> Any:  # noqa: ANN401
    """Return an answer in the words of the file."""
    if isinstance(value, (list, tuple)):
        return [encode(item) for item in value]
    return str(value) if isinstance(value, (date, Fraction)) else value


def to_yuan(fen: int) -> Decimal:
    return Decimal(fen).scaleb(-2)


def to_fen(decision: Decision) -> int:
    assert decision.amount is not None
    assert decision.amount.value is not None, decision
    return int(decision.amount.value.scaleb(2))


def draw_fen(low: int, high: int, *edges: int) -> st.SearchStrategy[int]:
    """Draw an amount anywhere between two, and often within two fen of an edge."""
    near = [edge + step for edge in edges for step in range(-2, 3) if low <= edge + step <= high]
    return st.one_of(st.sampled_from(near), st.integers(low, high))


def list_failed(decision: Decision) -> set[str]:
    assert decision.outcome in {"granted", "denied"}, decision
    return {rule.id for reason in decision.reasons for rule in reason.rules}


def tell_verdict(decision: Decision) -> tuple[bool, list[str]]:
    """Return whether it was granted, and the articles against."""
    granted = decision.outcome == "granted"
    assert granted or decision.outcome == "denied", decision
    return granted, [] if granted else list(decision.articles)


def gather_unmet(unmet: Mapping[str, Facts], flags: Mapping[str, bool]) -> Facts:
    """Return the facts of unmet conditions; a flag left out is no case."""
    if set(flags) != set(unmet):
        raise InputError([])
    facts: Facts = {}
    for name, met in flags.items():
        if not met:
            facts |= unmet[name]
    return facts


class Answerer:
    """A ruleset as it is asked, under a choice of readings; a function by ``answer_<its name>``."""

    ruleset: ClassVar[Any]

    def __init__(self, readings: Mapping[str, str] | None = None) -> None:
        self.readings: Readings = dict(readings or {})

    def decide(
        self,
        decision: str,
        base: Mapping[str, Any],
        facts: Mapping[str, Any] | None = None,
        readings: Mapping[str, str] | None = None,
        ruleset: Any = None,  # noqa: ANN401
    ) -> Decision:
        """Decide as if in force; whether it is, is asked apart."""
        chosen = {**(readings or {}), **self.readings}
        stated = {**base, **(facts or {})}
        asked = ruleset or self.ruleset
        answer: Decision = asked.decide(decision, stated, readings=chosen, assume_in_force=True)
        return answer

    @classmethod
    def list_functions(cls) -> frozenset[str]:
        """Return the functions of the second reading it has an answer to."""
        return frozenset(x.removeprefix("answer_") for x in dir(cls) if x.startswith("answer_"))


def ask_answerer(
    case: Case,
    asked: Answerer,
    put: Callable[[Any], Any] = encode,
    left_out: frozenset[str] = frozenset(),
) -> Any:  # noqa: ANN401
    """Return what the ruleset answers to a case, or that it refuses it."""
    function: Callable[..., object] = getattr(asked, f"answer_{case['function']}")
    told = {name: decode(value) for name, value in case["inputs"].items() if name not in left_out}
    try:
        return put(function(**told))
    except InputError:
        return REFUSED


def sort_refs(answer: Any) -> Any:  # noqa: ANN401
    """Return a verdict with its references in order; anything else as it is."""
    match answer:
        case [bool(granted), list(refs)]:
            return [granted, sorted(refs)]
    return answer


def has_option(case: Case, options: Mapping[tuple[str, str, object], str]) -> bool:
    """Return whether a case turns on one of some options (function, argument, value)."""
    inputs = case["inputs"]
    named = [(name, value) for of, name, value in options if of == case["function"]]
    return any(name in inputs and _is_same(inputs[name], value) for name, value in named)


def _is_same(stated: object, option: object) -> bool:
    """Return whether an argument is an option: true is not 1, and none is not false."""
    return type(stated) is type(option) and stated == option


def check_own_answer(case: Case, second: ModuleType, put: Callable[[Any], Any] = encode) -> None:
    """Check that a second reading answers its own case as its file says."""
    inputs = {name: decode(value) for name, value in case["inputs"].items()}
    try:
        answer = put(getattr(second, case["function"])(**inputs))
    except ValueError:
        answer = REFUSED
    assert answer == case["expected"]


@dataclass(frozen=True)
class Differences:
    """Where ruleset and second reading part, each difference by the id of its case.

    ``apart`` tells what the ruleset answers instead, and by which of the ``choices`` that were
    made; ``settings`` tell what to ask the ruleset under (readings, and then what else its
    answerer takes) so that both agree.
    """

    apart: Mapping[str, tuple[object, str]]
    choices: Mapping[str, str]
    settings: tuple[Mapping[str, Any], ...]


def check_agreement(
    case: Case,
    expected: object,
    ask: Callable[..., object],
    asked: type[Answerer],
    differences: Differences,
) -> None:
    """Check that both agree, or part as is written down; a difference no more is a failure too."""
    answer = ask(case, asked())
    if known := differences.apart.get(case["id"]):
        told = differences.choices[known[1]]
        assert answer != expected, f"no difference any more: {told}"
        assert answer == known[0], case["article"]
        return
    given = [known.get(case["id"]) for known in differences.settings]
    if any(given):
        assert answer != expected, "no difference any more"
        answer = ask(case, asked(*given))
    assert answer == expected, case["article"]


def check_differences(cases: Sequence[Case], differences: Differences) -> None:
    """Check that every difference belongs to a case that is asked, and to one list only."""
    named = [id_ for known in (differences.apart, *differences.settings) for id_ in known]
    assert len(named) == len(set(named))
    assert set(named) <= {case["id"] for case in cases}


def check_choices(differences: Differences) -> None:
    """Check that every choice is one by which some case parts."""
    assert {choice for _, choice in differences.apart.values()} == set(differences.choices)


def check_options(cases: Sequence[Case], options: Mapping[tuple[str, str, object], str]) -> None:
    """Check that every option without counterpart is one of a case."""
    found = {
        (case["function"], name, value)
        for case in cases
        for name, value in case["inputs"].items()
        if value is None or isinstance(value, (str, bool))
    }
    assert set(options) <= found


def check_functions(
    boundary: Sequence[Case],
    cases: Sequence[Case],
    asked: type[Answerer],
    no_counterpart: frozenset[str],
) -> None:
    """Check that every function of the second reading is asked, or named as having none."""
    functions = asked.list_functions()
    assert {case["function"] for case in boundary} == functions | no_counterpart
    assert {case["function"] for case in cases} == functions
