"""Comes in: the report of a replay, as data. Goes out: what it says, in Chinese or English.

Page and text are both laid out from what is told here, so they say the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from voucher_rules.explain.deviations import (
    Deviation,
    Stopped,
    group_stopped,
    tell_deviation,
    tell_moment,
)
from voucher_rules.explain.markup import clean_text
from voucher_rules.explain.record_values import tell_fault
from voucher_rules.explain.replay_words import REPLAY_WORDS, tell

Data = Mapping[str, Any]
_TONES: Final = {
    "all_match": "good",
    "mismatch": "bad",
    "cannot_replay": "open",
    "not_sound": "bad",
}
_OUT_OF_ORDER: Final = ("gap", "reordered", "duplicate", "fork", "unreadable")
_SLOTS: Final = {"entry": "seq", "request": "request", "subject": "subject"}
OUTDATED: Final[Mapping[str, Sequence[str]]] = {
    "not_in_force": ("superseded", "no", "not_known_then"),
    "force_untold": ("untold",),
}
"""The lists of decisions whose law did not apply, or may not have: which verdicts each holds."""
GOOD, BAD, OPEN, PLAIN = "good", "bad", "open", "plain"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One verdict of a report: what was looked at, how it stands, and what is to be said of it."""

    name: str
    tone: str
    says: str
    notes: tuple[str, ...] = ()


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
    if reached == "all_match":
        if not data["decided"]:
            key = "conclusion.sound"
        elif decisions["count"] < 2:  # noqa: PLR2004 - words for one and for none
            key += ".one" if decisions["count"] else ".none"
    tone = OPEN if reached == "all_match" and count_wrong_law(data) else _TONES[reached]
    return tell(language, key, **slots), tone


def tell_reason(data: Data, language: str) -> str:
    """Return why a log is not sound, as it follows the conclusion; empty for one that is."""
    if data["conclusion"] != "not_sound":
        return ""
    first = next((x for x in list_verdicts(data, language) if x.tone == BAD), None)
    return "" if first is None else tell(language, "conclusion.because", reason=first.says)


def count_wrong_law(data: Data) -> int:
    """Return how many decisions were taken under an edition that did not apply, untold by them."""
    found = data["decisions"]["in_force"]
    wrong = sum(int(found[name]) for name in OUTDATED["not_in_force"])
    return wrong - int(data["decisions"]["force_stated"])


