"""Comes in: the editions of a ruleset. Goes out: which law applied when, in words, a line each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from voucher_rules.catalog.choose import Choice, Counted
from voucher_rules.catalog.chronicle import ONE_DAY, Chronicle, View
from voucher_rules.catalog.editions import Edition
from voucher_rules.checked.declarations import word_text
from voucher_rules.checked.model import Superseded, Transition
from voucher_rules.explain.vocabulary import VOCABULARY, make_tell
from voucher_rules.ruleset.notice import LoadedNotice

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    **VOCABULARY,
    "edition.line": ("$edition：$said", "$edition: $said"),
    "edition.joiner": ("；", "; "),
    "edition.from": ("自 $start 起施行", "in force from $start"),
    "edition.span": ("$start 至 $until 施行", "in force from $start until $until"),
    "edition.by_reading": (
        "自何日起施行有不同理解（$reading：$days）",
        "readers differ on the first day ($reading: $days)",
    ),
    "edition.draft": ("草案，不施行", "a draft, not in force"),
    "edition.repealed": ("已废止", "repealed"),
    "edition.undated": ("未写明施行日期", "states no first day in force"),
    "edition.known": ("自 $day 起可知", "known from $day"),
    "edition.known_always": ("未写明自何日起可知", "since when it is known is not stated"),
    "edition.corrects": ("更正 $edition：$because", "corrects $edition: $because"),
    "edition.corrected": (
        "自 $day 起由 $edition 取代其位置",
        "from $day, $edition stands in its place",
    ),
    "edition.amendment": ("修订 $edition：$because", "amends $edition: $because"),
    "edition.replacement": ("替代 $edition：$because", "replaces $edition: $because"),
    "edition.repeal": ("废止 $edition：$because", "repeals $edition: $because"),
    "edition.superseded": ("由 $edition 取代", "superseded by $edition"),
    "edition.transition": (
        "「$decision」按 $by 的日期确定适用的版本（$ref）",
        "for `$decision` the day of $by tells which edition applies ($ref)",
    ),
    "edition.gap": (
        "$start 至 $until：没有施行中的版本",
        "$start until $until: no edition is in force",
    ),
    "edition.overlap": (
        "自 $day 起 $one 和 $other 同时施行，须写明哪个取代哪个",
        "from $day $one and $other are both in force; one of them must supersede the other",
    ),
    "edition.unknown_yet": (
        "$known 还不知道「$ruleset」的任何版本：最早的自 $published 起可知",
        "on $known no edition of $ruleset was known yet: the first is known from $published",
    ),
    "edition.notice": (
        "$edition 的通知《$notice》：自 $start 起$end，$known",
        "notice “$notice” to $edition: from $start$end, $known",
    ),
    "edition.notice_end": ("至 $until", " until $until"),
    "edition.chosen": ("适用版本 $edition（$days）：$why", "edition $edition ($days): $why"),
    "edition.why_day": ("$fact 为 $day", "$fact is $day"),
    "edition.why_unknown": (
        "$fact 未知，但没有更早的版本",
        "$fact is not known, and there is no earlier edition",
    ),
    "edition.why_transition": (
        "依 $edition $ref 的过渡规定，按 $fact 确定，该日为 $day",
        "by the rule of transition $ref of $edition, $fact tells, which is $day",
    ),
    "edition.why_only": ("只有这一个版本", "it is the only one"),
}

tell: Final = make_tell(WORDS)


def tell_edition(item: Edition, others: Mapping[str, Edition], language: str) -> str:
    """Return one line about an edition."""
    said = tell(language, "edition.joiner").join(_list_said(item, others, language))
    return tell(language, "edition.line", edition=item.edition, said=said)


def _list_said(item: Edition, others: Mapping[str, Edition], language: str) -> Iterator[str]:
    yield tell_force(item, language)
    if item.start_reading and item.in_force_from is not None:
        days = ", ".join(f"{option} {day}" for option, day in item.starts.items())
        yield tell(language, "edition.by_reading", reading=item.start_reading, days=days)
    yield _tell_known(item.known_from, language)
    yield from tell_succession(item.supersedes, item.transitions, language)
    if item.superseded_by:
        yield tell(language, "edition.superseded", edition=item.superseded_by)
    if item.corrected_by:
        day = others[item.corrected_by].known_from
        yield tell(language, "edition.corrected", edition=item.corrected_by, day=str(day))


def tell_succession(
    supersedes: Sequence[Superseded], transitions: Sequence[Transition], language: str
) -> Iterator[str]:
    """Yield what an edition supersedes and why, and which day counts for a decision."""
    for old in supersedes:
        key = "corrects" if old.kind == "correction" else old.kind
        told = {"edition": old.edition, "because": old.because.told(language)}
        yield tell(language, f"edition.{key}", **told)
    for rule in transitions:
        words = {"decision": rule.decision, "by": rule.by, "ref": rule.ref}
        yield tell(language, "edition.transition", **words)


def tell_force(item: Edition, language: str) -> str:
    """Return from when until when an edition is in force, or why it is not."""
    if item.in_force_from is None:
        key = item.status if item.status in {"draft", "repealed"} else "undated"
        return tell(language, f"edition.{key}")
    return _tell_span(item.in_force_from, item.in_force_until, language)


def _tell_span(start: date, until: date | None, language: str) -> str:
    if until is None:
        return tell(language, "edition.from", start=str(start))
    return tell(language, "edition.span", start=str(start), until=str(until))


def _tell_known(day: date | None, language: str) -> str:
    if day is None:
        return tell(language, "edition.known_always")
    return tell(language, "edition.known", day=str(day))


def tell_timeline(view: View, editions: Sequence[Edition], language: str) -> Iterator[str]:
    """Yield a line for every edition, with the gaps between them, then the overlaps."""
    others = {item.edition: item for item in editions}
    gaps = _list_gaps(view)
    for item in editions:
        if item.edition in gaps:
            start, until = gaps[item.edition]
            yield tell(language, "edition.gap", start=str(start), until=str(until))
        yield tell_edition(item, others, language)
    for one, other, day in view.list_overlaps():
        named = {"one": one.edition, "other": other.edition, "day": str(day)}
        yield tell(language, "edition.overlap", **named)


def tell_unknown(chronicle: Chronicle, known: date, language: str) -> str:
    """Return that no edition was known on a day yet, and from which one is."""
    first = min(x.published for x in chronicle.heads.values() if x.published is not None)
    told = {"ruleset": chronicle.id, "known": str(known), "published": str(first)}
    return tell(language, "edition.unknown_yet", **told)


def _list_gaps(view: View) -> dict[str, tuple[date, date]]:
    """Return the days without an edition before each that follows such days."""
    gaps = {}
    last: date | None = None
    for number, item in enumerate(view.standings):
        if number and last is not None and last + ONE_DAY < item.start:
            gaps[item.edition] = (last + ONE_DAY, item.start - ONE_DAY)
        ends = (last, item.until) if number else (item.until,)
        last = None if None in ends else max(day for day in ends if day is not None)
    return gaps


def tell_notice(notice: LoadedNotice, language: str) -> str:
    """Return one line about a notice: to which edition, for which days, since when known."""
    document, until = notice.document, notice.days.until
    end = "" if until is None else tell(language, "edition.notice_end", until=str(until))
    issued = date.fromisoformat(document.issued) if document.issued is not None else None
    words = {"edition": str(document.edition), "notice": word_text(document.title).told(language)}
    days = {"start": str(notice.days.start), "end": end}
    return tell(language, "edition.notice", **words, **days, known=_tell_known(issued, language))


def tell_choice(choice: Choice, language: str) -> str:
    """Return which edition a case falls under, and by which days."""
    joiner = tell(language, "edition.joiner")
    why = joiner.join(_tell_counted(item, language) for item in _list_telling(choice))
    standing = choice.standing
    days = _tell_span(standing.start, standing.until, language)
    return tell(language, "edition.chosen", edition=standing.edition, days=days, why=why)


def _list_telling(choice: Choice) -> list[Counted]:
    """Return each day that told, once: the newest edition it was asked for stands for the rest."""
    seen = {(x.fact, x.ref and x.edition): x for x in reversed(choice.counted)}
    return list(reversed(seen.values()))


def _tell_counted(item: Counted, language: str) -> str:
    if item.day is None:
        return tell(language, "edition.why_unknown", fact=item.fact)
    words = {"fact": item.fact, "day": str(item.day)}
    if not item.ref:
        return tell(language, "edition.why_day", **words)
    return tell(language, "edition.why_transition", edition=item.edition, ref=item.ref, **words)
