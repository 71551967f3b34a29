"""Comes in: where the names of a package stand. Goes out: its front, which imports on demand.

A module is imported when a name of it is first asked for (PEP 562): whoever loads a ruleset and
decides a case pays for no pictures, ledgers or studies. No name may be that of a module of the
package: a module takes its name there when it is imported.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module


def open_front(
    package: str, homes: Mapping[str, tuple[str, ...]]
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Return ``__getattr__`` and ``__dir__`` of a package.

    ``homes`` maps modules, named from the root of the library, to the names they give; one that
    goes by another name outside is written ``inside as outside``.
    """
    root = package.partition(".")[0]
    found = {
        name.rpartition(" as ")[2]: (f"{root}.{home}", name.partition(" as ")[0])
        for home, names in homes.items()
        for name in names
    }

    def find(name: str) -> object:
        if name not in found:
            message = f"module {package!r} has no attribute {name!r}"
            raise AttributeError(message, name=name, obj=sys.modules[package])
        home, inside = found[name]
        value = getattr(import_module(home), inside)
        setattr(sys.modules[package], name, value)
        return value

    def list_names() -> list[str]:
        own = (name for name in vars(sys.modules[package]) if name.startswith("__"))
        return sorted({*own, *found})

    return find, list_names
