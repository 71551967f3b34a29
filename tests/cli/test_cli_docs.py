"""Comes in: the page on the command line. Goes out: a failure where an example does not hold."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from forking import offer_command

from voucher_rules.cli.exits import EPILOG
from voucher_rules.testing import run_file
from voucher_rules.testing.model import CaseDoc, CaseFileDoc, ExpectDoc

REFERENCE: Final = Path(__file__).resolve().parents[2] / "docs" / "reference"
PAGE: Final = REFERENCE / "cli.md"
CASES_PAGE: Final = REFERENCE / "case-files.md"
EDITIONS_PAGE: Final = REFERENCE.parent / "how-to" / "keep-editions.md"
RECHECK_PAGE: Final = REFERENCE.parent / "how-to" / "recheck-decisions.md"
LEDGER_PAGE: Final = REFERENCE.parent / "how-to" / "keep-a-ledger.md"
FILE: Final = re.compile(
    r"^(?:[^`\n]+ )?`([^`\n]+)`:\n\n```(?:yaml|text)\n(.*?)^```", re.MULTILINE | re.DOTALL
)
CONSOLE: Final = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
PYTHON: Final = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
ASK: Final = "echo $?"
CUT: Final = "…"


@dataclass(slots=True)
class Example:
    """One command of the page, what it shows, and the exit code it states."""

    command: str
    shown: list[str]
    code: int = 0


class Folder(NamedTuple):
    """Where the commands of a page run, and where the command stands."""

    path: Path
    commands: Path


def read_examples(page: str) -> Iterator[Example]:
    for block in CONSOLE.findall(page):
        made: list[Example] = []
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *shown = part.rstrip("\n").split("\n")
            if command == ASK:
                made[-1].code = int(shown[0])
            else:
                made.append(Example(command, shown))
        yield from made


def write_files(page: str, folder: Path) -> None:
    for name, text in FILE.findall(page):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def find_unshown(shown: list[str], printed: list[str]) -> str | None:
    """Return the first line shown that was not printed at its place, or None."""
    rest = iter(printed)
    cut = False
    for line in shown:
        if line == CUT:
            cut = True
            continue
        start, open_end = line.removesuffix(CUT), line.endswith(f" {CUT}")
        for got in rest:
            if (got.rstrip() == line.rstrip()) or (open_end and got.startswith(start.rstrip())):
                break
            if not cut:
                return line
        else:
            return line
        cut = False
    return None if cut or next(rest, None) is None else "the end"


EXAMPLES: Final = list(read_examples(PAGE.read_text(encoding="utf-8")))
RECHECK_EXAMPLES: Final = list(read_examples(RECHECK_PAGE.read_text(encoding="utf-8")))
LEDGER_EXAMPLES: Final = list(read_examples(LEDGER_PAGE.read_text(encoding="utf-8")))
EDITION_EXAMPLES: Final = list(read_examples(EDITIONS_PAGE.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Make a folder that holds the command."""
    made = tmp_path_factory.mktemp("commands")
    with offer_command(made):
        yield made


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, commands: Path) -> Folder:
    """Make a folder with the files of the page."""
    return make_folder(PAGE, tmp_path_factory.mktemp("examples"), commands)


@pytest.fixture(scope="module")
def ledger_folder(tmp_path_factory: pytest.TempPathFactory, commands: Path) -> Folder:
    """Make one with the files of the page on keeping a ledger."""
    return make_folder(LEDGER_PAGE, tmp_path_factory.mktemp("ledger"), commands)


@pytest.fixture(scope="module")
def editions_folder(tmp_path_factory: pytest.TempPathFactory, commands: Path) -> Folder:
    """Make one with the files of the page on keeping editions."""
    return make_folder(EDITIONS_PAGE, tmp_path_factory.mktemp("editions"), commands)


@pytest.fixture(scope="module")
def recheck_folder(tmp_path_factory: pytest.TempPathFactory, commands: Path) -> Folder:
    """Make one with the files of the page on rechecking decisions."""
    return make_folder(RECHECK_PAGE, tmp_path_factory.mktemp("recheck"), commands)


def make_folder(page: Path, made: Path, commands: Path) -> Folder:
    write_files(page.read_text(encoding="utf-8"), made)
    return Folder(made, commands)


def test_a_command_of_the_pages_runs_as_one_of_its_own(tmp_path: Path, commands: Path) -> None:
    """What stands in for the command gives what the command gives."""
    for words in (["list"], ["decide", "nothing", "claim", "--facts", "-"]):
        told = [
            subprocess.run(
                [*program, *words], cwd=tmp_path, capture_output=True, check=False, input=b"?"
            )
            for program in ([commands / "voucher-rules"], [sys.executable, "-m", "voucher_rules"])
        ]
        assert told[0].returncode == told[1].returncode
        assert told[0].stdout == told[1].stdout
        assert told[0].stderr == told[1].stderr


