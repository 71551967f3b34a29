"""The public surface: what the package exports, and that nothing private leaks through it."""

from __future__ import annotations

import inspect
import re
import types
import typing
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import voucher_rules as vr
from voucher_rules.api import Decision, Ruleset

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
    for owner in (Decision, Ruleset):
        for name, item in list_public_members(owner):
            target = item.fget if isinstance(item, property) else item
            if inspect.isfunction(target):
                hints = typing.get_type_hints(target).values()
                named = {found for hint in hints for found in list_named_classes(hint)}
                if (owner, name) == (Decision, "result"):
                    named.clear()  # the whole, for programs that reach behind what is public
                assert named <= exported, f"{owner.__name__}.{name}: {named - exported}"


def test_the_package_is_typed_and_has_a_version() -> None:
    assert (files("voucher_rules") / "py.typed").is_file()
    assert version("voucher-rules")
