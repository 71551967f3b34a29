"""Comes in: an official text. Goes out: the skeleton of its ruleset, in YAML, with what is to do.

The skeleton has the right shape: it loads. What an author must fill in is the word ``TODO``, or
left out where leaving it out is a mistake that ``check`` tells (a provision without rules and
without a reason, a parameter nothing uses); so ``check`` lists what is left, each at its place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError, RulesetError
from voucher_rules.intake.candidates import Candidate, propose_parameters, write_amount
from voucher_rules.intake.pieces import Piece
from voucher_rules.intake.provisions import split_provisions
from voucher_rules.intake.quantities import Quantity, find_quantities
from voucher_rules.intake.suggest import (
    find_heading,
    find_number,
    find_title,
    is_draft,
    suggest_reason,
)
from voucher_rules.intake.text import OfficialText
from voucher_rules.ruleset.load import load_ruleset
from voucher_rules.ruleset.model import TO_DO
from voucher_rules.sources.characters import find_hidden

_WORD: Final = "A-Za-z0-9\u4e00-\u9fff（）"
_PLAIN: Final = re.compile(f"[{_WORD}][{_WORD}、〔〕%./ -]*")
_HELP: Final = (
    f"# Fill in every {TO_DO} in words of your own, give each provision its rules or say why it",
    "# has none, and strike parameters that are none. `voucher-rules check` tells what is left,",
    "# `voucher-rules coverage` what of the text is not accounted for.",
)
_ANSWER: Final = "as_of: claim.date, answers: permission"
_BOTH: Final = f"{{zh: {TO_DO}, en: {TO_DO}}}"


def draft_ruleset(text: OfficialText) -> str:
    """Return the skeleton of a ruleset for an official text.

    Raises :class:`InputError` for a text without words, and for one too long for a ruleset.
    """
    if not text.words:
        raise InputError([Diagnostic("text-empty", {}, path=text.name)])
    pieces = split_provisions(text)
    found = find_quantities(text, pieces)
    written = "\n".join(_Draft(text, pieces, found.quantities).lines()) + "\n"
    try:
        load_ruleset(written.encode("utf-8"), text.name)
    except RulesetError as error:
        raise InputError(
            [Diagnostic("draft-too-large", {"problem": error.diagnostics[0].code}, path=text.name)]
        ) from None
    return written


class _Draft:
    """A skeleton being written."""

    def __init__(
        self, text: OfficialText, pieces: tuple[Piece, ...], quantities: tuple[Quantity, ...]
    ) -> None:
        self.text = text
        self.pieces = pieces
        self.parents = {piece.parent for piece in pieces}
        self.proposed: dict[str, list[tuple[Quantity, Candidate | None]]] = {}
        for pair in propose_parameters(quantities):
            self.proposed.setdefault(pair[0].ref, []).append(pair)

    def lines(self) -> Iterator[str]:
        """Yield the lines of the file."""
        yield from self._head()
        yield "provisions:"
        for at, piece in enumerate(self.pieces):
            before = self.pieces[at - 1] if at else None
            if before and piece.depth > before.depth:
                yield f"{'    ' * before.depth}    provisions:"
            yield from self._provision(at, piece)

    def _head(self) -> Iterator[str]:
        count = sum(len(x) for x in self.proposed.values())
        first = self.pieces[0]
        title = quote(find_title(self.text, first) or TO_DO)
        size = f"{len(self.pieces)} provisions, {count} quantities"
        yield f"# A draft made from {note(self.text.name)}: {size}."
        yield from _HELP
        yield f"ruleset: {TO_DO}"
        yield f"edition: {TO_DO}"
        yield "language: 1"
        yield f"title: {{zh: {title}, en: {TO_DO}}}"
        yield "document:"
        yield f"  title: {{zh: {title}, en: {TO_DO}}}"
        yield f"  issuer: {_BOTH}"
        if number := find_number(self.text):
            yield f"  number: {quote(number)}"
        yield from self._dates()
        yield f"  status: {'draft' if is_draft(self.text) else TO_DO}"
        ref = self._find_effectiveness() or TO_DO
        yield f"  effective: {{from: unset, until: unset, ref: {quote(ref)}}}"
        if self.text.digest:
            yield f"  text: {{sha256: '{self.text.digest}'}}"
        yield "  verified: unset"
        yield "currency: CNY"
        yield 'utc_offset: "+08:00"'
        yield "facts:"
        yield f"  claim.date: {{type: date, label: {_BOTH}}}"
        yield "decisions:"
        yield f"  claim: {{label: {_BOTH}, subject: {_BOTH}, {_ANSWER}}}"

    def _dates(self) -> Iterator[str]:
        dates = [q for x in self.proposed.values() for q, _ in x if q.kind == "date"]
        if dates:
            told = ", ".join(f"{write_amount(x)} ({x.ref})" for x in dates)
            yield f"  # dates in the text: {told}"

    def _find_effectiveness(self) -> str:
        found = [
            x.ref
            for i, x in enumerate(self.pieces)
            if suggest_reason(self.text, x, has_parts=i in self.parents) == "effectiveness"
        ]
        return found[-1] if found else ""

    def _provision(self, at: int, piece: Piece) -> Iterator[str]:
        pad = "    " * piece.depth + "  "
        line, column = self.text.place(piece.start)
        heading = find_heading(self.text, piece)
        yield f"{pad}- ref: {quote(piece.ref)} # line {line}, column {column}"
        pad += "  "
        yield f"{pad}summary: {{zh: {quote(heading) if heading else TO_DO}, en: {TO_DO}}}"
        if piece.marker:
            yield f"{pad}marker: {quote(piece.marker)}"
        yield f"{pad}fingerprint: '{piece.fingerprint(self.text)}'"
        reason = suggest_reason(self.text, piece, has_parts=at in self.parents)
        if reason:
            yield f"{pad}# no_rule: {reason}"
        pairs = self.proposed.get(piece.ref, [])
        for quantity, candidate in pairs:
            if candidate is None:
                yield f"{pad}# {_tell_place(quantity)}: no type of its own; {note(quantity.clause)}"
        made = [x for _, x in pairs if x is not None]
        if made:
            yield f"{pad}parameters:"
            for item in made:
                yield from _parameter(item, f"{pad}  ")
        if not reason:
            yield f"{pad}# rules:"


def _parameter(item: Candidate, pad: str) -> Iterator[str]:
    quantity = item.quantity
    yield f"{pad}# {_tell_place(quantity)}: {note(quantity.clause)}"
    if quantity.soft:
        yield f"{pad}# {note(quantity.soft)}: perhaps a limit in principle (soft: true)"
    if quantity.inclusion:
        yield f"{pad}# the text says itself that the number is {quantity.inclusion}"
    unit = f", unit: {quote(item.unit)}" if item.unit else ""
    limit = f", limit: {quantity.limit}" if quantity.limit else ""
    quoted = f", quoted: {quote(quantity.quoted)}" if quantity.quoted else ""
    value = f", value: {quote(item.value)}"
    typed = f"type: {item.kind}{unit}{value}{limit}{quoted}"
    yield f"{pad}{item.name}: {{{typed}, label: {_BOTH}}}"


def _tell_place(quantity: Quantity) -> str:
    return f"{note(quantity.text)} (line {quantity.line}, column {quantity.column})"


def note(text: str) -> str:
    """Return ``text`` fit for a comment: one line, nothing that does not show."""
    return "".join(x for x in text if not find_hidden(x) and x not in "\r\n\t")


def quote(text: str) -> str:
    """Return ``text`` as YAML reads it back, in quotes wherever it may mean something else."""
    clean = note(text)
    if (
        _PLAIN.fullmatch(clean)
        and clean not in {"none", "unset", "null", "~"}
        and clean.strip() == clean
    ):
        return clean
    return json.dumps(clean, ensure_ascii=False)
