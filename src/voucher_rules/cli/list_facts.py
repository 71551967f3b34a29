"""Comes in: a ruleset and a decision. Goes out: the facts it asks for, as a table or to fill in."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Final

from voucher_rules.api import Ruleset
from voucher_rules.checked.symbols import Input
from voucher_rules.cli.exits import Answer
from voucher_rules.cli.inputs import open_ruleset
from voucher_rules.cli.options import add_ruleset
from voucher_rules.cli.table import lay_out_table
from voucher_rules.cli.words import join, tell
from voucher_rules.explain.types import describe_type
from voucher_rules.language.terms import Role
from voucher_rules.language.types import Kind, Type
from voucher_rules.testing.write import UNKNOWN_WORD, write_fact
from voucher_rules.values.model import CURRENCIES, Period, PeriodUnit

NAME: Final = "facts"
SUMMARY: Final = "Say which facts a decision asks for, as a table or as a file to fill in."
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
    inputs = list(ruleset.facts(arguments.decision).values())
    if arguments.format == "yaml":
        return Answer("\n".join(_lay_out_template(ruleset, arguments, inputs)))
    keys = ("name", "type", "label", "evidence", "by")
    headings = [tell(arguments.lang, f"heading.{key}") for key in keys]
    rows = [
        row
        for item in inputs
        for row in (
            _make_row(item, arguments.lang),
            *(_make_row(field, arguments.lang) for field in _list_fields(ruleset, item)),
        )
    ]
    return Answer("\n".join(lay_out_table(headings, rows)))


def _make_row(item: Input, language: str) -> tuple[str, ...]:
    by = tell(language, "by.ledger") if item.role is Role.BALANCE else ""
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
    ruleset: Ruleset, arguments: argparse.Namespace, inputs: list[Input]
) -> Iterator[str]:
    language = arguments.lang
    label = ruleset.checked.decisions[arguments.decision].label.told(language)
    head = {"ruleset": ruleset.id, "edition": ruleset.edition, "decision": arguments.decision}
    yield _comment(tell(language, "template.head", **head, label=label))
    yield _comment(tell(language, "template.help"))
    yield _comment(tell(language, "template.source"))
    for item in inputs:
        yield ""
        yield _comment(item.label.told(language))
        yield from (_comment(text) for text in _list_hints(item, language) if text)
        yield f"{item.name}: {UNKNOWN_WORD}"
        for field in _list_fields(ruleset, item):
            key = field.name.partition(".")[2]
            told = join(
                language, field.label.told(language), describe_type(field, language, write_fact)
            )
            yield _comment(tell(language, "template.field", key=key, told=told))


def _list_hints(item: Input, language: str) -> Iterator[str]:
    example = _write_example(item.type)
    told = tell(language, "type.example", example=example) if example else ""
    yield join(language, describe_type(item, language, write_fact), told)
    yield item.note.told(language) if item.note else ""
    if item.evidence:
        yield tell(language, "template.evidence", evidence=item.evidence.told(language))
    if item.by:
        yield tell(language, "template.by", by=item.by.told(language))
    if item.role is Role.BALANCE:
        yield tell(language, "template.ledger")


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
