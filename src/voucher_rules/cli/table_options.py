"""Comes in: the words of options. Goes out: how a table is read and decided."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING

from voucher_rules.api.rulesets import Ruleset
from voucher_rules.batch.cases.cells import FLOATS
from voucher_rules.batch.cases.joining import Records
from voucher_rules.cli.inputs import read_settings
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError

if TYPE_CHECKING:
    from voucher_rules.api.batches import BatchOptions
    from voucher_rules.api.population_inputs import TableOptions


def add_table(group: argparse._ArgumentGroup) -> None:
    """Add the options that say how a table is read."""
    group.add_argument(
        "--column",
        metavar="COLUMN=FACT",
        action="append",
        default=[],
        help="the fact, or field of records, of a column that is not called like it; may be given "
        "several times",
    )
    group.add_argument(
        "--given",
        metavar="FACT=VALUE",
        action="append",
        default=[],
        help="a fact of every row that does not state it; may be given several times",
    )
    group.add_argument(
        "--floats",
        choices=FLOATS,
        default=FLOATS[0],
        help="what becomes of binary floats (default: refuse)",
    )
    group.add_argument(
        "--records",
        metavar="LIST=FILE",
        action="append",
        default=[],
        help="a table of the records of a list; may be given several times",
    )
    group.add_argument(
        "--records-key",
        metavar="LIST=COLUMN",
        action="append",
        default=[],
        help="the column, there and in the table, that tells whose a record is",
    )
    group.add_argument(
        "--records-complete",
        metavar="LIST",
        action="append",
        default=[],
        help="the table of the records of this list has all there are: a row without any has none",
    )


def put_table_options(
    options: BatchOptions | TableOptions, ruleset: Ruleset, arguments: argparse.Namespace
) -> None:
    """Put among options how a table is read and decided. Raises :class:`InputError`."""
    files = read_settings(arguments.records, "--records")
    keys = read_settings(arguments.records_key, "--records-key")
    complete = set(arguments.records_complete)
    _check_together(files, keys, complete)
    columns = read_settings(arguments.column, "--column")
    fields = {name: _pick_fields(ruleset, name, columns) for name in files}
    taken = {column for own in fields.values() for column in own}
    records = {
        name: Records(path, keys[name], fields[name], name in complete)
        for name, path in files.items()
    }
    options["columns"] = {column: fact for column, fact in columns.items() if column not in taken}
    options["facts"] = read_settings(arguments.given, "--given")
    options["floats"] = arguments.floats
    options["records"] = records
    options["readings"] = read_settings(arguments.reading, "--reading")
    options["assume_in_force"] = arguments.assume_in_force
    options["jobs"] = arguments.jobs
    if arguments.on is not None:
        options["on"] = arguments.on


def _check_together(files: Mapping[str, str], keys: Mapping[str, str], complete: set[str]) -> None:
    """Check that each file has a key, and that nothing is said of one there is not."""
    found = [
        Diagnostic(
            "option-missing",
            {"option": f"--records-key {name}=COLUMN", "other": f"--records {name}=FILE"},
            path="--records",
        )
        for name in files
        if name not in keys
    ]
    alone = [*(("--records-key", x) for x in keys), *(("--records-complete", x) for x in complete)]
    found += [
        Diagnostic(
            "option-alone",
            {"option": f"{option} {name}", "other": f"--records {name}=FILE"},
            path=option,
        )
        for option, name in sorted(alone)
        if name not in files
    ]
    if found:
        raise InputError(found)


def _pick_fields(ruleset: Ruleset, name: str, columns: Mapping[str, str]) -> dict[str, str]:
    """Return the columns that are said to be of fields of a list."""
    spec = ruleset.checked.lists.get(name)
    return {x: y for x, y in columns.items() if spec is not None and y in spec.fields}
