"""Comes in: a ledger. Goes out: what stands in it, the life of a thing, or every entry."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from voucher_rules.api.ledger import Ledger
from voucher_rules.api.ledger_inputs import read_moment
from voucher_rules.checked.histories import Lifecycle
from voucher_rules.cli.entries import HEADINGS, EntryTeller, tell_standing, write_held
from voucher_rules.cli.exits import Answer
from voucher_rules.cli.ledger_data import data_of_entry, data_of_state
from voucher_rules.cli.ledgers import add_ledger, open_named_ledger
from voucher_rules.cli.options import add_format
from voucher_rules.cli.show_thing import show_thing
from voucher_rules.cli.words import join
from voucher_rules.explain.columns import lay_out_table
from voucher_rules.ledger.entries import Budgeted, Made, Moved
from voucher_rules.ledger.funds import Fund
from voucher_rules.ledger.history import History
from voucher_rules.values.write import write_money

_STATES: Final = ("state", "things", "amount")
_FUNDS: Final = ("span", "of", "put", "taken", "left")


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_ledger(parser)
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--thing", metavar="ID", help="show the life of one thing")
    shown.add_argument("--entries", action="store_true", help="list every entry")
    parser.add_argument("--at", metavar="MOMENT", help="what stood at a moment (default: at last)")
    parser.add_argument("--known", metavar="MOMENT", help="by what was known then (default: now)")
    add_format(parser)


def run(arguments: argparse.Namespace) -> Answer:
    """Show the ledger."""
    with open_named_ledger(arguments, read_only=True) as ledger:
        if arguments.thing is not None:
            return show_thing(ledger, arguments)
        if arguments.entries:
            return _list_entries(ledger, arguments)
        history = ledger.history(arguments.at, known=arguments.known)
        if arguments.format == "json":
            data = data_of_state(ledger, history)
            return Answer(json.dumps(data, ensure_ascii=False, indent=2))
        teller = _StateTeller(EntryTeller(ledger, arguments.lang), ledger, history)
        return Answer("\n".join(teller.tell_all(arguments)))


def _list_entries(ledger: Ledger, arguments: argparse.Namespace) -> Answer:
    teller = EntryTeller(ledger, arguments.lang)
    if arguments.format == "json":
        data: list[Any] = [data_of_entry(entry) for entry in ledger.entries]
        return Answer(json.dumps(data, ensure_ascii=False, indent=2))
    if not ledger.entries:
        return Answer(teller.tell("ledger.nothing"))
    standing = tell_standing(ledger.entries, arguments.lang)
    rows = [teller.make_row(entry, standing) for entry in ledger.entries]
    headings = [teller.tell(f"heading.{key}") for key in HEADINGS]
    return Answer("\n".join(lay_out_table(headings, rows)))


@dataclass(frozen=True, slots=True)
class _StateTeller:
    """Tells what stands."""

    words: EntryTeller
    ledger: Ledger
    history: History

    def tell_all(self, arguments: argparse.Namespace) -> Iterator[str]:
        """Yield what stands: the lives of each ruleset, its money, its decisions."""
        yield self._tell_head(arguments.ledger)
        for key, moment in (("seen", arguments.at), ("seen_known", arguments.known)):
            if moment is not None:
                yield self.words.tell(f"ledger.{key}", moment=self._tell_moment(moment))
        for ruleset in self.ledger.rulesets.values():
            yield ""
            title = ruleset.checked.title.told(self.words.language)
            head = {"ruleset": ruleset.id, "edition": ruleset.edition, "title": title}
            yield self.words.tell("ledger.ruleset", **head)
            named = self._list_editions(ruleset.id)
            if set(named) - {ruleset.edition}:
                editions = join(self.words.language, *named)
                yield self.words.tell("ledger.editions", editions=editions)
            for lifecycle in ruleset.checked.histories.lifecycles.values():
                yield from self._tell_lifecycle(ruleset.id, lifecycle)
            yield from self._tell_funds(ruleset.id)
            yield from self._tell_decisions(ruleset.id)

    def _list_editions(self, ruleset: str) -> list[str]:
        """Return the editions that entries were made under, the first first."""
        bodies = [entry.body for entry in self.ledger.entries]
        kinds = (Moved, Made, Budgeted)
        named = (x for x in bodies if isinstance(x, kinds) and x.ruleset == ruleset)
        return list(dict.fromkeys(body.edition for body in named))

    def _tell_head(self, path: str) -> str:
        entries = self.ledger.entries
        head = self.words.tell("ledger.head", path=path, count=str(len(entries)))
        if not entries:
            return head
        moment = self.words.tell_moment(entries[-1].known)
        return head + self.words.tell("ledger.last_known", moment=moment)

    def _tell_moment(self, stated: str) -> str:
        """Tell a moment as the entries tell theirs, with its offset."""
        ruleset = next(iter(self.ledger.rulesets.values()))
        return self.words.tell_moment(read_moment(stated, ruleset, ""))

    def _lay_out(self, keys: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
        headings = [self.words.tell(f"heading.{key}") for key in keys]
        yield from (f"  {line}" for line in lay_out_table(headings, rows))

    def _tell_lifecycle(self, ruleset: str, lifecycle: Lifecycle) -> Iterator[str]:
        wanted = (ruleset, lifecycle.name)
        things = [x for x in self.history.things.values() if (x.ruleset, x.lifecycle) == wanted]
        rows = []
        for state in lifecycle.states.values():
            count = sum(thing.stands_in(state.name) for thing in things)
            amount = sum(thing.amount_in((state.name,)) for thing in things)
            if count:
                told = self._write(amount, lifecycle.currency) if lifecycle.currency else ""
                rows.append([state.label.told(self.words.language), str(count), told])
        if rows:
            yield from ("", lifecycle.label.told(self.words.language))
            yield from self._lay_out(_STATES, rows)

    def _write(self, amount: int, currency: str) -> str:
        return write_money(amount, currency, self.words.language)

    def _tell_funds(self, ruleset: str) -> Iterator[str]:
        funds = [fund for fund in self.ledger.funds(self.history) if fund.ruleset == ruleset]
        for pool in dict.fromkeys(fund.pool.name for fund in funds):
            held = [fund for fund in funds if fund.pool.name == pool]
            label = held[0].pool.label.told(self.words.language)
            citation = held[0].pool.citation
            yield ""
            yield (
                self.words.tell("ledger.pool", label=label, ref=str(citation))
                if citation
                else label
            )
            yield from self._lay_out(_FUNDS, [self._make_row(fund) for fund in held])

    def _make_row(self, fund: Fund) -> list[str]:
        of = ", ".join(fund.envelope.values())
        if fund.state is None:
            return [self.words.tell("ledger.each_case"), of, "", "", ""]
        days = {"first": str(fund.first), "last": str(fund.last)}
        span = self.words.tell("balance.days", **days) if fund.first else ""
        ruleset = self.ledger.rulesets[fund.ruleset].checked
        kind = fund.pool.type_in(ruleset.histories.lifecycles[fund.pool.lifecycle])
        state = fund.state
        unset = self.words.tell("ledger.not_set")
        put, taken, left = (
            unset if x is None else write_held(x, kind, self.words.language)
            for x in (state.put, state.taken, state.left)
        )
        return [span, of, put, taken, left]

    def _tell_decisions(self, ruleset: str) -> Iterator[str]:
        bodies = [x.body for x in self.history.decisions.values() if isinstance(x.body, Made)]
        found = Counter((x.decision, x.outcome) for x in bodies if x.ruleset == ruleset)
        if not found:
            return
        labels = self.ledger.rulesets[ruleset].checked.decisions
        rows = [
            [
                labels[name].label.told(self.words.language) if name in labels else name,
                self.words.tell(f"limits.outcome.{outcome}"),
                str(count),
            ]
            for (name, outcome), count in found.items()
        ]
        yield from ("", self.words.tell("ledger.decisions"))
        yield from self._lay_out(("decision", "outcome", "count"), rows)
