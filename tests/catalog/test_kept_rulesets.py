"""Rulesets kept as they were checked: the same as anew, or not taken at all."""

from __future__ import annotations

import inspect
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, is_dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

import voucher_rules as vr
from voucher_rules.catalog import open as opening
from voucher_rules.catalog.kept import engine, folder, layout, pack, unpack
from voucher_rules.catalog.kept import open as kept
from voucher_rules.catalog.lookups import Desk, digest_bytes
from voucher_rules.testing.load import load_cases
from voucher_rules.testing.run import run_case

ROOT: Final = Path(__file__).resolve().parents[2]
SHIPPED: Final = ROOT / "rulesets"
GOOD: Final = sorted((ROOT / "tests" / "rulesets").glob("*/good/*.yaml"))
REPAIR: Final = Path(__file__).parent / "rulesets" / "test-repair-voucher" / "2024.yaml"
SHARE: Final = 300
"""One in so many of the cases of a file is decided."""
NAMES: Final = sorted(item.id for item in vr.rulesets())


@pytest.fixture(autouse=True)
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which rulesets are kept."""
    path = tmp_path / "held"
    monkeypatch.setenv(folder.VARIABLE, str(path))
    return path


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return the files of rulesets that were checked, in order."""
    found: list[Path] = []
    check = opening.open_ruleset

    def note(path: Path, *rest: Any) -> opening.OpenedRuleset:  # noqa: ANN401 - passed on
        found.append(path)
        return check(path, *rest)

    monkeypatch.setattr(opening, "open_ruleset", note)
    return found


def spell(item: object) -> object:
    """Return a value with the exact type of every part of it."""
    kind = type(item).__name__
    if is_dataclass(item):
        return kind, [spell(getattr(item, x.name)) for x in fields(item)]
    if isinstance(item, dict):
        return kind, [(spell(name), spell(value)) for name, value in item.items()]
    if isinstance(item, tuple):
        return kind, [spell(x) for x in item]
    if isinstance(item, frozenset):
        return kind, sorted(map(repr, map(spell, item)))
    return kind, repr(item)


def list_kept(held: Path) -> list[Path]:
    return sorted(held.iterdir()) if held.exists() else []


def copy_shipped(to: Path, *names: str) -> None:
    for name in names:
        shutil.copytree(SHIPPED / name, to / name)


# What comes of it is the same.


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_ruleset_is_kept_whole(name: str, opened: list[Path]) -> None:
    first, again = vr.load(name), vr.load(name)
    assert len(opened) == 1
    assert again == first
    assert spell(again.checked) == spell(first.checked)
    assert again.loaded == first.loaded == vr.load(name, cache=False).loaded
    assert again.loaded.document == first.loaded.document


def test_every_good_ruleset_of_the_tests_is_kept_whole() -> None:
    for path in GOOD:
        if path.name.endswith((".notice.yaml", ".cases.yaml", ".calendar.yaml")):
            continue
        checked = vr.load(path, cache=False).checked
        assert spell(unpack.unpack_ruleset(pack.pack_ruleset(checked))) == spell(checked), path


def test_a_kept_ruleset_decides_and_tells_the_same(opened: list[Path]) -> None:
    facts = {"contract.amount": "4000元", "enterprise.size": "small"}
    told = []
    for cache in (True, True, False):
        ruleset = vr.load("cn-nx-service-voucher", cache=cache)
        made = ruleset.decide("claim", facts, on="2017-03-01")
        told.append(
            [
                made.explain("zh", trace=True),
                made.explain("en", "markdown"),
                made.explain("en", "html"),
                str(made.to_data()),
                str(made.warnings),
                str([rule.span for rule in ruleset.rules.values()]),
            ]
        )
    assert told[0] == told[1] == told[2]
    assert len(opened) == 2


