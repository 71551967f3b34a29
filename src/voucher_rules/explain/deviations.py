"""Comes in: a decision that came out otherwise, or could not be taken again. Goes out: it in words.

Texts of the ruleset are told as it says them; where it was not found its names stand for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from voucher_rules.explain.record_values import (
    tell_fault,
    tell_money,
    tell_named,
    tell_raw,
    tell_value,
    tell_wording,
)
from voucher_rules.explain.replay_words import tell

Data = Mapping[str, Any]
_SHORT: Final = 19
"""A moment to the second."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was decided, both times."""

    what: str
    recorded: str
    again: str

    @property
    def differs(self) -> bool:
        """Whether it did not come out the same."""
        return self.recorded != self.again


@dataclass(frozen=True, slots=True)
class Deviation:
    """A decision that came out otherwise: where it stands, what differs, and what it comes from.

    ``rule`` is what the first rule apart says, with its provision ``ref``; ``lines`` tell its steps
    and ``places`` every place of the record that differs.
    """

    seq: int
    head: str
    law: str
    about: str
    kind: str
    rows: tuple[Row, ...]
    rule: str
    ref: str
    lines: tuple[str, ...]
    refs: tuple[str, ...]
    later: tuple[str, ...]
    places: tuple[Row, ...]

    def as_lines(self, language: str) -> Iterator[str]:
        """Yield it as lines of text."""
        yield self.head
        yield f"  {self.law}"
        yield f"  {self.about}"
        yield f"  {self.kind}"
        for row in self.rows:
            mark = "≠" if row.differs else "="
            yield f"    {row.what}: {row.recorded} {mark} {row.again}"
        if self.rule:
            yield f"  {self.rule}{tell(language, 'article', ref=self.ref) if self.ref else ''}"
        yield from (f"    {line}" for line in self.lines)
        yield from (f"  {line}" for line in self.later)


@dataclass(frozen=True, slots=True)
class Stopped:
    """Decisions that could not be taken again for one reason: why, what to get, and which."""

    why: str
    get: str
    rows: tuple[tuple[str, ...], ...]

    def as_lines(self, language: str) -> Iterator[str]:
        """Yield it as lines of text."""
        joiner = tell(language, "joiner")
        yield self.why
        yield f"  {self.get}"
        yield f"  {tell(language, 'column.entry')}: {joiner.join(row[0] for row in self.rows)}"


def tell_deviation(item: Data, language: str) -> Deviation:
    """Return a decision that came out otherwise, in words."""
    first = item["first_step"]
    way = item["recorded"] == item["again"] and first is not None
    kind = "outcome" if item["outcome_differs"] else "way" if way else "rest"
    rule = _tell_rule(first, language)
    return Deviation(
        seq=item["seq"],
        head=tell(language, "deviation.head", seq=str(item["seq"]), question=_ask(item, language)),
        law=_tell_law(item, language),
        about=_tell_about(item, language),
        kind=tell(language, f"deviation.{kind}"),
        rows=tuple(_list_rows(item, language)),
        rule=tell(language, "deviation.rule", says=rule) if rule else "",
        ref=str(first["ref"]) if first else "",
        lines=tuple(_list_steps(item, language)),
        refs=tuple((item["again"] or item["recorded"] or {"refs": ()})["refs"]),
        later=tuple(_list_later(item, language)),
        places=tuple(
            Row(x["pointer"], _tell_side(x["recorded"], language), _tell_side(x["again"], language))
            for x in item["differences"]
        ),
    )


def _ask(item: Data, language: str) -> str:
    return tell_wording(item["question"], str(item["decision"]), language)


def _tell_law(item: Data, language: str) -> str:
    title = tell_wording(item["title"], "", language)
    named = f"{item['ruleset']} {item['edition']}"
    if not title:
        return named
    slots = {"ruleset": item["ruleset"], "edition": item["edition"]}
    return tell(language, "deviation.law", title=title, **slots)


def _tell_about(item: Data, language: str) -> str:
    slots = {"request": str(item["request_id"]), "at": tell_moment(item["recorded_at"])}
    about = tell(language, "deviation.about", **slots)
    if item["subject"]:
        about += tell(language, "deviation.subject", subject=str(item["subject"]))
    return about


def tell_moment(text: str | None) -> str:
    """Return a moment to the second, in UTC."""
    return f"{text[:_SHORT].replace('T', ' ')} UTC" if text else "—"


