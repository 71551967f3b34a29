"""Comes in: a ruleset and a decision. Goes out: the facts it asks for, as a table or to fill in."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Final

from voucher_rules.api import Ruleset
from voucher_rules.checked.symbols import Input
from voucher_rules.cli.exits import Answer
from voucher_rules.cli.inputs import open_ruleset
from voucher_rules.cli.options import add_ruleset
from voucher_rules.cli.words import join, tell
from voucher_rules.explain.columns import lay_out_table
from voucher_rules.explain.types import describe_type
from voucher_rules.language.terms import Role
from voucher_rules.language.types import Kind, Type
from voucher_rules.ledger.asking import list_facts_beside, list_filled
from voucher_rules.testing.write import UNKNOWN_WORD, write_fact
from voucher_rules.values.model import CURRENCIES, Period, PeriodUnit

FORMATS: Final = ("table", "yaml")

_EXAMPLES: Final = {
    Kind.COUNT: "12",
    Kind.NUMBER: "0.5",
    Kind.RATIO: "30%",
    Kind.DATE: "2024-03-01",
    Kind.INSTANT: "2024-03-01T09:30",
}


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_ruleset(parser)
    parser.add_argument("decision", metavar="DECISION", help="name of a decision of the ruleset")
    parser.add_argument(
        "--format",
        choices=FORMATS,
        default="table",
        help="a table to read, or YAML to fill in and give to decide (default: table)",
    )


def run(arguments: argparse.Namespace) -> Answer:
    """List the facts."""
    ruleset = open_ruleset(
        arguments.ruleset, arguments.edition, arguments.rulesets, arguments.notice
    )
    sources = _find_sources(ruleset, arguments.decision)
    if arguments.format == "yaml":
        return Answer("\n".join(_lay_out_template(ruleset, arguments, sources)))
    beside = [ruleset.checked.inputs[x] for x, source in sources.items() if source is _Of.BESIDE]
    inputs = [*ruleset.facts(arguments.decision).values(), *beside]
    keys = ("name", "type", "label", "evidence", "by")
    headings = [tell(arguments.lang, f"heading.{key}") for key in keys]
    rows = [
        row
        for item in inputs
        for row in (
            _make_row(item, arguments.lang, sources.get(item.name)),
            *(_make_row(field, arguments.lang, None) for field in _list_fields(ruleset, item)),
        )
    ]
    return Answer("\n".join(lay_out_table(headings, rows)))


class _Of(StrEnum):
    """What a ledger has to do with a fact, by the last word of the text that tells it."""

    FILLED = "ledger"
    TOLD = "ledger_told"
    BESIDE = "ledger_beside"


def _find_sources(ruleset: Ruleset, decision: str) -> dict[str, _Of]:
    """Return the facts a ledger fills, those a thing tells, and those only a balance goes by."""
    program = ruleset.program(decision)
    told = {x for item in ruleset.checked.histories.lifecycles.values() for x in item.tells}
    balances = {name for name, item in program.inputs.items() if item.role is Role.BALANCE}
    return {
        **{name: _Of.TOLD for name in program.inputs if name in told},
        **dict.fromkeys(balances, _Of.FILLED),
        **dict.fromkeys(list_filled(program), _Of.FILLED),
        **dict.fromkeys(list_facts_beside(program), _Of.BESIDE),
    }


def _make_row(item: Input, language: str, source: _Of | None) -> tuple[str, ...]:
    by = tell(language, f"by.{source}") if source else ""
    return (
        item.name,
        describe_type(item, language, write_fact),
        item.label.told(language),
        item.evidence.told(language) if item.evidence else "",
        item.by.told(language) if item.by else by,
    )


def _list_fields(ruleset: Ruleset, item: Input) -> tuple[Input, ...]:
    """Return what each record of a list states; nothing for anything else."""
    spec = ruleset.checked.lists.get(item.name)
    return tuple(spec.fields.values()) if spec else ()


def _lay_out_template(
    ruleset: Ruleset, arguments: argparse.Namespace, sources: Mapping[str, _Of]
) -> Iterator[str]:
    language = arguments.lang
    inputs = ruleset.facts(arguments.decision).values()
    label = ruleset.checked.decisions[arguments.decision].label.told(language)
    head = {"ruleset": ruleset.id, "edition": ruleset.edition, "decision": arguments.decision}
    yield _comment(tell(language, "template.head", **head, label=label))
    yield _comment(tell(language, "template.help"))
    yield _comment(tell(language, "template.source"))
    for item in inputs:
        yield ""
        yield _comment(item.label.told(language))
        hints = _list_hints(item, language, sources.get(item.name))
        yield from (_comment(text) for text in hints if text)
        yield f"{item.name}: {UNKNOWN_WORD}"
        for field in _list_fields(ruleset, item):
            key = field.name.partition(".")[2]
            told = join(
                language, field.label.told(language), describe_type(field, language, write_fact)
            )
            yield _comment(tell(language, "template.field", key=key, told=told))
    for name in (name for name, source in sources.items() if source is _Of.BESIDE):
        item = ruleset.checked.inputs[name]
        yield ""
        yield _comment(item.label.told(language))
        hints = _list_hints(item, language, _Of.BESIDE)
        yield from (_comment(text) for text in hints if text)
        yield _comment(f"{name}: {UNKNOWN_WORD}")


def _list_hints(item: Input, language: str, source: _Of | None) -> Iterator[str]:
    example = _write_example(item.type)
    told = tell(language, "type.example", example=example) if example else ""
    yield join(language, describe_type(item, language, write_fact), told)
    yield item.note.told(language) if item.note else ""
    if item.applies is not None:
        yield tell(language, "template.applies", when=item.applies.text)
    if item.evidence:
        yield tell(language, "template.evidence", evidence=item.evidence.told(language))
    if item.by:
        yield tell(language, "template.by", by=item.by.told(language))
    if source is not None:
        yield tell(language, f"template.{source}")


def _write_example(kind: Type) -> str:
    if kind.kind is Kind.MONEY:
        return write_fact(50_000 * 10 ** CURRENCIES[kind.unit].digits, kind)
    if kind.kind is Kind.PERIOD:
        return write_fact(Period(30, PeriodUnit(kind.unit or PeriodUnit.DAY)), kind)
    if kind.kind is Kind.SET:
        return write_fact(frozenset(kind.options[:2]), kind)
    return _EXAMPLES.get(kind.kind, "")


def _comment(text: str) -> str:
    return f"# {' '.join(text.split())}"
