"""Comes in: a ledger. Goes out: what an auditor may want to look at, with the entries behind it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

from voucher_rules.api.indicators import LedgerIndicator, audit
from voucher_rules.cli.exits import DONE, FAULTS, Answer
from voucher_rules.cli.ledgers import add_ledger, open_named_ledger
from voucher_rules.cli.options import add_format
from voucher_rules.cli.words import tell
from voucher_rules.ledger.indicators.model import Settings


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_ledger(parser)
    settings = Settings()
    parser.add_argument(
        "--split-days",
        type=int,
        metavar="N",
        default=settings.split_days,
        help="days between things that may be parts of one (default: %(default)s)",
    )
    parser.add_argument(
        "--double-days",
        type=int,
        metavar="N",
        default=settings.double_days,
        help="days between things under several rulesets that may be for the same service "
        "(default: %(default)s)",
    )
    add_format(parser)


def run(arguments: argparse.Namespace) -> Answer:
    """Go through the ledger; nothing is entered."""
    asked = {"split_days": arguments.split_days, "double_days": arguments.double_days}
    with open_named_ledger(arguments, read_only=True) as ledger:
        found = audit(ledger, replace(Settings(), **asked))
        code = FAULTS if found else DONE
        if arguments.format == "json":
            data = [item.to_data() for item in found]
            return Answer(json.dumps(data, ensure_ascii=False, indent=2), code)
        if not found:
            return Answer(tell(arguments.lang, "audit.nothing"))
        return Answer("\n".join(_tell_all(found, arguments.lang)), code)


def _tell_all(found: Sequence[LedgerIndicator], language: str) -> Iterator[str]:
    for item in found:
        yield f"{item.code}: {item.explain(language)}"
        key = "audit.entry" if len(item.entries) == 1 else "audit.entries"
        yield "  " + tell(language, key, entries=" ".join(item.entries))
