"""Comes in: nothing. Goes out: what diagnostics of tables of cases and of studies say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.diagnostic_texts.model import DiagnosticText, text_of

TABLES: Final[Mapping[str, DiagnosticText]] = {
    "package-missing": text_of(
        "需要「$package」，而它没有安装",
        "this needs $package, which is not installed",
        "请运行 pip install 'voucher-rules[$extra]'",
        "run pip install 'voucher-rules[$extra]'",
    ),
    "no-picture": text_of(
        "「$name」没有图",
        "there is no picture of a `$name`",
        "其数据见 summary、to_frame 和 to_html",
        "its figures are in summary, to_frame and to_html",
    ),
    "font-missing": text_of(
        "没有能写中文的字体，图画不出来",
        "no font installed here can write Chinese, so the picture cannot be drawn",
        "请安装一种中文字体，如 Debian、Ubuntu 的 fonts-noto-cjk，或改用 language=\"en\"",
        "install one, such as fonts-noto-cjk of Debian and Ubuntu, or ask for language=\"en\"",
    ),
    "glyph-missing": text_of(
        "图中的字，已装字体都写不出：$characters",
        "no font installed here can write these characters of the picture: $characters",
        "请安装含有这些字的字体，如 Debian、Ubuntu 的 fonts-noto-cjk",
        "install a font that has them, such as fonts-noto-cjk of Debian and Ubuntu",
    ),
}
