"""An invented measure for tests of the ledger's parts: vouchers with money, bans without."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from voucher_rules.checked.histories import (
    Carried,
    Histories,
    Lifecycle,
    Pool,
    SpanKind,
    Standing,
    State,
    Transition,
    Within,
)
from voucher_rules.checked.symbols import Wording
from voucher_rules.language.types import DATE, TEXT, Kind, Type
from voucher_rules.ledger.entries import Body, Entry, Made, Moved

LABEL: Final = Wording("某", "some")
SIZES: Final = Type(Kind.CHOICE, "sizes", ("small", "large"))


def make_lifecycle(
    name: str,
    currency: str,
    states: str,
    ways: Mapping[str, tuple[str, str, bool] | tuple[str, str, bool, str]],
) -> Lifecycle:
    carries = {
        "owner": Carried("owner", LABEL, TEXT),
        "size": Carried("size", LABEL, SIZES, "owner.size"),
        "until": Carried("until", LABEL, DATE, "owner.until"),
    }
    return Lifecycle(
        name=name,
        label=LABEL,
        currency=currency,
        carries=carries,
        states={state: State(state, LABEL, Standing.HELD) for state in states.split()},
        transitions={
            event: Transition(event, LABEL, tuple(sources.split()), target, partial, rest=rest)
            for event, (sources, target, partial, *others) in ways.items()
            for rest in others or ("",)
        },
        tells={},
    )


VOUCHER: Final = make_lifecycle(
    "voucher",
    "CNY",
    "granted paid back lapsed",
    {
        "grant": ("", "granted", False),
        "pay": ("granted", "paid", True),
        "finish": ("granted", "paid", True, "back"),
        "refund": ("paid", "back", True),
        "lapse": ("granted", "lapsed", False),
        "void": ("granted paid", "back", True),
        "close": ("granted paid", "lapsed", False),
    },
)
BAN: Final = make_lifecycle(
    "ban",
    "",
    "active lifted",
    {"start": ("", "active", False), "lift": ("active", "lifted", False)},
)
POOL: Final = Pool(
    "funds",
    LABEL,
    "voucher",
    ("granted",),
    ("size",),
    "granted",
    Within(SpanKind.LIFETIME),
    partial=False,
    order=(),
)
HISTORIES: Final = {"r": Histories({"voucher": VOUCHER, "ban": BAN}, {}, {"funds": POOL})}

GRANT: Final = Moved("r", "1", "voucher", "v", "grant", 100, carries={"owner": "a"})
START: Final = Moved("r", "1", "ban", "b", "start", carries={"owner": "a"})
MADE: Final = Made("r", "1", "", "claim", None, "", {}, {}, {}, False, (), "granted", {})  # noqa: FBT003


def on(day: int, hour: int = 0) -> datetime:
    """Return a moment of May 2024."""
    return datetime(2024, 5, day, hour, tzinfo=UTC)


def move(event: str, amount: int | None = None, **changes: Any) -> Moved:  # noqa: ANN401 - parts
    """Return an event of the voucher after its grant."""
    return replace(GRANT, event=event, amount=amount, carries={}, **changes)


def number(*items: tuple[int, Body] | tuple[int, Body, str], known: int = 31) -> list[Entry]:
    """Return entries e1, e2 … from days, bodies and what they correct, all known on one day."""
    found = []
    for seq, item in enumerate(items, 1):
        corrects = item[2] if len(item) > 2 else ""
        found.append(Entry(seq, f"e{seq}", on(item[0]), on(known), item[1], corrects))
    return found
