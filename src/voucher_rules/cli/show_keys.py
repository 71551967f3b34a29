"""Comes in: a log. Goes out: the keys it names, from when to when each counts, and if believed."""

from __future__ import annotations

import argparse
import base64
import json
from typing import Final

from voucher_rules.api.keys import list_keys
from voucher_rules.cli.exits import Answer
from voucher_rules.cli.log_options import add_keys, add_log, read_all_keys
from voucher_rules.cli.words import tell
from voucher_rules.explain.columns import lay_out_table
from voucher_rules.explain.deviations import tell_moment
from voucher_rules.record.instants import write_instant
from voucher_rules.record.key_changes import LogKey

NAME: Final = "keys"
SUMMARY: Final = "List the keys that a log names."
HEADINGS: Final = ("key", "from", "until", "entry", "believed", "public")


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_log(parser)
    add_keys(parser, "public key to believe to begin with, in the stead of those of the header")
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="form (default: text)"
    )


def run(arguments: argparse.Namespace) -> Answer:
    """List the keys, in the order they came in."""
    found = list_keys(arguments.log, trusted=read_all_keys(arguments.key))
    if arguments.format == "json":
        data = [_make_data(key) for key in found]
        return Answer(json.dumps(data, ensure_ascii=False, indent=2))
    if not found:
        return Answer(tell(arguments.lang, "log.no_keys"))
    headings = [tell(arguments.lang, f"heading.key.{name}") for name in HEADINGS]
    rows = [_make_row(key, arguments.lang) for key in found]
    return Answer("\n".join(lay_out_table(headings, rows)))


def _make_row(key: LogKey, language: str) -> list[str]:
    return [
        key.id,
        tell_moment(write_instant(key.since)),
        tell_moment(write_instant(key.until)) if key.until else "",
        str(key.seq) if key.seq else tell(language, "log.header"),
        tell(language, f"log.believed.{'yes' if key.believed else 'no'}"),
        base64.b64encode(key.public).decode(),
    ]


def _make_data(key: LogKey) -> dict[str, object]:
    return {
        "id": key.id,
        "from": write_instant(key.since),
        "until": write_instant(key.until) if key.until else None,
        "seq": key.seq,
        "believed": key.believed,
        "public": base64.b64encode(key.public).decode(),
    }
