"""Comes in: the extras of the package. Goes out: whether the page on them tells each as it is."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = PROJECT / "docs" / "reference" / "extras.md"
ROW: Final = re.compile(r"\| `(?P<extra>[a-z]+)` \| (?P<brings>[^|]+) \|")
OWN: Final = "voucher-rules"


def list_packages() -> dict[str, set[str]]:
    """Return what each extra brings itself, by its name; other extras stand by theirs."""
    told = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
    made = {}
    for extra, packages in told["project"]["optional-dependencies"].items():
        named = {re.split(r"[\[<>=]", x)[0] for x in packages}
        others = {x for one in packages if one.startswith(OWN) for x in _list_extras(one)}
        made[extra] = (named - {OWN}) | others
    return made


def _list_extras(package: str) -> list[str]:
    return package.partition("[")[2].rstrip("]").split(",")


def read_page() -> dict[str, set[str]]:
    """Return what the page says that each extra brings."""
    rows = ROW.finditer(PAGE.read_text("utf-8"))
    return {x["extra"]: set(re.findall(r"[\w-]+", x["brings"])) for x in rows}


def test_the_page_tells_each_extra_and_what_it_brings() -> None:
    packages, page = list_packages(), read_page()
    assert list(page) == [*(x for x in page if x != "dev"), "dev"]
    assert page.keys() == packages.keys()
    for extra in packages.keys() - {"dev"}:
        assert packages[extra] <= page[extra], extra
        extra_words = page[extra] - packages[extra]
        assert extra_words <= {"and", "what", "bring"}, extra


def test_what_needs_an_extra_names_one_there_is() -> None:
    source = PROJECT / "src" / "voucher_rules"
    asked = re.compile(r'import_package\("[\w.]+", "(\w+)"\)')
    named = {x for path in source.rglob("*.py") for x in asked.findall(path.read_text("utf-8"))}
    assert {"tables", "duckdb", "spark", "plot", "notebook"} <= named <= list_packages().keys()
