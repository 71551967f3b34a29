"""Comes in: a ledger under audit. Goes out: decisions that would come out otherwise, or at an edge.

Every decision is made again as of its own moment with all that is known now.
"""

from __future__ import annotations

from collections.abc import Iterator

from voucher_rules.ledger.books import FoldedBooks
from voucher_rules.ledger.deciding import Answer
from voucher_rules.ledger.entries import Entry, Grouped, Made, Moved
from voucher_rules.ledger.history import fold
from voucher_rules.ledger.indicators.audited import Again, Audited
from voucher_rules.ledger.indicators.model import Indicator, Note, Sum, Word
from voucher_rules.ledger.indicators.scaling import find_bounds
from voucher_rules.ledger.lots import ThingKey, key_of
from voucher_rules.ledger.places import Placed


def check_decisions_stand(audited: Audited) -> Iterator[Indicator]:
    """Every decision comes out as it did, were it made again with all that is known now."""
    for placed, made in audited.list_decisions():
        again = audited.decide_again(placed)
        if again.answer is None:
            yield _tell_unchecked(placed, made, again)
            continue
        paid, due = _sum_paid(made), _sum_due(again.answer)
        if again.answer.result.outcome.value != made.outcome or _differ(made, again.answer):
            yield _tell_other(audited, placed, made, again.answer, (paid, due))


def is_as_recorded(made: Made, answer: Answer) -> bool:
    """Return whether a decision made again comes out as it did."""
    return answer.result.outcome.value == made.outcome and not _differ(made, answer)


def _differ(made: Made, answer: Answer) -> bool:
    now = {name: x.value for name, x in answer.result.amounts.items() if x.value is not None}
    return now != dict(made.amounts)


def _sum_paid(made: Made) -> int:
    return sum(made.amounts.values())


def _sum_due(answer: Answer) -> int:
    return sum(x.value for x in answer.result.amounts.values() if x.value is not None)


def _tell_unchecked(placed: Placed, made: Made, again: Again) -> Indicator:
    return Indicator(
        "not_decided_again",
        made.ruleset,
        placed.at,
        placed.at,
        (placed.entry.id,),
        things=(made.thing,) if made.thing else (),
        parties=tuple(sorted(made.carries.items())),
        arguments={"entry": placed.entry.id, "decision": made.decision},
        notes=(Note(again.trouble, {"because": again.because, "edition": made.edition}),),
    )


def _tell_other(
    audited: Audited, placed: Placed, made: Made, answer: Answer, sums: tuple[int, int]
) -> Indicator:
    paid, due = sums
    late = tuple(_list_late(audited, placed, made, answer))
    program = answer.result.program
    currency = program.ruleset.currency
    moved = answer.result.outcome.value != made.outcome
    return Indicator(
        "outcome_changed_since" if moved else "amount_changed_since",
        made.ruleset,
        placed.at,
        placed.at,
        (placed.entry.id, *(entry.id for entry in late)),
        things=(made.thing,) if made.thing else (),
        parties=tuple(sorted(made.carries.items())),
        amounts={
            "before": Sum(paid, currency),
            "after": Sum(due, currency),
            "by": Sum(abs(paid - due), currency),
        },
        arguments={
            "entry": placed.entry.id,
            "decision": program.decision.label,
            "at": audited.local(made.ruleset, placed.at),
            "was": Word(f"outcome.{made.outcome}"),
            "is": Word(f"outcome.{answer.result.outcome.value}"),
            "late": len(late),
        },
        notes=() if late else (Note("no_late_entries"),),
    )


def _list_late(audited: Audited, placed: Placed, made: Made, answer: Answer) -> Iterator[Entry]:
    """Yield the entries learnt of after a decision that change what it would rest on.

    Those are about things its changed balances take now or took then, or about who is related.
    """
    keys = _list_touched(audited, placed, made, answer)
    own = {x.entry.id for x in audited.books.list_followed(placed.entry.id)}
    about: dict[str, ThingKey] = {}
    before: dict[str, bool] = {}
    for entry in audited.books.entries:
        key = about.get(entry.corrects)
        if isinstance(entry.body, Moved):
            key = key_of(entry.body)
        if key is not None:
            about[entry.id] = key
        happened = entry.at <= placed.at or before.get(entry.corrects, False)
        before[entry.id] = happened
        if entry.seq <= placed.entry.seq or not happened or entry.id in own:
            continue
        # of one moment, only what takes the place of something told before counts
        if entry.at == placed.at and not entry.corrects:
            continue
        if key in keys or isinstance(entry.body, Grouped):
            yield entry


def _list_touched(audited: Audited, placed: Placed, made: Made, answer: Answer) -> set[ThingKey]:
    """Return the things a decision's changed balances take, now or as they were known then."""
    then = {item.name: item for item in made.balances}
    now = {item.name: item for item in answer.filled.balances}
    changed = [
        x for x in answer.filled.questions if then.get(x.balance.name) != now[x.balance.name]
    ]
    known = audited.books.entries[: placed.entry.seq - 1]
    history = fold(known, audited.histories, until=placed.at)
    folded = FoldedBooks(history, audited.histories)
    ways = audited.histories[made.ruleset].lifecycles
    keys = {(made.ruleset, name, made.thing) for name in ways}
    for asked in changed:
        # whatever of theirs is told now, whether or not it still counts
        keys.update(item.thing.key for item in folded.list_found(asked))
        keys.update(item.thing.key for item in audited.books.list_found(asked))
    return keys


def check_not_at_the_edge(audited: Audited) -> Iterator[Indicator]:
    """No amount lies just where a limit that grows with stated money meets a cap.

    The money stated is then the least, to the fen of the result, that reaches the cap.
    """
    for placed, made in audited.list_decisions():
        again = audited.decide_again(placed)
        if again.answer is None or not is_as_recorded(made, again.answer):
            continue
        for bound in find_bounds(again.answer.result, made):
            amount = made.amounts.get(bound.output, 0)
            if bound.growing and bound.caps and amount > 0:
                program = again.answer.result.program
                yield Indicator(
                    "exactly_at_a_cap",
                    made.ruleset,
                    placed.at,
                    placed.at,
                    (placed.entry.id,),
                    things=(made.thing,) if made.thing else (),
                    parties=tuple(sorted(made.carries.items())),
                    amounts={"amount": Sum(amount, program.ruleset.currency)},
                    arguments={
                        "entry": placed.entry.id,
                        "decision": program.decision.label,
                        "growing": bound.growing[0].says,
                        "cap": bound.caps[0].says,
                        "facts": ", ".join(f"{x} = {made.facts[x]}" for x in bound.facts),
                        "limits": ", ".join(x.id for x in (*bound.growing, *bound.caps)),
                    },
                )
