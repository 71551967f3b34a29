"""Attacks on bundles: what is changed, missing or exchanged, and zips that are none of ours."""

from __future__ import annotations

import contextlib
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeAlias

import pytest
from bundle_samples import (
    DAY,
    START,
    Samples,
    check,
    flip,
    list_bad,
    make_samples,
    needs_extras,
    read,
    remake,
    seal,
)

import voucher_rules as vr
from voucher_rules.record.bundle_checks import Beliefs
from voucher_rules.record.bundle_files import SUMS, Bundle
from voucher_rules.record.bundle_pages import PAGES
from voucher_rules.record.bundle_zip import MOST_BYTES, MOST_FILES, pack_files, unpack_files
from voucher_rules.record.checkpoints import load_checkpoint
from voucher_rules.record.entries import Key
from voucher_rules.record.signing import make_signer, sign_checkpoint

pytestmark = needs_extras
Files: TypeAlias = Mapping[str, bytes]


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    return make_samples(tmp_path_factory.mktemp("bundles"))


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    """The same decisions in a log of someone else, with other keys, salts and roots."""
    return make_samples(tmp_path_factory.mktemp("other"))


@pytest.fixture(scope="module")
def near(samples: Samples) -> dict[str, bytes]:
    """The files of the bundle of another decision of the same log."""
    made = samples.make("near.zip", 7, secrets=samples.secrets, with_secrets=True)
    return unpack_files(made.read_bytes(), "")


# ---- what is wrong shows, and where ----

DERIVED = {
    "HOWTO-VERIFY.en.md": {"pages"},
    "HOWTO-VERIFY.zh.md": {"pages"},
    "authorities.pem": {"time"},
    "body.json": {"body"},
    "checkpoint.json": {"layout"},
    "checkpoint.pae": {"layout"},
    "keys/key-1.pem": {"layout"},
    "keys/key-2.pem": {"layout"},
    "manifest.json": {"layout"},
    "openings/01.json": {"layout", "openings", "reproduced"},
    "openings/02.json": {"layout", "openings", "reproduced"},
    "proof.json": {"layout"},
    "signatures/key-1.sig": {"layout"},
    "signatures/key-2.sig": {"layout"},
    "stamp.tsr": {"time"},
    "trace.json": {"trace"},
}
"""What a change of a file shows in, where the list of sums is made anew after it."""


def test_a_change_of_any_file_shows(samples: Samples) -> None:
    held = Beliefs(held=load_checkpoint(samples.checkpoint))
    for name, data in samples.files.items():
        changed = {**samples.files, name: flip(data)}
        if name in {SUMS, *PAGES}:
            report = check(changed)
            assert (report.conclusion, report.verdicts["sums"]) == ("not_sound", "bad"), name
        if name == SUMS:
            continue
        report = check(seal(changed), held)
        assert report.verdicts["sums"] == "ok"
        found = list_bad(report)
        if name in DERIVED:
            assert found - {"layout"} == DERIVED[name] - {"layout"}, name
        assert found, name
        assert name in PAGES or report.conclusion == "not_sound", name


def test_a_missing_file_shows(samples: Samples) -> None:
    optional = ("authorities.pem", "stamp.tsr", "openings/", "rulesets/")
    for name in samples.files:
        rest = {n: data for n, data in samples.files.items() if n != name}
        report = check(rest if name == SUMS else seal(rest))
        if name in PAGES:
            assert list_bad(report) == {"pages"}
        else:
            assert report.conclusion == "not_sound", name
            told = any(name in {x.path, x.arguments.get("name")} for x in report.faults)
            assert told or name.startswith(optional), name


def test_a_change_of_any_byte_of_the_zip_shows(samples: Samples, tmp_path: Path) -> None:
    written = samples.bundle.read_bytes()
    path = tmp_path / "changed.zip"
    for place in range(0, len(written), 997):
        path.write_bytes(flip(written, place))
        with contextlib.suppress(vr.RecordError):
            assert vr.check_bundle(path).conclusion == "not_sound", place


# ---- parts exchanged, by someone who can write bundles ----


def take(files: Files, other: Files, *names: str) -> dict[str, bytes]:
    """Return files with some of another bundle's; a name that ends in a slash is a folder."""
    own = {n: data for n, data in files.items() if not n.startswith(names)}
    return seal({**own, **{n: data for n, data in other.items() if n.startswith(names)}})


def law(text: bytes) -> Callable[[Bundle], Bundle]:
    def change(bundle: Bundle) -> Bundle:
        return replace(bundle, laws=dict.fromkeys(bundle.laws, text))

    return change


