"""Comes in: what a notice changed. Goes out: that in words."""

from __future__ import annotations

from voucher_rules.checked.symbols import NoticeChange, Parameter
from voucher_rules.explain.values import Writer
from voucher_rules.explain.words import tell
from voucher_rules.values.model import Known, Mark


def tell_notice(writer: Writer, change: NoticeChange) -> str:
    """Return which notice sets what, by which of its provisions, on which days."""
    language, notice = writer.language, change.notice
    number = tell(language, "notice.number", number=notice.number) if notice.number else ""
    label, before, after = _tell_change(writer, change)
    return tell(
        language,
        "notice.line",
        title=notice.title.told(language),
        number=number,
        ref=change.ref,
        days=_tell_days(language, change),
        label=label,
        before=before,
        after=after,
    )


def _tell_change(writer: Writer, change: NoticeChange) -> tuple[str, str, str]:
    """Return what a target is called, and its values; of a scale in the words they came in."""
    parameters = writer.ruleset.parameters
    name, _, part = change.parameter.partition("[")
    parameter = parameters.get(change.parameter) or parameters.get(name)
    if parameter is None:  # a parameter of a ruleset that was called
        return change.parameter, change.before, change.after
    label = parameter.label.told(writer.language)
    if parameter.entered is not None:
        return (f"{label} [{part}" if part else label), change.before, change.after
    before = " / ".join(_tell_value(writer, x, parameter) for x in change.stood)
    return label, before, _tell_value(writer, change.stands, parameter)


def _tell_value(writer: Writer, value: Known | Mark | None, parameter: Parameter) -> str:
    if value is None:
        return tell(writer.language, "notice.unset")
    return writer.write_value(value, parameter.type)


def _tell_days(language: str, change: NoticeChange) -> str:
    start = change.start.isoformat() if change.start else ""
    if change.until is None:
        return tell(language, "notice.open", start=start)
    return tell(language, "notice.until", start=start, until=change.until.isoformat())
