"""Comes in: what a program passes to a public function. Goes out: it, or which of it cannot be.

Python lets anyone pass anything: one text where several are wanted is gone through letter by
letter, and a name where an object is wanted fails far away. Here each function says what it takes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from inspect import signature
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

from voucher_rules.diagnostics import LANGUAGES, Diagnostic
from voucher_rules.errors import InputError

Given = ParamSpec("Given")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Want:
    """What an argument should be: the types it may have, and how that is told in messages.

    ``several``: a collection of such, never one alone; ``or_none``: None stands for nothing given.
    """

    kinds: tuple[type, ...]
    told: str
    several: bool = False
    or_none: bool = False
    unlike: tuple[type, ...] = ()
    """Types that count as one of ``kinds`` in Python and are not meant."""

    def optional(self) -> Want:
        """Return the same, where None may stand too."""
        return Want(self.kinds, self.told, self.several, or_none=True, unlike=self.unlike)

    def find_faults(self, name: str, given: object) -> Iterator[Diagnostic]:
        """Yield what is wrong with an argument."""
        if given is None and self.or_none:
            return
        if not self.several:
            if not self._fits(given):
                yield self._name_fault(name, given)
        elif self._fits(given) or isinstance(given, str | bytes | os.PathLike):
            yield Diagnostic("argument-not-a-list", {"name": name, "found": tell_kind(given)})
        elif isinstance(given, Mapping) or not isinstance(given, Collection):
            yield self._name_fault(name, given, "list")
        else:
            for place, item in enumerate(given):
                if not self._fits(item):
                    yield self._name_fault(f"{name}[{place}]", item)

    def _fits(self, given: object) -> bool:
        return isinstance(given, self.kinds) and not isinstance(given, self.unlike)

    def _name_fault(self, name: str, given: object, told: str = "") -> Diagnostic:
        """Return that an argument is of another kind."""
        arguments = {"name": name, "expected": told or self.told, "found": tell_kind(given)}
        return Diagnostic("argument-wrong-kind", arguments)


PATH: Final = Want((str, os.PathLike), "path of a file")
FOLDERS: Final = Want((str, os.PathLike), "path of a folder", several=True)
PATHS: Final = Want((str, os.PathLike), "path of a file", several=True)
TEXT: Final = Want((str,), "text")
NAMES: Final = Want((str,), "name of a fact", several=True)
WHOLE: Final = Want((int,), "whole number", unlike=(bool,))
FLAG: Final = Want((bool,), "True or False")
MAPPING: Final = Want((Mapping,), "mapping")
MOMENT: Final = Want((datetime,), "moment (datetime)")
BYTES: Final = Want((bytes,), "bytes")

_NAMES: Final[Mapping[type, str]] = {
    str: "text",
    bytes: "bytes",
    bool: "True or False",
    int: "whole number",
    float: "number",
    dict: "mapping",
    list: "list",
    tuple: "list",
    type(None): "None",
}


def tell_kind(given: object) -> str:
    """Return how what was given is told; only of what has no common name its type is."""
    if isinstance(given, os.PathLike):
        return "path"
    return _NAMES.get(type(given), type(given).__name__)


def takes(**wanted: Want) -> Callable[[Callable[Given, Made]], Callable[Given, Made]]:
    """Return what makes a function check these of its arguments before it does anything.

    It then raises :class:`~voucher_rules.InputError` with every one that cannot be.
    """

    def wrap(function: Callable[Given, Made]) -> Callable[Given, Made]:
        known = signature(function)

        @wraps(function)
        def checked(*args: Given.args, **kwargs: Given.kwargs) -> Made:
            check_all(wanted, known.bind(*args, **kwargs).arguments)
            return function(*args, **kwargs)

        return checked

    return wrap


def check_all(wanted: Mapping[str, Want], given: Mapping[str, object]) -> None:
    """Check arguments by name; those left out are as the function has them. Raises InputError."""
    faults: Iterable[Diagnostic] = [
        fault
        for name, want in wanted.items()
        if name in given
        for fault in want.find_faults(name, given[name])
    ]
    if faults:
        raise InputError(faults)


def take_folders(given: Iterable[str | os.PathLike[str]]) -> list[Path]:
    """Return folders of rulesets. Raises :class:`~voucher_rules.InputError` for one not there."""
    folders = [Path(item) for item in given]
    missing = [Diagnostic("folder-not-found", {"path": str(x)}) for x in folders if not x.is_dir()]
    if missing:
        raise InputError(missing)
    return folders


def check_language(language: str) -> None:
    """Check that texts exist in ``language``. Raises ValueError."""
    if language not in LANGUAGES:
        message = f"language is zh or en, not {language!r}"
        raise ValueError(message)