def _list_rows(item: Data, language: str) -> Iterator[Row]:
    """Yield the outcome and every amount, as recorded and as decided again."""
    sides = [item["recorded"], item["again"]]
    told = [tell_named(x["outcome"], "outcome", language) if x else "—" for x in sides]
    yield Row(tell(language, "outcome"), told[0], told[1])
    amounts = [x["amounts"] if x else {} for x in sides]
    for name in dict.fromkeys(name for side in amounts for name in side):
        label = tell_wording(item["labels"].get(name), name, language)
        yield Row(label, *(tell_amount(side.get(name), language) for side in amounts))


def tell_amount(amount: Data | None, language: str) -> str:
    """Return an amount of a result; a dash where it is not settled."""
    if amount is None or amount["value"] is None:
        return "—"
    return tell_money(amount["value"], str(amount["currency"]), language)


def _tell_rule(first: Data | None, language: str) -> str:
    return tell_wording(first["says"], str(first["rule"]), language) if first else ""


def _list_steps(item: Data, language: str) -> Iterator[str]:
    """Tell which step differs first, and which part of it makes it differ."""
    first = item["first_step"]
    if first is None:
        if item["outcome_differs"]:
            yield tell(language, "deviation.same_steps")
        return
    if first["step"] is None:
        key = "deviation.no_step" if first["pointer"] else "deviation.no_trace"
        yield tell(language, key, pointer=str(first["pointer"]))
        return
    for key in ("step", "cause"):
        if first[key] is not None:
            yield _tell_step(first[key], f"deviation.{key}", language)


def _tell_step(step: Data, key: str, language: str) -> str:
    text = str(step["text"])
    label = tell_wording(step["label"], "", language)
    if label and label != text:
        text = tell(language, "deviation.named", label=label, text=text)
    sides = {x: tell_value(step[x], step["type"], language) for x in ("recorded", "again")}
    return tell(language, key, text=text, **sides)


def _list_later(item: Data, language: str) -> Iterator[str]:
    for entry in item["later"]:
        yield tell_named_entry(entry, language)


def tell_named_entry(entry: Data, language: str) -> str:
    """Return what a later entry did to a decision."""
    return tell(language, f"later.{entry['kind']}", seq=str(entry["seq"]))


def _tell_side(data: object, language: str) -> str:
    return tell(language, "absent") if data is None else tell_raw(data)


def group_stopped(items: Sequence[Data], language: str) -> list[Stopped]:
    """Return decisions that could not be taken again, those of one reason together."""
    groups: dict[tuple[str, str], list[tuple[str, ...]]] = {}
    for item in items:
        obstacle, slots = _find_obstacle(item), _slots(item, language)
        why, get = (tell(language, f"{x}.{obstacle}", **slots) for x in ("obstacle", "get"))
        recorded = item["recorded"]
        outcome = tell_named(recorded["outcome"], "outcome", language) if recorded else "—"
        amounts = recorded["amounts"].values() if recorded else ()
        told = [outcome, *(tell_amount(x, language) for x in amounts if x["value"] is not None)]
        later = [tell_named_entry(entry, language) for entry in item["later"]]
        row = (
            str(item["seq"]),
            tell_wording(item["question"], str(item["decision"]), language),
            str(item["request_id"]),
            str(item["subject"] or "—"),
            tell(language, "clause.joiner").join((*told, *later)),
        )
        groups.setdefault((why, get), []).append(row)
    return [Stopped(why, get, tuple(rows)) for (why, get), rows in groups.items()]


def _find_obstacle(item: Data) -> str:
    """Return what keeps a decision from being taken again; of hidden facts whether for good."""
    erased = any(entry["kind"] == "erasure" for entry in item["later"])
    gone = item["obstacle"] == "facts_erased" and erased
    return "facts_gone" if gone else str(item["obstacle"])


def _slots(item: Data, language: str) -> dict[str, str]:
    refused = [f"{x['fact']}: {tell_fault(x, language)[0]}" for x in item["refused"]]
    return {
        "ruleset": str(item["ruleset"]),
        "edition": str(item["edition"]),
        "digest": str(item["semantic_digest"]),
        "semantics": tell_raw(item["semantics"]),
        "detail": tell(language, "clause.joiner").join(refused) or tell_raw(item["detail"]),
    }
