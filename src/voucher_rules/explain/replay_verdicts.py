"""Comes in: the report of a replay, as data. Goes out: its separate verdicts, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from voucher_rules.explain.record_values import tell_fault
from voucher_rules.explain.replay_words import REPLAY_WORDS, tell

Data = Mapping[str, Any]
_OUT_OF_ORDER: Final = ("gap", "reordered", "duplicate", "fork", "unreadable")
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


def count(key: str, number: int, language: str, **slots: object) -> str:
    """Tell how many there are, in words of their own where there is one."""
    one = f"{key}.one"
    chosen = one if number == 1 and one in REPLAY_WORDS else key
    told = {name: str(x) for name, x in slots.items()}
    return tell(language, chosen, count=f"{number:,}", **told)


def count_wrong_law(data: Data) -> int:
    """Return how many decisions were taken under an edition that did not apply, untold by them."""
    found = data["decisions"]["in_force"]
    wrong = sum(int(found[name]) for name in OUTDATED["not_in_force"])
    return wrong - int(data["decisions"]["force_stated"])


def count_faulty(found: Data) -> int:
    """Return how many lines have faults: those not sound, and those that refer to such."""
    return int(found["faulty"]) + int(found["referring"])


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
            says = count("verdict.lines.good", lines, self.language, lines=f"{lines:,}")
            return self.make("lines", GOOD, says)
        first = str(found["first_bad"])
        told = [count("verdict.lines.bad", found["faulty"], self.language, first=first)]
        if found["referring"]:
            told.append(self.count("lines.referring", found["referring"]))
        return self.make("lines", BAD, self.join(told))

    def order(self) -> Verdict:
        positions = self.data["integrity"]["positions"]
        found = [
            self.tell(f"position.{name}", count=positions[name])
            for name in _OUT_OF_ORDER
            if positions[name]
        ]
        if not found:
            return self.make("order", GOOD, self.tell("verdict.order.good"))
        if all(name == "unreadable" for name in _OUT_OF_ORDER if positions[name]):
            says = self.count("verdict.order.untold", positions["unreadable"])
            return self.make("order", OPEN, says)
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
            count("complete.verified", found["verified"], self.language, last=found["verified"])
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
            key = "complete.differs.one" if first == min(against) else "complete.differs"
            yield self.tell(key, first=first, last=min(against))
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
        sound = not (found["differs"] or found["missing"] or found["unreadable"])
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
