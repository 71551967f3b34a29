"""Comes in: nothing. Goes out: what diagnostics of the settings of a letter say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.diagnostic_texts.model import DiagnosticText, text_of

LETTERS: Final[Mapping[str, DiagnosticText]] = {
    "remedies-language": text_of(
        "信件没有语言「$found」",
        "`$found` is no language of a letter",
        "救济途径按语言写明：「zh」或「en」",
        "remedies are told by language: `zh` or `en`",
    ),
    "remedies-not-told": text_of(
        "没有以「$language」写明救济途径",
        "the remedies are not told in `$language`",
        "请写明该语言的文字；没有可写的，整项省略，信中即说明由作出决定的机关告知",
        "write them in that language, or leave them out altogether: the letter then says who "
        "states them",
    ),
}
