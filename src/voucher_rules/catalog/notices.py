"""Comes in: a loaded ruleset and notices. Goes out: the ruleset as they changed it, checked whole.

A notice may set what the document left unset, and change what the document says a notice may
change, in the direction it may. What it may is held against the document, not against earlier
notices, and against every value that stood on the days it speaks of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from voucher_rules.catalog.amend import list_targets, set_parameters
from voucher_rules.checked.check import check_ruleset
from voucher_rules.checked.declarations import word_text
from voucher_rules.checked.directions import Direction, find_direction, is_allowed
from voucher_rules.checked.library import Library
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.checked.symbols import DatedValue, Notice, NoticeChange, Parameter
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RulesetError
from voucher_rules.ruleset.alterations import SetValue
from voucher_rules.ruleset.load import LoadedRuleset
from voucher_rules.ruleset.names import suggest_name
from voucher_rules.ruleset.notice import Days, LoadedNotice, LoadedSetting, cut_replaced
from voucher_rules.sources.tree import Scalar, Source, diagnose

LANGUAGE_VERSION: Final = "1"
_WRONG_WAY: Final = {"tighten": "notice-does-not-tighten", "loosen": "notice-does-not-loosen"}


@dataclass(frozen=True, slots=True)
class _Placed:
    """One setting of a notice, on the days that later notices leave to it."""

    notice: LoadedNotice
    setting: LoadedSetting

    @property
    def target(self) -> Scalar:
        return self.setting.document.parameter

    @property
    def days(self) -> Days:
        return self.setting.days

    def make_setting(self) -> SetValue:
        return SetValue(self.target, self.setting.value, self.days)


@dataclass(slots=True)
class _Report:
    found: list[Diagnostic] = field(default_factory=list)

    def note(
        self, code: str, notice: LoadedNotice, word: Scalar, ref: str = "", **arguments: str
    ) -> None:
        self.found.append(diagnose(notice.source, code, word.span, ref=ref, **arguments))

    def close(self) -> None:
        """Raise :class:`RulesetError` where anything was found."""
        if self.found:
            raise RulesetError(self.found)


def apply_notices(
    loaded: LoadedRuleset, library: Library, notices: Sequence[LoadedNotice]
) -> tuple[LoadedRuleset, CheckedRuleset]:
    """Return a ruleset with notices applied, checked whole, as if it had been written so.

    Raises :class:`RulesetError` for faults of the ruleset, of a notice, or of what they come to
    together, each at its place.
    """
    base = check_ruleset(loaded, library)
    if not notices:
        return loaded, base
    report = _Report()
    _check_heads(report, base, notices)
    report.close()
    placed = [_Placed(*item) for item in cut_replaced(notices)]
    _check_targets(report, loaded, base, placed)
    _check_set_once(report, placed)
    report.close()
    amended, changes = set_parameters(loaded, [x.make_setting() for x in placed])
    checked = _check_amended(amended, library, notices)
    marked = [
        _make_change(item, change.before, change.after, base, checked)
        for item, change in zip(placed, changes, strict=True)
    ]
    _check_directions(report, base, checked, placed)
    report.close()
    return amended, mark_values(checked, marked)


def amend_document(loaded: LoadedRuleset, notices: Sequence[LoadedNotice]) -> LoadedRuleset:
    """Return the document of a ruleset as notices changed it that were found to be right before."""
    placed = [_Placed(*item) for item in cut_replaced(notices)]
    return set_parameters(loaded, [x.make_setting() for x in placed])[0] if notices else loaded


def _check_heads(report: _Report, base: CheckedRuleset, notices: Sequence[LoadedNotice]) -> None:
    """Check that every notice is for this edition, has a name of its own, and replaces others."""
    names = [str(x.document.notice) for x in notices]
    for index, notice in enumerate(notices):
        doc = notice.document
        if doc.language != LANGUAGE_VERSION:
            report.note("unknown-language", notice, doc.language, known=LANGUAGE_VERSION)
        if (doc.ruleset, doc.edition) != (base.id, base.edition):
            wanted = f"{base.id} {base.edition}"
            report.note("notice-of-other-ruleset", notice, doc.ruleset, expected=wanted)
        if str(doc.notice) in names[:index]:
            report.note("notice-named-twice", notice, doc.notice, name=doc.notice)
        for word in doc.replaces or ():
            others = [name for name in names if name != doc.notice]
            if word not in others:
                near = suggest_name(word, others)
                report.note("unknown-notice", notice, word, name=word, near=near)
        if not is_ever_in_force(base, notice.days):
            report.note("notice-outside-force", notice, doc.holds.start, name=doc.notice)


def is_ever_in_force(base: CheckedRuleset, days: Days) -> bool:
    """Return whether the document may be in force on some of the days."""
    document = base.document
    starts = document.starts.values()
    return days.meets(Days(min(starts) if starts else None, document.until))


def _check_targets(
    report: _Report, loaded: LoadedRuleset, base: CheckedRuleset, placed: Sequence[_Placed]
) -> None:
    """Check that each target exists, and that a notice may set or change it on those days."""
    targets = list_targets(loaded)
    scales = {name for name, item in base.parameters.items() if item.entered is not None}
    for item in placed:
        whole = item.setting.document.brackets is not None
        if str(item.target) not in (scales if whole else targets):
            near = suggest_name(item.target, targets)
            report.note("unknown-parameter", item.notice, item.target, name=item.target, near=near)
        elif not _may_change(_find_parameter(base, item), item.days):
            cited = str(_find_parameter(base, item).citation)
            report.note("notice-may-not-change", item.notice, item.target, cited, name=item.target)


def _find_parameter(ruleset: CheckedRuleset, item: _Placed) -> Parameter:
    """Return the parameter of a target; of one bracket, its scale."""
    name = str(item.target)
    return ruleset.parameters.get(name) or ruleset.parameters[name.partition("[")[0]]


def _may_change(parameter: Parameter, days: Days) -> bool:
    if parameter.changes is not None:
        return True
    return all(value.value is None for value in list_values(parameter, days))


def list_values(parameter: Parameter, days: Days) -> list[DatedValue]:
    """Return the values of a parameter that hold on some of the days."""
    return [value for value in parameter.values if days.meets(Days(value.start, value.until))]


def _check_set_once(report: _Report, placed: Sequence[_Placed]) -> None:
    """Check that no two settings of one target meet; of a scale and its bracket neither."""
    for index, item in enumerate(placed):
        for other in placed[:index]:
            if _is_same_target(item, other) and item.days.meets(other.days):
                first = str(other.notice.document.notice)
                report.note(
                    "notice-sets-twice", item.notice, item.target, name=item.target, first=first
                )
                break


def _is_same_target(one: _Placed, other: _Placed) -> bool:
    names = {str(one.target), str(other.target)}
    if len(names) == 1:
        return True
    whole = [x for x in (one, other) if x.setting.document.brackets is not None]
    return bool(whole) and len({name.partition("[")[0] for name in names}) == 1


def _check_amended(
    amended: LoadedRuleset, library: Library, notices: Sequence[LoadedNotice]
) -> CheckedRuleset:
    """Check the result whole; a fault in a value of a notice is shown with the notice's line."""
    sources = {x.source.name: x.source for x in notices}
    try:
        return check_ruleset(amended, library)
    except RulesetError as error:
        raise RulesetError([show_line(item, sources) for item in error.diagnostics]) from None


