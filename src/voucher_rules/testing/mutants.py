"""Comes in: a ruleset. Goes out: its mutants, each the ruleset with one thing changed.

What decides nothing has none: labels and other texts, informative parameters, what is told of
balances, `key`, `limit` and `quoted`, and the bounds of facts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from voucher_rules.api import Ruleset
from voucher_rules.catalog.gather import recall_library
from voucher_rules.catalog.notices import mark_values
from voucher_rules.checked.check import check_ruleset
from voucher_rules.checked.declare import ROUNDINGS
from voucher_rules.checked.library import Library
from voucher_rules.checked.symbols import Output
from voucher_rules.ruleset.load import shape_ruleset
from voucher_rules.sources.tree import Mapping, Path, Scalar, Sequence, Source
from voucher_rules.testing.edits import (
    Edit,
    Mutant,
    apply_edits,
    make_word,
    read_keys,
    walk_provisions,
)
from voucher_rules.testing.vary_rules import RuleVariations
from voucher_rules.testing.vary_terms import Vocabularies, vary_expression
from voucher_rules.testing.vary_values import ValueVariations, step_day
from voucher_rules.testing.write import write_fact

KINDS: Final = (
    "comparison",
    "membership",
    "arithmetic",
    "extreme",
    "quantifier",
    "connective",
    "operand",
    "negation",
    "branches",
    "part",
    "option",
    "value",
    "edge",
    "dated",
    "day",
    "unit",
    "scale",
    "effective",
    "reading",
    "mechanic",
    "bound",
    "when",
    "soft",
    "unanswered",
    "each",
    "for",
    "call",
    "exception",
    "window",
    "document",
    "rank",
    "consequence",
    "deleted",
    "citation",
    "rounding",
    "requested",
    "applies",
    "optional",
)
"""The kinds of change, as `docs/explanation/mutation.md` tells them."""
_DECLARED: Final = ("facts", "findings")


def list_mutants(ruleset: Ruleset) -> tuple[Mutant, ...]:
    """Return every mutant of a ruleset, with the notices that apply to it, in its own order."""
    return tuple(_Variations(ruleset, ruleset.loaded.source.root).list_all())


def make_mutant(ruleset: Ruleset, mutant: Mutant, library: Library | None = None) -> Ruleset:
    """Return the ruleset with the change made, checked whole; ``library`` is what it rests on.

    Raises :class:`~voucher_rules.RulesetError` where the checker refuses it.
    """
    loaded = ruleset.loaded
    root = apply_edits(loaded.source.root, mutant.edits)
    source = Source(loaded.source.name, loaded.source.text, root)
    changed = shape_ruleset(source, loaded.source_digest)
    rests = library or recall_library(ruleset.checked)
    checked = mark_values(check_ruleset(changed, rests), ruleset.checked.notices)
    return Ruleset(changed, checked, ruleset.path, ruleset.folders, ruleset.overlays)


@dataclass(frozen=True, slots=True)
class _Variations:
    ruleset: Ruleset
    root: Mapping

    def list_all(self) -> Iterator[Mutant]:
        checked = self.ruleset.checked
        words = _list_vocabularies(self.root)
        dates = tuple(
            name for name, node in read_keys(read_keys(self.root).get("facts")).items()
            if read_keys(node)["type"] == "date"
        )  # fmt: skip
        yield from self._vary_document()
        yield from self._vary_declared(words)
        yield from self._vary_readings()
        yield from self._vary_outputs()
        yield from ValueVariations(checked, self.root).list_all()
        yield from RuleVariations(self.root, words, dates).list_all()

    def _vary_document(self) -> Iterator[Mutant]:
        """Yield other days on which the document begins and ends, and another citation of them."""
        effective = read_keys(read_keys(read_keys(self.root)["document"])["effective"])
        path: Path = ("document", "effective")
        dates = read_keys(read_keys(effective.get("by")).get("dates"))
        days: list[tuple[Path, Scalar]] = [
            ((key,), effective[key]) for key in ("from", "until") if key in effective
        ]
        days += [(("by", "dates", key), word) for key, word in dates.items()]
        for at, word in days:
            if word != "unset":
                where = f"document/effective/{at[-1]}"
                yield from step_day(word, where, "effective", "document", (*path, *at))
        ref = effective["ref"]
        refs = [read_keys(node)["ref"] for _, node in walk_provisions(self.root)]
        other = next((x for x in reversed(refs) if x != ref), None)
        if other is not None:
            edit = Edit((*path, "ref"), make_word(other, ref.span))
            where = "document/effective/ref"
            yield Mutant(where, "citation", "document", ref.span, ref, other, (edit,))

    def _vary_declared(self, words: Vocabularies) -> Iterator[Mutant]:
        """Yield facts that exist in every case, in others, or that may not be left out."""
        held = read_keys(self.root)
        for section in _DECLARED:
            for name, node in read_keys(held.get(section)).items():
                yield from _vary_declaration(
                    f"{section}/{name}", name, (section, name), node, words
                )
        for name, node in read_keys(held.get("lists")).items():
            for key, field in read_keys(read_keys(node)["fields"]).items():
                where, path = f"lists/{name}/{key}", ("lists", name, "fields", key)
                yield from _vary_declaration(where, f"{name}.{key}", path, field, words)

    def _vary_readings(self) -> Iterator[Mutant]:
        for name, node in read_keys(read_keys(self.root).get("readings")).items():
            word = read_keys(node)["default"]
            for option in read_keys(read_keys(node)["options"]):
                if option != word:
                    edit = Edit(("readings", name, "default"), make_word(option, word.span))
                    where = f"readings/{name}/{option}"
                    yield Mutant(where, "reading", name, word.span, word, option, (edit,))

    def _vary_outputs(self) -> Iterator[Mutant]:
        for decision, spec in self.ruleset.checked.decisions.items():
            written = read_keys(read_keys(read_keys(self.root)["decisions"])[decision])
            for name, node in read_keys(written.get("outputs")).items():
                path = ("decisions", decision, "outputs", name)
                yield from _vary_output(f"{decision}/{name}", path, node, spec.outputs[name])


def _vary_declaration(
    where: str, target: str, path: Path, node: Mapping, words: Vocabularies
) -> Iterator[Mutant]:
    held = read_keys(node)
    if held.get("optional") == "true":
        edit = Edit((*path, "optional"), None)
        span = held["optional"].span
        yield Mutant(f"{where}/optional/dropped", "optional", target, span, "true", "", (edit,))
    if "applies" not in held:
        return
    word = held["applies"]
    edit = Edit((*path, "applies"), None)
    yield Mutant(f"{where}/applies/dropped", "applies", target, word.span, word, "", (edit,))
    for item in vary_expression(word, words):
        at = "/".join(part for part in (f"{where}/applies", item.path, item.change) if part)
        edit = Edit((*path, "applies"), make_word(item.text, word.span))
        yield Mutant(at, item.kind, target, word.span, item.before, item.after, (edit,))


def _vary_output(where: str, path: Path, node: Mapping, output: Output) -> Iterator[Mutant]:
    """Yield an amount rounded otherwise, and one that does not heed what was asked for."""
    held = read_keys(node)
    if output.rounds:
        mode, step = output.rounding.mode, output.rounding.to
        for other in ROUNDINGS:
            if other != mode:
                yield _turn(where, "rounding", path, held, ("round", mode, other))
        for coarse in dict.fromkeys((step * 10, 1)):
            if coarse != step:
                texts = (write_fact(x, output.type) for x in (step, coarse))
                yield _turn(where, "rounding", path, held, ("to", *texts))
    if "requested" in held:
        edits = tuple(Edit((*path, key), None) for key in ("requested", "partial") if key in held)
        word, at = held["requested"], f"decisions/{where}/requested/dropped"
        yield Mutant(at, "requested", where, word.span, word, "", edits)
        modes = ("allowed", "refused") if output.partial else ("refused", "allowed")
        yield _turn(where, "requested", path, held, ("partial", *modes))


def _turn(
    where: str, kind: str, path: Path, held: dict[str, Any], change: tuple[str, ...]
) -> Mutant:
    """Return a mutant with another word under a key, which may have been left out."""
    key, before, after = change
    span = held.get(key, held["type"]).span
    edit = Edit((*path, key), make_word(after, span))
    return Mutant(f"decisions/{where}/{key}/{after}", kind, where, span, before, after, (edit,))


def _list_vocabularies(root: Mapping) -> Vocabularies:
    """Return the options of everything that has some, by the name expressions use."""
    held = read_keys(root)
    choices = {
        name: tuple(read_keys(read_keys(node)["options"]))
        for name, node in read_keys(held.get("choices")).items()
    }
    found = {
        f"reading.{name}": tuple(read_keys(read_keys(node)["options"]))
        for name, node in read_keys(held.get("readings")).items()
    }
    for name, node in _list_declared(root):
        by = node.get("of", node.get("by"))
        first = by[0] if isinstance(by, Sequence) else by
        if isinstance(first, Scalar) and first in choices:
            found[name] = choices[first]
    return found | {f"choice {name}": options for name, options in choices.items()}


def _list_declared(root: Mapping) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield everything that is declared with a type, by the name expressions use."""
    held = read_keys(root)
    for section, prefix in (("facts", ""), ("findings", "finding.")):
        for name, node in read_keys(held.get(section)).items():
            yield f"{prefix}{name}", read_keys(node)
    for name, node in read_keys(held.get("lists")).items():
        for key, field in read_keys(read_keys(node)["fields"]).items():
            yield f"{name}.{key}", read_keys(field)
    for _, provision in walk_provisions(root):
        for name, node in read_keys(read_keys(provision).get("parameters")).items():
            yield name, read_keys(node)