def test_the_page_has_examples_of_every_command() -> None:
    used = {example.command.partition("voucher-rules ")[2].split(" ")[0] for example in EXAMPLES}
    assert {
        "list",
        "editions",
        "show",
        "facts",
        "decide",
        "letter",
        "check",
        "test",
        "mutate",
        "draft",
        "coverage",
        "limits",
        "publish",
        "ledger",
        "calendar",
        "audit",
        "enter",
        "lapse",
        "log",
        "replay",
    } <= used


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.command)
def test_an_example_of_the_page_holds(folder: Folder, example: Example) -> None:
    check_example(folder, example)


@pytest.mark.parametrize("example", LEDGER_EXAMPLES, ids=lambda example: example.command)
def test_a_step_of_keeping_a_ledger_holds(ledger_folder: Folder, example: Example) -> None:
    """The steps build on each other, in the order of the page."""
    check_example(ledger_folder, example)


@pytest.mark.parametrize("example", EDITION_EXAMPLES, ids=lambda example: example.command)
def test_a_step_of_keeping_editions_holds(editions_folder: Folder, example: Example) -> None:
    check_example(editions_folder, example)


def test_editions_are_found_from_python_too(editions_folder: Folder) -> None:
    """The last step of the page: it rests on those before it."""
    (program,) = PYTHON.findall(EDITIONS_PAGE.read_text(encoding="utf-8"))
    words = [sys.executable, "-W", "error", "-c", program]
    subprocess.run(words, cwd=editions_folder.path, check=True)


@pytest.mark.parametrize("example", RECHECK_EXAMPLES, ids=lambda example: example.command)
def test_a_step_of_rechecking_holds(recheck_folder: Folder, example: Example) -> None:
    """The steps build on each other, in the order of the page."""
    check_example(recheck_folder, example)


def test_the_ledger_is_kept_from_python_too(tmp_path: Path) -> None:
    page = LEDGER_PAGE.read_text(encoding="utf-8")
    write_files(page, tmp_path)
    (program,) = PYTHON.findall(page)
    subprocess.run([sys.executable, "-W", "error", "-c", program], cwd=tmp_path, check=True)


def check_example(folder: Folder, example: Example) -> None:
    path = os.pathsep.join([str(folder.commands), os.environ.get("PATH", "")])
    done = subprocess.run(
        ["sh", "-c", example.command],
        cwd=folder.path,
        env={**os.environ, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    printed = done.stdout.decode("utf-8")
    assert done.returncode == example.code, printed
    assert find_unshown(example.shown, printed.splitlines()) is None, printed


def test_the_codes_of_the_page_are_those_of_the_help() -> None:
    listed = re.findall(r"^\| ([0-9]+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    told = re.findall(r"^ +([0-9]+)  ", EPILOG, re.MULTILINE)
    assert listed == told


def test_the_case_files_of_their_page_pass(tmp_path: Path) -> None:
    page = CASES_PAGE.read_text(encoding="utf-8")
    write_files(page, tmp_path)
    paths = sorted(tmp_path.glob("*.cases.yaml"))
    assert paths
    failed = [x.render() for path in paths for x in run_file(path) if not x.passed]
    assert not failed, "\n".join(failed)


def test_the_programs_of_the_case_page_run(tmp_path: Path) -> None:
    page = CASES_PAGE.read_text(encoding="utf-8")
    write_files(page, tmp_path)
    for program in PYTHON.findall(page):
        subprocess.run([sys.executable, "-W", "error", "-c", program], cwd=tmp_path, check=True)


def test_every_key_of_a_case_is_on_its_page() -> None:
    page = CASES_PAGE.read_text(encoding="utf-8")
    for model in (CaseFileDoc, CaseDoc, ExpectDoc):
        for name, info in model.model_fields.items():
            assert f"| `{info.alias or name}` |" in page, name


@pytest.mark.parametrize(
    ("shown", "printed", "missing"),
    [
        (["a", "b"], ["a", "b"], None),
        (["a"], ["a", "b"], "the end"),
        (["a", "…"], ["a", "b"], None),
        (["a", "…", "c"], ["a", "b", "c"], None),
        (["a", "c"], ["a", "b", "c"], "c"),
        (["…", "d"], ["a"], "d"),
        (["a …"], ["a and b"], None),
        (["b …"], ["a and b"], "b …"),
        ([], ["a"], "the end"),
        (["…"], [], None),
    ],
)
def test_what_is_shown_is_held_against_what_is_printed(
    shown: list[str], printed: list[str], missing: str | None
) -> None:
    assert find_unshown(shown, printed) == missing
