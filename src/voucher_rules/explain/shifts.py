"""Comes in: facts otherwise than they are. Goes out: the change in words, in Chinese or English."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from voucher_rules.explain.values import Writer
from voucher_rules.explain.whatif_words import tell
from voucher_rules.language.types import Kind, Type
from voucher_rules.values.model import OPEN, Mark, Period, Unknown, Value


class Shifted(Protocol):
    """A fact otherwise than it is; see ``whatif.changes``."""

    @property
    def name(self) -> str:
        """The fact."""
        ...

    @property
    def before(self) -> Value:
        """What it is."""
        ...

    @property
    def after(self) -> Value:
        """What it would be."""
        ...

    @property
    def until(self) -> Value:
        """How far it may go on."""
        ...

    @property
    def holds(self) -> bool:
        """Whether ``after`` itself will do."""
        ...


def tell_shifts(writer: Writer, shifts: Sequence[Shifted], kinds: Sequence[Type]) -> str:
    """Tell what would have to change together."""
    told = (tell_shift(writer, item, kind) for item, kind in zip(shifts, kinds, strict=True))
    return tell(writer.language, "and").join(told)


def tell_shift(writer: Writer, item: Shifted, kind: Type) -> str:
    """Tell one fact otherwise than it is: by how much, or from what to what."""
    label = writer.label_input(item.name)
    before, after = (writer.write_value(x, kind) for x in (item.before, item.after))
    slots = {"label": label, "before": before, "after": after}
    if isinstance(item.before, Unknown | Mark):
        return _tell_answer(writer, item, kind, slots)
    if isinstance(item.before, frozenset) and isinstance(item.after, frozenset):
        return _tell_members(writer, item.before, item.after, kind, label)
    if not is_ordered(item.after):
        return tell(writer.language, "shift.other", **slots)
    up = bool(item.after > item.before)  # type: ignore[operator] # both are of one ordered kind
    if not item.holds:
        return tell(writer.language, "shift.above" if up else "shift.below", **slots)
    dated = kind.kind in {Kind.DATE, Kind.INSTANT, Kind.TIME}
    keys = ("shift.earlier", "shift.later") if dated else ("shift.lower", "shift.higher")
    apart = _tell_apart(writer, item.before, item.after, kind)
    return tell(writer.language, keys[up], apart=apart, **slots)


def is_ordered(value: Value) -> bool:
    """Return whether a value has a place on an axis."""
    return not isinstance(value, bool | str | frozenset | Mark | Unknown)


def _tell_answer(writer: Writer, item: Shifted, kind: Type, slots: dict[str, str]) -> str:
    """Tell the answers to what is not known, or not there, that do it."""
    if item.before is not OPEN and isinstance(item.before, Mark):
        return tell(writer.language, "shift.other", **slots)
    if item.until == item.after:
        return tell(writer.language, "shift.answer", **slots)
    until = writer.write_value(item.until, kind)
    return tell(writer.language, "shift.range", until=until, **slots)


def _tell_members(
    writer: Writer, before: frozenset[str], after: frozenset[str], kind: Type, label: str
) -> str:
    told = []
    for key, members in (("shift.with", after - before), ("shift.without", before - after)):
        if members:
            names = writer.write_value(members, kind)
            told.append(tell(writer.language, key, names=names))
    return tell(writer.language, "shift.members", label=label, changes=", ".join(told))


def _tell_apart(writer: Writer, before: Value, after: Value, kind: Type) -> str:
    """Tell how far one value lies from another, in the unit of the fact."""
    if kind.kind is Kind.DATE:
        days = abs((after - before).days)  # type: ignore[operator,union-attr] # two dates
        key = "shift.day" if days == 1 else "shift.days"
        return tell(writer.language, key, count=f"{days:,}")
    if isinstance(before, datetime) and isinstance(after, datetime):
        seconds = abs(int((after - before).total_seconds()))
        return tell(writer.language, "shift.seconds", count=f"{seconds:,}")
    if isinstance(before, Period) and isinstance(after, Period):
        return writer.write_value(Period(abs(after.count - before.count), after.unit), kind)
    if kind.kind is Kind.TIME:
        return writer.write_value(after, kind)
    return writer.write_value(abs(after - before), kind)  # type: ignore[operator,arg-type] # numbers
