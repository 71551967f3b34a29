"""Comes in: a ruleset and stored entries. Goes out: a SELECT of the columns they hold."""

from __future__ import annotations

from typing import Final

from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.compiled.history_text import Speech, nest, select
from voucher_rules.compiled.sql_dialects import DIALECTS
from voucher_rules.compiled.sql_steps import fill

_OF_ENTRY: Final = ("id", "corrects")
_OF_BODY: Final = ("kind", "ruleset", "lifecycle", "thing", "event", "source")


def write_load(ruleset: CheckedRuleset, dialect: str, entries: str) -> str:
    """Return the statement; a moment is in UTC, without a zone."""
    speech = Speech(DIALECTS[dialect])
    name, spoken = speech.name, speech.dialect
    opened = select([f"{fill(spoken.opened, a=name('text'))} AS vr_text"], entries)

    def take(path: str) -> str:
        return fill(spoken.taken, a="vr_text", path=path)

    moments = {
        key: f"CAST(REPLACE({take(key)}, 'Z', '') AS {spoken.moment})" for key in ("at", "known")
    }
    lifecycles = ruleset.histories.lifecycles.values()
    carried = dict.fromkeys(x for lifecycle in lifecycles for x in lifecycle.carries)
    columns = [
        f"CAST({take('seq')} AS BIGINT) AS {name('seq')}",
        *(f"{take(key)} AS {name(key)}" for key in _OF_ENTRY),
        *(f"{text} AS {name(key)}" for key, text in moments.items()),
        *(f"{take(f'body.{key}')} AS {name(key)}" for key in _OF_BODY),
        f"CAST({take('body.amount')} AS BIGINT) AS {name('amount')}",
        *(f"{take(f'body.carries.{x}')} AS {name(f'carries.{x}')}" for x in carried),
    ]
    return select(columns, nest(opened, spoken.fence))
