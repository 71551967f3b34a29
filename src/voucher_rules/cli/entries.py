"""Comes in: an entry of a ledger. Goes out: what it says, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone

from voucher_rules.api.ledger import Ledger
from voucher_rules.checked.histories import Lifecycle
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.cli.words import join, tell
from voucher_rules.explain.causes import tell_cause
from voucher_rules.language.types import Kind, Type
from voucher_rules.ledger.entries import Budgeted, Entry, Grouped, Made, Moved, Withdrawn
from voucher_rules.values.write import write_decimal, write_instant, write_money

HEADINGS = ("entry", "happened", "known", "what", "amount", "because", "standing")


@dataclass(frozen=True, slots=True)
class EntryTeller:
    """Tells entries of one ledger in one language."""

    ledger: Ledger
    language: str

    def tell(self, key: str, /, **arguments: str) -> str:
        """Return a fixed text."""
        return tell(self.language, key, **arguments)

    @property
    def zone(self) -> timezone:
        """The local time moments are told in."""
        return next(iter(self.ledger.rulesets.values())).checked.zone

    def tell_moment(self, moment: datetime) -> str:
        """Tell a moment in local time."""
        return write_instant(moment.astimezone(self.zone))

    def find_ruleset(self, name: str, edition: str) -> CheckedRuleset:
        """Return the ruleset an entry belongs to."""
        found = self.ledger.keeper.shelf.find_ruleset(name, edition)
        return found or self.ledger.rulesets[name].checked

    def find_lifecycle(self, body: Moved) -> Lifecycle:
        """Return the lifecycle an event belongs to."""
        return self.find_ruleset(body.ruleset, body.edition).histories.lifecycles[body.lifecycle]

    def make_row(self, entry: Entry, standing: Mapping[str, str]) -> list[str]:
        """Return an entry as a row below :data:`HEADINGS`."""
        happened, known = (self.tell_moment(x) for x in (entry.at, entry.known))
        return [
            entry.id,
            happened,
            "" if known == happened else known,
            self.tell_body(entry),
            self.tell_amount(entry),
            self._tell_because(entry),
            standing.get(entry.id, ""),
        ]

    def tell_body(self, entry: Entry) -> str:
        """Tell what an entry says."""
        match entry.body:
            case Moved() as body:
                return self._tell_moved(body)
            case Made() as body:
                return self._tell_made(body)
            case Budgeted() as body:
                return self._tell_budget(body)
            case Grouped(carried, party, group):
                key = "entry.joins" if group else "entry.leaves"
                arguments = {"group": group} if group else {}
                return self.tell(key, carried=self._name_carried(carried), party=party, **arguments)
            case Withdrawn():
                return self.tell("entry.withdrawn", entry=entry.corrects)

    def _name_carried(self, name: str) -> str:
        for ruleset in self.ledger.rulesets.values():
            for lifecycle in ruleset.checked.histories.lifecycles.values():
                if name in lifecycle.carries:
                    return lifecycle.carries[name].label.told(self.language)
        return name

    def _tell_moved(self, body: Moved) -> str:
        lifecycle = self.find_lifecycle(body)
        event = lifecycle.transitions.get(body.event)
        return self.tell(
            "entry.moved",
            label=lifecycle.label.told(self.language),
            thing=body.thing,
            event=event.label.told(self.language) if event else body.event,
        )

    def _tell_made(self, body: Made) -> str:
        decision = self.find_ruleset(body.ruleset, body.edition).decisions.get(body.decision)
        return self.tell(
            "entry.made" if body.thing else "entry.made_alone",
            decision=decision.label.told(self.language) if decision else body.decision,
            outcome=self.tell(f"limits.outcome.{body.outcome}"),
            **({"thing": body.thing} if body.thing else {}),
        )

    def _tell_budget(self, body: Budgeted) -> str:
        pool = self.find_ruleset(body.ruleset, body.edition).histories.pools.get(body.pool)
        envelope = join(self.language, *body.envelope.values())
        return self.tell(
            "entry.added" if body.added else "entry.budgeted",
            pool=pool.label.told(self.language) if pool else body.pool,
            of=self.tell("entry.envelope", names=envelope) if envelope else "",
            day=body.day.isoformat(),
        )

    def tell_amount(self, entry: Entry) -> str:
        """Tell the amount of an entry, where it has one."""
        match entry.body:
            case Moved(amount=int(amount)) as body:
                return self._write(amount, self.find_lifecycle(body).currency)
            case Made() as body:
                outputs = self.find_ruleset(body.ruleset, body.edition).decisions[body.decision]
                told = [
                    self._write(amount, outputs.outputs[name].type.unit)
                    for name, amount in body.amounts.items()
                ]
                return join(self.language, *told)
            case Budgeted() as body:
                ruleset = self.find_ruleset(body.ruleset, body.edition)
                pool = ruleset.histories.pools[body.pool]
                kind = pool.type_in(ruleset.histories.lifecycles[pool.lifecycle])
                return write_held(body.amount, kind, self.language)
        return ""

    def _write(self, amount: int, currency: str) -> str:
        return write_money(amount, currency, self.language)

    def _tell_because(self, entry: Entry) -> str:
        match entry.body:
            case Moved() as body:
                decision = self.tell("entry.decision", entry=body.decision) if body.decision else ""
                return join(self.language, decision, self._tell_cause(body), body.because)
            case Made(supersedes=str(old)) as body if old or body.short_of:
                told = self.tell("entry.supersedes", entry=old) if old else ""
                short = self.tell("entry.short_of", pool=body.short_of) if body.short_of else ""
                return join(self.language, told, short)
            case Withdrawn(because, cause):
                return join(self.language, tell_cause(cause, self.language), because)
        return ""

    def _tell_cause(self, body: Moved) -> str:
        """Tell why an event came by itself: the window whose end it came at, or what else."""
        window, last = body.cause.get("window", ""), body.cause.get("last", "")
        rule = self.find_ruleset(body.ruleset, body.edition).rules.get(window.partition(".")[2])
        if rule is None or not last:
            return tell_cause(body.cause, self.language)
        says = rule.says.told(self.language) or rule.id
        told = self.tell("due.window", says=says, ref=str(rule.citation))
        return self.tell("entry.lapsed", window=told, last=last)


def write_held(amount: int, kind: Type, language: str) -> str:
    """Write what a pool holds: money, or how many places, with a measure word of the language."""
    if kind.kind is Kind.MONEY:
        return write_money(amount, kind.unit, language)
    told = write_decimal(amount, grouped=True)
    return told if language == "en" and not kind.unit.isascii() else f"{told}{kind.unit}"


def tell_standing(entries: Sequence[Entry], language: str) -> dict[str, str]:
    """Return what became of each entry: corrected, withdrawn or superseded by a later one."""
    found: dict[str, str] = {}
    for entry in entries:
        if entry.corrects:
            key = "withdrawn" if isinstance(entry.body, Withdrawn) else "corrected"
            found[entry.corrects] = tell(language, f"standing.{key}", entry=entry.id)
        if isinstance(entry.body, Made) and entry.body.supersedes:
            found[entry.body.supersedes] = tell(language, "standing.superseded", entry=entry.id)
    return found


def list_about(entries: Sequence[Entry], thing: str) -> list[Entry]:
    """Return the entries about a thing: its events, the decisions behind them, corrections."""
    chosen = {x.id for x in entries if isinstance(x.body, Moved | Made) and x.body.thing == thing}
    decisions = {x.body.decision for x in entries if x.id in chosen and isinstance(x.body, Moved)}
    chosen |= decisions - {""}
    for entry in entries:
        if entry.corrects in chosen:
            chosen.add(entry.id)
    return [entry for entry in entries if entry.id in chosen]