@pytest.mark.parametrize("name", NAMES)
def test_every_case_comes_out_the_same(
    name: str, opened: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def tell() -> list[tuple[object, str]]:
        cases = [case for file in files for case in load_cases(file).cases[::SHARE]]
        decisions = [run_case(case).decision for case in cases]
        return [(x.to_data(), x.explain("zh", trace=True)) for x in decisions]

    files = sorted((SHIPPED / name).glob("*.cases.yaml"))
    tell()
    before = len(opened)
    again = tell()
    assert len(opened) == before
    monkeypatch.setenv(folder.VARIABLE, "off")
    assert again == tell()
    assert len(opened) > before


def test_a_kept_ruleset_is_amended_as_another_is(opened: list[Path]) -> None:
    path = SHIPPED / "cn-nx-service-voucher" / "2016.yaml"
    name = next(x for x, item in vr.load(path).parameters.items() if item.type.kind == "money")
    amended = [vr.load(path, cache=cache).amend({name: "1元"}) for cache in (True, False)]
    assert amended[0] == amended[1]
    assert amended[0].loaded == amended[1].loaded
    assert amended[0].changes == amended[1].changes
    assert len(opened) == 2


def test_notices_stand_in_a_kept_ruleset_and_in_its_document(opened: list[Path]) -> None:
    first, again = vr.load(REPAIR), vr.load(REPAIR)
    assert len(opened) == 1
    assert first.notices
    assert again.notices == first.notices
    assert again.loaded == first.loaded
    early = [vr.load(REPAIR, known="2023-11-02", cache=cache) for cache in (True, True, False)]
    assert early[1] == early[0] == early[2]
    assert early[1].loaded == early[2].loaded


def test_the_document_is_that_of_the_moment_it_was_loaded(tmp_path: Path) -> None:
    copy_shipped(tmp_path, "cn-sme-size")
    path = tmp_path / "cn-sme-size" / "2011.yaml"
    first = vr.load(path)
    again = vr.load(path)
    path.write_text("no: ruleset\n", encoding="utf-8")
    assert again.loaded == first.loaded


def test_mistakes_are_told_every_time_and_never_kept(held: Path, tmp_path: Path) -> None:
    path = tmp_path / "x" / "bad.yaml"
    path.parent.mkdir()
    path.write_text("ruleset: bad\nbad: key\n", encoding="utf-8")
    told = set()
    for cache in (True, True, False):
        with pytest.raises(vr.RulesetError) as caught:
            vr.load(path, cache=cache)
        told.add(caught.value.render("zh") + caught.value.render("en"))
    assert len(told) == 1
    assert list_kept(held) == []
    with pytest.raises(vr.RulesetNotFoundError):
        vr.load(tmp_path / "x" / "none.yaml")


# Whatever a ruleset rests on is looked at again.


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Return the file of a ruleset with all it rests on, which was kept."""
    copy_shipped(tmp_path, "cn-bj-service-voucher", "cn-sme-size", "cn-working-days")
    path = tmp_path / "cn-bj-service-voucher" / "2023.yaml"
    vr.load(path)
    return path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_change_of_a_file_it_rests_on_is_noticed(copied: Path, opened: list[Path]) -> None:
    around = copied.parents[1]
    vr.load(copied)
    assert opened == []
    change(around / "cn-sme-size" / "2011.yaml", "1000人", "1001人")
    assert vr.load(copied) == vr.load(copied, cache=False)
    change(around / "cn-working-days" / "2026.calendar.yaml", "2026-12-31", "2026-12-30")
    assert vr.load(copied) == vr.load(copied, cache=False)
    change(copied, "language:", "# a remark\nlanguage:")
    assert vr.load(copied) == vr.load(copied, cache=False)
    assert len(opened) == 6


def test_a_file_that_comes_or_goes_is_noticed(copied: Path, opened: list[Path]) -> None:
    around = copied.parents[1]
    later = around / "cn-working-days" / "2027.calendar.yaml"
    shutil.copy(around / "cn-working-days" / "2026.calendar.yaml", later)
    change(later, "2026-12-31", "2026-12-29")
    assert vr.load(copied) == vr.load(copied, cache=False)
    assert len(opened) == 2
    (around / "cn-sme-size" / "2011.yaml").unlink()
    assert vr.load(copied) == vr.load(copied, cache=False)  # the shipped one stands in
    notice = around / "cn-sme-size" / "2011.odd.notice.yaml"
    copy = around / "cn-sme-size" / "2011.yaml"
    shutil.copy(SHIPPED / "cn-sme-size" / "2011.yaml", copy)
    vr.load(copied)
    notice.write_text("notice: odd\n", encoding="utf-8")
    with pytest.raises(vr.RulesetError, match="odd"):
        vr.load(copied)


def test_a_nearer_folder_is_noticed(copied: Path, tmp_path: Path, opened: list[Path]) -> None:
    nearer = tmp_path / "nearer"
    nearer.mkdir()
    vr.load(copied, folders=[nearer])
    copy_shipped(nearer, "cn-sme-size")
    change(nearer / "cn-sme-size" / "2011.yaml", "1000人", "1001人")
    got = vr.load(copied, folders=[nearer])
    assert len(opened) == 2
    assert got != vr.load(copied)
    assert got == vr.load(copied, folders=[nearer], cache=False)


def test_the_same_file_by_another_path_has_places_of_its_own(
    copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(copied.parent)
    near = vr.load("./2023.yaml")
    far = vr.load(copied)
    assert {x.span.file for x in near.rules.values()} == {"2023.yaml"}
    assert {x.span.file for x in far.rules.values()} == {str(copied)}


def test_a_file_that_changes_while_it_is_read_is_not_kept(
    held: Path, copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = list_kept(held)
    change(copied, "language:", "# once\nlanguage:")
    read = Desk.read

    def change_and_read(self: Desk, path: Path) -> bytes:
        if path == copied:
            change(copied, "language:", "# twice\nlanguage:")
        return read(self, path)

    monkeypatch.setattr(Desk, "read", change_and_read)
    vr.load(copied)
    assert list_kept(held) == before


def test_other_code_takes_nothing_that_was_kept(
    opened: list[Path], held: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vr.load("cn-sme-size")
    for name in ("AS_IMPORTED", "name_engine"):
        monkeypatch.setattr(kept, name, "other" if name.isupper() else lambda: "other")
    vr.load("cn-sme-size")
    assert len(opened) == len(list_kept(held)) == 2


def test_code_that_changed_since_it_was_imported_keeps_nothing(
    held: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "name_engine", lambda: "later")
    assert vr.load("cn-sme-size") == vr.load("cn-sme-size", cache=False)
    assert list_kept(held) == []


def test_code_that_stands_in_no_files_keeps_nothing(
    held: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "ROOT", Path("/nowhere"))
    monkeypatch.setattr(kept, "AS_IMPORTED", engine.name_engine())
    assert engine.name_engine() == ""
    assert vr.load("cn-sme-size") == vr.load("cn-sme-size", cache=False)
    assert list_kept(held) == []


def test_the_name_of_the_code_covers_all_that_checking_imports() -> None:
    code = "import sys, voucher_rules.catalog.open; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    parts = {x.split(".")[1] for x in done.stdout.split() if x.startswith("voucher_rules.")}
    # The first brings names and no meaning; texts of mistakes are never kept.
    assert parts - {"front", "diagnostic_texts"} <= {x.removesuffix(".py") for x in engine.PARTS}


def test_the_name_of_the_code_changes_with_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(engine.ROOT, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(engine, "ROOT", copy)
    before = engine.name_engine()
    assert before not in {"", engine.AS_IMPORTED}
    assert engine.name_engine() == before
    (copy / "meaning" / "known.py").write_text("", encoding="utf-8")
    changed = engine.name_engine()
    (copy / "catalog" / "kept" / "new.py").write_text("", encoding="utf-8")
    assert len({before, changed, engine.name_engine()}) == 3


# Whatever is wrong with a file, it is made anew.


def find_file(held: Path, name: str = "cn-sme-size") -> Path:
    """Keep a ruleset, and return the file it is kept in."""
    vr.load(name)
    (path,) = list_kept(held)
    return path


def seal(data: bytes) -> bytes:
    return digest_bytes(data).encode() + b"\n" + data


def list_damages(good: bytes) -> Iterator[bytes]:
    yield from (good[:at] for at in (0, 1, 63, 64, 65, 70, len(good) // 2, len(good) - 1))
    for at in (0, 64, 66, 100, len(good) // 2, len(good) - 1):
        yield good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :]
    yield good + b"\n"
    yield b"\0" * len(good)
    yield pickle.dumps({"a": 1})
    head, body = good.split(b"\n", 2)[1:]
    for other in (b"", b"null", b"[[1]]", b'[[["file"],["x"]]]', b'[[["what"],[]]]'):
        yield seal(other + b"\n" + body)
    line, rest = body.split(b"\n", 1)
    yield from (seal(head + b"\n" + x) for x in (b"", b"{", b"[" * 99_999, line, b"{}\n" + rest))
    for old, new in (
        (b'"batches":', b'"other":'),
        (b'"references":', b'"references":9'),
        (b'"references":', b'"references":-'),
        (b'"numbers":[', b'"numbers":["x",'),
        (b'["date","', b'["date","x'),
        (b'"checked.model.CheckedRuleset"', b'"os.system"'),
        (b'"checked.model.CheckedRuleset",1', b'"checked.model.CheckedRuleset",999999999'),
        (b'"tuple"', b'"list"'),
        (b'"mapping",', b'"mapping",1'),
    ):
        assert old in line, old
        yield seal(head + b"\n" + line.replace(old, new, 1) + b"\n" + rest)
    yield seal(head + b"\n" + line + b"\n" + b"\xff" * len(rest))


def test_a_damaged_or_foreign_file_is_as_none(held: Path, opened: list[Path]) -> None:
    path = find_file(held)
    good, want = path.read_bytes(), vr.load("cn-sme-size", cache=False)
    damages = list(list_damages(good))
    for number, data in enumerate(damages, start=2):
        path.write_bytes(data)
        assert vr.load("cn-sme-size") == want
        assert len(opened) == number + 1, data[:200]
        assert path.read_bytes() == good


def test_a_file_of_another_ruleset_is_as_none(held: Path, opened: list[Path]) -> None:
    path = find_file(held)
    vr.load("cn-nx-service-voucher")
    (other,) = {*list_kept(held)} - {path}
    path.write_bytes(other.read_bytes())
    assert vr.load("cn-sme-size").id == "cn-sme-size"
    assert len(opened) == 3


@given(st.binary(max_size=200))
def test_no_data_is_taken_for_a_ruleset_that_is_none(data: bytes) -> None:
    with pytest.raises(unpack.UnpackError):
        unpack.unpack_ruleset(data)


@pytest.mark.parametrize(("count", "fits"), [(7, True), (8, True), (9, False)])
def test_objects_without_fields_are_made_up_to_a_limit(
    count: int, monkeypatch: pytest.MonkeyPatch, *, fits: bool
) -> None:
    monkeypatch.setattr(unpack, "MOST_ALIKE", 8)
    data = f'{{"numbers":[],"written":[],"batches":[["values.model.AnyText",{count},[]]],'
    line = f'{data}"references":0}}\n'.encode()
    with pytest.raises(unpack.UnpackError, match="AnyText"):
        unpack.unpack_ruleset(line)
    told = "AnyText" if fits else "UnpackError('values.model.AnyText')"
    with pytest.raises(unpack.UnpackError) as caught:
        unpack.unpack_ruleset(line)
    assert str(caught.value) == told


# Only what is this user's own is read.


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_file_others_can_write_is_as_none(held: Path, opened: list[Path], mode: int) -> None:
    path = find_file(held)
    path.chmod(mode)
    vr.load("cn-sme-size")
    assert len(opened) == 2
    vr.load("cn-sme-size")  # written anew, and this user's own again
    assert len(opened) == 2


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o1777])
def test_a_folder_others_can_write_is_not_used(held: Path, opened: list[Path], mode: int) -> None:
    path = find_file(held)
    held.chmod(mode)
    path.unlink()
    vr.load("cn-sme-size")
    vr.load("cn-sme-size")
    assert len(opened) == 3
    assert list_kept(held) == []


@pytest.mark.parametrize(("mode", "used"), [(0o777, False), (0o1777, True), (0o755, True)])
def test_a_folder_that_others_can_replace_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int, *, used: bool
) -> None:
    above = tmp_path / "above"
    above.mkdir()
    above.chmod(mode)
    monkeypatch.setenv(folder.VARIABLE, str(above / "held"))
    vr.load("cn-sme-size")
    assert bool(list_kept(above / "held")) is used


def test_what_is_no_plain_file_is_as_none(held: Path, opened: list[Path]) -> None:
    path = find_file(held)
    there = path.rename(path.with_name("elsewhere"))
    path.symlink_to(there)
    vr.load("cn-sme-size")
    assert not path.is_symlink()
    path.unlink()
    os.mkfifo(path)
    vr.load("cn-sme-size")
    path.unlink()
    path.mkdir()
    assert vr.load("cn-sme-size") == vr.load("cn-sme-size", cache=False)
    assert len(opened) == 5


def test_a_folder_may_be_named_by_a_link(
    held: Path, opened: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find_file(held)
    (tmp_path / "link").symlink_to(held)
    monkeypatch.setenv(folder.VARIABLE, str(tmp_path / "link"))
    vr.load("cn-sme-size")
    assert len(opened) == 1


def test_a_kept_file_that_lacks_a_notice_is_as_none(held: Path, opened: list[Path]) -> None:
    vr.load(REPAIR)
    (path,) = list_kept(held)
    body = path.read_bytes().split(b"\n", 2)[2]
    path.write_bytes(seal(b"[]\n" + body))
    assert vr.load(REPAIR) == vr.load(REPAIR, cache=False)
    assert len(opened) == 3


def test_a_file_of_someone_else_is_as_none(
    held: Path, opened: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    find_file(held)
    mine = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: mine + 1)
    vr.load("cn-sme-size")
    assert len(opened) == 2


def test_what_is_kept_is_open_to_nobody_else(held: Path) -> None:
    path = find_file(held)
    assert path.stat().st_mode & 0o777 == 0o600
    assert held.stat().st_mode & 0o777 == 0o700


def test_where_nobody_owns_a_file_nothing_is_kept(
    held: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "geteuid")
    vr.load("cn-sme-size")
    assert list_kept(held) == []


# Where it stands, and how it is switched off.


@pytest.mark.parametrize("word", ["off", "OFF", "no", "0"])
def test_it_is_switched_off_by_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv(folder.VARIABLE, word)
    monkeypatch.chdir(tmp_path)
    vr.load("cn-sme-size")
    assert list(tmp_path.iterdir()) == []


def test_it_is_switched_off_by_an_argument(held: Path) -> None:
    vr.load("cn-sme-size", cache=False)
    assert not held.exists()


def test_it_stands_with_the_caches_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(folder.VARIABLE)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    vr.load("cn-sme-size")
    assert len(list_kept(tmp_path / "caches" / "voucher-rules")) == 1
    monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    vr.load("cn-sme-size")
    assert len(list_kept(tmp_path / "home" / ".cache" / "voucher-rules")) == 1
    assert (tmp_path / "home" / ".cache").stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_written_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    for path in (
        *(tmp_path / "file", tmp_path / "file" / "below", Path("/dev/null/x")),
        *(tmp_path / "circle", tmp_path / "circle" / "below"),
    ):
        monkeypatch.setenv(folder.VARIABLE, str(path))
        assert vr.load("cn-sme-size") == vr.load("cn-sme-size", cache=False)
    assert (tmp_path / "file").read_bytes() == b""


def test_a_disk_that_is_full_leaves_nothing_behind(
    held: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Path, target: Path) -> Path:
        raise OSError(28, "no space", str(self), None, str(target))

    monkeypatch.setattr(Path, "replace", fail)
    vr.load("cn-sme-size")
    assert list_kept(held) == []


def test_what_has_no_form_is_not_kept(held: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ruleset = vr.load("cn-sme-size", cache=False)
    for odd in (1.5, Fraction, b"", [1], "a\0b"):
        title = type(ruleset.checked.title)(odd, "")  # type: ignore[arg-type]  # what none has
        checked = type(ruleset.checked)(
            **{x.name: getattr(ruleset.checked, x.name) for x in fields(ruleset.checked)}
            | {"title": title}
        )
        with pytest.raises(pack.PackError):
            pack.pack_ruleset(checked)

    def fail(_: object) -> bytes:
        raise pack.PackError

    monkeypatch.setattr(pack, "pack_ruleset", fail)
    assert vr.load("cn-sme-size") == ruleset
    assert list_kept(held) == []


@pytest.mark.parametrize(("size", "is_kept"), [(-1, False), (0, True), (1, True)])
def test_files_are_kept_and_read_up_to_a_length(
    held: Path, opened: list[Path], monkeypatch: pytest.MonkeyPatch, size: int, *, is_kept: bool
) -> None:
    path = find_file(held)
    monkeypatch.setattr(folder, "MOST_BYTES", path.stat().st_size + size)
    vr.load("cn-sme-size")
    assert len(opened) == 2 - is_kept
    path.unlink()
    vr.load("cn-sme-size")
    assert path.exists() is is_kept


@pytest.mark.parametrize(("most", "left"), [(1, 1), (2, 2), (3, 3), (4, 3)])
def test_the_oldest_files_go_first(
    held: Path, monkeypatch: pytest.MonkeyPatch, most: int, left: int
) -> None:
    monkeypatch.setattr(folder, "MOST_FILES", most)
    held.mkdir(mode=0o700)
    (held / "not-ours").write_text("", encoding="utf-8")
    for name in ("cn-nx-service-voucher", "cn-sme-size", "cn-nm-demonstration-platform"):
        before = list_kept(held)
        vr.load(name)
    (newest,) = {*list_kept(held)} - {*before}
    assert newest in list_kept(held)
    assert len(list_kept(held)) == left + 1
    assert (held / "not-ours").exists()


def test_writers_at_once_leave_one_whole_file(held: Path) -> None:
    code = "import voucher_rules as vr; print(vr.load('cn-sme-size').checked.semantic_digest)"

    def run(_: int) -> str:
        return subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, text=True
        ).stdout.strip()

    with ThreadPoolExecutor(3) as pool:
        told = set(pool.map(run, range(6)))
    assert told == {vr.load("cn-sme-size", cache=False).checked.semantic_digest}
    assert len(list_kept(held)) == 1


def test_threads_of_one_process_write_beside_each_other(held: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(vr.load, ["cn-sme-size"] * 8))
    assert all(x == made[0] for x in made)
    assert len(list_kept(held)) == 1


# What files may be made of.


def test_every_class_of_the_stages_can_be_kept() -> None:
    assert len(layout.CLASSES) > 60
    for kind in layout.CLASSES.values():
        assert "__dict__" not in dir(kind), kind
        assert all(inspect.ismemberdescriptor(getattr(kind, x.name)) for x in fields(kind))


def test_a_kept_ruleset_brings_neither_yaml_nor_pydantic(held: Path) -> None:
    find_file(held, "cn-nx-service-voucher")
    code = (
        "import sys, voucher_rules as vr; ruleset = vr.load('cn-nx-service-voucher');"
        "ruleset.decide('claim', {'contract.amount': '4000元'}, on='2017-03-01');"
        "print({'yaml', 'pydantic', 'voucher_rules.checked.check'} & {*sys.modules});"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout == "set()\n"
