"""Comes in: the notebooks as written and as saved. Goes out: a failure where the two part.

That they still show what they showed is checked by running them (``make notebooks``).
"""

from __future__ import annotations

import json
import re
import tempfile
from itertools import pairwise
from pathlib import Path

import pytest

TUTORIAL = Path(__file__).resolve().parents[2] / "docs" / "tutorial"
WRITTEN = sorted((TUTORIAL / "notebooks").glob("*.txt"))
LANGUAGES = ("zh", "en")
CHINESE = re.compile("[\u4e00-\u9fff]")
PART = re.compile(r"^# %% (.+)$", re.MULTILINE)


def read_cells(language: str, name: str) -> list[dict[str, object]]:
    path = TUTORIAL / language / f"{name}.ipynb"
    cells: list[dict[str, object]] = json.loads(path.read_text("utf-8"))["cells"]
    return cells


def test_every_notebook_saved_was_written() -> None:
    names = {path.stem for path in WRITTEN}
    assert names
    for language in LANGUAGES:
        assert {path.stem for path in (TUTORIAL / language).glob("*.ipynb")} == names


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.stem)
def test_each_language_tells_what_the_other_tells(path: Path) -> None:
    kinds = PART.findall(path.read_text("utf-8"))
    assert set(kinds) <= {"zh", "en", "code", "zh code", "en code"}
    assert kinds.count("zh") == kinds.count("en")
    assert kinds.count("zh code") == kinds.count("en code")


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.stem)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_saved_is_what_was_written_and_has_run(path: Path, language: str) -> None:
    text = path.read_text("utf-8")
    cells = read_cells(language, path.stem)
    for cell in cells:
        source = "".join(cell["source"])  # type: ignore[arg-type]
        assert source in text
        if cell["cell_type"] == "code":
            assert isinstance(cell["execution_count"], int)
            outputs: list[dict[str, object]] = cell["outputs"]  # type: ignore[assignment]
            assert all(item["output_type"] != "error" for item in outputs)
    told = "".join("".join(x["source"]) for x in cells if x["cell_type"] == "markdown")  # type: ignore[arg-type]
    assert bool(CHINESE.search(told)) is (language == "zh")


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.stem)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_saved_reads_without_a_kernel_and_names_no_machine(
    path: Path, language: str
) -> None:
    for cell in read_cells(language, path.stem):
        outputs: list[dict[str, object]] = cell.get("outputs", [])  # type: ignore[assignment]
        told = json.dumps(outputs)
        assert "widget-view" not in told
        assert str(Path.home()) not in told
        assert tempfile.gettempdir() not in told
        pairs = pairwise(outputs)
        assert all(a.get("name") != b.get("name") for a, b in pairs if "name" in a)
