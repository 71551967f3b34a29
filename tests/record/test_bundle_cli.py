"""Bundles on the command line: made, checked, and told by their exit codes."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from bundle_samples import RULESETS, Samples, check, flip, make_samples, needs_extras, read, remake

from voucher_rules.cli import main
from voucher_rules.record.bundle_summary import OBSTACLES
from voucher_rules.record.bundle_verdicts import BundleVerdicts, Check
from voucher_rules.record.bundle_zip import MOST_BYTES, MOST_FILES, pack_files
from voucher_rules.record.entry_lines import state_keys
from voucher_rules.record.key_files import write_key
from voucher_rules.record.rechecking import Obstacle, Reproduced
from voucher_rules.record.shelf import RulesetVerdict
from voucher_rules.spans import Span

pytestmark = needs_extras
DOCS: Final = Path(__file__).parents[2] / "docs"
CODES: Final = {"all_match": 0, "mismatch": 20, "not_sound": 21, "cannot_replay": 22}


@dataclass(frozen=True, slots=True)
class Done:
    """What a command did."""

    code: int
    out: str
    err: str


Run: TypeAlias = Callable[..., Done]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process, in English where no language is named."""

    def run_command(*words: str, lang: str = "en") -> Done:
        code = main([*words, "--lang", lang])
        return Done(code, *capsys.readouterr())

    return run_command


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    return make_samples(tmp_path_factory.mktemp("bundles"))


def make(samples: Samples, out: Path, *more: object) -> list[str]:
    words = ["bundle", samples.log, 3, out, "--checkpoint", samples.checkpoint]
    return [str(word) for word in (*words, "--rulesets", RULESETS, *more)]


def test_a_bundle_is_made_as_from_a_program(run: Run, samples: Samples, tmp_path: Path) -> None:
    out = tmp_path / "b.zip"
    given = ["--authority", samples.root, "--secrets", samples.secrets, "--with-secrets"]
    done = run(*make(samples, out, *given))
    assert (done.code, done.err) == (0, "")
    assert str(out) in done.out
    assert out.read_bytes() == samples.bundle.read_bytes()
    again = run(*make(samples, out))
    assert (again.code, "output-is-kept" in again.err) == (3, True)


def test_what_cannot_be_made_is_refused(run: Run, samples: Samples, tmp_path: Path) -> None:
    words = make(samples, tmp_path / "b.zip")
    words[2] = "4"
    done = run(*words)
    assert (done.code, done.out) == (3, "")
    assert "bundle-not-of-decision" in done.err
    for half in (("--with-secrets",), ("--secrets", samples.secrets)):
        done = run(*make(samples, tmp_path / "c", *half))
        assert (done.code, "bundle-secrets-half-asked" in done.err) == (3, True)
        assert not (tmp_path / "c").exists()
    missing = run(*make(samples, tmp_path / "c", "--stamp", tmp_path / "none"))
    assert (missing.code, missing.err.split(":")[0]) == (3, "file-not-found")


