"""Where the official texts stand that this project does not ship, if they are at hand."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import pytest

TEXTS: Final = os.environ.get("VOUCHER_RULES_TEXTS", "")
INVENTED: Final = Path(__file__).parent / "texts"
needs_texts: Final = pytest.mark.skipif(
    not TEXTS, reason="VOUCHER_RULES_TEXTS names no folder of official texts"
)


def find_text(ruleset: str, edition: str) -> Path | None:
    """Return the official text of a ruleset, or None where there is none in the folder."""
    names = (f"{ruleset}-{edition}.txt", f"{ruleset}.txt")
    return next((x for name in names if (x := Path(TEXTS) / name).is_file()), None)
