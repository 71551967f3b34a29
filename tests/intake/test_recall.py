"""Every provision and every quantity a person counted is found, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hand_counts import (
    INVENTED_PROVISIONS,
    INVENTED_QUANTITIES,
    OFFICIAL_PROVISIONS,
    OFFICIAL_QUANTITIES,
    list_refs,
)
from official_texts import INVENTED, TEXTS, needs_texts

from voucher_rules.intake.candidates import write_amount
from voucher_rules.intake.fingerprint import slice_text
from voucher_rules.intake.provisions import split_provisions
from voucher_rules.intake.quantities import find_quantities
from voucher_rules.intake.read_text import read_text
from voucher_rules.ruleset.refs import find_mark


def check_counts(path: Path, refs: str, quantities: Mapping[str, str]) -> None:
    text = read_text(path)
    pieces = split_provisions(text)
    assert [piece.ref for piece in pieces] == list(list_refs(refs))
    found: dict[str, list[str]] = {}
    for quantity in find_quantities(text, pieces).quantities:
        found.setdefault(quantity.ref, []).append(write_amount(quantity))
    assert found == {ref: words.split() for ref, words in quantities.items()}


def check_fingerprints(path: Path) -> None:
    """What a draft pins is what the ruleset made from it is held against."""
    text = read_text(path)
    pieces = split_provisions(text)
    marks = [(x.ref, x.marker or find_mark(x.ref)) for x in pieces]
    cut = slice_text(path.read_text(encoding="utf-8"), marks)
    assert [x.fingerprint for x in cut] == [x.fingerprint(text) for x in pieces]


@pytest.mark.parametrize("name", INVENTED_PROVISIONS)
def test_an_invented_measure_is_read_whole(name: str) -> None:
    path = INVENTED / f"{name}.txt"
    check_counts(path, INVENTED_PROVISIONS[name], INVENTED_QUANTITIES[name])
    check_fingerprints(path)


@needs_texts
@pytest.mark.parametrize("name", OFFICIAL_PROVISIONS)
def test_an_official_text_is_read_whole(name: str) -> None:
    path = Path(TEXTS) / f"{name}.txt"
    check_counts(path, OFFICIAL_PROVISIONS[name], OFFICIAL_QUANTITIES[name])
    check_fingerprints(path)


def test_every_invented_text_is_counted() -> None:
    assert {path.stem for path in INVENTED.glob("*.txt")} == set(INVENTED_PROVISIONS)
    assert all("虚构" in path.read_text(encoding="utf-8") for path in INVENTED.glob("*.txt"))
