"""Comes in: a ruleset, a decision and a table in a file. Goes out: a folder with every result.

The table may be larger than memory. What is open of rows stands in files of its own in the folder.
What decides is told, and how many rows came in, were decided and were rejected. The same command
again goes on where a stopped run was.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

from voucher_rules.api.batches import BatchOptions, BatchReport, decide_table
from voucher_rules.api.rulesets import Ruleset
from voucher_rules.batch.cases.jobs import FORMATS, MEMORY
from voucher_rules.batch.results.report_lines import tell_columns
from voucher_rules.batch.runs import EXECUTORS, SPARK
from voucher_rules.batch.spark.session import start_session
from voucher_rules.cli.exits import DONE, FAULTS, Answer
from voucher_rules.cli.inputs import open_ruleset, start_as_stated
from voucher_rules.cli.options import (
    add_assumption,
    add_first_day,
    add_format,
    add_jobs,
    add_readings,
    add_ruleset,
    read_whole,
)
from voucher_rules.cli.progress import Progress
from voucher_rules.cli.table_options import add_table, put_table_options
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_ruleset(parser)
    parser.add_argument("decision", metavar="DECISION", help="name of the decision")
    parser.add_argument("table", metavar="IN", help="table: .parquet, .csv or .jsonl")
    parser.add_argument(
        "folder", metavar="OUT", help="folder of the results; new, or of the same run"
    )
    parser.add_argument("--on", metavar="DATE", help="the day that fixes the law, YYYY-MM-DD")
    add_readings(parser)
    add_first_day(parser)
    add_assumption(parser)
    _add_table(parser)
    _add_work(parser)
    add_format(parser)


def _add_table(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("how the table is read, and what is written")
    add_table(group)
    group.add_argument(
        "--key",
        metavar="COLUMN",
        action="append",
        default=[],
        help="a column that goes with each row into its result; may be given several times",
    )
    group.add_argument("--to", choices=FORMATS, help="form of the results (default: that of IN)")


def _add_work(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("how it is done")
    group.add_argument(
        "--executor", choices=EXECUTORS, default=EXECUTORS[0], help="what decides (default: auto)"
    )
    group.add_argument("--master", metavar="URL", help="master of Spark, such as local[2]")
    group.add_argument(
        "--part-rows", metavar="N", type=read_whole, help="how many rows make a part"
    )
    group.add_argument(
        "--threads", metavar="N", type=read_whole, default=0, help="threads of DuckDB"
    )
    group.add_argument(
        "--memory", metavar="SIZE", default=MEMORY, help="memory of DuckDB (default: 1GB)"
    )
    group.add_argument(
        "--progress", action="store_true", help="tell how far it is, also where nobody looks on"
    )
    add_jobs(group)  # type: ignore[arg-type]  # a group takes arguments as a parser does


def run(arguments: argparse.Namespace) -> Answer:
    """Decide the table; the exit code tells whether rows were rejected."""
    language: str = arguments.lang
    ruleset = open_ruleset(
        arguments.ruleset, arguments.edition, arguments.rulesets, arguments.notice
    )
    ruleset = start_as_stated(ruleset, arguments.in_force_from)
    progress = Progress(language, always=arguments.progress)

    options = _read_options(ruleset, arguments, progress)
    try:
        report = decide_table(
            ruleset, arguments.decision, arguments.table, arguments.folder, **options
        )
    finally:
        progress.finish()
    told = _write_json(report) if arguments.format == "json" else report.summary(language)
    return Answer(told, FAULTS if report.rows["rejected"] else DONE)


def _read_options(
    ruleset: Ruleset, arguments: argparse.Namespace, progress: Progress
) -> BatchOptions:
    """Return how the table is read, decided and written. Raises :class:`InputError`."""

    def watch(done: int, whole: int | None) -> None:
        progress.tell(done, whole or done, done)

    def warn(absent: Sequence[str], unused: Sequence[str]) -> None:
        for line in tell_columns(absent, unused, arguments.lang):
            print(line, file=sys.stderr, flush=True)

    options: BatchOptions = {
        "keys": arguments.key,
        "executor": arguments.executor,
        "threads": arguments.threads,
        "memory": arguments.memory,
        "tell": watch,
        "before": warn,
    }
    put_table_options(options, ruleset, arguments)
    if arguments.executor == SPARK or arguments.master is not None:
        options["spark"] = _open_spark(arguments)
    if arguments.part_rows is not None:
        options["part_rows"] = arguments.part_rows
    if arguments.to is not None:
        options["form"] = arguments.to
    return options


def _write_json(report: BatchReport) -> str:
    told = {
        "executor": report.executor,
        "rows": report.rows,
        "outcomes": report.outcomes,
        "absent": report.absent,
        "unused": report.unused,
        "faults": [asdict(fault) for fault in report.list_faults()],
        "unmatched": report.unmatched,
        "untold": report.untold,
        "missing": report.missing,
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _open_spark(arguments: argparse.Namespace) -> object:
    """Return a session of Spark. Raises :class:`InputError`."""
    if arguments.executor != SPARK:
        told = {"found": arguments.executor, "options": SPARK, "near": ""}
        raise InputError([Diagnostic("not-one-of", told, path="--executor")])
    return start_session(arguments.master)
