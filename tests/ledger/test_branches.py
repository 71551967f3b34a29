"""Comes in: a ledger and another made of it. Goes out: a failure where trying out is not safe."""

from __future__ import annotations

import pytest
from invented import claim, open_ledger

import voucher_rules as vr


def test_what_is_tried_out_is_not_there_until_it_is_adopted() -> None:
    ledger = open_ledger()
    claim(ledger, "V1", "2万元", "2024-02-01T09:00")
    before = ledger.entries
    tried = ledger.branch()
    claim(tried, "V2", "2万元", "2024-02-02T09:00")
    assert ledger.entries == before
    assert ledger.find("voucher", "V2") is None
    assert ledger.adopt(tried) == tried.entries[len(before) :]
    assert ledger.entries == tried.entries
    assert ledger.find("voucher", "V2") is not None


def test_a_branch_of_what_was_known_then_holds_no_more_and_tells_it_as_known_then() -> None:
    ledger = open_ledger()
    claim(ledger, "V1", "2万元", "2024-02-01T09:00")
    ledger.enter("voucher", "V1", "refuse", "2024-02-01T10:00", known="2024-02-05T09:00")
    tried = ledger.branch("2024-02-04T09:00")
    assert tried.entries == ledger.entries[:-1]
    claim(tried, "V2", "2万元", "2024-02-02T09:00")
    assert tried.entries[-1].known.isoformat() == "2024-02-04T01:00:00+00:00"
    with pytest.raises(vr.ConflictError) as caught:
        ledger.adopt(tried)
    assert caught.value.diagnostics[0].code == "store-moved-on"
    assert ledger.find("voucher", "V2") is None


def test_a_ledger_that_moved_on_adopts_nothing() -> None:
    ledger = open_ledger()
    tried = ledger.branch()
    claim(tried, "V1", "2万元", "2024-02-01T09:00")
    claim(ledger, "V2", "2万元", "2024-02-01T09:00")
    held = ledger.entries
    with pytest.raises(vr.ConflictError):
        ledger.adopt(tried)
    assert ledger.entries == held
