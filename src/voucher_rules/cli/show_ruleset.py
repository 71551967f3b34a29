"""Comes in: a ruleset, and perhaps a provision of it. Goes out: what it holds, to be read."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import Final

from voucher_rules.api import Ruleset
from voucher_rules.api.statements import sql
from voucher_rules.checked.model import Document, Provision
from voucher_rules.checked.symbols import DatedValue, Parameter, Reading
from voucher_rules.cli.exits import Answer
from voucher_rules.cli.inputs import open_ruleset
from voucher_rules.cli.options import add_ruleset
from voucher_rules.cli.rules import tell_rule
from voucher_rules.cli.show_histories import make_teller, show_histories
from voucher_rules.cli.words import join, tell
from voucher_rules.compiled.build import make_kernel, stretches_of
from voucher_rules.compiled.nodes import NotLoweredError
from voucher_rules.compiled.python_code import write_code
from voucher_rules.compiled.sql_columns import SqlColumn
from voucher_rules.compiled.sql_dialects import DIALECTS
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.explain.columns import lay_out_pairs, lay_out_table
from voucher_rules.explain.document import tell_day, tell_end
from voucher_rules.explain.editions import tell_succession
from voucher_rules.explain.notices import tell_notice
from voucher_rules.explain.values import Writer
from voucher_rules.ruleset.names import suggest_name
from voucher_rules.testing.write import write_fact
from voucher_rules.values.model import Scale

INDENT: Final = "  "


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_ruleset(parser)
    parser.add_argument(
        "provision", metavar="PROVISION", nargs="?", help="a provision of the document, e.g. 第六条"
    )
    parser.add_argument(
        "--compiled",
        metavar="DECISION",
        help="show the Python code that a decision is compiled to, under its last law",
    )
    parser.add_argument(
        "--sql",
        metavar="DIALECT",
        choices=tuple(DIALECTS),
        help="with --compiled, show it as SQL: duckdb, postgresql or spark",
    )


def run(arguments: argparse.Namespace) -> Answer:
    """Show the ruleset or the provision."""
    ruleset = open_ruleset(
        arguments.ruleset, arguments.edition, arguments.rulesets, arguments.notice
    )
    if arguments.sql is not None and arguments.compiled is None:
        told = {"option": "--sql", "other": "--compiled"}
        raise InputError([Diagnostic("option-alone", told, path="--sql")])
    if arguments.sql is not None:
        return Answer(show_sql(ruleset, arguments.compiled, arguments.sql))
    if arguments.compiled is not None:
        return Answer(show_code(ruleset, arguments.compiled))
    view = _View(ruleset, arguments.lang)
    if arguments.provision is None:
        return Answer("\n".join(view.show_ruleset()))
    return Answer("\n".join(view.show_provision(_find_provision(ruleset, arguments.provision))))


def show_code(ruleset: Ruleset, decision: str) -> str:
    """Return the code of a decision for the last days of one law, taken to be in force."""
    program = ruleset.program(decision)
    readings = {name: item.default for name, item in ruleset.readings.items()}
    first, last = stretches_of(program)[-1]
    try:
        kernel = make_kernel(program, (first, last), readings, assumed=True)
    except NotLoweredError as error:
        return f"# {decision}: {error}"
    inputs = "\n".join(f"# a{place} {item.name}" for place, item in enumerate(kernel.inputs))
    return f"# {decision} {first} – {last}\n{inputs}\n{write_code(kernel).text.rstrip()}"


def show_sql(ruleset: Ruleset, decision: str, dialect: str) -> str:
    """Return a decision as SQL, likewise, with the columns that it reads."""
    code = sql(ruleset, decision, dialect=dialect, assume_in_force=True)
    first, last = code.kernel.first, code.kernel.last
    reads = "\n".join(_tell_column(item) for item in code.reads)
    return f"-- {decision} {first} – {last}\n{reads}\n{code.text}"


def _tell_column(column: SqlColumn) -> str:
    listed = f" ({column.list})" if column.list else ""
    return f"-- {column.name}: {column.holds}{listed}"


def _find_provision(ruleset: Ruleset, ref: str) -> Provision:
    known = {item.citation.ref: item for item in ruleset.provisions}
    if ref not in known:
        near = suggest_name(ref, list(known))
        raise InputError([Diagnostic("unknown-provision", {"near": near}, path=ref)])
    return known[ref]


class _View:
    def __init__(self, ruleset: Ruleset, language: str) -> None:
        self.ruleset = ruleset
        self.language = language

    def tell(self, key: str, /, **arguments: str) -> str:
        return tell(self.language, key, **arguments)

    def show_ruleset(self) -> Iterator[str]:
        checked = self.ruleset.checked
        writer = Writer(checked, self.language)
        yield f"{checked.id} {checked.edition} — {checked.title.told(self.language)}"
        yield from self._lay_out("document", lay_out_pairs(self._list_document()))
        yield from self._lay_out("decisions", self._tabulate_decisions())
        yield from self._lay_out("provisions", self._tabulate_provisions(self.ruleset.provisions))
        yield from self._lay_out(
            "parameters", self._tabulate_parameters(list(self.ruleset.parameters.values()))
        )
        yield from self._lay_out(
            "readings", self._tabulate_readings(list(self.ruleset.readings.values()))
        )
        yield from self._lay_out(
            "notices",
            iter([tell_notice(writer, item) for item in self.ruleset.notices]),
        )

        teller = make_teller(checked, self.language)
        for heading, lines in show_histories(teller):
            yield from self._lay_out_under(heading, iter(lines))

    def show_provision(self, item: Provision) -> Iterator[str]:
        ruleset, ref = self.ruleset, item.citation.ref
        yield f"{ruleset.id} {ruleset.edition} — {ref}"
        yield f"{INDENT}{item.summary.told(self.language)}"
        if item.no_rule:
            yield f"{INDENT}{self.tell(f'no_rule.{item.no_rule}')}"
        parts = [part for part in ruleset.provisions if _is_part(part, item, ruleset.provisions)]
        yield from self._lay_out("parts", self._tabulate_provisions(parts))
        parameters = [x for name in item.parameters for x in self._list_parameters(name)]
        yield from self._lay_out("parameters", self._tabulate_parameters(parameters))
        rules = [ruleset.rules[name] for name in item.rules]
        lines = [line for rule in rules for line in tell_rule(rule, self.language)]
        yield from self._lay_out("rules", iter(lines))
        readings = [x for x in ruleset.readings.values() if x.citation.ref == ref]
        yield from self._lay_out(
            "readings", iter([line for x in readings for line in self._tell_reading(x)])
        )
        teller = make_teller(ruleset.checked, self.language)
        yield from self._lay_out_under(self.tell("history.here"), teller.list_at(ref))

    def _lay_out(self, heading: str, lines: Iterator[str]) -> Iterator[str]:
        return self._lay_out_under(self.tell(f"heading.{heading}"), lines)

    def _lay_out_under(self, heading: str, lines: Iterator[str]) -> Iterator[str]:
        told = list(lines)
        if told:
            yield ""
            yield heading
            yield from (f"{INDENT}{line}".rstrip() for line in told)

    def _tabulate(self, keys: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
        if rows:
            yield from lay_out_table([self.tell(f"heading.{key}") for key in keys], rows)

    def _list_document(self) -> list[tuple[str, str]]:
        document, checked = self.ruleset.checked.document, self.ruleset.checked
        issued = self.ruleset.loaded.document.document.issued
        return [
            (self.tell("heading.title"), document.title.told(self.language)),
            (self.tell("document.issuer"), document.issuer.told(self.language)),
            (self.tell("document.number"), document.number),
            (self.tell("document.issued"), str(issued or "")),
            (self.tell("document.status"), self.tell(f"status.{document.status}")),
            (self.tell("document.from"), self._tell_start(document)),
            (self.tell("document.until"), tell_end(document, self.language)),
            (self.tell("document.verified"), tell_day(document.verified, self.language)),
            (self.tell("document.published"), str(checked.succession.published or "")),
            *((self.tell("document.succession"), told) for told in self._list_succession()),
            *((self.tell("document.doubt"), x.told(self.language)) for x in document.doubts),
            (self.tell("document.file"), str(self.ruleset.path)),
            (self.tell("document.file_digest"), checked.source_digest),
            (self.tell("document.digest"), checked.semantic_digest),
        ]

    def _list_succession(self) -> Iterator[str]:
        held = self.ruleset.checked.succession
        return tell_succession(held.supersedes, held.transitions, self.language)

    def _tell_start(self, document: Document) -> str:
        if not document.start_reading:
            return tell_day(next(iter(document.starts.values()), None), self.language)
        days = [
            self.tell("document.option", day=day.isoformat(), option=option)
            for option, day in document.starts.items()
        ]
        told = join(self.language, *days)
        return self.tell("document.by_reading", days=told, reading=document.start_reading)

    def _tabulate_decisions(self) -> Iterator[str]:
        rows = [
            (
                item.name,
                item.label.told(self.language),
                item.subject.told(self.language),
                item.as_of,
                self.tell(f"answers.{item.answers}"),
                ", ".join(item.outputs),
            )
            for item in self.ruleset.checked.decisions.values()
        ]
        keys = ("decision", "label", "subject", "as_of", "answers", "outputs")
        yield from self._tabulate(keys, rows)

    def _tabulate_provisions(self, provisions: Sequence[Provision]) -> Iterator[str]:
        least = min((item.depth for item in provisions), default=0)
        rows = [
            (
                f"{INDENT * (item.depth - least)}{item.citation.ref}",
                item.summary.told(self.language),
                self._tell_content(item),
            )
            for item in provisions
        ]
        yield from self._tabulate(("ref", "summary", "content"), rows)

    def _tell_content(self, item: Provision) -> str:
        """Name the rules and parameters of a provision, or say why it has none."""
        if item.no_rule:
            return self.tell(f"no_rule.{item.no_rule}")
        return ", ".join([*item.rules] or item.parameters)

    def _list_parameters(self, name: str) -> list[Parameter]:
        """Return a parameter, or every cell of a table."""
        checked = self.ruleset.checked
        cells = checked.tables[name].cells.values() if name in checked.tables else (name,)
        return [checked.parameters[cell] for cell in cells]

    def _tabulate_parameters(self, parameters: Sequence[Parameter]) -> Iterator[str]:
        rows = [
            (
                item.name,
                join(self.language, *(self._tell_value(x, item) for x in item.values)),
                self.tell(f"limit.{item.limit}") if item.limit else "",
                item.quoted,
                item.citation.ref,
                item.label.told(self.language),
            )
            for item in parameters
        ]
        keys = ("name", "value", "limit", "quoted", "ref", "label")
        yield from self._tabulate(keys, rows)

    def _tell_value(self, dated: DatedValue, item: Parameter) -> str:
        value = self._tell_unset(item) if dated.value is None else self._write(dated, item)
        if dated.start is None and dated.until is None:
            return value
        start, until = (
            day.isoformat() if day else self.tell("value.open_end")
            for day in (dated.start, dated.until)
        )
        return self.tell("value.dated", value=value, start=start, until=until)

    def _write(self, dated: DatedValue, item: Parameter) -> str:
        if isinstance(dated.value, Scale):
            return Writer(self.ruleset.checked, self.language).write_scale(dated.value, item.name)
        return "" if dated.value is None else write_fact(dated.value, item.type)

    def _tell_unset(self, item: Parameter) -> str:
        if item.set_by is None:
            return self.tell("value.unset")
        return self.tell("value.unset_by", by=item.set_by.told(self.language))

    def _tabulate_readings(self, readings: Sequence[Reading]) -> Iterator[str]:
        rows = [
            (
                item.name,
                item.citation.ref,
                join(self.language, *(self._tell_option(x, item) for x in item.options)),
                item.question.told(self.language),
            )
            for item in readings
        ]
        yield from self._tabulate(("name", "ref", "options", "question"), rows)

    def _tell_option(self, option: str, item: Reading) -> str:
        return self.tell("option.default", option=option) if option == item.default else option

    def _tell_reading(self, item: Reading) -> Iterator[str]:
        yield item.name
        yield f"{INDENT}{item.question.told(self.language)}"
        for option, label in item.options.items():
            words = {"option": self._tell_option(option, item), "label": label.told(self.language)}
            yield f"{INDENT}- {self.tell('reading.option', **words)}"
        because = item.because.told(self.language)
        yield f"{INDENT}{self.tell('reading.because', because=because)}"


def _is_part(part: Provision, whole: Provision, provisions: Sequence[Provision]) -> bool:
    """Return whether ``part`` stands below ``whole`` in the document."""
    start = provisions.index(whole)
    for item in provisions[start + 1 :]:
        if item.depth <= whole.depth:
            return False
        if item is part:
            return True
    return False
