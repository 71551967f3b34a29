"""Comes in: what a ruleset document declares. Goes out: symbols with types, bounds, values."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timezone
from typing import Final

from voucher_rules.checked.declarations import DOTTED_NAME, PLAIN_NAME, Declarations, word_text
from voucher_rules.checked.declare_balances import declare_balance
from voucher_rules.checked.report import Report
from voucher_rules.checked.symbols import Choice, Input, ListSpec, Output, Reading, Rounding
from voucher_rules.language.terms import Role
from voucher_rules.language.types import NUMBER, Kind, Type
from voucher_rules.ruleset.declarations import (
    ChoiceDoc,
    DecisionDoc,
    FactDoc,
    FieldDoc,
    FindingDoc,
    ListDoc,
    OutputDoc,
    ReadingDoc,
)
from voucher_rules.ruleset.model import RulesetDoc
from voucher_rules.sources.tree import Scalar
from voucher_rules.values.model import NO_MARKS, NONE, Interval, Unknown

MOST_RECORDS: Final = 1_000
"""How many records a list may have at most, and how many it may where it does not say."""
ROUNDINGS: Final = ("down", "up", "half_up", "half_even")


def declare_everything(report: Report, document: RulesetDoc, zone: timezone) -> Declarations:
    """Declare choices, facts, findings, balances, readings and outputs of a document."""
    made = Declarations(report, document, zone)
    for name, choice in document.choices.items():
        _declare_choice(made, name, choice)
    for name, fact in document.facts.items():
        _declare_fact(made, name, fact)
    for name, listed in document.lists.items():
        _declare_list(made, name, listed)
    for name, finding in document.findings.items():
        _declare_finding(made, name, finding)
    for name, balance in document.ledger.items():
        declare_balance(made, name, balance)
    for name, reading in document.readings.items():
        _declare_reading(made, name, reading)
    limited = _find_limited_outputs(document)
    for name, decision in document.decisions.items():
        _declare_outputs(made, name, decision, limited.get(str(name), set()))
    return made


def _declare_choice(made: Declarations, name: Scalar, declared: ChoiceDoc) -> None:
    """Declare a choice and its options."""
    made.check_name(name, PLAIN_NAME, "size_class", held=False)
    for option in declared.options:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_+-]{0,59}", option):
            made.report.add("bad-declared-name", option, name=option, example="small")
        elif option in {"none", "unknown", "true", "false"}:
            made.report.add("reserved-name", option, name=option)
    _check_options_differ(made, declared)
    options = {str(key): word_text(text) for key, text in declared.options.items()}
    ordered = made.read_flag(declared.ordered)
    made.choices[str(name)] = Choice(str(name), word_text(declared.label), options, ordered)


def _check_options_differ(made: Declarations, declared: ChoiceDoc) -> None:
    """Check that no two options of a choice differ in capitals only."""
    seen: dict[str, Scalar] = {}
    for option in declared.options:
        first = seen.setdefault(option.lower(), option)
        if first is not option:
            made.report.add("options-alike", option, name=option, other=first)


def _declare_fact(made: Declarations, name: Scalar, declared: FactDoc) -> None:
    """Declare a fact of the case."""
    made.check_name(name, DOTTED_NAME, "contract.amount")
    kind = made.read_type(declared)
    if kind is None:
        return
    fact = _make_input(made, str(name), Role.FACT, kind, declared)
    if declared.evidence is not None:
        fact = replace(fact, evidence=word_text(declared.evidence))
    made.inputs[str(name)] = fact


def _declare_list(made: Declarations, name: Scalar, declared: ListDoc) -> None:
    """Declare a list of records; expressions call its fields ``items.amount``."""
    made.check_name(name, PLAIN_NAME, "items")
    most = made.read_value(declared.most, NUMBER) if declared.most is not None else MOST_RECORDS
    if not isinstance(most, int) or not 1 <= most <= MOST_RECORDS:
        made.report.add("list-too-long", declared.most or name, limit=str(MOST_RECORDS))
        most = MOST_RECORDS
    fields: dict[str, Input] = {}
    for key, doc in declared.fields.items():
        made.check_name(key, PLAIN_NAME, "amount", called=False)
        kind = made.read_type(doc)
        if kind is not None:
            full = f"{name}.{key}"
            fields[full] = replace(_make_input(made, full, Role.FIELD, kind, doc), within=str(name))
    made.inputs[str(name)] = Input(
        name=str(name),
        role=Role.FACT,
        type=Type(Kind.LIST, str(name)),
        label=word_text(declared.label),
        domain=Unknown(Interval(0, most)),
        note=word_text(declared.note) if declared.note else None,
    )
    made.lists[str(name)] = ListSpec(
        name=str(name),
        label=word_text(declared.label),
        one=word_text(declared.one),
        unit=str(declared.unit),
        most=most,
        fields=fields,
        note=word_text(declared.note) if declared.note else None,
    )


def _declare_finding(made: Declarations, name: Scalar, declared: FindingDoc) -> None:
    """Declare a judgement that only a person can make; expressions call it ``finding.name``."""
    made.check_name(name, PLAIN_NAME, "well_run")
    kind = made.read_type(declared)
    if kind is not None:
        full = f"finding.{name}"
        finding = _make_input(made, full, Role.FINDING, kind, declared)
        made.inputs[full] = replace(finding, by=word_text(declared.by))


def _make_input(
    made: Declarations,
    name: str,
    role: Role,
    kind: Type,
    declared: FactDoc | FindingDoc | FieldDoc,
) -> Input:
    optional = made.read_flag(declared.optional)
    return Input(
        name=name,
        role=role,
        type=kind,
        label=word_text(declared.label),
        domain=Unknown(
            made.read_domain(declared, kind), frozenset({NONE}) if optional else NO_MARKS
        ),
        optional=optional,
        note=word_text(declared.note) if declared.note else None,
    )


def _declare_reading(made: Declarations, name: Scalar, declared: ReadingDoc) -> None:
    """Declare a reading with its options and its default."""
    made.report.ref = str(declared.ref)
    made.check_name(name, PLAIN_NAME, "medium_enterprises")
    options = {str(key): word_text(text) for key, text in declared.options.items()}
    made.read_option(declared.default, tuple(options))
    made.readings[str(name)] = Reading(
        str(name),
        made.cite(str(declared.ref)),
        word_text(declared.question),
        options,
        str(declared.default),
        word_text(declared.because),
        tuple(str(word) for word in declared.together or ()),
    )
    made.report.ref = ""


def _declare_outputs(
    made: Declarations, name: Scalar, declared: DecisionDoc, limited: set[str]
) -> None:
    """Declare the outputs of a decision; ``limited`` names those that rules limit."""
    made.check_name(name, PLAIN_NAME, "claim")
    outputs: dict[str, Output] = {}
    for key, output in declared.outputs.items():
        made.check_name(key, DOTTED_NAME, "voucher.amount")
        kind = made.read_type(output)
        _check_output_is_new(made, key, kind)
        if kind is not None:
            outputs[str(key)] = _read_output(
                made, str(key), output, kind, limited=str(key) in limited
            )
    made.outputs[str(name)] = outputs


def _check_output_is_new(made: Declarations, key: Scalar, kind: Type | None) -> None:
    """Check that an output is no fact, and of one type in every decision that gives it."""
    if str(key) in made.inputs:
        made.report.add("defines-declared-name", key, name=key)
    for outputs in made.outputs.values():
        other = outputs.get(str(key))
        if other is not None and kind is not None and other.type != kind:
            found = str(kind)
            made.report.add("type-mismatch", key, expected=str(other.type), found=found)


def _read_output(
    made: Declarations, key: str, output: OutputDoc, kind: Type, *, limited: bool
) -> Output:
    mode = made.read_option(output.round, ROUNDINGS) if output.round is not None else "down"
    step = made.read_value(output.to, kind) if output.to is not None else 1
    if not isinstance(step, int) or step <= 0:
        made.report.add("rounding-step", output.to or output.type)
        step = 1
    partial = True
    if output.partial is not None:
        partial = made.read_option(output.partial, ("allowed", "refused")) == "allowed"
    return Output(
        key,
        kind,
        word_text(output.label),
        limited,
        Rounding(mode, step),
        str(output.requested or ""),
        partial,
        rounds=limited or output.round is not None or output.to is not None,
    )


def _find_limited_outputs(document: RulesetDoc) -> dict[str, set[str]]:
    """Return, for each decision, the outputs that some rule limits in it."""
    waiting = list(document.provisions)
    limited: dict[str, set[str]] = {}
    while waiting:
        provision = waiting.pop()
        waiting.extend(provision.provisions)
        for rule in provision.rules:
            for decision in rule.decisions if rule.limits is not None else ():
                limited.setdefault(str(decision), set()).add(str(rule.limits))
    return limited
