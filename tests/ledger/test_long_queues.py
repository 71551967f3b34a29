"""Comes in: queues. Goes out: a failure where serving one costs or keeps more than it should."""

from __future__ import annotations

import gc
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from invented import FOLDER, facts
from test_allocation_laws import (
    START,
    Asked,
    Happened,
    Kind,
    ask,
    draft_event,
    open_ledger,
    serve,
)

import voucher_rules as vr
from voucher_rules.decision.result import DecisionResult
from voucher_rules.ledger.deciding import Request
from voucher_rules.ledger.keeper import Keeper
from voucher_rules.ledger.ranking import list_keys

NAME = "invented-voucher"
RANKS = """\
      - {id: dear_first, topic: priority, for: claim, rank: [{key: voucher.amount, first: highest}]}
      - {id: new_first, topic: priority, for: claim, when: ledger.received <= most_vouchers - one_more, rank: [{key: ledger.used_this_year, first: lowest}, {key: contract.amount, first: highest}]}
      - {id: richer_pool, topic: priority, for: claim, when: service.category == 'testing', rank: [{key: pool.funds_left, first: highest}]}
"""  # noqa: E501 - a rule of the ruleset stands on one line
ORDER = ("new_first", "richer_pool", "dear_first", "first_come")


@pytest.fixture
def considered(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each thing was decided about."""
    found: Counter[str] = Counter()
    real = Keeper.consider

    def count(keeper: Keeper, request: Request, known: datetime | None = None) -> object:
        found[request.thing] += 1
        return real(keeper, request, known)

    monkeypatch.setattr(Keeper, "consider", count)
    return found


def at_hour(hours: int) -> datetime:
    return START + timedelta(hours=hours)


@pytest.mark.parametrize("kind", [Kind(partial=True), Kind(partial=False)])
def test_who_waits_is_decided_again_only_when_there_is_money(
    kind: Kind, considered: Counter[str]
) -> None:
    ledger = open_ledger(kind, {"training": 100_000, "testing": 900_000})
    considered.clear()
    waiting = [Asked(f"W{n}", at_hour(n), "training", 200_000) for n in range(5)]
    others = [Asked(f"X{n}", at_hour(10 + n), "testing", 2_000) for n in range(20)]
    more = Happened(at_hour(15), "add", "training", 100_000)
    served = serve(ledger, [*waiting, *others], [more], None)
    assert [x.thing for x in served.placements if x.granted][:3] == ["W0", "X0", "X1"]
    assert next(x.thing for x in served.placements if x.at == at_hour(15)) == "W1"
    assert dict(considered) == {
        "W0": 1,
        "W1": 2,
        **dict.fromkeys(["W2", "W3", "W4"], 1),
        **{f"X{n}": 1 for n in range(20)},
    }


@pytest.mark.parametrize("fen", [-1, 0, 1])
def test_the_last_fen_calls_up(fen: int) -> None:
    """Below zero, at it, just above: a budget that is lowered may leave less than nothing."""
    ledger = open_ledger(Kind(), {"training": 100_000})
    queue = [Asked(f"V{n}", at_hour(n), "training", 200_000) for n in range(2)]
    put = Happened(at_hour(5), "put", "training", 100_000 + fen)
    served = serve(ledger, queue, [put], None)
    called = [(x.thing, x.granted) for x in served.placements if x.at == at_hour(5)]
    assert called == ([("V1", 1)] if fen > 0 else [])


def test_who_no_longer_waits_is_not_called_up() -> None:
    ledger = open_ledger(Kind(), {"training": 0})
    queue = [Asked(f"V{n}", at_hour(n), "training", 100_000) for n in range(3)]
    events = [
        Happened(at_hour(4), "give_up", "V1"),
        Happened(at_hour(5), "put", "training", 100_000),
    ]
    served = serve(ledger, queue, events, None)
    assert [x.thing for x in served.placements if x.granted] == ["V0", "V2"]


def test_who_came_to_wait_in_an_earlier_queue_is_called_up_in_a_later_one() -> None:
    ledger = open_ledger(Kind(), {"training": 0})
    serve(ledger, [Asked("V0", at_hour(0), "training", 100_000)], (), None)
    put = Happened(at_hour(2), "put", "training", 50_000)
    served = serve(ledger, [Asked("V1", at_hour(1), "training", 100_000)], [put], None)
    assert [x.thing for x in served.placements if x.granted] == ["V0"]


def test_a_queue_keeps_no_decision_but_tells_of_each() -> None:
    ledger = open_ledger(Kind(), {"training": 100_000})
    queue = [Asked(f"V{n}", at_hour(n), "training", 200_000) for n in range(3)]
    gc.collect()
    before = sum(isinstance(x, DecisionResult) for x in gc.get_objects())
    told: list[tuple[str, str, str]] = []

    def tell(placement: vr.Placement, made: vr.LedgerDecision) -> None:
        assert ledger.entries[-2].id == made.entry == placement.entry
        told.append((placement.thing, placement.place, made.decision.outcome))

    served = ledger.allocate("funds", [ask(ledger, asked) for asked in queue], tell=tell)
    gc.collect()
    assert sum(isinstance(x, DecisionResult) for x in gc.get_objects()) == before
    assert told == [
        ("V0", "granted", "granted"),
        ("V1", "waiting", "granted"),
        ("V2", "waiting", "granted"),
    ]
    made = [ledger.keeper.find_decision(x.entry).body for x in served.placements]
    assert [body.thing for body in made if isinstance(body, vr.Made)] == ["V0", "V1", "V2"]


def test_ranking_reads_only_what_it_rests_on_and_finds_what_the_decision_finds(
    tmp_path: Path,
) -> None:
    text = (FOLDER / NAME / "1.yaml").read_text(encoding="utf-8")
    text = text.replace("      - {id: first_come,", f"{RANKS}      - {{id: first_come,")
    text = text.replace("    order: [first_come]\n", f"    order: [{', '.join(ORDER)}]\n")
    path = tmp_path / NAME / "1.yaml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    ledger = vr.Ledger(vr.load(path))
    put = [Happened(START, "put", name, 900_000) for name in ("training", "testing")]
    ledger.keeper.enter([draft_event(happened) for happened in put])
    for number in range(4):
        carries = {"enterprise": f"E{number % 2}", "provider": "P1", "category": "testing"}
        amount = f"{number + 1}00元"
        ledger.enter("voucher", f"old{number}", "order", START, amount=amount, carries=carries)
    found = set()
    for number in range(6):
        stated = {
            **facts(f"{number % 3 + 1}000元", at_hour(number).isoformat()),
            "service.category": "testing" if number % 2 else "training",
        }
        carries = {"enterprise": f"E{number % 3}", "provider": "P1"}
        asked = ledger.request("claim", stated, at_hour(1), thing=f"V{number}", carries=carries)
        result = ledger.keeper.consider(asked).result
        keys = ledger.keeper.rank(asked, ORDER)
        assert keys == list_keys(result.ruleset.rules, result.ranking, ORDER)
        assert all(key is not None for key in keys[:2])
        found.add(keys)
    assert len(found) == 6
