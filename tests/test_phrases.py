"""Phrases of programs in messages: told in both languages, and words of an author left alone."""

from __future__ import annotations

import errno
import json
import os
import re
from pathlib import Path
from typing import Final

import pytest

import voucher_rules as vr
from voucher_rules.diagnostic_texts.phrases import FAULTS, tell_argument
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.language.operators import AGGREGATES, OPERATORS
from voucher_rules.language.types import Kind, Type
from voucher_rules.ledger.entry_shapes import Form as LedgerForm
from voucher_rules.record.canonical import CanonicalError, read_canonical, write_canonical
from voucher_rules.record.keys import Authenticity
from voucher_rules.record.shapes import Form
from voucher_rules.sources.yaml import SourceError, read_yaml

ENGLISH: Final = re.compile(r"[A-Za-z]{2,} [a-z]{2,}")
"""Two English words beside each other: no name, no form, no format."""


@pytest.mark.parametrize("form", [*Form, *LedgerForm])
def test_what_a_field_should_hold_is_told_in_chinese(form: Form | LedgerForm) -> None:
    for code in ("log-field-wrong", "entry-wrong-value"):
        assert not ENGLISH.search(tell_argument(code, "expected", form.value, "zh")), form
        assert tell_argument(code, "expected", form.value, "en") == form.value


def test_what_operators_and_questions_take_is_told_in_chinese() -> None:
    for takes in {x.takes for x in OPERATORS.values()} | {x.takes for x in AGGREGATES.values()}:
        told = tell_argument("types-do-not-fit", "takes", takes, "zh")
        assert told != takes
        assert not ENGLISH.search(told.replace("`a if 条件 else b`", "")), told
        assert tell_argument("types-do-not-fit", "takes", takes, "en") == takes


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ("money in CNY", "金额（CNY）"),
        ("count of 人, date", "数量（人）、日期"),
        ("period in working_day", "期限（工作日）"),
        ("choice of enterprise_class", "选项（enterprise_class）"),
        ("period in day, month or year", "期限（日、月或年）"),
        ("something else", "something else"),
    ],
)
def test_types_are_told_in_chinese_and_names_left_alone(stated: str, told: str) -> None:
    arguments = {"expected": stated, "found": stated}
    text = Diagnostic("type-mismatch", arguments).render("zh")
    assert f"类型应为 {told}" in text
    assert f"实为 {told}" in text
    assert f"expected {stated}, found {stated}" in Diagnostic("type-mismatch", arguments).render(
        "en"
    )


def test_every_kind_of_type_has_a_name_in_chinese() -> None:
    for kind in Kind:
        told = tell_argument("type-mismatch", "found", str(Type(kind)), "zh")
        assert not re.search("[a-z]", told), kind


@pytest.mark.parametrize(
    "number",
    [errno.ENOENT, errno.EACCES, errno.EISDIR, errno.ENOTDIR, errno.ENOSPC, errno.EROFS],
)
def test_what_a_system_says_is_told_in_chinese(number: int) -> None:
    says = os.strerror(number)
    arguments = {"path": "x", "problem": says}
    told = Diagnostic("file-not-readable", arguments)
    assert not ENGLISH.search(told.render("zh")), told.render("zh")
    assert says in told.render("en")


@pytest.mark.parametrize(
    "text", ["{", '{"a" 1}', '{"a": }', "{} {}", '{"a": "x', '{"a": "\\x"}', "{a: 1}", '{"a":1,}']
)
def test_what_is_wrong_with_json_is_told_in_chinese(text: str) -> None:
    with pytest.raises(json.JSONDecodeError) as caught:
        json.loads(text)
    told = tell_argument("json-syntax", "problem", caught.value.msg, "zh")
    assert not ENGLISH.search(told), told


@pytest.mark.parametrize(
    "text",
    [
        "a: b: c\n",
        "a: [1\n",
        "a: {x: 1\n",
        'a: "x\n',
        "a: 1\n b: 2\n",
        "a:\n  - 1\n b: 2\n",
        "a: |x\n  y\n",
        'a: "\\q"\n',
        "a: @x\n",
        "- a\nb: 1\n",
        "a\nb: 1\n",
        "a: ]\n",
    ],
)
def test_what_is_wrong_with_yaml_is_told_in_chinese(text: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_yaml(text.encode(), "x.yaml")
    (found,) = caught.value.diagnostics
    assert not ENGLISH.search(found.message("zh")), found.message("zh")


@pytest.mark.parametrize(
    "written", [b"{} ", b"{}\r", b"{", b'{"a":1.5}', b'{"A":1}', b"[" * 300 + b"]" * 300]
)
def test_faults_of_the_canonical_form_are_told_in_words(written: bytes) -> None:
    with pytest.raises(CanonicalError) as caught:
        read_canonical(written)
    zh, en = FAULTS[caught.value.code]
    arguments = {"problem": caught.value.code, "name": "/"}
    assert zh in Diagnostic("log-line-damaged", arguments).message("zh")
    assert en in Diagnostic("log-line-damaged", arguments).message("en")


@pytest.mark.parametrize("data", [1.5, 2**53, "e\u0301", "\ud800", object()])
def test_what_cannot_be_written_is_told_in_words(data: object) -> None:
    with pytest.raises(CanonicalError) as caught:
        write_canonical(data)
    assert caught.value.code in FAULTS


def test_line_ends_of_another_system_are_told_as_such(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    vr.RecordLog.create(path, "A bureau (invented)").close()
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    with pytest.raises(vr.RecordError) as caught:
        vr.replay(path)
    assert "CRLF" in caught.value.render("en")
    assert "CRLF" in caught.value.render("zh")


def test_every_verdict_on_a_signature_is_told_in_words() -> None:
    for verdict in set(Authenticity) - {Authenticity.OK}:
        zh, en = FAULTS[verdict]
        told = Diagnostic("checkpoint-not-signed", {"found": verdict})
        assert (zh in told.message("zh"), en in told.message("en")) == (True, True)


def test_words_of_an_author_stand_as_they_are() -> None:
    assert tell_argument("unknown-name", "name", "text", "zh") == "text"
    assert tell_argument("unknown-fact", "name", "Is a directory", "zh") == "Is a directory"
    assert tell_argument("store-failed", "problem", "strange", "zh") == "strange"


def test_a_month_and_a_day_that_are_none_are_told() -> None:
    law = vr.load("cn-nx-service-voucher")
    for text, says in {"2017-13-01": "没有 13 月", "2017-02-30": "该月没有 30 日"}.items():
        with pytest.raises(vr.InputError) as caught:
            law.decide("claim", {"contract.amount": "1元"}, on=text)
        assert says in caught.value.render("zh")


def test_an_empty_owner_is_told_of_the_file_and_not_of_a_line_of_it(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    with pytest.raises(vr.RecordError) as caught:
        vr.RecordLog.create(path, "")
    says = caught.value.render("zh").splitlines()[0]
    assert says == f'{path}: log-field-wrong: /owner 应为 非空文字，实为 ""'
    assert not path.exists()


def test_what_was_refused_is_on_no_line(tmp_path: Path) -> None:
    law = vr.load("cn-nx-service-voucher")
    made = law.decide("claim", {"contract.amount": "1元"}, on="2017-03-01")
    with vr.RecordLog.create(tmp_path / "log.jsonl", "A bureau (invented)") as log:
        log.record(made, "request 1")
        log.end("end")
        with pytest.raises(vr.RecordError) as caught:
            log.record(made, "request 2")
    assert caught.value.render("en").startswith(f"{tmp_path / 'log.jsonl'}: log-ended: ")
