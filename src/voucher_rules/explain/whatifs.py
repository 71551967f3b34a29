"""Comes in: what a what-if made otherwise. Goes out: that in words, and what cites no provision."""

from __future__ import annotations

import re
from typing import Final

from voucher_rules.checked.symbols import Change
from voucher_rules.explain.values import Writer
from voucher_rules.explain.words import tell
from voucher_rules.language.types import Kind, Type
from voucher_rules.values.read import TextValueError, read_money, read_period

_UNSET: Final = "unset"
_SET_APART: Final = re.compile(r" / ")


def tell_what_if(writer: Writer, change: Change) -> str:
    """Return what a what-if made otherwise, and on which days."""
    language = writer.language
    label = change.label.told(language) if change.label is not None else change.target
    before, after = change.before, change.after
    parameter = writer.ruleset.parameters.get(change.target)
    if parameter is not None and parameter.entered is None:
        told = [_SET_APART.split(text) for text in (before, after)]
        before, after = (
            " / ".join(tell_text(writer, text, parameter.type) for text in texts) for texts in told
        )
    nothing = tell(language, "what_if.nothing")
    return tell(
        language,
        f"what_if.{change.what}",
        label=label,
        target=change.target,
        before=before or nothing,
        after=after or nothing,
        days=_tell_days(change, language),
    )


def _tell_days(change: Change, language: str) -> str:
    if change.start is None and change.until is None:
        return ""
    start, until = (x.isoformat() if x else "" for x in (change.start, change.until))
    key = "both" if start and until else "from" if start else "until"
    return tell(language, f"what_if.days.{key}", start=start, until=until)


def tell_text(writer: Writer, text: str, kind: Type) -> str:
    """Tell a value as its ruleset writes it in the words of the language, where it can be read."""
    if text == _UNSET:
        return tell(writer.language, "value.unset")
    try:
        if kind.kind is Kind.MONEY:
            return writer.write_value(read_money(text, kind.unit), kind)
        if kind.kind is Kind.PERIOD:
            return writer.write_value(read_period(text), kind)
    except TextValueError:
        return text
    return writer.name_option(text, kind)
