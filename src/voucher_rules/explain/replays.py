"""Comes in: the report of a replay, as data. Goes out: what it says, in Chinese or English.

Page and text are both laid out from what is told here, so they say the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from voucher_rules.decision.law import FIRST_DAY
from voucher_rules.explain.deviations import (
    Deviation,
    Stopped,
    group_stopped,
    tell_deviation,
    tell_moment,
)
from voucher_rules.explain.markup import clean_text
from voucher_rules.explain.record_values import tell_fault
from voucher_rules.explain.replay_verdicts import (
    BAD,
    OPEN,
    OUTDATED,
    count,
    count_faulty,
    count_wrong_law,
    list_verdicts,
)
from voucher_rules.explain.replay_words import tell

Data = Mapping[str, Any]
_TONES: Final = {
    "all_match": "good",
    "mismatch": "bad",
    "cannot_replay": "open",
    "not_sound": "bad",
}
_SLOTS: Final = {"entry": "seq", "request": "request", "subject": "subject"}


def tell_conclusion(data: Data, language: str) -> tuple[str, str]:
    """Return what a replay came to, and its tone."""
    reached, decisions = str(data["conclusion"]), data["decisions"]
    found = decisions["reproduced"]
    slots = {
        "count": str(decisions["count"]),
        "wrong": str(found["mismatch"]),
        "stopped": str(found["cannot_replay"]),
    }
    key = f"conclusion.{reached}"
    if reached == "all_match" and not data["decided"]:
        key = "conclusion.sound"
    elif reached != "not_sound" and decisions["count"] < 2:  # noqa: PLR2004 - words for one and for none
        key += ".one" if decisions["count"] else ".none"
    tone = OPEN if reached == "all_match" and count_wrong_law(data) else _TONES[reached]
    says = tell(language, key, **slots)
    if reached == "all_match" and not data["checkpoints"]:
        says = tell(language, "conclusion.unanchored", says=says)
    return says, tone


def tell_reason(data: Data, language: str) -> str:
    """Return why a log is not sound, as it follows the conclusion; empty for one that is."""
    if data["conclusion"] != "not_sound":
        return ""
    first = next((x for x in list_verdicts(data, language) if x.tone == BAD), None)
    return "" if first is None else tell(language, "conclusion.because", reason=first.says)


def tell_aside(data: Data, language: str) -> str:
    """Return the counts of the decisions, in one line."""
    if not data["decided"]:
        return tell(language, "aside.undecided")
    decisions = data["decisions"]
    found = decisions["reproduced"]
    told = count(
        "aside.decisions",
        decisions["count"],
        language,
        match=str(found["match"]),
        mismatch=str(found["mismatch"]),
        outcome=str(decisions["outcome_differs"]),
        stopped=str(found["cannot_replay"]),
    )
    asides = [told]
    for key, number in (
        ("aside.outdated", count_wrong_law(data)),
        ("aside.unread", data["integrity"]["positions"]["unreadable"]),
    ):
        if number:
            asides.append(count(key, number, language))
    return tell(language, "clause.joiner").join(asides)


def tell_whose(item: Data, language: str) -> str:
    """Return which entry a line that is not sound is, or says it is; empty where it is untold."""
    claimed = item["claimed"]
    source = claimed or item
    told = [
        tell(language, f"fault.{key}", **{_SLOTS[key]: str(source[name])})
        for key, name in (("entry", "seq"), ("request", "request_id"), ("subject", "subject"))
        if source[name]
    ]
    says = tell(language, "joiner").join(told)
    return tell(language, "fault.claimed", says=says) if claimed and says else says


def list_deviations(data: Data, language: str) -> list[Deviation]:
    """Return the decisions that came out otherwise, each explained."""
    return [tell_deviation(item, language) for item in data["mismatches"]]


def list_stopped(data: Data, language: str) -> list[Stopped]:
    """Return the decisions that could not be taken again, by what kept them from it."""
    return group_stopped(data["not_replayed"], language)


def count_untold(data: Data, key: str) -> int:
    """Return how many deviations or obstacles are counted and not told one by one."""
    kind = {"mismatches": "mismatch", "not_replayed": "cannot_replay"}[key]
    return int(data["decisions"]["reproduced"][kind]) - len(data[key])


def summarize_replay(data: Data, digest: str, language: str) -> str:
    """Return a report as lines of text."""
    return clean_text("\n".join(_list_lines(data, digest, language))) + "\n"


def _list_lines(data: Data, digest: str, language: str) -> Iterator[str]:
    log = data["log"]
    about = tell(language, "replay.log", id=log["id"], created=tell_moment(log["created"]))
    yield f"{log['owner']} · {about}"
    yield tell_conclusion(data, language)[0]
    yield tell_aside(data, language)
    yield ""
    for item in list_verdicts(data, language):
        yield f"{item.name}{_colon(language)}{item.says}"
        yield from (f"  {note}" for note in item.notes)
    yield from _list_faults(data, language)
    told = list_deviations(data, language)
    if told:
        yield ""
        yield tell(language, "section.mismatches")
    for deviation in told:
        yield from (f"  {line}" for line in deviation.as_lines(language))
    yield from _tell_untold(count_untold(data, "mismatches"), language)
    stopped = list_stopped(data, language)
    if stopped:
        yield ""
        yield tell(language, "section.not_replayed")
    for group in stopped:
        yield from (f"  {line}" for line in group.as_lines(language))
    yield from _tell_untold(count_untold(data, "not_replayed"), language)
    for key in OUTDATED:
        if data[key]:
            yield ""
            yield tell(language, f"section.{key}")
        for item in data[key]:
            yield "  " + " ".join((str(item["seq"]), tell_currency(item, language)))
        yield from _tell_untold(count_outdated(data, key), language)
    yield ""
    yield tell(language, "foot.digest", digest=digest)


def tell_currency(item: Data, language: str) -> str:
    """Return why the law of a decision did not apply."""
    slots = {name: str(item[name]) for name in ("ruleset", "edition", "as_of", "instead")}
    slots |= {"fact": str(item["by_fact"]), "ref": str(item["by_ref"])}
    key = f"currency.{item['in_force']}"
    if item["by_ref"]:
        key = "currency.superseded.by_rule"
    elif item["by_fact"] == FIRST_DAY:
        key = "currency.untold.undated"
    elif item["by_fact"]:
        key = "currency.untold.day"
    says = tell(language, key, recorded=tell_moment(item["recorded_at"]), **slots)
    return tell(language, "currency.stated", says=says) if item["stated"] else says


def count_outdated(data: Data, key: str) -> int:
    """Return how many decisions whose law is in doubt are not told one by one."""
    found = data["decisions"]["in_force"]
    return sum(int(found[name]) for name in OUTDATED[key]) - len(data[key])


def _list_faults(data: Data, language: str) -> Iterator[str]:
    """Tell what is wrong with the lines, as a compiler would."""
    found = data["integrity"]
    if found["faults"]:
        yield ""
        yield tell(language, "section.faults")
    for item in found["faults"]:
        whose = tell_whose(item, language)
        for fault in item["faults"]:
            yield f"  {item['line']}: {fault['code']}: {tell_fault(fault, language)[0]}"
        if whose:
            yield f"    {whose}"
    yield from _tell_untold(count_faulty(found) - len(found["faults"]), language)


def _tell_untold(count: int, language: str) -> Iterator[str]:
    if count > 0:
        yield "  " + tell(language, "untold", count=str(count))


def _colon(language: str) -> str:
    return "：" if language == "zh" else ": "