def test_the_exit_code_is_that_of_a_replay(run: Run, samples: Samples, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    bundle = read(samples.files)
    entry = remake(bundle)
    changed = {**entry, "entry.json": flip(entry["entry.json"])}
    for files, conclusion in [
        (entry, "all_match"),
        (changed, "not_sound"),
        (remake(replace(bundle, laws={})), "cannot_replay"),
    ]:
        path.write_bytes(pack_files(files, ""))
        done = run("check-bundle", str(path), "--format", "json")
        assert json.loads(done.out)["conclusion"] == conclusion
        assert (done.code, done.err) == (CODES[conclusion], "")
        assert run("check-bundle", str(path)).code == CODES[conclusion]


def _zip_anew(samples: Samples, folder: Path, *, folders: bool) -> bytes:
    """Return a bundle as another tool packs what was unpacked of it."""
    path = folder / "anew.zip"
    with ZipFile(path, "w", ZIP_DEFLATED) as made:
        if folders:
            made.mkdir("keys")
        for name, data in samples.files.items():
            made.writestr(name, data)
    return path.read_bytes()


def test_what_a_system_leaves_in_a_folder_is_told_as_that(
    run: Run, samples: Samples, tmp_path: Path
) -> None:
    for name, data in samples.files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    assert run("check-bundle", str(tmp_path)).code == 0
    (tmp_path / "keys" / ".DS_Store").write_bytes(b"Bud1")
    done = run("check-bundle", str(tmp_path))
    assert (done.code, "bundle-name-of-system" in done.err) == (21, True)
    assert "remove it, and check again" in done.err


def test_a_zip_that_is_no_bundle_is_not_sound(run: Run, samples: Samples, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    for data, code in [
        (samples.bundle.read_bytes() + b"\0", "bundle-written-otherwise"),
        (b"no zip", "bundle-not-a-bundle"),
        (_zip_anew(samples, tmp_path, folders=True), "bundle-packed-anew"),
        (_zip_anew(samples, tmp_path, folders=False), "bundle-written-otherwise"),
    ]:
        path.write_bytes(data)
        done = run("check-bundle", str(path))
        assert (done.code, done.out) == (21, "")
        assert code in done.err
    gone = run("check-bundle", str(tmp_path / "none.zip"))
    assert (gone.code, gone.err.split(":")[0]) == (3, "file-not-found")


def test_what_the_verifier_brings_is_asked_for(run: Run, samples: Samples, tmp_path: Path) -> None:
    first, second = samples.keys
    pem, other = tmp_path / "key-1.pem", tmp_path / "other.pem"
    pem.write_bytes(write_key(first.public))
    other.write_bytes(write_key(second.public))
    listed = tmp_path / "keys.json"
    listed.write_text(json.dumps(state_keys([second], Span("", 0, 0))))
    words = ["check-bundle", str(samples.bundle)]
    for key, code, told in [
        (f"key-1={pem}", 0, "signatures: ok\n"),
        (str(pem), 0, "signatures: ok\n"),
        (str(listed), 0, "signatures: ok\n"),
        (f"key-1={other}", 21, "signatures: bad\n"),
        (str(other), 21, "signatures: unknown key\n"),
    ]:
        done = run(*words, "--key", key)
        assert (done.code, done.err) == (code, "")
        assert told in done.out
    held = run(*words, "--checkpoint", str(samples.checkpoint))
    assert "the checkpoint you hold: ok" in held.out
    stamped = run(*words, "--authority", str(samples.root))
    assert stamped.code == 0
    assert "certificates of the bundle" not in stamped.out
    unread = run(*words, "--key", str(samples.log))
    assert (unread.code, unread.err.split(":")[0]) == (3, "key-file-not-readable")


def test_the_summary_is_in_both_languages(run: Run, samples: Samples) -> None:
    chinese = run("check-bundle", str(samples.bundle), lang="zh").out
    english = run("check-bundle", str(samples.bundle)).out
    assert "各项均成立" in chinese
    assert "all holds good" in english
    assert len(chinese.splitlines()) == len(english.splitlines())


def test_every_obstacle_has_words_of_its_own() -> None:
    assert set(OBSTACLES) - {"facts_gone"} == {str(item) for item in Obstacle}


def test_the_decision_and_what_became_of_it_are_told_first(run: Run, samples: Samples) -> None:
    told = run("check-bundle", str(samples.bundle)).out.splitlines()
    place = next(n for n, line in enumerate(told) if line.startswith("all holds good"))
    before = "\n".join(told[:place])
    assert told[0].startswith("recorded outcome: ")
    assert "as of 2024-" in before
    assert "entry 3" in before
    assert any("revoked" in x or "replaced" in x for x in told[:place])


# ---- the pages on bundles ----


def test_the_steps_of_the_how_to_hold(
    run: Run, samples: Samples, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "desk"
    shutil.copytree(samples.folder, folder)
    (folder / "rulesets").symlink_to(RULESETS)
    (folder / "key-1.pem").write_bytes(write_key(samples.keys[0].public))
    monkeypatch.chdir(folder)
    page = (DOCS / "how-to" / "hand-over-a-decision.md").read_text(encoding="utf-8")
    codes = []
    for block in re.findall(r"```console\n\$ voucher-rules (.*?)\n```", page, re.DOTALL):
        command, *shown = block.split("\n")
        done = run(*shlex.split(command.removesuffix(" --lang en")))
        codes.append(done.code)
        assert [line for line in shown if line not in ("…", *done.out.splitlines())] == []
    assert codes == [0, 22, 0]


def test_the_reference_tells_every_verdict_and_file(samples: Samples) -> None:
    page = (DOCS / "reference" / "bundles.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`([^`\n]+)`", page))
    assert set(BundleVerdicts.__slots__) <= told
    assert {str(x) for kind in (Check, RulesetVerdict, Reproduced) for x in kind} <= told
    data = check(samples.files).to_data()
    parts = [data, data["decision"], data["checkpoint"], data["standing"], data["again"]]
    named = {word for text in told for word in re.findall(r"\w+", text)}
    assert {name for part in parts for name in part} - named <= {"entry_digest", "decision_digest"}
    for name in samples.files:
        first = name.split("/")[0]
        assert name in told or any(text.startswith(f"{first}/") for text in told), name
    assert f"more than {MOST_FILES} files and more than {MOST_BYTES} bytes" in page


@pytest.mark.parametrize("seq", ["log.jsonl", "0", "-1", "1.5", "一", "9" * 30])
def test_a_number_of_an_entry_that_is_none_is_told_in_its_own_words(
    capsys: pytest.CaptureFixture[str], seq: str
) -> None:
    assert main(["bundle", "--checkpoint", "c.json", "--", "log.jsonl", seq, "x.zip"]) == 2
    told = capsys.readouterr().err
    assert f"argument SEQ: expected a whole number above 0, found `{seq}`" in told
    assert "invalid int" not in told
