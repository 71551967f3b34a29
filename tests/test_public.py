"""The public surface: what the package exports, and that nothing private leaks through it."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
import types
import typing
from importlib import import_module
from importlib.metadata import version
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import pytest

import voucher_rules as vr
from voucher_rules import api
from voucher_rules.api import Decision, Ruleset
from voucher_rules.decision.result import DecisionResult

PUBLIC = [(name, getattr(vr, name)) for name in vr.__all__]


def list_named_classes(annotation: object) -> set[type]:
    """Return the library's own classes an annotation names, through unions and containers."""
    found = {item for part in typing.get_args(annotation) for item in list_named_classes(part)}
    own = isinstance(annotation, type) and annotation.__module__.startswith("voucher_rules")
    return found | ({annotation} if own and isinstance(annotation, type) else set())


def list_public_members(owner: type) -> list[tuple[str, object]]:
    return [(name, item) for name, item in vars(owner).items() if not name.startswith("_")]


def test_everything_listed_exists_and_is_listed_in_order() -> None:
    assert all(hasattr(vr, name) for name in vr.__all__)
    assert list(vr.__all__) == sorted(vr.__all__, key=lambda name: (not name.isupper(), name))


def test_nothing_but_what_is_listed_is_public() -> None:
    names = {
        name
        for name, item in vars(vr).items()
        if not name.startswith("_") and not isinstance(item, types.ModuleType)
    }
    assert names == set(vr.__all__)


def test_everything_public_is_documented() -> None:
    missing = [
        name for name, item in PUBLIC if callable(item) and not (inspect.getdoc(item) or "").strip()
    ]
    assert missing == []


def test_everything_public_stands_in_the_reference() -> None:
    pages = Path(__file__).parents[1] / "docs" / "reference"
    told = "".join(
        (pages / page).read_text(encoding="utf-8") for page in ("python.md", "ledger.md")
    )
    named = {word for code in re.findall(r"`([^`\n]+)`", told) for word in re.findall(r"\w+", code)}
    assert set(vr.__all__) - named == set()


def test_every_public_method_and_property_is_documented_and_typed() -> None:
    for owner in (Decision, Ruleset):
        for name, item in list_public_members(owner):
            target = item.fget if isinstance(item, property) else item
            if inspect.isfunction(target):
                assert inspect.getdoc(target), f"{owner.__name__}.{name}"
                assert "return" in target.__annotations__, f"{owner.__name__}.{name}"


def test_no_private_class_leaks_through_an_annotation() -> None:
    exported = {item for _, item in PUBLIC if isinstance(item, type)}
    exported.add(DecisionResult)  # what `Decision.result` gives is the inside, and says so
    for owner in (Decision, Ruleset):
        for name, item in list_public_members(owner):
            target = item.fget if isinstance(item, property) else item
            if inspect.isfunction(target):
                # An annotation may name what is imported only for checkers: a public name.
                hints = typing.get_type_hints(target, localns=dict(PUBLIC)).values()
                named = {found for hint in hints for found in list_named_classes(hint)}
                if (owner, name) == (Decision, "result"):
                    named.clear()  # the whole, for programs that reach behind what is public
                assert named <= exported, f"{owner.__name__}.{name}: {named - exported}"


def test_the_package_is_typed_and_has_a_version() -> None:
    assert (files("voucher_rules") / "py.typed").is_file()
    assert version("voucher-rules")


def test_the_table_of_each_front_is_what_checkers_see() -> None:
    for package in (vr, api):
        tree = ast.parse(Path(str(package.__file__)).read_text(encoding="utf-8"))
        shown = {
            (alias.asname or alias.name): getattr(import_module(str(node.module)), alias.name)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module != "voucher_rules"
            for alias in node.names
            if alias.name != "open_front"
        }
        assert shown.keys() == set(package.__all__)
        assert [name for name, item in shown.items() if getattr(package, name) is not item] == []


def test_no_name_is_that_of_a_module_but_one_that_was_given_back() -> None:
    shared = {
        f"{package.__name__}.{name}"
        for package in (vr, api)
        for name in package.__all__
        if find_spec(f"{package.__name__}.{name}")
    }
    assert shared == {"voucher_rules.catalog"}


def test_a_front_lists_its_names_and_refuses_others() -> None:
    for package in (vr, api):
        assert set(package.__all__) <= set(dir(package))
        assert not [x for x in dir(package) if x not in package.__all__ and not x.startswith("__")]
        with pytest.raises(AttributeError, match=f"'{package.__name__}' has no attribute 'lod'"):
            package.lod  # noqa: B018 - asking is the test


IDLE = frozenset({"batch", "cli", "compiled", "differences", "explain", "intake", "ledger"}) | {
    "pictures",
    "publish",
    "record",
    "synthetic",
    "testing",
    "whatif",
}
"""Parts that loading and deciding have no need of."""


def list_imported(code: str) -> set[str]:
    """Return the modules a process of its own has imported after some code."""
    text = f"import sys, voucher_rules as vr\n{code}\nprint(*sys.modules, sep='\\n')"
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, check=True, text=True)
    return set(done.stdout.split())


def test_the_import_alone_brings_next_to_nothing() -> None:
    own = {x for x in list_imported("") if x.startswith("voucher_rules.")}
    assert own == {"voucher_rules.front", "voucher_rules.catalog"}
    assert not {"pydantic", "yaml", "dateutil"} & list_imported("")


def test_loading_and_deciding_bring_no_part_they_have_no_need_of() -> None:
    code = (
        "vr.load('cn-nx-service-voucher').decide("
        "'claim', {'contract.amount': '4000元'}, on='2017-03-01')"
    )
    parts = {x.split(".")[1] for x in list_imported(code) if x.startswith("voucher_rules.")}
    assert not parts & IDLE


def test_the_function_keeps_its_name_before_the_package_it_shares_it_with() -> None:
    code = "import voucher_rules.catalog.find; assert callable(vr.catalog), vr.catalog"
    assert "voucher_rules.api.editions" in list_imported(code)
    assert "voucher_rules.catalog.find" in list_imported(f"vr.catalog; {code}")