def tell_aside(data: Data, language: str) -> str:
    """Return the counts of the decisions, in one line."""
    if not data["decided"]:
        return tell(language, "aside.undecided")
    decisions = data["decisions"]
    found = decisions["reproduced"]
    told = tell(
        language,
        "aside.decisions",
        count=str(decisions["count"]),
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


def count(key: str, number: int, language: str, **slots: str) -> str:
    """Tell how many there are, in words of their own where there is one."""
    one = f"{key}.one"
    chosen = one if number == 1 and one in REPLAY_WORDS else key
    return tell(language, chosen, count=f"{number:,}", **slots)


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


def list_verdicts(data: Data, language: str) -> list[Verdict]:
    """Return the separate verdicts on a log, each by itself."""
    teller = _VerdictTeller(data, language)
    found = [teller.lines(), teller.order(), teller.end(), *teller.keys()]
    found += [teller.completeness(), teller.signatures(), teller.stamps()]
    if data["decided"]:
        found += [teller.laws(), teller.currency(), teller.semantics(), teller.again()]
    return found


@dataclass(frozen=True, slots=True)
class _VerdictTeller:
    data: Data
    language: str

    def tell(self, key: str, /, **slots: object) -> str:
        return tell(self.language, key, **{name: str(x) for name, x in slots.items()})

    def count(self, key: str, number: int) -> str:
        return count(key, number, self.language)

    def join(self, texts: Sequence[str]) -> str:
        return self.tell("clause.joiner").join(texts)

    def make(self, name: str, tone: str, says: str, notes: Sequence[str] = ()) -> Verdict:
        return Verdict(self.tell(f"verdict.{name}"), tone, says, tuple(notes))

    def lines(self) -> Verdict:
        found = self.data["integrity"]
        if not found["faulty"]:
            lines = self.data["log"]["lines"]
            return self.make("lines", GOOD, self.tell("verdict.lines.good", lines=lines))
        first = str(found["first_bad"])
        says = count("verdict.lines.bad", found["faulty"], self.language, first=first)
        return self.make("lines", BAD, says)

    def order(self) -> Verdict:
        positions = self.data["integrity"]["positions"]
        found = [
            self.tell(f"position.{name}", count=positions[name])
            for name in _OUT_OF_ORDER
            if positions[name]
        ]
        if not found:
            return self.make("order", GOOD, self.tell("verdict.order.good"))
        joined = self.tell("joiner").join(found)
        return self.make("order", BAD, self.tell("verdict.order.bad", found=joined))

    def end(self) -> Verdict:
        torn = self.data["integrity"]["torn"]
        if torn is None:
            return self.make("end", GOOD, self.tell("verdict.end.good"))
        says, get = tell_fault(torn, self.language)
        if self.data["completeness"]["missing_at_end"]:
            # What was torn stands where the next entry stood.
            get = self.tell("end.recorded", seq=self.data["log"]["entries"] + 1)
        return self.make("end", BAD, says, [get])

    def keys(self) -> Iterator[Verdict]:
        faults = self.data["integrity"]["key_faults"]
        if faults:
            told = [tell_fault(item, self.language) for item in faults]
            yield Verdict(
                self.tell("keys.bad"), BAD, self.join([says for says, _ in told]), (told[0][1],)
            )

    def completeness(self) -> Verdict:
        found, given = self.data["completeness"], self.data["checkpoints"]
        notes = [text for item in found["faults"] for text in tell_fault(item, self.language)]
        if not given:
            return self.make("complete", OPEN, self.tell("complete.none"))
        says = [
            self.tell("complete.verified", last=found["verified"])
            if found["verified"]
            else self.tell("complete.unverified")
        ]
        if found["missing"]:
            says.append(self._tell_missing(found["missing"], found["missing_at_end"]))
        says += self._tell_tail(found, given)
        bad = found["missing"] or found["faults"]
        tone = BAD if bad else OPEN if found["unanchored"] else GOOD
        return self.make("complete", tone, self.join(says), notes)

    def _tell_tail(self, found: Data, given: Sequence[Data]) -> Iterator[str]:
        """Tell of the entries no checkpoint vouches for, and of those one speaks against."""
        first = found["verified"] + 1
        against = [item["size"] for item in given if item["agrees"] == "differs"]
        if against:
            yield self.tell("complete.differs", first=first, last=min(against))
        if found["unanchored"] and (found["verified"] or against):
            first, last = max([first, *(size + 1 for size in against)]), found["unanchored"][1]
            key = "complete.tail.one" if first == last else "complete.tail"
            if first <= last:
                yield self.tell(key, first=first, last=last)

    def _tell_missing(self, count: int, at_end: int) -> str:
        if 0 < at_end < count:
            return self.tell("complete.missing_some_at_end", count=count, at_end=at_end)
        return self.count("complete.missing_at_end" if at_end else "complete.missing", count)

    def signatures(self) -> Verdict:
        given = self.data["checkpoints"]
        if not given:
            return self.make("signed", PLAIN, self.tell("stamping.absent"))
        words = [item["authenticity"] for item in given]
        signed = any(word != "absent" for word in words)
        origin = "signed.own" if self.data["keys_from"] == "log" else "signed.given"
        notes = [self.tell(origin)] if signed else []
        return self.make("signed", *self._weigh(words, "authenticity"), notes)

    def stamps(self) -> Verdict:
        given = self.data["checkpoints"]
        if not given:
            return self.make("stamped", PLAIN, self.tell("stamping.absent"))
        return self.make("stamped", *self._weigh([item["time"] for item in given], "stamping"))

    def _weigh(self, words: Sequence[str], prefix: str) -> tuple[str, str]:
        """Return the tone of several verdicts of a kind, and how many there are of each."""
        told = [
            f"{self.tell(f'{prefix}.{word}')} {words.count(word)}" for word in dict.fromkeys(words)
        ]
        tone = GOOD if set(words) == {"ok"} else OPEN if set(words) <= {"ok", "absent"} else BAD
        return tone, self.join(told)

    def laws(self) -> Verdict:
        found = self.data["decisions"]["rulesets"]
        told = [self.tell(f"law.{name}", count=found[name]) for name in found if found[name]]
        sound = not (found["differs"] or found["missing"])
        tone = (GOOD if told else PLAIN) if sound else OPEN
        return self.make("law", tone, self.join(told) or self.tell("again.nothing"))

    def currency(self) -> Verdict:
        found = self.data["decisions"]["in_force"]
        told = [self.tell(f"force.{name}", count=found[name]) for name in found if found[name]]
        stated = self.data["decisions"]["force_stated"]
        if stated:
            told.append(self.tell("force.stated", count=stated))
        doubt = stated or found["untold"]
        tone = BAD if count_wrong_law(self.data) else OPEN if doubt else GOOD if told else PLAIN
        return self.make("force", tone, self.join(told) or self.tell("again.nothing"))

    def semantics(self) -> Verdict:
        count = self.data["decisions"]["semantics_unsupported"]
        if count:
            return self.make("semantics", OPEN, self.tell("semantics.bad", count=count))
        return self.make("semantics", GOOD, self.tell("semantics.good"))

    def again(self) -> Verdict:
        found = self.data["decisions"]["reproduced"]
        told = [self.tell(f"again.{name}", count=found[name]) for name in found if found[name]]
        tone = BAD if found["mismatch"] else OPEN if found["cannot_replay"] else GOOD
        tone = tone if told else PLAIN
        return self.make("again", tone, self.join(told) or self.tell("again.nothing"))


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
    yield from _tell_untold(found["faulty"] - len(found["faults"]), language)


def _tell_untold(count: int, language: str) -> Iterator[str]:
    if count > 0:
        yield "  " + tell(language, "untold", count=str(count))


def _colon(language: str) -> str:
    return "：" if language == "zh" else ": "
