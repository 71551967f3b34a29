"""Comes in: typed rules beside their document. Goes out: what it says of histories, or faults."""

from __future__ import annotations

from collections.abc import Iterator

from voucher_rules.checked.histories import Histories
from voucher_rules.checked.read_balances import read_balance
from voucher_rules.checked.read_lifecycles import read_lifecycle
from voucher_rules.checked.read_pools import read_pool
from voucher_rules.checked.structure import Structure
from voucher_rules.ruleset.histories import SpanDoc
from voucher_rules.ruleset.model import RulesetDoc
from voucher_rules.sources.tree import Scalar


def read_histories(structure: Structure) -> Histories:
    """Read lifecycles, balances and pools, and check that each input is filled once.

    Without lifecycles the words of a balance are free, and it stands for nothing that can be read.
    """
    document = structure.made.document
    lifecycles = {
        str(name): read_lifecycle(structure, name, doc) for name, doc in document.lifecycles.items()
    }
    resolved = document.ledger.items() if lifecycles else ()
    balances = [read_balance(structure, lifecycles, name, doc) for name, doc in resolved]
    pools = [read_pool(structure, lifecycles, name, doc) for name, doc in document.pools.items()]
    _check_filled_once(structure)
    return Histories(
        lifecycles=lifecycles,
        balances={item.name: item for item in balances if item is not None},
        pools={item.name: item for item in pools if item is not None},
    )


def list_words_read(document: RulesetDoc) -> set[str]:
    """Return the facts and parameters that histories go by, which no rule need read."""
    carried = [c.source for item in document.lifecycles.values() for c in item.carries.values()]
    spans = [item.within for item in document.ledger.values()]
    spans += [item.within for item in document.pools.values()]
    anchors = [word for item in document.ledger.values() for word in (item.of, item.otherwise)]
    words = [word for span in spans for word in (span.rolling, span.opens, span.closes)]
    return {str(word) for word in (*carried, *anchors, *words) if word is not None}


def _check_filled_once(structure: Structure) -> None:
    """A fact has one source: a thing that tells it, a balance or a pool; no span goes by it."""
    document, report = structure.made.document, structure.made.report
    seen: dict[str, Scalar] = {}
    for word in (*_list_told(document), *_list_filled(document)):
        first = seen.setdefault(str(word), word)
        if first is not word:
            report.add("filled-twice", word, name=word, first=str(first.span.line))
    filled = {str(word) for word in _list_filled(document)}
    for word in _list_days(document):
        if str(word) in filled:
            report.add("span-goes-by-filled", word, name=word)


def _list_told(document: RulesetDoc) -> Iterator[Scalar]:
    for lifecycle in document.lifecycles.values():
        yield from lifecycle.tells


def _list_filled(document: RulesetDoc) -> Iterator[Scalar]:
    balances = [item.fills for item in document.ledger.values()]
    pools = [item.fills for item in document.pools.values()]
    yield from (word for word in (*balances, *pools) if word is not None)


def _list_days(document: RulesetDoc) -> Iterator[Scalar]:
    """Yield the words for the days that the spans of balances and pools go by."""
    spans: list[SpanDoc] = []
    for balance in document.ledger.values():
        spans.append(balance.within)
        yield from filter(None, (balance.of, balance.otherwise))
    spans += [pool.within for pool in document.pools.values()]
    for span in spans:
        yield from filter(None, (span.opens, span.closes))