def show_line(item: Diagnostic, sources: dict[str, Source]) -> Diagnostic:
    """Return a diagnostic with the line it points into, where that stands in one of the sources."""
    if item.span is None or item.source or item.span.file not in sources:
        return item
    return replace(item, source=sources[item.span.file].line(item.span.line))


def _check_directions(
    report: _Report, base: CheckedRuleset, checked: CheckedRuleset, placed: Sequence[_Placed]
) -> None:
    for item in placed:
        before, after = _find_parameter(base, item), _find_parameter(checked, item)
        if before.changes is None or before.changes.may == "set":
            continue
        wrong = _find_wrong(before, after, item.days)
        if wrong is not None:
            report.note(
                _WRONG_WAY[before.changes.may],
                item.notice,
                item.setting.word,
                str(before.changes.citation),
                name=item.target,
                value=item.setting.word,
            )


def _find_wrong(before: Parameter, after: Parameter, days: Days) -> DatedValue | None:
    """Return a value that a change within ``days`` leaves in the wrong direction, if any."""
    may = before.changes.may if before.changes is not None else "set"
    return next((x for x, way in _compare(before, after, days) if not is_allowed(way, may)), None)


def _compare(
    before: Parameter, after: Parameter, days: Days
) -> Iterator[tuple[DatedValue, Direction]]:
    """Yield each value before with how what comes in its place stands to it; unset stands free."""
    for old in list_values(before, days):
        for new in list_values(after, days):
            if old.value is None or new.value is None:
                continue
            if Days(old.start, old.until).meets(Days(new.start, new.until)):
                yield old, find_direction(old.value, new.value, before.limit)


