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
}
