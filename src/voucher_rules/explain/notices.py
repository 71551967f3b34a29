"""Comes in: what a notice changed. Goes out: that in words."""

from __future__ import annotations

from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.checked.symbols import NoticeChange, Parameter
from voucher_rules.explain.values import Writer
from voucher_rules.explain.words import tell
from voucher_rules.values.model import Known, Mark


def tell_notice(language: str, ruleset: CheckedRuleset, change: NoticeChange) -> str:
    """Return which notice sets what, by which of its provisions, on which days."""
    notice = change.notice
    number = tell(language, "notice.number", number=notice.number) if notice.number else ""
    label, before, after = _tell_change(language, ruleset, change)
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


def _tell_change(
    language: str, ruleset: CheckedRuleset, change: NoticeChange
) -> tuple[str, str, str]:
    """Return what a target is called, and its values; of a scale in the words they came in."""
    name, _, part = change.parameter.partition("[")
    parameter = ruleset.parameters.get(change.parameter) or ruleset.parameters.get(name)
    if parameter is None:  # a parameter of a ruleset that was called
        return change.parameter, change.before, change.after
    if parameter.entered is not None:
        label = parameter.label.told(language)
        return (f"{label} [{part}" if part else label), change.before, change.after
    writer = Writer(ruleset, language)
    before = " / ".join(_tell_value(writer, x, parameter) for x in change.stood)
    return parameter.label.told(language), before, _tell_value(writer, change.stands, parameter)


def _tell_value(writer: Writer, value: Known | Mark | None, parameter: Parameter) -> str:
    if value is None:
        return tell(writer.language, "notice.unset")
    return writer.write_value(value, parameter.type)


def _tell_days(language: str, change: NoticeChange) -> str:
    start = change.start.isoformat() if change.start else ""
    if change.until is None:
        return tell(language, "notice.open", start=start)
    return tell(language, "notice.until", start=start, until=change.until.isoformat())
