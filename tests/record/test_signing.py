"""Signatures: by which key, at which moment, and whether the key is one to be believed."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
from log_samples import HEADER, make_decision, tell_time

from voucher_rules.errors import RecordError
from voucher_rules.record.checkpoints import Published, make_checkpoint, read_checkpoint
from voucher_rules.record.entries import (
    CHECKPOINT_TYPE,
    Draft,
    EntryKind,
    Header,
    Key,
    KeyChange,
    Signature,
)
from voucher_rules.record.entry_lines import state_key_change
from voucher_rules.record.envelopes import encode_for_signing
from voucher_rules.record.gists import make_gist
from voucher_rules.record.keys import Authenticity, KeyRing, sign_key_change
from voucher_rules.record.log import Log
from voucher_rules.record.scanning import LogReader
from voucher_rules.record.signing import (
    Signer,
    make_signer,
    read_private_key,
    sign_checkpoint,
    verify_signature,
    write_private_key,
)
from voucher_rules.record.views import LogView
from voucher_rules.spans import Span

needs_cryptography = pytest.mark.skipif(
    find_spec("cryptography") is None, reason="the extra `sign` is not installed"
)
MILLISECOND = timedelta(milliseconds=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "decisions.log"


def make_key(signer: Signer, since: datetime, until: datetime | None = None) -> Key:
    return Key(signer.key_id, signer.public, since, until)


def change_keys(number: int, change: KeyChange) -> Draft:
    data = state_key_change(change, Span("", 0, 0))
    return make_decision(number, kind=EntryKind.KEY_CHANGE, body=None, trace=None, data=data)


def read_ring(path: Path, *trusted: Key) -> tuple[KeyRing, list[str]]:
    """Return the keys a log has after all its entries, and what was told on the way."""
    reader, told = LogReader(path), []
    ring = KeyRing(trusted or reader.header.keys)
    for item in reader.read():
        at = Span(reader.place, item.line, 1)
        told += [fault.code for fault in ring.follow(make_gist(item.entry), at)]
    return ring, told


def judge(path: Path, published: Published, *trusted: Key) -> Authenticity:
    return read_ring(path, *trusted)[0].judge(published)[0]


def begin(path: Path, *keys: Key, entries: int = 2) -> Log:
    log = Log.create(path, Header("test-log", HEADER.created, HEADER.owner, keys))
    log.append_all(make_decision(number) for number in range(1, entries + 1))
    return log


@needs_cryptography
def test_a_signature_is_of_its_key_and_its_bytes(path: Path) -> None:
    one, other = make_signer("one"), make_signer("other")
    with begin(path, make_key(one, tell_time(0))) as log:
        made = make_checkpoint(log, tell_time(100))
    signed = sign_checkpoint(made, one)
    assert judge(path, made) is Authenticity.ABSENT
    assert judge(path, signed) is Authenticity.OK
    assert judge(path, read_checkpoint(signed.write(), "file")) is Authenticity.OK
    assert judge(path, sign_checkpoint(made, other)) is Authenticity.UNKNOWN_KEY
    (signature,) = signed.signatures
    for wrong in (
        replace(signed, signatures=(replace(signature, signature=bytes(64)),)),
        sign_checkpoint(made, replace(other, key_id="one")),
        replace(signed, payload=made.payload.replace(b'"size":2', b'"size":3')),
        made.sign(one.sign("application/json", made.payload)),
        made.sign(Signature("one", one.private.sign(made.payload))),
    ):
        assert judge(path, wrong) is Authenticity.BAD


@needs_cryptography
def test_one_good_signature_is_enough(path: Path) -> None:
    one, other, strange = make_signer("one"), make_signer("other"), make_signer("strange")
    late = make_key(other, tell_time(200))
    with begin(path, make_key(one, tell_time(0)), late) as log:
        made = make_checkpoint(log, tell_time(100))
    bad = Signature("one", bytes(64))
    both = sign_checkpoint(made.sign(bad), strange, other, one)
    best, verdicts = read_ring(path)[0].judge(both)
    assert best is Authenticity.OK
    assert [(item.key, str(item.authenticity)) for item in verdicts] == [
        ("one", "bad"),
        ("strange", "unknown_key"),
        ("other", "key_not_valid_then"),
        ("one", "ok"),
    ]
    assert judge(path, sign_checkpoint(made.sign(bad), strange, other)) is Authenticity.BAD
    assert judge(path, sign_checkpoint(made, strange, other)) is Authenticity.KEY_NOT_VALID_THEN
    assert judge(path, sign_checkpoint(made, strange)) is Authenticity.UNKNOWN_KEY


@needs_cryptography
@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (tell_time(100) - MILLISECOND, Authenticity.KEY_NOT_VALID_THEN),
        (tell_time(100), Authenticity.OK),
        (tell_time(100) + MILLISECOND, Authenticity.OK),
        (tell_time(200) - MILLISECOND, Authenticity.OK),
        (tell_time(200), Authenticity.KEY_NOT_VALID_THEN),
        (tell_time(200) + MILLISECOND, Authenticity.KEY_NOT_VALID_THEN),
    ],
)
def test_a_key_counts_as_it_was_when_the_checkpoint_was_issued(
    path: Path, moment: datetime, expected: Authenticity
) -> None:
    one = make_signer("one")
    with begin(path, make_key(one, tell_time(100), tell_time(200))) as log:
        made = sign_checkpoint(make_checkpoint(log, moment), one)
        # That the key has run out since does not change it.
        log.append(make_decision(9, recorded_at=tell_time(500)))
    assert judge(path, made) is expected


@needs_cryptography
def test_a_new_key_counts_because_an_old_one_signed_it(path: Path) -> None:
    old, new, newest = make_signer("old"), make_signer("new"), make_signer("newest")
    with begin(path, make_key(old, tell_time(0))) as log:
        change = KeyChange((make_key(new, tell_time(10)),), (("old", tell_time(10)),))
        log.append(change_keys(9, sign_key_change("test-log", change, old)))
        change = KeyChange((make_key(newest, tell_time(20)),))
        log.append(change_keys(15, sign_key_change("test-log", change, new)))
        made = make_checkpoint(log, tell_time(100))
        assert set(log.head.keys) == {"old", "new", "newest"}
    assert read_ring(path)[1] == []
    assert judge(path, sign_checkpoint(made, newest)) is Authenticity.OK
    assert judge(path, sign_checkpoint(made, new)) is Authenticity.OK
    assert judge(path, sign_checkpoint(made, old)) is Authenticity.KEY_NOT_VALID_THEN
    # Who trusts a key of their own instead of the header's, believes what hangs on that one.
    assert judge(path, sign_checkpoint(made, newest), make_key(old, tell_time(0))) is (
        Authenticity.OK
    )
    stranger = make_key(make_signer("mine"), tell_time(0))
    assert judge(path, sign_checkpoint(made, newest), stranger) is Authenticity.UNKNOWN_KEY


@needs_cryptography
@pytest.mark.parametrize("case", ["unsigned", "by itself", "by an ended key", "of another log"])
def test_who_can_write_the_log_cannot_bring_in_a_key(path: Path, case: str) -> None:
    old, new = make_signer("old"), make_signer("new")
    change = KeyChange((make_key(new, tell_time(0)),), (("old", tell_time(1)),))
    signed = {
        "unsigned": change,
        "by itself": sign_key_change("test-log", change, new),
        "by an ended key": sign_key_change("test-log", change, old),
        "of another log": sign_key_change("other-log", change, old),
    }[case]
    until = tell_time(9) if case == "by an ended key" else None
    with begin(path, make_key(old, tell_time(0), until)) as log:
        log.append(change_keys(9, signed))
        made = make_checkpoint(log, tell_time(100))
    ring, told = read_ring(path)
    assert told == ["log-key-change-not-signed"]
    assert ring.judge(sign_checkpoint(made, new))[0] is Authenticity.UNKNOWN_KEY
    # Nor can they take one away.
    expected = Authenticity.KEY_NOT_VALID_THEN if until else Authenticity.OK
    assert ring.judge(sign_checkpoint(made, old))[0] is expected


@needs_cryptography
def test_a_change_that_was_tampered_with_is_not_signed(path: Path) -> None:
    old, new, thief = make_signer("old"), make_signer("new"), make_signer("new")
    change = sign_key_change("test-log", KeyChange((make_key(new, tell_time(10)),)), old)
    with begin(path, make_key(old, tell_time(0))) as log:
        log.append(change_keys(9, replace(change, add=(make_key(thief, tell_time(10)),))))
    assert read_ring(path)[1] == ["log-key-change-not-signed"]


@needs_cryptography
def test_a_key_added_later_does_not_sign_what_was_before(path: Path) -> None:
    old, new = make_signer("old"), make_signer("new")
    with begin(path, make_key(old, tell_time(0))) as log:
        before = make_checkpoint(log, tell_time(100))
        change = KeyChange((make_key(new, tell_time(0)),))
        signed = sign_key_change("test-log", change, old)
        log.append(change_keys(9, signed))
        after = make_checkpoint(log, tell_time(100))
    assert judge(path, sign_checkpoint(before, new)) is Authenticity.KEY_NOT_VALID_THEN
    assert judge(path, sign_checkpoint(after, new)) is Authenticity.OK


@needs_cryptography
def test_a_stolen_key_is_ended_for_an_earlier_moment(path: Path) -> None:
    one, two = make_signer("one"), make_signer("two")
    with begin(path, make_key(one, tell_time(0)), make_key(two, tell_time(0))) as log:
        early = sign_checkpoint(make_checkpoint(log, tell_time(40)), one)
        stolen = sign_checkpoint(make_checkpoint(log, tell_time(60)), one)
        change = sign_key_change("test-log", KeyChange(end=(("one", tell_time(50)),)), two)
        log.append(change_keys(70, change))
    assert judge(path, early) is Authenticity.OK
    assert judge(path, stolen) is Authenticity.KEY_NOT_VALID_THEN


# What a log takes of changes of keys; it asks for no signature.


def plain_key(name: str, since: int = 0, until: int | None = None) -> Key:
    end = None if until is None else tell_time(until)
    return Key(name, bytes(32), tell_time(since), end)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (KeyChange((plain_key("b"),)), None),
        (KeyChange((plain_key("a"),)), "log-key-twice"),
        (KeyChange((plain_key("b"), plain_key("b"))), "log-key-twice"),
        (KeyChange(end=(("c", tell_time(5)),)), "log-key-unknown"),
        (KeyChange(end=(("a", tell_time(50)),)), None),
        (KeyChange(end=(("a", tell_time(50) - MILLISECOND),)), None),
        (KeyChange(end=(("a", tell_time(50) + MILLISECOND),)), "log-key-extended"),
        (KeyChange((plain_key("b", 5, 5),)), "log-field-wrong"),
        (KeyChange((plain_key("b", 5, 4),)), "log-field-wrong"),
        (KeyChange((replace(plain_key("b"), public=bytes(31)),)), "log-field-wrong"),
        (KeyChange((replace(plain_key("b"), public=bytes(33)),)), "log-field-wrong"),
        (KeyChange((plain_key("b" * 80),)), None),
        (KeyChange((plain_key("b" * 81),)), "log-field-wrong"),
        (KeyChange((plain_key("a b"),)), "log-field-wrong"),
        (KeyChange((plain_key(""),)), "log-field-wrong"),
    ],
)
def test_changes_of_keys_are_checked(path: Path, change: KeyChange, code: str | None) -> None:
    with begin(path, plain_key("a", 0, 50)) as log:
        if code is None:
            log.append(change_keys(9, change))
            assert log.size == 3
            again = LogView(path)
            again.load()
            assert again.head.keys == log.head.keys
        else:
            with pytest.raises(RecordError, match=code):
                log.append(change_keys(9, change))
            assert log.size == 2


def test_data_that_change_no_keys_are_refused(path: Path) -> None:
    good = state_key_change(KeyChange((plain_key("b"),)), Span("", 0, 0))
    with begin(path) as log:
        for data in (
            {},
            {**good, "more": 1},
            {**good, "add": [{**good["add"][0], "algorithm": "rsa"}]},
            {**good, "add": {}},
            {**good, "end": [{"id": "b"}]},
            {**good, "signatures": [{"keyid": "b", "sig": "AA=="}]},
        ):
            draft = make_decision(9, kind=EntryKind.KEY_CHANGE, body=None, trace=None, data=data)
            with pytest.raises(RecordError, match="log-field-"):
                log.append(draft)


def test_two_keys_of_one_id_in_a_header_are_refused(path: Path) -> None:
    with pytest.raises(RecordError, match="log-key-twice"):
        begin(path, plain_key("a"), plain_key("a"))
    assert not path.exists()


# Keys in files, and other programs.


@needs_cryptography
@pytest.mark.parametrize("password", [None, b"secret"])
def test_a_private_key_is_kept_as_pem(password: bytes | None) -> None:
    signer = make_signer("one")
    pem = write_private_key(signer, password)
    assert read_private_key(pem, "one", password).public == signer.public
    wrong: list[tuple[bytes, bytes | None]] = [(b"nothing", None), (pem, b"other")]
    if password:
        wrong.append((pem, None))
    for data, given in wrong:
        with pytest.raises(RecordError, match="key-not-readable"):
            read_private_key(data, "one", given)


@needs_cryptography
def test_another_kind_of_key_is_refused() -> None:
    forms = import_module("cryptography.hazmat.primitives.serialization")
    ec = import_module("cryptography.hazmat.primitives.asymmetric.ec")
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        forms.Encoding.PEM, forms.PrivateFormat.PKCS8, forms.NoEncryption()
    )
    with pytest.raises(RecordError, match="key-not-ed25519"):
        read_private_key(pem, "one")


@needs_cryptography
def test_what_is_no_key_verifies_nothing() -> None:
    key = Key("a", b"\xff" * 32, tell_time(0))
    assert not verify_signature(key, CHECKPOINT_TYPE, b"x", bytes(64))
    assert not verify_signature(replace(key, public=b""), CHECKPOINT_TYPE, b"x", bytes(64))
    good = make_signer("a")
    signature = good.sign(CHECKPOINT_TYPE, b"x").signature
    assert verify_signature(make_key(good, tell_time(0)), CHECKPOINT_TYPE, b"x", signature)
    assert not verify_signature(make_key(good, tell_time(0)), CHECKPOINT_TYPE, b"x", signature[:-1])


@needs_cryptography
def test_the_openssl_program_agrees(tmp_path: Path) -> None:
    if run(["openssl", "version"]) is None:
        pytest.skip("there is no openssl program")
    signer = make_signer("one")
    payload = b'{"size":2}'
    (tmp_path / "key.pem").write_bytes(write_private_key(signer))
    (tmp_path / "signed").write_bytes(encode_for_signing(CHECKPOINT_TYPE, payload))
    (tmp_path / "signature").write_bytes(signer.sign(CHECKPOINT_TYPE, payload).signature)
    # The raw key behind the twelve bytes that say what it is makes a public key in DER.
    (tmp_path / "public.der").write_bytes(bytes.fromhex("302a300506032b6570032100") + signer.public)
    verify = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER"]
    verify += ["-inkey", "public.der", "-rawin", "-in", "signed", "-sigfile", "signature"]
    assert run(verify, tmp_path) == 0
    (tmp_path / "signed").write_bytes(b"other")
    assert run(verify, tmp_path) not in {0, None}
    made = ["openssl", "genpkey", "-algorithm", "ed25519", "-out", "made.pem"]
    assert run(made, tmp_path) == 0
    assert len(read_private_key((tmp_path / "made.pem").read_bytes(), "made").public) == 32


def run(command: list[str], folder: Path | None = None) -> int | None:
    try:
        return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode
    except FileNotFoundError:
        return None


def test_what_is_signed_is_what_securesystemslib_signs() -> None:
    dsse = pytest.importorskip("securesystemslib.dsse")
    for kind, payload in [(CHECKPOINT_TYPE, b'{"size":2}'), ("", b""), ("é/é", "é".encode())]:
        envelope = dsse.Envelope(payload, kind, {})
        assert envelope.pae() == encode_for_signing(kind, payload)


# Without the package.

PROGRAM = """
import sys
sys.modules["cryptography"] = None
sys.modules["rfc3161_client"] = None
from voucher_rules.errors import RecordError
import voucher_rules.record.anchoring, voucher_rules.record.log
import voucher_rules.record.signing as signing, voucher_rules.record.stamping as stamping
from voucher_rules.record.entries import Key
from datetime import datetime, UTC
key = Key("a", bytes(32), datetime.now(UTC))
for action in (
    lambda: signing.make_signer("a"),
    lambda: signing.read_private_key(b"", "a"),
    lambda: signing.verify_signature(key, "", b"", bytes(64)),
    lambda: stamping.make_stamp_query(b"x"),
    lambda: stamping.judge_stamp(b"x", b"y", []),
):
    try:
        action()
    except RecordError as error:
        print(error.render("en").splitlines()[-1])
print(stamping.judge_stamp(b"x", None, []).stamping)
"""


def test_the_log_does_without_the_packages() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    sign = "  = help: run pip install 'voucher-rules[sign]'"
    tsa = "  = help: run pip install 'voucher-rules[tsa]'"
    assert done.stdout.splitlines() == [sign, sign, sign, tsa, tsa, "absent"]


def test_an_unsigned_checkpoint_is_judged_without_the_package(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "cryptography", None)
    with begin(path, plain_key("a")) as log:
        made = make_checkpoint(log, tell_time(100))
    assert judge(path, made) is Authenticity.ABSENT
    assert judge(path, made.sign(Signature("b", bytes(64)))) is Authenticity.UNKNOWN_KEY
