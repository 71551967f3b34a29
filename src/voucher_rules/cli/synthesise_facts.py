"""Comes in: a decision, how many cases and a seed. Goes out: a file of invented cases."""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterable, Mapping
from io import StringIO
from pathlib import Path
from typing import Any, Final

from voucher_rules.cli.exits import Answer
from voucher_rules.cli.inputs import open_ruleset, read_facts
from voucher_rules.cli.options import LONG, add_ruleset, read_whole
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.synthetic.files import list_cells, make_record
from voucher_rules.synthetic.synthesise import Synthetic, synthesise

TABLE: Final = ".csv"
LINES: Final = ".jsonl"


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_ruleset(parser)
    parser.add_argument("decision", metavar="DECISION", help="the decision the cases are of")
    parser.add_argument("--count", metavar="N", type=read_whole, required=True, help="how many")
    parser.add_argument(
        "--seed",
        metavar="S",
        type=_read_seed,
        required=True,
        help="whole number; the same seed gives the same cases",
    )
    parser.add_argument(
        "-o", "--out", metavar="FILE", required=True, help="file to write, .csv or .jsonl"
    )
    parser.add_argument(
        "--marginals", metavar="FILE", help="how single facts are spread, YAML or JSON"
    )
    parser.add_argument(
        "--missing", metavar="SHARE", default="0", help="share of rows a fact is left out of"
    )
    parser.add_argument(
        "--boundaries", action="store_true", help="add cases below, at and above every limit"
    )
    parser.add_argument("--on", metavar="DATE", help="the day of every case, YYYY-MM-DD")
    parser.add_argument(
        "--labelled", action="store_true", help="say in every row that it is invented"
    )


def run(arguments: argparse.Namespace) -> Answer:
    """Write the cases and tell how they are."""
    ruleset = open_ruleset(
        arguments.ruleset, arguments.edition, arguments.rulesets, arguments.notice
    )
    told = read_facts(arguments.marginals)[0] if arguments.marginals else None
    made = synthesise(
        ruleset,
        arguments.decision,
        arguments.count,
        seed=arguments.seed,
        marginals=told if told is None else {str(k): _strip(v) for k, v in told.items()},
        missing=arguments.missing,
        boundaries=arguments.boundaries,
        on=arguments.on,
    )
    write_cases(made, arguments.out, labelled=arguments.labelled)
    return Answer(made.summary(arguments.lang))


def _read_seed(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < LONG:
        return int(text)
    message = f"expected a whole number, found {text!r}"
    raise argparse.ArgumentTypeError(message)


def _strip(node: Any) -> Any:  # noqa: ANN401 - a tree of any depth
    if isinstance(node, Mapping):
        return {str(key): _strip(value) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [_strip(item) for item in node]
    return str(node)


def write_cases(made: Synthetic, name: str, *, labelled: bool) -> None:
    """Write the cases as a table or as lines of JSON. Raises InputError where that cannot be."""
    suffix = Path(name).suffix
    if suffix not in {TABLE, LINES}:
        near = {"found": suffix, "options": f"{TABLE}, {LINES}", "near": ""}
        raise InputError([Diagnostic("not-one-of", near, path="--out")])
    lines = (
        _list_table(made, labelled=labelled)
        if suffix == TABLE
        else (
            json.dumps(make_record(made, row, labelled=labelled), ensure_ascii=False) + "\n"
            for row in made.iterate_values()
        )
    )
    _write(name, lines)


def _write(name: str, lines: Iterable[str]) -> None:
    try:
        with Path(name).open("w", encoding="utf-8", newline="") as file:
            file.writelines(lines)
    except OSError as error:
        problem = error.strerror or type(error).__name__
        arguments = {"path": name, "problem": problem}
        raise InputError([Diagnostic("file-not-writable", arguments)]) from None


def _list_table(made: Synthetic, *, labelled: bool) -> Iterable[str]:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for cells in list_cells(made, labelled=labelled):
        writer.writerow(cells)
        yield out.getvalue()
        out.seek(0)
        out.truncate()
