"""Comes in: entries just made. Goes out: what the command says of them."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from voucher_rules.api.ledger import Ledger
from voucher_rules.cli.entries import HEADINGS, EntryTeller, tell_standing
from voucher_rules.cli.exits import Answer
from voucher_rules.cli.ledger_data import data_of_entry
from voucher_rules.explain.columns import lay_out_table
from voucher_rules.ledger.entries import Entry


def answer_entered(
    ledger: Ledger, entered: Sequence[Entry], arguments: argparse.Namespace
) -> Answer:
    """Return the entries that were made, as a table or as data."""
    if arguments.format == "json":
        data = [data_of_entry(entry) for entry in entered]
        return Answer(json.dumps(data, ensure_ascii=False, indent=2))
    teller = EntryTeller(ledger, arguments.lang)
    standing = tell_standing(ledger.entries, arguments.lang)
    headings = [teller.tell(f"heading.{key}") for key in HEADINGS]
    rows = [teller.make_row(entry, standing) for entry in entered]
    done = teller.tell("enter.done", count=str(len(entered)))
    return Answer("\n".join(lay_out_table(headings, rows)), messages=done)
