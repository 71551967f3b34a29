"""The pages of a bundle: what they tell to do comes to what the library says, and to nothing more.

The commands run in a shell that finds nothing but coreutils, `unzip` and `openssl`.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pytest
from bundle_samples import (
    MEASURES,
    START,
    Samples,
    flip,
    make_samples,
    needs_extras,
    read,
    remake,
    seal,
)
from log_samples import THOROUGHNESS

import voucher_rules as vr
from voucher_rules.explain.record_values import tell_named
from voucher_rules.record.bundle_files import SUMS, Bundle
from voucher_rules.record.bundle_pages import PAGES, write_pages
from voucher_rules.record.bundle_steps import list_steps
from voucher_rules.record.bundle_zip import load_files, pack_files

COREUTILS: Final = [
    "base64",
    "cat",
    "cut",
    "date",
    "head",
    "od",
    "printf",
    "sha256sum",
    "tail",
    "tr",
    "wc",
]
TOOLS: Final = (*COREUTILS, "openssl", "unzip")
pytestmark = [
    needs_extras,
    pytest.mark.skipif(
        not all(map(shutil.which, TOOLS)), reason="needs coreutils, `unzip` and `openssl`"
    ),
]
ENGLISH: Final = "HOWTO-VERIFY.en.md"
BLOCK: Final = re.compile(r"```sh\n(.*?)\n```", re.DOTALL)
GOOD: Final = re.compile(
    r"ok: .+|.+: OK|Signature Verified Successfully|Verification: OK|[0-9a-f]{64}(  .+)?"
    r"|[A-Z][a-z]{2} .+ GMT|Using configuration .*|Response has been generated.*"
)


@dataclass(frozen=True, slots=True)
class Shell:
    """A folder of the only programs there are."""

    programs: Path

    def run(self, folder: Path, script: str) -> list[str]:
        """Return what a script prints, run in a folder without any other program."""
        done = subprocess.run(
            ["/bin/sh", "-c", script],
            cwd=folder,
            env={"PATH": str(self.programs)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        return [*done.stdout.decode(errors="replace").splitlines(), f"exit {done.returncode}"]


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    return make_samples(tmp_path_factory.mktemp("bundles"))


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    programs = tmp_path_factory.mktemp("bin")
    for name in TOOLS:
        (programs / name).symlink_to(shutil.which(name) or "")
    return Shell(programs)


def list_blocks(page: bytes) -> list[str]:
    return BLOCK.findall(page.decode())


@pytest.mark.parametrize(
    ("page", "outcome", "fate"),
    [
        ("HOWTO-VERIFY.en.md", "recorded outcome", "what became of it | `revoked by entry 6`"),
        ("HOWTO-VERIFY.zh.md", "记录的结果", "此后 | `已由第 6 条撤销`"),
    ],
)
def test_a_page_tells_first_what_came_out_and_what_became_of_it(
    samples: Samples, page: str, outcome: str, fate: str
) -> None:
    table = samples.files[page].decode().partition("## 1.")[0]
    body = read(samples.files).entry.entry.body
    assert body is not None
    told = tell_named(body["outcome"]["status"], "outcome", page.split(".")[1])
    [row] = [line for line in table.splitlines() if line.startswith(f"| {outcome} |")]
    assert f"`{told}" in row
    assert f"| {fate} |" in table


@pytest.mark.parametrize(
    "outcome",
    [None, [], {}, {"status": "granted"}, {"status": "| x", "amounts": {}, "reasons": []}],
)
def test_an_outcome_that_is_none_is_told_by_a_mark(samples: Samples, outcome: object) -> None:
    bundle = read(samples.files)
    body = {**(bundle.entry.entry.body or {}), "outcome": outcome}
    proven = replace(bundle.entry, entry=replace(bundle.entry.entry, body=body))
    page = write_pages(replace(bundle, entry=proven))["HOWTO-VERIFY.en.md"].decode()
    assert "| recorded outcome | `?` |" in page


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_a_page_hold_good(
    samples: Samples, shell: Shell, tmp_path: Path, page: str
) -> None:
    shutil.copy(samples.bundle, tmp_path / "bundle.zip")
    blocks = list_blocks(samples.files[page])
    printed = shell.run(tmp_path, "\n".join(["set -e", *blocks]))
    assert [line for line in printed if not GOOD.fullmatch(line)] == ["exit 0"]
    told = read(samples.files).checkpoint.digest.removeprefix("sha256:")
    assert told in printed
    assert told in samples.files[page].decode()
    assert printed.count("Signature Verified Successfully") == 2
    assert printed.count("Verification: OK") == 1
    lines = [line.removeprefix("ok: ") for line in printed if line.startswith("ok: ")]
    assert len(set(lines)) == len(lines)
    assert {line.partition(": ")[0] for line in lines} == {
        "body.json",
        "checkpoint.dsse.json",
        "checkpoint.json",
        "checkpoint.pae",
        "entry.json",
        "header.json",
        "related/00000004/entry.json",
        "related/00000005/entry.json",
        "related/00000006/entry.json",
    }
    assert len([line for line in printed if line.endswith(": OK")]) == len(samples.files) - 1 + 1


def test_both_pages_hold_the_same_commands(samples: Samples) -> None:
    one, other = (list_blocks(samples.files[page]) for page in PAGES)
    assert one == other
    assert len(one) == len(
        [step for step in list_steps(read(samples.files)) if step.runs and step.commands]
    )


# ---- which step fails, when a file was changed ----

FAILS: Final[Mapping[str, set[str]]] = {
    "authorities.pem": {"stamp"},
    "body.json": {"decision", "related"},
    "checkpoint.dsse.json": {"checkpoint"},
    "checkpoint.json": {"checkpoint", "signatures", "stamp"},
    "checkpoint.pae": {"signatures"},
    "entry.json": {"inclusion"},
    "header.json": {"log"},
    "keys/key-1.pem": {"signatures"},
    "keys/key-2.pem": {"signatures"},
    "manifest.json": set(),
    "openings/01.json": {"openings"},
    "openings/02.json": {"openings"},
    "proof.json": set(),
    "proof/01-right.bin": {"inclusion"},
    "proof/02-left.bin": {"inclusion"},
    "proof/03-right.bin": {"inclusion"},
    "related/00000004/entry.json": {"key_change"},
    "related/00000005/entry.json": {"related"},
    "related/00000006/entry.json": {"related"},
    "rulesets/invented-tickets/1.yaml": {"laws"},
    "signatures/key-1.sig": {"signatures"},
    "signatures/key-2.sig": {"signatures"},
    "stamp.tsr": {"stamp"},
    "trace.json": {"decision"},
}
"""The steps that fail at least, beside that on sums, when one byte of a file was changed."""


def list_failing(
    shell: Shell, folder: Path, bundle: Bundle, only: Collection[str] = ()
) -> set[str]:
    """Return the steps that print anything but that they hold good, or end otherwise."""
    script = []
    for step in list_steps(bundle):
        if only and step.name not in {"tools", *only}:
            continue
        if step.name != "unpack" and step.commands and step.runs:
            script += [f"echo '> {step.name}'", step.commands, 'echo "code $?"']
    failing, now = set(), ""
    for line in shell.run(folder, "\n".join(script))[:-1]:
        if line.startswith("> "):
            now = line.removeprefix("> ")
        elif line != "code 0" and not GOOD.fullmatch(line):
            failing.add(now)
    return failing


def test_a_change_shows_in_the_step_that_it_concerns(
    samples: Samples, shell: Shell, tmp_path: Path
) -> None:
    bundle = read(samples.files)
    write_files(tmp_path, samples.files)
    assert list_failing(shell, tmp_path, bundle) == set()
    listed = {n for n in samples.files if n.split("/")[-1] != "proof.json" or n == "proof.json"}
    own = {n for n in listed if not (n.startswith("related/") and "/proof/" in n)}
    assert own - {SUMS, *PAGES} == set(FAILS)
    for name, expected in FAILS.items():
        path = tmp_path / name
        data = path.read_bytes()
        path.write_bytes(flip(data, find_place(name, data)))
        fails = {"sums", *expected}
        only = fails if THOROUGHNESS == 1 and expected else ()
        failing = list_failing(shell, tmp_path, bundle, only)
        assert failing == fails if only or not expected else failing >= fails, name
        path.write_bytes(data)


def find_place(name: str, data: bytes) -> int | None:
    """Return a byte that says something: some of a time stamp are signed by nobody."""
    if name == "stamp.tsr":
        return data.index(b"\x04\x20") + 2  # the hash that is stamped
    return None


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def test_the_parts_of_another_log_fail_by_hand_as_well(
    samples: Samples, shell: Shell, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    other = make_samples(tmp_path / "other")
    bundle = read(samples.files)
    for names, expected in [
        (("proof/",), {"inclusion"}),
        (("body.json",), {"decision"}),
        (("checkpoint.",), {"inclusion", "log", "signatures", "stamp"}),
        (("signatures/",), {"signatures"}),
        (("keys/", "signatures/"), {"signatures"}),
        (("stamp.tsr",), {"stamp"}),
        (("openings/",), {"openings"}),
    ]:
        own = {n: x for n, x in samples.files.items() if not n.startswith(names)}
        mixed = seal({**own, **{n: x for n, x in other.files.items() if n.startswith(names)}})
        folder = tmp_path / "-".join(names).replace("/", "")
        write_files(folder, mixed)
        failing = list_failing(shell, folder, bundle, {"sums", *expected})
        assert failing == expected, names


# ---- what the pages say of bundles that hold less ----


def test_the_pages_tell_what_there_is_not(samples: Samples, shell: Shell, tmp_path: Path) -> None:
    bundle = read(samples.files)
    bare = replace(
        bundle,
        checkpoint=replace(bundle.checkpoint, signatures=()),
        stamp=None,
        authorities=None,
        related=(),
        openings={},
    )
    assert [step.name for step in list_steps(bare)] == [
        *("unpack", "tools", "sums", "decision", "inclusion", "log", "checkpoint"),
        *("unsigned", "unstamped", "unrelated", "laws"),
    ]
    files = remake(bare)
    (tmp_path / "bundle.zip").write_bytes(pack_files(files, ""))
    for page in PAGES:
        blocks = list_blocks(files[page])
        printed = shell.run(tmp_path, "\n".join(["set -e", *blocks]))
        assert [line for line in printed if not GOOD.fullmatch(line)] == ["exit 0"]
        shutil.rmtree(tmp_path / "bundle")
    rootless = write_pages(replace(bundle, authorities=None))[ENGLISH].decode()
    assert "-CAfile ROOT.pem" in rootless
    assert not any("ROOT.pem" in block for block in BLOCK.findall(rootless))


def test_a_log_of_one_entry_has_an_empty_proof(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    ruleset = vr.load("test-clock-windows", folders=[MEASURES])
    decision = ruleset.decide(next(iter(ruleset.decisions)), {}, on="2024-05-01")
    with vr.RecordLog.create(path, "局 `id` $(id) \"'", clock=lambda: START) as log:
        log.record(decision, "1", vr.RecordOptions(traced=False))
        log.checkpoint(tmp_path / "1.json")
    made = vr.make_bundle(path, 1, tmp_path / "1.json", tmp_path / "bundle.zip", folders=[MEASURES])
    files = load_files(made)
    assert vr.check_bundle(made).conclusion == "all_match"
    assert "trace.json" not in files
    assert {n for n in files if n.startswith("rulesets/")} >= {
        "rulesets/test-clock-windows/2024.yaml",
        "rulesets/cn-working-days/2026.calendar.yaml",
    }
    printed = shell.run(tmp_path, "\n".join(["set -e", *list_blocks(files[ENGLISH])]))
    assert [line for line in printed if not GOOD.fullmatch(line)] == ["exit 0"]
    assert "$(id)" not in files[ENGLISH].decode()
