"""Comes in: a document's provisions. Goes out: them in order, each accounted for, or faults."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from voucher_rules.checked.declarations import Declarations, word_text
from voucher_rules.checked.model import Provision
from voucher_rules.ruleset.model import IGNORE_REASONS, NO_RULE_REASONS, ProvisionDoc
from voucher_rules.ruleset.refs import RefPart, find_mark, read_ref
from voucher_rules.ruleset.rules import RuleDoc
from voucher_rules.sources.tree import Scalar

INNER_HEADINGS: Final = {"编": ("章", "节"), "章": ("节",)}
"""Headings that count from one again under the next heading of these kinds."""
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Placed:
    """A provision of the document with how deep it stands."""

    doc: ProvisionDoc
    depth: int


def walk_provisions(provisions: tuple[ProvisionDoc, ...], depth: int = 0) -> Iterator[Placed]:
    """Yield every provision in document order."""
    for provision in provisions:
        yield Placed(provision, depth)
        yield from walk_provisions(provision.provisions, depth + 1)


@dataclass(frozen=True, slots=True)
class PlacedRule:
    """A rule of the document with the provision it stands in."""

    doc: RuleDoc
    ref: str


def place_rules(made: Declarations) -> list[PlacedRule]:
    """Return every rule of a document, in its order."""
    return [
        PlacedRule(rule, str(item.doc.ref))
        for item in walk_provisions(made.document.provisions)
        for rule in item.doc.rules
    ]


def check_provisions(made: Declarations) -> tuple[Provision, ...]:
    """Check that provisions are unique, in order, without a gap, and each has rules or a reason."""
    document = made.document
    placed = list(walk_provisions(document.provisions))
    _check_unique_refs(made, placed)
    _check_order(made, document.provisions, None)
    for item in placed:
        _check_accounted(made, item.doc)
        _check_ignores(made, item.doc)
        if item.doc.fingerprint is not None:
            check_digest(made, item.doc.fingerprint)
    return tuple(_make_provision(made, item) for item in placed)


def _make_provision(made: Declarations, item: Placed) -> Provision:
    doc = item.doc
    return Provision(
        citation=made.cite(str(doc.ref)),
        summary=word_text(doc.summary),
        depth=item.depth,
        no_rule=str(doc.no_rule or ""),
        marker=str(doc.marker or find_mark(str(doc.ref))),
        fingerprint=str(doc.fingerprint or ""),
        parameters=tuple(str(name) for name in doc.parameters),
        rules=tuple(str(rule.id) for rule in doc.rules),
    )


def _check_unique_refs(made: Declarations, placed: list[Placed]) -> None:
    seen: dict[str, Scalar] = {}
    for item in placed:
        ref = item.doc.ref
        if ref in seen:
            made.report.ref = str(ref)
            made.report.add("duplicate-provision", ref, first=str(seen[ref].span.line))
        seen.setdefault(str(ref), ref)
    made.report.ref = ""


def _check_order(
    made: Declarations, siblings: tuple[ProvisionDoc, ...], parent: Scalar | None
) -> None:
    last: dict[str, RefPart] = {}
    for item in siblings:
        made.report.ref = str(item.ref)
        if parent is not None and (not item.ref.startswith(parent) or item.ref == parent):
            made.report.add("provision-outside-parent", item.ref, parent=str(parent))
        part = read_ref(str(item.ref).removeprefix(parent or ""))[-1]
        if part.kind != "word":
            _check_follows(made, item.ref, last.get(part.kind), part)
            last[part.kind] = part
            for inner in INNER_HEADINGS.get(part.kind, ()):
                last.pop(inner, None)
        _check_order(made, item.provisions, item.ref)
    made.report.ref = ""


def _check_follows(made: Declarations, ref: Scalar, before: RefPart | None, part: RefPart) -> None:
    expected = before.number + 1 if before else 1
    if part.number == expected:
        return
    code = "provision-missing" if part.number > expected else "provision-out-of-order"
    made.report.add(code, ref, found=part.text, expected=str(expected))


def check_digest(made: Declarations, word: Scalar) -> None:
    """A digest is written `sha256:` and 64 lower-case hexadecimal digits."""
    if not _DIGEST.fullmatch(word):
        made.report.add("bad-digest", word, found=word)


def _check_ignores(made: Declarations, doc: ProvisionDoc) -> None:
    """Each quantity ignored is named once, for a reason from the closed list."""
    made.report.ref = str(doc.ref)
    seen: set[str] = set()
    for item in doc.ignores:
        made.read_option(item.because, tuple(IGNORE_REASONS))
        if item.text in seen:
            made.report.add("ignored-twice", item.text, text=item.text)
        seen.add(str(item.text))
    made.report.ref = ""


def _check_accounted(made: Declarations, doc: ProvisionDoc) -> None:
    made.report.ref = str(doc.ref)
    if not doc.ref.strip():
        made.report.add("null-value", doc.ref)
    decides = bool(doc.rules or doc.parameters)
    if doc.no_rule is not None:
        made.read_option(doc.no_rule, tuple(NO_RULE_REASONS))
        if decides:
            made.report.add("reason-and-rules", doc.no_rule)
        if doc.no_rule == "encoded_below" and not doc.provisions:
            made.report.add("nothing-below", doc.no_rule)
    elif not decides:
        made.report.add("provision-unaccounted", doc.ref)
    made.report.ref = ""
