"""Comes in: a ruleset and the changes a what-if asks for. Goes out: it changed, checked whole.

Notices and what-ifs change the same tree. What a what-if does need not be allowed by the document
nor be tidy (a parameter may stand unread after its rule was left out), and nothing of it passes for
law: what it added or rewrote cites no provision, what it set is no notice's any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from voucher_rules.catalog.alter import alter_root, get
from voucher_rules.catalog.amend import (
    Said,
    copy_root,
    list_declared,
    list_targets,
    shape_root,
    split_target,
)
from voucher_rules.catalog.blocks import list_blocks, read_block_days
from voucher_rules.catalog.gather import recall_library
from voucher_rules.catalog.notices import (
    is_ever_in_force,
    join_values,
    list_values,
    mark_values,
    show_line,
)
from voucher_rules.checked.check import check_ruleset
from voucher_rules.checked.mechanics import Rule, mean_alike
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.checked.symbols import Change, DatedValue, Parameter, Wording
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError, RulesetError
from voucher_rules.ruleset.alterations import (
    Add,
    Alteration,
    SetDefault,
    SetPart,
    SetValue,
    SwitchOff,
)
from voucher_rules.ruleset.load import LoadedRuleset
from voucher_rules.ruleset.names import suggest_name
from voucher_rules.ruleset.notice import Days
from voucher_rules.sources import tree
from voucher_rules.sources.tree import Scalar, Source
from voucher_rules.spans import cite_added, cite_changed
from voucher_rules.values.model import Known, Mark, Scale

UNTIDY: Final = frozenset(
    {
        "fact-unused",
        "parameter-unused",
        "provision-unaccounted",
        "reading-option-unused",
        "reason-and-rules",
    }
)
"""What is no fault of a ruleset that a what-if changed: nobody publishes it."""


def amend_ruleset(
    loaded: LoadedRuleset,
    base: CheckedRuleset,
    alterations: Sequence[Alteration],
    source: Source | None = None,
    earlier: Sequence[Change] = (),
) -> tuple[LoadedRuleset, CheckedRuleset, tuple[Change, ...]]:
    """Return a ruleset with changes made, checked whole, and exactly what they changed.

    ``source`` is the file that asks for them, ``earlier`` are the changes it was made by already.
    Raises :class:`InputError` with every mistake: of the
    changes, or of what the ruleset came to by them.
    """
    _Judge(loaded, base, alterations, source).check()
    root = copy_root(loaded)
    said = alter_root(root, alterations)
    try:
        amended = shape_root(loaded, root)
        checked = check_ruleset(amended, recall_library(base), UNTIDY)
    except RulesetError as error:
        sources = {} if source is None else {source.name: source}
        raise InputError([show_line(x, sources) for x in error.diagnostics]) from None
    made = tuple(_describe(x, y, base, checked) for x, y in zip(alterations, said, strict=True))
    idle = [_refuse(x, base, checked, y) for x, y in zip(alterations, made, strict=True)]
    if any(idle):
        raise InputError([_show(x, source) for x in idle if x is not None])
    return amended, _mark(checked, base, (*earlier, *made)), made


@dataclass(slots=True)
class _Judge:
    """Finds what of some changes cannot be made: what is not there, or is changed twice."""

    loaded: LoadedRuleset
    base: CheckedRuleset
    alterations: Sequence[Alteration]
    source: Source | None
    found: list[Diagnostic] = field(default_factory=list)

    def check(self) -> None:
        """Raise :class:`InputError` where anything was found."""
        for item in self.alterations:
            self._check_target(item)
        self._check_made_once()
        self._check_exceptions()
        if self.found:
            raise InputError(self.found)

    def note(self, code: str, word: Scalar, **arguments: str) -> None:
        self.found.append(_show(Diagnostic(code, arguments, word.span), self.source))

    def _check_target(self, item: Alteration) -> None:
        match item:
            case SetValue():
                self._check_value(item)
            case SetDefault():
                self._check_option(item)
            case SwitchOff() | SetPart():
                known = [name for name in self.base.rules if "+" not in name]
                self._check_known("change-of-unknown-rule", item.word, known)
                if isinstance(item, SetPart) and item.key == "id":
                    # another name says nothing else, and nobody would find the rule by this one
                    self.note("unknown-key", item.key, key="id", near="")
            case Add():
                self._check_added(item)

    def _check_known(self, code: str, word: Scalar, known: list[str]) -> bool:
        if word not in known:
            self.note(code, word, name=word, near=suggest_name(word, known))
        return word in known

    def _check_value(self, item: SetValue) -> None:
        targets = list_targets(self.loaded)
        scales = [name for name, x in self.base.parameters.items() if x.entered is not None]
        whole = isinstance(item.value, tree.Sequence)
        if not self._check_known("unknown-parameter", item.word, scales if whole else targets):
            return
        parameter = find_parameter(self.base, item.target)
        if not self._has_part(item):
            self.note("unknown-parameter", item.word, name=item.target, near="")
        elif parameter.informative:
            self.note("change-decides-nothing", item.word, name=item.target)
        elif not is_ever_in_force(self.base, item.days):
            self.note("change-outside-force", item.word, name=item.target)

    def _has_part(self, item: SetValue) -> bool:
        """Return whether a bracket is there on every one of the days."""
        name, part = split_target(item.target)
        if not part.isdecimal():
            return True
        declared = dict(list_declared(self.loaded.source.root))[name]
        blocks = [x for x in list_blocks(declared) if read_block_days(x).meets(item.days)]
        return all(int(part) <= len(get(x, "brackets") or part) for x in blocks)

    def _check_option(self, item: SetDefault) -> None:
        readings = self.base.readings
        if self._check_known("unknown-reading", item.word, list(readings)):
            options = list(readings[str(item.word)].options)
            if item.option not in options:
                near, listed = suggest_name(item.option, options), ", ".join(options)
                found = {"found": str(item.option), "options": listed, "near": near}
                self.note("not-one-of", item.option, **found)

    def _check_added(self, item: Add) -> None:
        base = self.base
        known = {"rules": base.rules, "readings": base.readings}.get(item.section)
        held = {*base.parameters, *base.tables} if known is None else {*known}
        if item.word in held:
            self.note("change-adds-known", item.word, name=item.target)
        refs = [x.citation.ref for x in base.provisions]
        if item.within is not None:
            self._check_known("unknown-provision", item.within, refs)

    def _check_made_once(self) -> None:
        for index, item in enumerate(self.alterations):
            for other in self.alterations[:index]:
                if _overlap(item, other):
                    first = str(other.word.span.line) if self.source else other.target
                    self.note("change-made-twice", item.word, name=item.target, first=first)
                    break

    def _check_exceptions(self) -> None:
        """Check that no rule that stays is an exception to one that goes."""
        off = {str(x.word): x.word for x in self.alterations if isinstance(x, SwitchOff)}
        loose = {
            str(x.word) for x in self.alterations if isinstance(x, SetPart) and x.key in _ASIDE
        }
        for rule in self.base.rules.values():
            for name in rule.sets_aside:
                if name in off and rule.id not in off and rule.id not in loose:
                    self.note("change-leaves-exception", off[name], name=name, rule=rule.id)


_ASIDE: Final = frozenset({"overrides", "waives"})


def _overlap(one: Alteration, other: Alteration) -> bool:
    names = {one.target, other.target}
    if isinstance(one, Add) or isinstance(other, Add):
        return len(names) == 1
    inside = any(x.startswith((f"{y}[", f"{y}.")) for x in names for y in names)
    return (len(names) == 1 or inside) and one.days.meets(other.days)


def _show(item: Diagnostic, source: Source | None) -> Diagnostic:
    return item if source is None else show_line(item, {source.name: source})


def find_parameter(ruleset: CheckedRuleset, target: str) -> Parameter:
    """Return the parameter of a target; of one bracket, its scale."""
    return ruleset.parameters.get(target) or ruleset.parameters[split_target(target)[0]]


def _refuse(
    item: Alteration, base: CheckedRuleset, checked: CheckedRuleset, change: Change
) -> Diagnostic | None:
    """Return why a change is none, or nothing."""
    same = change.before == change.after and not isinstance(item, Add)
    if isinstance(item, SetValue):
        same = same or _spread(base, item) == _spread(checked, item)
    if isinstance(item, SetPart):
        same = same or mean_alike(base.rules[str(item.word)], checked.rules[str(item.word)])
    if not same:
        return None
    arguments = {"name": item.target, "value": change.after or "unset"}
    return Diagnostic("setting-has-no-effect", arguments, item.word.span)


def _spread(ruleset: CheckedRuleset, item: SetValue) -> tuple[DatedValue, ...]:
    """Return what a target means over the days of a change, however it was cut into blocks."""
    parameter, (_, part) = find_parameter(ruleset, item.target), split_target(item.target)
    number = int(part) if parameter.entered is not None and part else 0
    return join_values(
        [
            DatedValue(
                _later(x.start, item.days.start),
                _earlier(x.until, item.days.until),
                _pick(x.value, number),
            )
            for x in list_values(parameter, item.days)
        ]
    )


def _pick(value: Known | Mark | None, number: int) -> Known | Mark | None:
    return value.brackets[number - 1].value if number and isinstance(value, Scale) else value


def _later(one: date | None, other: date | None) -> date | None:
    return max((x for x in (one, other) if x is not None), default=None)


def _earlier(one: date | None, other: date | None) -> date | None:
    return min((x for x in (one, other) if x is not None), default=None)


def _describe(item: Alteration, said: Said, base: CheckedRuleset, made: CheckedRuleset) -> Change:
    label, ref = _name(item, made if isinstance(item, Add) else base)
    return Change(
        what=_WHATS[type(item)],
        target=item.target,
        before=said.before,
        after=said.after,
        start=item.days.start,
        until=item.days.until,
        label=label,
        ref=str(item.within or "") if isinstance(item, Add) else ref,
        place=str(item.word.span) if item.word.span.line else "",
    )


_WHATS: Final[dict[type[Alteration], str]] = {
    SetValue: "value",
    SetDefault: "default",
    SwitchOff: "off",
    SetPart: "part",
    Add: "added",
}


def _name(item: Alteration, ruleset: CheckedRuleset) -> tuple[Wording | None, str]:
    """Return what a target is called, and the provision it stands in."""
    name = str(item.word)
    section = item.section if isinstance(item, Add) else ""
    if isinstance(item, SetDefault) or section == "readings":
        reading = ruleset.readings[name]
        return reading.question, reading.citation.ref
    if isinstance(item, SwitchOff | SetPart) or section == "rules":
        rule = ruleset.rules[name]
        return (rule.says if rule.says.zh else None), rule.citation.ref
    if name in ruleset.tables:
        return ruleset.tables[name].label, ruleset.tables[name].citation.ref
    parameter = find_parameter(ruleset, name)
    return parameter.label, parameter.citation.ref


def _mark(
    checked: CheckedRuleset, base: CheckedRuleset, changes: Sequence[Change]
) -> CheckedRuleset:
    """Return a ruleset in which nothing a what-if did passes for law."""
    notices = base.notices
    marked = mark_values(checked, notices)
    parameters = dict(marked.parameters)
    for change in changes:
        if change.what == "value":
            found = find_parameter(marked, change.target)
            held = parameters[found.name]
            values = join_values([_unmark(x, change) for x in held.values])
            parameters[found.name] = replace(held, values=values)
    standing = {x.notice for item in parameters.values() for x in item.values}
    return replace(
        marked,
        document=replace(checked.document, start_stated=base.document.start_stated),
        parameters={name: _cite_parameter(x, changes) for name, x in parameters.items()},
        rules={name: _cite_rule(x, changes) for name, x in marked.rules.items()},
        notices=tuple(x for x in notices if x in standing),
    )


def _unmark(value: DatedValue, change: Change) -> DatedValue:
    """Take a value from the notice that set it, where the what-if set it since."""
    if value.notice is None or not _covers(change.target, value.notice.parameter):
        return value
    own, days = Days(value.start, value.until), Days(change.start, change.until)
    return replace(value, notice=None) if own.meets(days) else value


def _covers(target: str, other: str) -> bool:
    return other == target or other.startswith(f"{target}[")


def _cite_parameter(parameter: Parameter, changes: Sequence[Change]) -> Parameter:
    name = parameter.table or parameter.name
    if not any(x.what == "added" and x.target == name for x in changes):
        return parameter
    cited = replace(parameter.citation, ref=cite_added(parameter.citation.ref))
    return replace(parameter, citation=cited)


def _cite_rule(rule: Rule, changes: Sequence[Change]) -> Rule:
    """Return a rule that cites no provision for what a what-if says; of a clash, of either rule."""
    names = {f"rule.{name}" for name in rule.id.split("+")}
    ref = rule.citation.ref
    if any(x.what == "added" and x.target in names for x in changes):
        ref = cite_added(ref)
    elif any(x.what == "part" and x.target.rpartition(".")[0] in names for x in changes):
        ref = cite_changed(ref)
    return (
        rule
        if ref == rule.citation.ref
        else replace(rule, citation=replace(rule.citation, ref=ref))
    )
