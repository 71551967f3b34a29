"""Time stamps of an authority made here: what they show, and what must not pass for one."""

from __future__ import annotations

import shutil
import time
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

import pytest
from log_samples import THOROUGHNESS
from stamp_authority import DAY, StampAuthority

from voucher_rules.errors import RecordError
from voucher_rules.record.stamp_bytes import order_certificates
from voucher_rules.record.stamping import (
    Stamping,
    StampVerdict,
    judge_stamp,
    make_stamp_query,
)

pytestmark = [
    pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl program"),
    pytest.mark.skipif(
        find_spec("rfc3161_client") is None, reason="the extra `tsa` is not installed"
    ),
]
PAYLOAD = b'{"schema":"voucher-rules/checkpoint/1","size":2}'


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> StampAuthority:
    return StampAuthority(tmp_path_factory.mktemp("stamps") / "one")


@pytest.fixture(scope="module")
def answer(authority: StampAuthority) -> bytes:
    return authority.answer(make_stamp_query(PAYLOAD))


def test_a_stamp_shows_the_moment(authority: StampAuthority, answer: bytes) -> None:
    verdict = judge_stamp(PAYLOAD, answer, [authority.root])
    assert verdict.stamping is Stamping.OK
    assert verdict.moment is not None
    assert abs(verdict.moment - datetime.now(UTC)) < timedelta(minutes=5)
    assert verdict.problem == ""
    assert authority.verify(PAYLOAD, answer)


def test_no_stamp_is_absent(authority: StampAuthority) -> None:
    assert judge_stamp(PAYLOAD, None, [authority.root]) == StampVerdict(Stamping.ABSENT)


def test_a_stamp_of_something_else_is_bad(authority: StampAuthority, answer: bytes) -> None:
    for payload in (PAYLOAD + b" ", PAYLOAD[:-1], b"", b"x"):
        verdict = judge_stamp(payload, answer, [authority.root])
        assert (verdict.stamping, verdict.moment) == (Stamping.BAD, None)
        assert verdict.problem
        assert not authority.verify(payload, answer)


def test_only_given_authorities_are_believed(
    authority: StampAuthority, answer: bytes, tmp_path: Path
) -> None:
    other = StampAuthority(tmp_path / "other")
    named_alike = StampAuthority(tmp_path / "alike", name="root")
    for roots in ([other.root], [named_alike.root], []):
        assert judge_stamp(PAYLOAD, answer, roots).stamping is Stamping.BAD
    for roots in ([other.root, authority.root], [other.root + authority.root]):
        assert judge_stamp(PAYLOAD, answer, roots).stamping is Stamping.OK
    with pytest.raises(RecordError, match="certificate-not-readable"):
        judge_stamp(PAYLOAD, answer, [b"nothing"])


def test_an_answer_without_a_certificate_shows_nothing(authority: StampAuthority) -> None:
    query = make_stamp_query(PAYLOAD)
    # The last field asks for the certificate: without it the question is three bytes shorter.
    assert query.endswith(b"\x01\x01\xff")
    bare = bytes([query[0], query[1] - 3]) + query[2:-3]
    assert judge_stamp(PAYLOAD, authority.answer(bare), [authority.root]).stamping is Stamping.BAD


def test_a_refusal_is_bad(authority: StampAuthority) -> None:
    refusal = authority.answer(b"no question")
    assert judge_stamp(PAYLOAD, refusal, [authority.root]).stamping is Stamping.BAD


def test_what_is_no_answer_is_bad(authority: StampAuthority, answer: bytes) -> None:
    for data in (b"", b"\0", b"x" * 100, answer[:-1], answer[: len(answer) // 2]):
        assert judge_stamp(PAYLOAD, data, [authority.root]).stamping is Stamping.BAD


def test_a_changed_answer_is_bad_or_says_the_same(authority: StampAuthority, answer: bytes) -> None:
    """Some bytes are neither signed nor looked at; none of them moves the moment."""
    good = judge_stamp(PAYLOAD, answer, [authority.root])
    bad = 0
    for place in range(0, len(answer), 1 if THOROUGHNESS > 1 else 13):
        changed = bytearray(answer)
        changed[place] ^= 1
        verdict = judge_stamp(PAYLOAD, bytes(changed), [authority.root])
        bad += verdict.stamping is Stamping.BAD
        assert verdict.stamping is Stamping.BAD or verdict == good
    assert bad > 0


def test_a_stamp_outside_the_certificate_is_bad(tmp_path: Path) -> None:
    expired = StampAuthority(tmp_path / "expired", datetime.now(UTC) - 3 * DAY, DAY)
    answer = expired.answer(make_stamp_query(PAYLOAD))
    assert judge_stamp(PAYLOAD, answer, [expired.root]).stamping is Stamping.BAD


@pytest.mark.skipif(THOROUGHNESS == 1, reason="waits for a certificate to run out")
def test_a_stamp_stays_good_when_the_certificate_runs_out(tmp_path: Path) -> None:
    short = StampAuthority(tmp_path / "short", valid=timedelta(seconds=8))
    answer = short.answer(make_stamp_query(PAYLOAD))
    assert judge_stamp(PAYLOAD, answer, [short.root]).stamping is Stamping.OK
    time.sleep(9)
    assert judge_stamp(PAYLOAD, answer, [short.root]).stamping is Stamping.OK


def test_the_openssl_program_understands_the_question(authority: StampAuthority) -> None:
    one, other = make_stamp_query(PAYLOAD), make_stamp_query(PAYLOAD)
    assert one != other
    assert authority.verify(PAYLOAD, authority.answer(one))


@pytest.mark.parametrize("name", ["r", "root" * 15])
def test_certificates_count_in_whatever_order_they_come(tmp_path: Path, name: str) -> None:
    made = StampAuthority(tmp_path / "one", name=name)
    given = made.answer(make_stamp_query(PAYLOAD), "-chain", "root.pem")
    assert made.verify(PAYLOAD, given)
    verdict = judge_stamp(PAYLOAD, given, [made.root])
    assert (verdict.stamping, verdict.problem) == (Stamping.OK, "")
    assert judge_stamp(PAYLOAD + b" ", given, [made.root]).stamping is Stamping.BAD


def test_certificates_are_put_in_order_and_nothing_else_is_touched(tmp_path: Path) -> None:
    made = [StampAuthority(tmp_path / name[0], name=name) for name in ("b", "a" * 50)]
    (tmp_path / "b" / "more.pem").write_bytes(made[1].root + made[0].root)
    given = made[0].answer(make_stamp_query(PAYLOAD), "-chain", "more.pem")
    ordered = order_certificates(given)
    assert sorted(ordered) == sorted(given)
    assert order_certificates(ordered) == ordered
    begin = next(i for i, pair in enumerate(zip(given, ordered, strict=True)) if len({*pair}) > 1)
    assert given[:begin] == ordered[:begin]
    assert judge_stamp(PAYLOAD, given, [made[0].root]).stamping is Stamping.OK
    assert judge_stamp(PAYLOAD, given, [made[1].root]).stamping is Stamping.BAD


def test_what_is_no_stamp_is_left_as_it_is(answer: bytes) -> None:
    for size in range(0, len(answer), 7):
        assert order_certificates(answer[:size]) == answer[:size]
    for given in (b"", b"0", b"0\x80", b"x" * 40, b"0\x84\xff\xff\xff\xff"):
        assert order_certificates(given) == given
