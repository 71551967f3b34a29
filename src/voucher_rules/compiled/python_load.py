"""Comes in: code that was written here. Goes out: the function it defines.

The one place where code is made at run time. It is written by this package alone: its names are
made up, it holds no text of a ruleset or a case, and it runs without Python's builtins.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def load_function(text: str, name: str, space: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Return the function ``name`` of some code, which sees ``space`` and nothing else."""
    held: dict[str, Any] = {"__builtins__": {}, **space}
    exec(compile(text, f"<{name}>", "exec"), held)  # noqa: S102 - written by this package
    return held[name]