def move(bundle: Bundle) -> Bundle:
    """Give a related entry the proof of another."""
    first, second, *rest = bundle.related
    return replace(bundle, related=(first, replace(second, proof=first.proof), *rest))


def sign_again(bundle: Bundle) -> Bundle:
    """Take off the signatures, and sign with a key of one's own under the id of the log's."""
    bare = replace(bundle.checkpoint, signatures=())
    return replace(bundle, checkpoint=sign_checkpoint(bare, make_signer("key-1")))


EXCHANGED: Final[Mapping[str, tuple[tuple[str, ...], set[str]]]] = {
    "another proof": (("proof/", "proof.json"), {"inclusion", "layout"}),
    "another body": (("body.json",), {"body"}),
    "another trace": (("trace.json",), {"trace"}),
    "another entry": (("entry.json",), {"inclusion", "layout"}),
    "another entry with its body and trace": (
        ("entry.json", "body.json", "trace.json"),
        {"inclusion", "layout"},
    ),
}


@pytest.mark.parametrize("name", EXCHANGED)
def test_a_proof_of_one_decision_is_none_of_another(
    samples: Samples, near: dict[str, bytes], name: str
) -> None:
    names, expected = EXCHANGED[name]
    report = check(take(samples.files, near, *names))
    assert report.conclusion == "not_sound"
    assert expected - {"layout"} <= list_bad(report)


def test_a_whole_decision_of_the_same_log_is_that_decision(near: dict[str, bytes]) -> None:
    """What was asked for is for the verifier to look at: the report names the entry."""
    report = check(near)
    assert report.conclusion == "all_match"
    assert report.to_data()["decision"]["seq"] == 7


OF_ANOTHER_LOG: Final[Mapping[tuple[str, ...], set[str]]] = {
    ("header.json",): {"checkpoint"},
    ("checkpoint.json", "checkpoint.dsse.json", "checkpoint.pae"): {"checkpoint", "inclusion"},
    ("checkpoint.", "signatures/", "keys/"): {"checkpoint", "inclusion"},
    ("checkpoint.", "signatures/", "keys/", "header.json", "stamp.tsr", "authorities.pem"): {
        "inclusion"
    },
    ("signatures/",): {"layout"},
    ("keys/",): {"layout"},
    ("stamp.tsr",): {"time"},
    ("openings/",): {"openings", "reproduced"},
    ("related/",): {"related"},
}


@pytest.mark.parametrize("names", OF_ANOTHER_LOG, ids="+".join)
def test_parts_of_another_log_do_not_fit(
    samples: Samples, other: Samples, names: tuple[str, ...]
) -> None:
    report = check(take(samples.files, other.files, *names))
    assert report.conclusion == "not_sound"
    assert OF_ANOTHER_LOG[names] <= list_bad(report)


def test_a_bundle_of_another_log_is_told_by_what_the_verifier_holds(
    samples: Samples, other: Samples
) -> None:
    """A log that was written anew from the start gives bundles that hold good by themselves."""
    assert check(other.files).conclusion == "all_match"
    root = samples.root.read_bytes()
    for beliefs, expected in [
        (Beliefs(keys=samples.keys), {"authenticity"}),
        (Beliefs(authorities=[root]), {"time"}),
        (Beliefs(held=load_checkpoint(samples.checkpoint)), {"held"}),
    ]:
        report = check(other.files, beliefs)
        assert (report.conclusion, list_bad(report)) == ("not_sound", expected)


def test_another_law_under_the_same_name_is_not_the_one(samples: Samples) -> None:
    bundle = read(samples.files)
    (text,) = bundle.laws.values()
    told = "value: 500元".encode()
    for changed, verdict, conclusion in [
        (b"# one more comment\n" + text, "rewritten", "all_match"),
        (text.replace(told, "value: 500.01元".encode()), "differs", "cannot_replay"),
        (b"[", "unreadable", "cannot_replay"),
        (b"\xff\0", "unreadable", "cannot_replay"),
    ]:
        report = check(remake(law(changed)(bundle)))
        assert (report.verdicts["ruleset"], report.conclusion) == (verdict, conclusion)
        assert report.verdicts["layout"] == "ok"