def _make_change(
    item: _Placed, before: str, after: str, base: CheckedRuleset, checked: CheckedRuleset
) -> NoticeChange:
    old, new = _find_parameter(base, item), _find_parameter(checked, item)
    stood = tuple(dict.fromkeys(x.value for x in list_values(old, item.days)))
    return NoticeChange(
        notice=_describe(item.notice),
        parameter=str(item.target),
        ref=str(item.setting.document.ref),
        start=item.days.start,
        until=item.days.until,
        before=before,
        after=after,
        stood=stood or (None,),
        stands=list_values(new, item.days)[0].value,
    )


def _describe(notice: LoadedNotice) -> Notice:
    doc = notice.document
    title, issuer = word_text(doc.title), word_text(doc.issuer)
    return Notice(str(doc.notice), title, issuer, str(doc.number or ""), notice.digest)


def mark_values(checked: CheckedRuleset, changes: Sequence[NoticeChange]) -> CheckedRuleset:
    """Return a ruleset in which every value that a notice set knows the notice."""
    made = dict(checked.parameters)
    for change in changes:
        name = change.parameter if change.parameter in made else change.parameter.partition("[")[0]
        made[name] = replace(
            made[name], values=tuple(_mark(value, change) for value in made[name].values)
        )
    joined = {name: replace(x, values=join_values(x.values)) for name, x in made.items()}
    return replace(checked, parameters=joined, notices=tuple(changes))


def join_values(values: Sequence[DatedValue]) -> tuple[DatedValue, ...]:
    """Join values that follow on each other and are the same: what was cut for other cells."""
    joined: list[DatedValue] = []
    for item in values:
        last = joined[-1] if joined else None
        if last is not None and _continues(last, item):
            joined[-1] = replace(last, until=item.until)
        else:
            joined.append(item)
    return tuple(joined)


def _continues(last: DatedValue, item: DatedValue) -> bool:
    same = (last.value, last.notice) == (item.value, item.notice)
    if not same or last.until is None or item.start is None:
        return False
    return item.start.toordinal() - last.until.toordinal() == 1


def _mark(value: DatedValue, change: NoticeChange) -> DatedValue:
    inside = _starts_within(value.start, change) and _ends_within(value.until, change)
    return replace(value, notice=change) if inside else value


def _starts_within(start: date | None, change: NoticeChange) -> bool:
    return change.start is None or (start is not None and start >= change.start)


def _ends_within(until: date | None, change: NoticeChange) -> bool:
    return change.until is None or (until is not None and until <= change.until)
