"""Comes in: a bundle. Goes out: the pages that tell how to check it by hand, Chinese and English.

Both are made of the same steps; nothing a log may hold as free text stands in them, so that a page
cannot be made to say what this module does not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import Template
from typing import Any, Final

from voucher_rules.decision.outcomes import Outcome
from voucher_rules.explain.record_values import tell_named
from voucher_rules.record.bundle_files import Bundle
from voucher_rules.record.bundle_laws import name_law
from voucher_rules.record.bundle_steps import BundleStep, list_steps
from voucher_rules.record.bundle_verdicts import find_standing
from voucher_rules.record.bundle_wording import PageWords
from voucher_rules.record.bundle_words_en import EN
from voucher_rules.record.bundle_words_zh import ZH
from voucher_rules.record.digests import DigestKind, digest_bytes
from voucher_rules.record.entries import EntryKind
from voucher_rules.record.instants import write_instant
from voucher_rules.record.verdicts import sum_up

PAGES: Final[Mapping[str, PageWords]] = {"HOWTO-VERIFY.zh.md": ZH, "HOWTO-VERIFY.en.md": EN}
_PLAIN: Final = re.compile(r"[\w.:-]{1,100}")


def write_pages(bundle: Bundle) -> dict[str, bytes]:
    """Return the pages of a bundle by the names of their files."""
    steps = list(list_steps(bundle))
    pages = {}
    for name, words in PAGES.items():
        parts = [words.title, _write_facts(bundle, words)]
        number = 0
        for step in steps:
            number += bool(words.steps[step.name].title)
            parts.append(_write_step(step, words, number))
        pages[name] = ("\n\n".join([*parts, words.last]) + "\n").encode()
    return pages


def _write_facts(bundle: Bundle, words: PageWords) -> str:
    """Return the table of what the bundle is about: numbers, ids and digests."""
    entry, published = bundle.entry.entry, bundle.checkpoint
    body = entry.body or {}
    law = name_law(body)
    told: Mapping[str, str] = {
        "log": bundle.header.log_id,
        "entry": str(entry.seq),
        "recorded": write_instant(entry.recorded_at),
        "entry_digest": digest_bytes(DigestKind.ENTRY, bundle.entry.written),
        "decision_digest": str(entry.decision_digest),
        "law": f"{_show(law.id)} {_show(law.edition)}",
        "decision": _show(body.get("decision")),
        "as_of": _show(body.get("as_of")),
        "outcome": _tell_outcome(body, words.language),
        "fate": _tell_fate(bundle, words),
        **_tell_erasure(bundle, words),
        "size": str(bundle.size),
        "issued": write_instant(published.checkpoint.issued_at),
        "checkpoint": published.digest,
    }
    rows = [f"| {words.facts[name]} | `{text}` |" for name, text in told.items()]
    return "\n".join([f"| {words.facts['head']} | |", "|---|---|", *rows])


def _tell_outcome(body: Mapping[str, Any], language: str) -> str:
    """Return how it came out, with its amounts; of what has not the shape of one a mark."""
    result = sum_up(body.get("outcome"))
    if result is None or result.outcome not in set(Outcome):
        return "?"
    told = [tell_named(result.outcome, "outcome", language)]
    told += [f"{_show(result.currencies[name])} {x}" for name, x in result.amounts.items() if x]
    return " · ".join(told)


def _tell_fate(bundle: Bundle, words: PageWords) -> str:
    """Return what the later entries of the bundle made of the decision."""
    stands, by = find_standing(bundle)
    return Template(words.fates[str(stands)]).substitute(by=str(by))


def _tell_erasure(bundle: Bundle, words: PageWords) -> dict[str, str]:
    """Return which entry tells that what opens hidden facts was erased, where one does."""
    seq = bundle.entry.entry.seq
    for item in bundle.related:
        if item.entry.kind is EntryKind.ERASURE and item.entry.refers_seq == seq:
            told = Template(words.fates["erased"]).substitute(by=str(item.entry.seq))
            return {"erased": told}
    return {}


def _show(text: object) -> str:
    """Return a text that is a plain name, or a mark in its stead."""
    return text if isinstance(text, str) and _PLAIN.fullmatch(text) else "?"


def _write_step(step: BundleStep, words: PageWords, number: int) -> str:
    said = words.steps[step.name]
    title, shows, leaves = (
        Template(text).substitute(step.fills) for text in (said.title, said.shows, said.leaves)
    )
    parts = [f"## {number}. {title}" if title else "", shows]
    if step.commands:
        parts.append(f"```{'sh' if step.runs else 'text'}\n{step.commands}\n```")
    return "\n\n".join(part for part in (*parts, leaves) if part)
