"""Comes in: what happened to vouchers, and questions. Goes out: entries, decisions, deadlines.

A ledger holds what happened and nothing else; every balance is read from it. It is told in three
parts, each more than the one before: what stands, what is entered, and what is decided.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from voucher_rules.api.allocations import Allocation, show_allocation
from voucher_rules.api.decisions import Decision
from voucher_rules.api.ledger_decisions import LedgerDecision
from voucher_rules.api.ledger_inputs import read_known, read_moment
from voucher_rules.api.ledger_writer import LedgerWriter
from voucher_rules.api.rulesets import Ruleset
from voucher_rules.decision.case import read_case, read_on
from voucher_rules.decision.options import choose_options
from voucher_rules.ledger.allocating import allocate
from voucher_rules.ledger.applications import read_applications
from voucher_rules.ledger.asking import list_lacking
from voucher_rules.ledger.deciding import Answer, Request
from voucher_rules.ledger.entries import Draft, Made
from voucher_rules.ledger.looking_back import find_place, list_trails_then
from voucher_rules.ledger.placing import Placement
from voucher_rules.ledger.serving import Served, consider, decide
from voucher_rules.ledger.stating import restate_facts
from voucher_rules.ledger.superseding import supersede
from voucher_rules.sources.tree import Source


class Ledger(LedgerWriter):
    """A ledger of one or several rulesets: enter what happened, and decide from it.

    ``store`` keeps the entries: in memory unless one is given, or the path of a file that is made
    where it is not there (``.jsonl``, ``.sqlite`` or ``.db``), ``read_only`` if nothing is to be
    entered. ``clock`` tells when something becomes known, and without one it is known at the moment
    it happens, or with the last entry where that is later. Moments are aware datetimes, or text
    such as ``2024-02-01T09:00`` in the local time of the ruleset. Raises
    :class:`~voucher_rules.StoreError` for a file that is no ledger, and
    :class:`~voucher_rules.LedgerError` for entries these rulesets do not allow.
    """

    def request(  # noqa: PLR0913 - each argument is one thing a decision rests on
        self,
        decision: str,
        facts: Mapping[str, Any],
        at: datetime | str,
        *,
        thing: str = "",
        carries: Mapping[str, str] | None = None,
        on: date | str | None = None,
        readings: Mapping[str, str] | None = None,
        assume_in_force: bool = False,
        ruleset: str = "",
        edition: str = "",
        source: Source | None = None,
        name: str = "",
    ) -> Request:
        """Return the request of a decision, for :meth:`allocate`; see :meth:`decide`."""
        held = self._find_edition(ruleset, edition)
        return Request(
            program=held.program(decision),
            facts=facts,
            at=read_moment(at, held, "at"),
            thing=thing,
            carries=dict(carries or {}),
            on=None if on is None else read_on(on),
            options=choose_options(held.checked, readings or {}, assume_in_force=assume_in_force),
            overlays=held.overlays,
            source=source,
            name=name,
        )

    def read_requests(  # noqa: PLR0913 - each argument is one thing a decision rests on
        self,
        file: str | Path,
        decision: str,
        *,
        facts: Mapping[str, Any] | None = None,
        at: datetime | str | None = None,
        readings: Mapping[str, str] | None = None,
        assume_in_force: bool = False,
        ruleset: str = "",
    ) -> tuple[Request, ...]:
        """Read a table of applications (CSV, JSON lines, YAML or JSON), for :meth:`allocate`.

        ``facts`` are those of every application that does not state them itself, ``at`` is the
        moment of those that state none. Raises :class:`~voucher_rules.InputError` with every
        mistake that shows without the history.
        """
        held = self._find(ruleset)
        moment = None if at is None else read_moment(at, held, "at")
        program, shared = held.program(decision), dict(facts or {})
        read_case(program, shared)
        found = read_applications(Path(file), program, shared, timed=moment is None)
        return tuple(
            self.request(
                decision,
                item.facts,
                item.at or moment or "",
                thing=item.thing,
                carries=item.of,
                on=item.on,
                readings=readings,
                assume_in_force=assume_in_force,
                ruleset=held.id,
                source=item.source,
                name=item.id,
            )
            for item in found
        )

    def decide(
        self,
        decision: str,
        facts: Mapping[str, Any],
        at: datetime | str,
        *,
        known: datetime | str | None = None,
        **stated: Any,  # noqa: ANN401 - as request says
    ) -> LedgerDecision:
        """Decide from what happened by ``at``, and enter the decision and what follows from it.

        ``thing`` is what it is about: the voucher a claim may open, or one there is; ``carries``
        whose and which it is (``{"enterprise": "E1"}``). ``on`` is the day that fixes the law where
        neither the facts nor the thing tell it; without it, the day of ``at``. ``name`` is what the
        entry is called: a request repeated under one name is refused. Balances may not be among the
        facts. Further arguments as in :meth:`Ruleset.decide`.

        What takes from a pool is paid as :meth:`allocate` pays a queue of one: whoever waits is
        called up before, and where too little is left it is cut, waits or is turned away, as the
        pool says (``placement``). Raises :class:`~voucher_rules.InputError` for faults of the facts
        and :class:`~voucher_rules.LedgerError` where what follows cannot be entered; nothing is
        entered then.
        """
        request = self.request(decision, facts, at, **stated)
        moment = self._known(known, request)
        return self._read_served(decide(self._keeper, request, moment), request.at)

    def consider(
        self,
        decision: str,
        facts: Mapping[str, Any],
        at: datetime | str,
        *,
        known: datetime | str | None = None,
        **stated: Any,  # noqa: ANN401 - as request says
    ) -> LedgerDecision:
        """Decide as :meth:`decide` does, by what was ``known`` then, and enter nothing."""
        request = self.request(decision, facts, at, **stated)
        moment = self._known(known, request)
        served = consider(self._keeper, request, moment)
        return self._read_served(served, request.at, moment)

    def decide_again(  # noqa: PLR0913 - as request
        self,
        entry: str,
        facts: Mapping[str, Any] | None = None,
        *,
        at: datetime | str | None = None,
        known: datetime | str | None = None,
        readings: Mapping[str, str] | None = None,
        edition: str = "",
    ) -> LedgerDecision:
        """Decide again in the place of the decision ``entry``, after new facts or an appeal.

        ``facts`` are laid over those stated then; ``at`` is the moment of the old decision unless
        another is given, and ``edition`` the one it was decided under, where the ledger has it. The
        old decision stays to be seen; what followed from it moves with the new one. Raises as
        :meth:`decide` does.
        """
        old = self._keeper.find_decision(entry)
        made = old.body
        if not isinstance(made, Made):
            message = f"not a decision: {entry}"
            raise TypeError(message)
        if not edition and (made.ruleset, made.edition) in self._editions:
            edition = made.edition
        held = self._find_edition(made.ruleset, edition)
        stated = restate_facts(made.facts) | dict(facts or {})
        request = self.request(
            made.decision,
            stated,
            old.at if at is None else at,
            thing=made.thing,
            carries=made.carries,
            on=None if self._tells_day(held, made, stated) else made.day,
            readings={**made.readings, **(readings or {})},
            assume_in_force=made.assumed,
            ruleset=made.ruleset,
            edition=edition,
        )
        served = supersede(self._keeper, entry, request, self._known(known, request))
        return self._read_served(served, request.at)

    def _tells_day(self, held: Ruleset, made: Made, stated: Mapping[str, Any]) -> bool:
        """Return whether the facts, or the thing as it is known now, tell a decision's day."""
        as_of = held.program(made.decision).decision.as_of
        return as_of in stated or any(
            as_of in item.tells and self.find(name, made.thing, ruleset=held.id) is not None
            for name, item in held.checked.histories.lifecycles.items()
        )

    def _read_served(
        self, served: Served, at: datetime, known: datetime | None = None
    ) -> LedgerDecision:
        """Return a decision as programs read it; its trails are looked up when asked for."""
        answer = served.answer
        seen = find_place(self._keeper, answer, known)
        trail = partial(list_trails_then, self._keeper, answer.made, at, seen)
        decision = Decision(answer.result, trail)
        asking = answer.filled.asking
        balances = [name for name in decision.missing if name in asking.ruleset.histories.balances]
        lacking = {name: tuple(list_lacking(asking, name)) for name in balances}
        return LedgerDecision(
            entry=answer.entry,
            decision=decision,
            balances=answer.filled.balances,
            followed=answer.drafts[1:],
            placement=served.placement,
            called_up=served.called_up,
            lacking={name: found for name, found in lacking.items() if found},
        )

    def allocate(
        self,
        pool: str,
        requests: Sequence[Request],
        events: Sequence[Draft] = (),
        *,
        at: datetime | str | None = None,
        tell: Callable[[Placement, LedgerDecision], None] | None = None,
    ) -> Allocation:
        """Serve a queue of requests (see :meth:`request`) from a pool, and enter what follows.

        Without ``at`` each is decided at its own moment, first come first served, with ``events``
        in between; with it all are decided at that moment, in the order the ruleset ranks them.
        ``tell`` is called with each placement and its decision as soon as both are entered: what is
        to be shown of a decision must be taken then, for a long queue keeps none.
        """
        moment = None if at is None else read_moment(at, self._first(), "at")
        if tell is None:
            return show_allocation(allocate(self._keeper, pool, requests, events, moment))

        def tell_decision(placement: Placement, answer: Answer) -> None:
            tell(placement, self._read_served(Served(answer, placement), placement.at))

        served = allocate(self._keeper, pool, requests, events, moment, tell=tell_decision)
        return show_allocation(served)

    def _known(self, known: datetime | str | None, request: Request) -> datetime | None:
        return read_known(known, self._rulesets[request.program.ruleset.id])
