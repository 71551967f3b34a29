"""Comes in: the text of each notebook, in both languages. Goes out: the notebooks, run and saved.

A notebook is written once, in ``NAME.txt``: parts begin with ``# %% zh`` or ``# %% en`` (Markdown
in that language), ``# %% code`` (run in both) or ``# %% zh code`` and ``# %% en code``. Every part
runs in a kernel started for it; what came out is saved with it, so that a reader sees it at once.

Without options they are written, to ``zh/NAME.ipynb`` and ``en/NAME.ipynb`` beside the folder of
this file; with ``--check`` they are run and compared with those. Where no font is installed that
can write Chinese, notebooks with pictures cannot be run: that is told, and they are left out.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import nbformat
from nbclient import NotebookClient

from voucher_rules.pictures.fonts import find_chinese

HERE: Final = Path(__file__).resolve().parent
LANGUAGES: Final = ("zh", "en")
PART: Final = re.compile(r"^# %% (?:(zh|en)(?: (code))?|(code))$", re.MULTILINE)
STYLE: Final = re.compile("<style>.*?</style>", re.DOTALL)
"""How results look may change without what they say."""
DIGEST: Final = re.compile("[0-9a-f]{64}")
"""Digests of entries, which also tell the versions a log was written with."""
SECONDS: Final = 300
"""How long one cell may take."""
PASSING: Final = frozenset({"image/png", "image/svg+xml"})
"""What may differ between two runs: pictures, by the fonts there are."""
WIDGET: Final = "application/vnd.jupyter.widget-view+json"
"""The name of a widget in a kernel that is gone: it is not saved, what is shown in its place is."""


def read_parts(text: str, language: str) -> Iterator[tuple[str, str]]:
    """Yield the kind (``markdown`` or ``code``) and text of each part in a language."""
    _, *rest = PART.split(text)
    for own, code, shared, body in zip(*[iter(rest)] * 4, strict=True):
        if own in (None, language):
            yield ("code" if code or shared else "markdown"), body.strip()


def make_notebook(path: Path, language: str) -> Any:  # noqa: ANN401 - nbformat is not typed
    """Return a notebook without results; its cells are named by number, so that nothing varies."""
    make = {"markdown": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell}
    cells = [make[kind](body) for kind, body in read_parts(path.read_text("utf-8"), language)]
    for number, cell in enumerate(cells, start=1):
        cell["id"] = f"part-{number}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def run_notebook(notebook: Any) -> Any:  # noqa: ANN401
    """Run a notebook in a kernel of its own. Raises what a cell raises."""
    place = {"metadata": {"path": str(HERE)}}
    client = NotebookClient(notebook, timeout=SECONDS, resources=place, store_widget_state=False)
    client.execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if "outputs" in cell:
            cell["outputs"] = list(join_streams(cell["outputs"]))
        for item in cell.get("outputs", []):
            item.get("data", {}).pop(WIDGET, None)
    notebook.metadata.pop("language_info", None)
    return notebook


def join_streams(outputs: Iterable[Any]) -> Iterator[Any]:
    """Yield what came out, printed text in one piece: in how many it came is a matter of chance."""
    last: Any = {}
    for item in outputs:
        if item["output_type"] == "stream" and item["name"] == last.get("name"):
            last["text"] += item["text"]
        else:
            last = item
            yield item


def list_results(notebook: Any) -> list[Any]:  # noqa: ANN401
    """Return what came out of each cell, without what may differ between two runs."""
    return [[_strip_result(item) for item in cell.get("outputs", [])] for cell in notebook.cells]


def _strip_result(item: Any) -> Any:  # noqa: ANN401
    kept = {name: value for name, value in item.items() if name != "metadata"}
    if "data" in kept:
        shown = kept["data"]
        drawn = not PASSING.isdisjoint(shown)
        kept["data"] = {
            name: _blank(value)
            for name, value in shown.items()
            if name not in PASSING and not (drawn and name == "text/plain")
        }
    if "text" in kept:
        kept["text"] = _blank(kept["text"])
    return kept


def _blank(value: Any) -> Any:  # noqa: ANN401
    """Return what is shown without its style, and with no digest told."""
    return DIGEST.sub("…", STYLE.sub("", value)) if isinstance(value, str) else value


def check_notebook(path: Path, made: Any) -> list[str]:  # noqa: ANN401
    """Return what a saved notebook shows otherwise than the one just run."""
    saved = nbformat.read(path, as_version=4)
    where = f"{path.parent.name}/{path.name}"
    if [cell.source for cell in saved.cells] != [cell.source for cell in made.cells]:
        return [f"{where}: its text is not that of {path.stem}.txt"]
    pairs = enumerate(zip(list_results(saved), list_results(made), strict=True), start=1)
    return [f"{where}: part {number} shows something else" for number, (a, b) in pairs if a != b]


def can_be_run(path: Path) -> bool:
    """Return whether what a saved notebook draws can be drawn here; labels hold Chinese in both."""
    if find_chinese() is not None:
        return True
    cells = nbformat.read(path, as_version=4).cells if path.exists() else []
    shown = (item.get("data", {}) for cell in cells for item in cell.get("outputs", []))
    return all(PASSING.isdisjoint(data) for data in shown)


def main() -> int:
    """Write or check the notebooks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--check", action="store_true", help="write nothing")
    arguments = parser.parse_args()
    found: list[str] = []
    for path in sorted(HERE.glob("*.txt")):
        if arguments.names and path.stem not in arguments.names:
            continue
        for language in LANGUAGES:
            place = HERE.parent / language / f"{path.stem}.ipynb"
            if arguments.check and not can_be_run(place):
                sys.stdout.write(f"{language}/{path.stem} left out: no font with Chinese\n")
                continue
            sys.stdout.write(f"{language}/{path.stem}\n")
            made = run_notebook(make_notebook(path, language))
            if arguments.check:
                found += check_notebook(place, made)
            else:
                place.parent.mkdir(exist_ok=True)
                nbformat.write(made, place)
    sys.stdout.write("".join(f"{line}\n" for line in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