def test_a_bundle_rests_on_no_law_from_elsewhere(tmp_path: Path) -> None:
    """What the library itself ships is not taken in the place of what a bundle lacks."""
    path = tmp_path / "log.jsonl"
    ruleset = vr.load("cn-nx-service-voucher")
    with vr.RecordLog.create(path, "A bureau (invented)", clock=lambda: START) as log:
        log.record(ruleset.decide("claim", {"contract.amount": "4000元"}, on="2017-03-01"), "1")
        log.checkpoint(tmp_path / "1.json")
    made = vr.make_bundle(path, 1, tmp_path / "1.json", tmp_path / "b.zip")
    assert vr.check_bundle(made).conclusion == "all_match"
    bundle = read(unpack_files(made.read_bytes(), ""))
    for laws, verdict in [({}, "missing"), (law(b"[")(bundle).laws, "differs")]:
        report = check(remake(replace(bundle, laws=laws)))
        assert (report.conclusion, report.verdicts["ruleset"]) == ("cannot_replay", verdict)
        assert report.verdicts["reproduced"] == "cannot_replay"


def test_what_is_left_out_is_missed_by_whoever_asks_for_it(samples: Samples) -> None:
    """Without its signatures or its time stamp a bundle is whole, and less than was asked for."""
    bundle = read(samples.files)
    root = samples.root.read_bytes()
    bare = remake(replace(bundle, checkpoint=replace(bundle.checkpoint, signatures=())))
    assert check(bare).conclusion == "all_match"
    assert check(bare, Beliefs(keys=samples.keys)).conclusion == "not_sound"
    unstamped = remake(replace(bundle, stamp=None, authorities=None))
    assert check(unstamped).conclusion == "all_match"
    assert check(unstamped, Beliefs(authorities=[root])).conclusion == "not_sound"
    unproven = remake(replace(bundle, authorities=None))
    report = check(unproven)
    assert (report.conclusion, report.verdicts["time"]) == ("all_match", "not_checked")
    assert check(unproven, Beliefs(authorities=[root])).conclusion == "all_match"
    alone = check(remake(replace(bundle, related=bundle.related[:1])))
    assert (alone.conclusion, alone.to_data()["standing"]["state"]) == ("all_match", "stands")
    assert "replay" in alone.summary("en")


def test_a_signature_of_another_key_is_none(samples: Samples) -> None:
    bundle = read(samples.files)
    forged = check(remake(sign_again(bundle)))
    assert (forged.conclusion, list_bad(forged)) == ("not_sound", {"authenticity"})
    strange = replace(bundle.checkpoint, signatures=())
    strange = sign_checkpoint(strange, make_signer("key-9"))
    report = check(remake(replace(bundle, checkpoint=strange)))
    assert report.verdicts["authenticity"] == "unknown_key"
    assert report.conclusion == "not_sound"
    more = sign_checkpoint(bundle.checkpoint, make_signer("key-9"), make_signer("KEY-1"))
    assert check(remake(replace(bundle, checkpoint=more))).conclusion == "all_match"


def test_keys_count_as_they_held_good_then(samples: Samples) -> None:
    first, second = samples.keys
    issued = read(samples.files).checkpoint.checkpoint.issued_at
    for key, expected in [
        (first, "ok"),
        (second, "ok"),
        (Key("key-1", first.public, issued), "ok"),
        (Key("key-1", first.public, START, issued), "ok"),  # it brought in key-2 before
        (Key("key-1", first.public, START, START + DAY), "key_not_valid_then"),
        (Key("key-2", second.public, START, issued), "key_not_valid_then"),
        (Key("key-1", second.public, START), "bad"),
        (Key("key-3", first.public, START), "unknown_key"),
    ]:
        report = check(samples.files, Beliefs(keys=[key]))
        assert report.verdicts["authenticity"] == expected
        assert report.conclusion == ("all_match" if expected == "ok" else "not_sound")


def test_a_related_entry_is_held_to_its_own_proof(samples: Samples, near: Files) -> None:
    bundle = read(samples.files)
    moved = check(remake(move(bundle)))
    assert (moved.conclusion, moved.verdicts["related"]) == ("not_sound", "bad")
    assert moved.to_data()["standing"] == {"state": "stands", "by": None}
    unrelated = read(near).entry
    told = check(remake(replace(bundle, related=(*bundle.related, unrelated))))
    assert (told.conclusion, told.verdicts["related"]) == ("not_sound", "bad")
    assert "bundle-not-related" in {item.code for item in told.faults}


