"""Comes in: a language, or a figure. Goes out: fonts that can write it, or the refusal to draw.

A picture never shows boxes where Chinese should stand: fonts that hold it are sought among those
installed, and what no font holds is an error that says what to install.
"""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from voucher_rules.batch.reading.frames import import_package
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LATIN: Final = "DejaVu Sans"
"""The font that comes with Matplotlib itself."""
CHINESE: Final = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Hiragino Sans GB",
    "Heiti SC",
    "Microsoft YaHei",
    "DengXian",
    "SimHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Sarasa UI SC",
    "HarmonyOS Sans SC",
    "Alibaba PuHuiTi",
    "Noto Sans CJK JP",
    "Noto Serif CJK SC",
    "Noto Serif SC",
    "Songti SC",
    "SimSun",
    "Arial Unicode MS",
    "Droid Sans Fallback",
)
"""Families with simplified Chinese, those that read best in small print first."""
_BOXES: Final = "Last Resort"
"""How fonts are called that claim every character and draw a box for it; one is in Matplotlib."""
_SAMPLE: Final = "万元适用条款补贴额"
"""Characters that a font for the law of China has."""


def find_families(language: str) -> list[str]:
    """Return the families to write a language with, the first one first.

    Raises :class:`~.errors.InputError` where Chinese is asked for and no font holds it.
    """
    chinese = find_chinese()
    if chinese is None:
        if language == "zh":
            raise InputError([Diagnostic("font-missing", {})])
        return [LATIN]
    # labels of a ruleset may be Chinese in an English picture too
    return [chinese, LATIN] if language == "zh" else [LATIN, chinese]


@lru_cache(maxsize=1)
def find_chinese() -> str | None:
    """Return an installed family that holds Chinese: a known one, else any; None for none."""
    manager = import_package("matplotlib.font_manager", "plot")
    return _pick_chinese(manager) or (_add_new(manager) and _pick_chinese(manager)) or None


def _add_new(manager: Any) -> bool:  # noqa: ANN401 - a module of Matplotlib
    """Add the fonts installed since Matplotlib last looked; it does not by itself."""
    held = {entry.fname for entry in manager.fontManager.ttflist}
    new = [path for path in manager.findSystemFonts() if path not in held]
    for path in new:
        with suppress(OSError, RuntimeError):  # what it cannot read it leaves out, too
            manager.fontManager.addfont(path)
    return bool(new)


def _pick_chinese(manager: Any) -> str | None:  # noqa: ANN401 - a module of Matplotlib
    entries = {entry.name: entry for entry in reversed(manager.fontManager.ttflist)}
    known = [name for name in CHINESE if name in entries]
    others = sorted(x for x in entries if x not in CHINESE and not x.startswith(_BOXES))
    return next((name for name in (*known, *others) if _holds(entries[name], _SAMPLE)), None)


def _holds(entry: Any, text: str) -> bool:  # noqa: ANN401 - a font as Matplotlib lists it
    return all(ord(character) in _list_glyphs(entry.fname, _index(entry)) for character in text)


def _index(entry: Any) -> int:  # noqa: ANN401 - a font as Matplotlib lists it
    """Return which font of its file it is; before Matplotlib 3.11 always the first."""
    return int(getattr(entry, "index", 0))


@lru_cache(maxsize=512)
def _list_glyphs(path: str, index: int) -> frozenset[int]:
    """Return the characters a font file can write; none where it cannot be read."""
    if not Path(path).exists():
        return frozenset()
    fonts = import_package("matplotlib.ft2font", "plot")
    try:
        made = fonts.FT2Font(path, face_index=index) if index else fonts.FT2Font(path)
    except (OSError, RuntimeError, TypeError):
        return frozenset()
    return frozenset(made.get_charmap())


def check_glyphs(figure: Figure) -> None:
    """Check that every text of a figure can be written by one of its fonts.

    Raises :class:`~.errors.InputError` that names the characters, and which fonts would do.
    """
    text = import_package("matplotlib.text", "plot")
    missing = {
        character
        for item in figure.findobj(text.Text)
        if item.get_visible()
        for character in _list_unwritten(item.get_text(), tuple(item.get_fontfamily()))
    }
    if missing:
        told = "".join(sorted(missing))
        raise InputError([Diagnostic("glyph-missing", {"characters": told})])


def _list_unwritten(text: str, families: tuple[str, ...]) -> set[str]:
    held = _list_held(families)
    return {x for x in text if not x.isspace() and ord(x) not in held}


@lru_cache(maxsize=64)
def _list_held(families: tuple[str, ...]) -> frozenset[int]:
    """Return the characters that any font of some families can write."""
    manager = import_package("matplotlib.font_manager", "plot")
    found: frozenset[int] = frozenset()
    for entry in manager.fontManager.ttflist:
        if entry.name in families:
            found |= _list_glyphs(entry.fname, _index(entry))
    return found
