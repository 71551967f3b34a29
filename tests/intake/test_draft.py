"""Drafts: they load, say what is to do, hold every quantity, and come out of any text at all."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from hand_counts import INVENTED_PROVISIONS, INVENTED_QUANTITIES, list_refs
from official_texts import INVENTED, TEXTS

import voucher_rules as vr
from voucher_rules.api import read_ruleset
from voucher_rules.intake.draft import draft_ruleset, quote
from voucher_rules.intake.read_text import MAX_TEXT, parse_text
from voucher_rules.intake.text import take_text
from voucher_rules.ruleset.load import LoadedRuleset, load_ruleset
from voucher_rules.ruleset.model import ProvisionDoc
from voucher_rules.sources.yaml import read_yaml

SAMPLES = sorted(INVENTED.glob("*.txt")) + (sorted(Path(TEXTS).glob("*.txt")) if TEXTS else [])
NAMES = [path.stem for path in SAMPLES]


def load(text: str) -> LoadedRuleset:
    return load_ruleset(text.encode(), "draft.yaml")


def walk(provisions: tuple[ProvisionDoc, ...]) -> list[ProvisionDoc]:
    return [x for p in provisions for x in (p, *walk(p.provisions))]


@pytest.mark.parametrize("path", SAMPLES, ids=NAMES)
def test_a_draft_loads(path: Path) -> None:
    loaded = load(vr.draft(path)).document
    assert loaded.document.text is not None
    assert all(item.fingerprint for item in walk(loaded.provisions))


@pytest.mark.parametrize("path", SAMPLES, ids=NAMES)
def test_check_tells_what_is_left_to_do_and_nothing_else(path: Path, tmp_path: Path) -> None:
    made = tmp_path / "draft" / "1.yaml"
    made.parent.mkdir()
    made.write_text(vr.draft(path), encoding="utf-8")
    with pytest.raises(vr.RulesetError) as caught:
        read_ruleset(made)
    codes = {item.code for item in caught.value.diagnostics}
    assert codes <= {"still-to-do", "provision-unaccounted", "parameter-unused"}
    told = sum(item.code == "still-to-do" for item in caught.value.diagnostics)
    lines = [x for x in made.read_text(encoding="utf-8").splitlines() if not x.startswith("#")]
    assert told == sum(line.count("TODO") for line in lines)


@pytest.mark.parametrize("name", INVENTED_PROVISIONS)
def test_a_draft_holds_what_was_counted(name: str) -> None:
    provisions = walk(load(vr.draft(INVENTED / f"{name}.txt")).document.provisions)
    assert [str(x.ref) for x in provisions] == list(list_refs(INVENTED_PROVISIONS[name]))
    for item in provisions:
        counted = INVENTED_QUANTITIES[name].get(str(item.ref), "").split()
        proposed = [str(x.value) for x in item.parameters.values()]
        assert [x for x in counted if x in proposed] == proposed


def test_a_parameter_says_type_unit_value_limit_and_the_words_of_the_text() -> None:
    text = take_text("第一条 专职人员不少于8名，补贴不超过三分之二，自下单之日起7个工作日内。", "t")
    [article] = load(draft_ruleset(text)).document.provisions
    told = {
        name: [str(x) for x in (y.type, y.unit, y.value, y.limit, y.quoted)]
        for name, y in article.parameters.items()
    }
    assert told == {
        "count_1": ["count", "名", "8名", "at_least", "不少于"],
        "ratio_1": ["ratio", "None", "2/3", "at_most", "不超过"],
        "period_1": ["period", "working_day", "7个工作日", "at_most", "内"],
    }


def test_reasons_are_suggestions_only() -> None:
    written = draft_ruleset(take_text("第一章 总则\n第一条 为规范甲，制定本办法。", "t"))
    assert "# no_rule: heading" in written
    assert "# no_rule: purpose" in written
    assert all(x.no_rule is None for x in walk(load(written).document.provisions))


@pytest.mark.parametrize(
    "word",
    [
        "",
        "a: b",
        "# c",
        "- d",
        "none",
        "unset",
        "{x}",
        "[x]",
        "'",
        '"',
        "%a",
        "@",
        "a #b",
        "\\",
        "是",
    ],
)
def test_what_is_written_is_read_back(word: str) -> None:
    assert str(read_yaml(f"k: {quote(word)}\n".encode(), "x").root["k"]) == word  # type: ignore[index]


# Whatever comes in, a draft comes out that loads, or an error that says what is wrong.


def draft_or_refuse(data: bytes) -> None:
    try:
        written = draft_ruleset(parse_text(data, "t"))
    except vr.InputError as error:
        told = [error.render(language) for language in ("zh", "en")]
    else:
        told = [str(load(written).document.ruleset)]
    assert all(told)


@pytest.mark.parametrize("path", SAMPLES, ids=NAMES)
def test_a_text_cut_off_anywhere_is_drafted(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for end in range(0, len(text), 50):
        draft_or_refuse(text[:end].encode())
    for start in range(0, len(text), 250):
        draft_or_refuse(text[start:].encode())


@pytest.mark.parametrize("path", SAMPLES, ids=NAMES)
def test_a_text_out_of_order_is_drafted(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    for seed in range(10):
        shuffled = list(lines)
        random.Random(seed).shuffle(shuffled)  # noqa: S311 - no secret
        draft_or_refuse("\n".join(shuffled).encode())
        draft_or_refuse("".join(shuffled).encode())


@pytest.mark.parametrize("seed", range(20))
def test_bytes_that_are_no_text_are_refused(seed: int) -> None:
    source = random.Random(seed)  # noqa: S311 - no secret
    draft_or_refuse(source.randbytes(500))
    letters = "第一二三十条章节（）().、。；①1234567890%元万年月日个《》\n \t附件至-[]A"
    draft_or_refuse("".join(source.choices(letters, k=2000)).encode())
    draft_or_refuse("".join(chr(source.randrange(1, 0xD800)) for _ in range(500)).encode())


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "text-empty"),
        (b" \n\t \xe3\x80\x80\n", "text-empty"),
        ("\ufeff\u200b".encode(), "text-empty"),
        (b"\xd6\xd0\xb9\xfa", "not-utf8"),
        ("第一条".encode("utf-16"), "not-utf8"),
        (b"PK\x03\x04 and so on", "text-not-text"),
        (b"a\x00b", "text-not-text"),
        (b"a" * (MAX_TEXT + 1), "text-too-large"),
        ("第一条 甲。\n".encode() * 5_000, "too-many-provisions"),
        ("".join(f"第{n}条 甲。\n" for n in range(1, 4990)).encode(), "draft-too-large"),
        (("（" * 60_000).encode(), ""),
        (("一" * 60_000).encode(), ""),
        (("9" * 60_000).encode(), ""),
        (("《" * 50_000 + "1元").encode(), ""),
        (("（一）：1." * 5_000).encode(), ""),
    ],
    ids=lambda x: x if isinstance(x, str) else f"{len(x)}",
)
def test_a_text_that_cannot_be_used_is_told(data: bytes, code: str) -> None:
    if not code:
        draft_or_refuse(data)
        return
    with pytest.raises(vr.InputError) as caught:
        draft_ruleset(parse_text(data, "t"))
    assert [item.code for item in caught.value.diagnostics] == [code]


def test_a_draft_does_not_depend_on_anything_but_the_text() -> None:
    path = INVENTED / "notice-with-annex.txt"
    assert vr.draft(path) == vr.draft(Path(os.path.relpath(path))).replace(
        os.path.relpath(path), str(path)
    )