def test_the_instructions_are_told_when_they_are_not_ours(samples: Samples) -> None:
    page = "HOWTO-VERIFY.en.md"
    changed = seal({**samples.files, page: b"```sh\nrm -rf ~\n```\n"})
    report = check(changed)
    assert (report.conclusion, list_bad(report)) == ("all_match", {"pages"})
    assert "do not run" in report.summary("en")


# ---- zips that are none of ours ----


def zip_with(name: str, data: bytes = b"x", *, packed: bool = False, mode: int = 0o100644) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as held:
        item = zipfile.ZipInfo(name)
        item.external_attr = mode << 16
        item.compress_type = held.compression
        held.writestr(item, data)
    return out.getvalue()


NAMES: Final = (
    "/etc/passwd",
    "../up",
    "a/../../up",
    "..",
    ".",
    "a//b",
    "a/",
    "a\\b",
    "C:x",
    "a\nb",
    "a\0b",
    "-rf",
    ".hidden",
    "a'b",
    'a"b',
    "$(id)",
    "`id`",
    "a ",
    "",
    "x" * 241,
)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    written = name.encode()
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 0, 0, 33, 0, 0, 0, len(written), 0)
    folder = name.endswith("/")  # as zip tools write one
    with pytest.raises(
        vr.RecordError, match="bundle-packed-anew" if folder else "bundle-name-refused"
    ):
        unpack_files(local + written, "")
    with pytest.raises(vr.RecordError, match="bundle-name-refused"):
        pack_files({name: b""}, "")


def test_a_name_as_long_as_may_be_is_taken() -> None:
    files = {"x" * 240: b"1"}
    assert unpack_files(pack_files(files, ""), "") == files


def test_what_other_tools_make_is_no_bundle() -> None:
    assert zip_with("a") == pack_files({"a": b"x"}, "")
    bomb = b"\0" * (1 << 22)
    for written in [
        zip_with("a", bomb, packed=True),
        zip_with("a", mode=0o100755),
        zip_with("a", mode=0o120777),
        b"PK",
        b"PK\5\6" + b"\0" * 17,
        pack_files({"a": b"1"}, "")[:-1],
        pack_files({"a": b"1"}, "") + b"\0",
        b"#!/bin/sh\n" + pack_files({"a": b"1"}, ""),
    ]:
        with pytest.raises(vr.RecordError) as caught:
            unpack_files(written, "b.zip")
        (item,) = caught.value.diagnostics
        assert item.code in {"bundle-written-otherwise", "bundle-not-a-bundle"}
        assert item.render("zh") != item.render("en")


def test_a_name_stands_there_once() -> None:
    for one, other in [("a", "a"), ("a", "A"), ("x/ß", "x/SS")]:
        first, second = (pack_files({name: name.encode()}, "") for name in (one, other))
        both = first[: first.index(b"PK\1\2")] + second
        with pytest.raises(vr.RecordError, match="bundle-name-twice"):
            unpack_files(both, "")


def test_two_directories_that_disagree_are_no_bundle() -> None:
    """The directory at the end names another file than the one that stands there."""
    written = pack_files({"entry.json": b"{}"}, "")
    at = written.rindex(b"entry.json")
    with pytest.raises(vr.RecordError, match="bundle-written-otherwise"):
        unpack_files(written[:at] + b"entrz.json" + written[at + 10 :], "")
    crc = struct.pack("<I", zlib.crc32(b"{}"))
    assert written.count(crc) == 2
    with pytest.raises(vr.RecordError, match="bundle-written-otherwise"):
        unpack_files(written.replace(crc, b"\0\0\0\0"), "")


def test_a_bundle_has_a_size(tmp_path: Path) -> None:
    most = {f"{number}": b"" for number in range(MOST_FILES)}
    assert unpack_files(pack_files(most, ""), "") == most
    with pytest.raises(vr.RecordError, match="bundle-too-large"):
        pack_files({**most, "more": b""}, "")
    with pytest.raises(vr.RecordError, match="bundle-too-large"):
        pack_files({"a": bytes(MOST_BYTES + 1)}, "")
    large = tmp_path / "large.zip"
    with large.open("wb") as file:
        file.truncate(2 * MOST_BYTES)
    with pytest.raises(vr.RecordError, match="bundle-too-large"):
        vr.check_bundle(large)
    with pytest.raises(vr.RecordError, match="file-not-found"):
        vr.check_bundle(tmp_path / "none.zip")


def test_no_files_are_no_bundle() -> None:
    report = check({})
    assert report.conclusion == "not_sound"
    assert "header.json" in report.summary("en")
    assert set(report.verdicts.values()) <= {"bad", "not_checked", "absent"}
