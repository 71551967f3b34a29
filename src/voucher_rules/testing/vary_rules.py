"""Comes in: the rules of a ruleset. Goes out: mutants in which one of them says something else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from voucher_rules.sources import tree
from voucher_rules.sources.tree import Node, Path, Scalar
from voucher_rules.testing.edits import (
    Edit,
    Mutant,
    make_mapping,
    make_sequence,
    make_word,
    read_keys,
    rename_key,
    walk_provisions,
)
from voucher_rules.testing.vary_terms import Vocabularies, vary_expression

_TESTED: Final = ("require", "exclude", "limits", "window", "documents")
"""Mechanics whose result weighs in the outcome, so that they may be soft and are cited for it."""
_MECHANICS: Final = (*_TESTED, "define", "rank", "consequence", "warn")
_OF_MECHANICS: Final = frozenset({*_MECHANICS, "at_most", "at_least", "as", "of", "call"})
_EXPRESSIONS: Final = ("when", "require", "exclude", "at_most", "at_least", "as")
_RENAMED: Final = (("require", "exclude", "mechanic"), ("at_most", "at_least", "bound"))
_DROPPED: Final = ("when", "unanswered", "each")
_ENDLESS: Final = "endless"
_STANDS_IN: Final = "procedure"
"""The reason given for a provision that a mutant leaves without a rule."""


@dataclass(frozen=True, slots=True)
class RuleVariations:
    """Lists the mutants of the rules of one ruleset."""

    root: tree.Mapping
    vocabularies: Vocabularies
    dates: tuple[str, ...]
    """The facts that are dates."""

    def list_all(self) -> Iterator[Mutant]:
        """Yield the mutants of every rule, in the order of the document."""
        placed = [
            (path, node) for path, node in walk_provisions(self.root) if "rules" in read_keys(node)
        ]
        for number, (path, provision) in enumerate(placed):
            for at, rule in enumerate(read_keys(provision)["rules"]):
                yield from self._vary(rule, (*path, "rules", at))
                yield from _delete(rule, path, provision)
                for other in placed[max(0, number - 1) : number]:
                    yield from _move(rule, (path, provision), other, "before")
                for other in placed[number + 1 : number + 2]:
                    yield from _move(rule, (path, provision), other, "after")

    def _vary(self, rule: tree.Mapping, path: Path) -> Iterator[Mutant]:
        held = read_keys(rule)
        name = str(held["id"])
        for key, word, at in _list_expressions(held):
            for item in vary_expression(word, self._know(held)):
                where = "/".join(part for part in (f"rules/{name}/{key}", item.path) if part)
                edit = Edit((*path, *at), make_word(item.text, word.span))
                yield Mutant(
                    f"{where}/{item.change}",
                    item.kind,
                    name,
                    word.span,
                    item.before,
                    item.after,
                    (edit,),
                )
        yield from _vary_keys(name, rule, path)
        yield from _vary_exceptions(name, rule, path)
        yield from _vary_lists(name, held, path)
        yield from _vary_window(name, held, path)
        yield from self._vary_consequence(name, held, path)

    def _know(self, rule: Mapping[str, Any]) -> Vocabularies:
        """Return the options of names, those of the choice that the rule defines first."""
        choice = rule.get("of")
        own = {"of": self.vocabularies[f"choice {choice}"]} if choice is not None else {}
        return own | dict(self.vocabularies)

    def _vary_consequence(self, name: str, rule: Mapping[str, Any], path: Path) -> Iterator[Mutant]:
        held = read_keys(rule.get("consequence"))
        if not held:
            return
        start, until = held["from"], held["until"]
        other = next((day for day in self.dates if day != start), "")
        at = (*path, "consequence")
        if other:
            yield _make(f"{name}/from/{other}", "consequence", start, other, (*at, "from"))
        ends = _ENDLESS if until != _ENDLESS else str(start)
        yield _make(f"{name}/until/{ends}", "consequence", until, ends, (*at, "until"))


def _make(  # noqa: PLR0913 - as many as a mutant has parts
    where: str,
    kind: str,
    word: Node,
    after: str,
    path: Path,
    *,
    drops: bool = False,
) -> Mutant:
    """Return a mutant of a rule, whose id ``where`` begins with."""
    edit = Edit(path, None if drops else make_word(after, word.span))
    before = str(word) if isinstance(word, Scalar) else ""
    return Mutant(
        f"rules/{where}", kind, where.partition("/")[0], word.span, before, after, (edit,)
    )


def _list_expressions(rule: Mapping[str, Any]) -> Iterator[tuple[str, Scalar, Path]]:
    """Yield every expression of a rule: what it is called, its text, its path in the rule."""
    for key in _EXPRESSIONS:
        if key in rule:
            yield key, rule[key], (key,)
    for key in ("opens", "lasts", "act"):
        if key in read_keys(rule.get("window")):
            yield key, read_keys(rule["window"])[key], ("window", key)
    call = read_keys(rule.get("call"))
    if "on" in call:
        yield "on", call["on"], ("call", "on")
    for key, word in read_keys(call.get("with")).items():
        yield f"with {key}", word, ("call", "with", key)
    for number, item in enumerate(rule.get("rank", ())):
        yield f"rank/{number}", read_keys(item)["key"], ("rank", number, "key")
    for key in ("from", "until"):
        word = read_keys(rule.get("consequence")).get(key, _ENDLESS)
        if word != _ENDLESS:
            yield key, word, ("consequence", key)


def _vary_keys(name: str, rule: tree.Mapping, path: Path) -> Iterator[Mutant]:
    """Yield the rule with a key dropped, turned or under another name."""
    held = read_keys(rule)
    for one, other, kind in _RENAMED:
        for old, new in ((one, other), (other, one)):
            if old in held:
                edit = Edit(path, rename_key(rule, old, new))
                place = held[old].span
                yield Mutant(f"rules/{name}/{old}-to-{new}", kind, name, place, old, new, (edit,))
    for key in _DROPPED:
        if key in held:
            yield _make(f"{name}/{key}/dropped", key, held[key], "", (*path, key), drops=True)
    if _is_tested(held):
        soft = held.get("soft", "false")
        turned = "false" if soft == "true" else "true"
        yield _make(
            f"{name}/soft/{turned}", "soft", held.get("soft", held["id"]), turned, (*path, "soft")
        )
    call = read_keys(held.get("call"))
    if "on" in call:
        yield _make(f"{name}/on/dropped", "call", call["on"], "", (*path, "call", "on"), drops=True)
    for key, word in read_keys(call.get("with")).items():
        at = (*path, "call", "with", key)
        yield _make(f"{name}/with {key}/dropped", "call", word, "", at, drops=True)


def _vary_exceptions(name: str, rule: tree.Mapping, path: Path) -> Iterator[Mutant]:
    """Yield the rule without each exception it makes, and putting nothing in its place."""
    held = read_keys(rule)
    for key in ("overrides", "waives"):
        targets = held.get(key)
        if targets is None:
            continue
        listed = [targets] if isinstance(targets, Scalar) else list(targets)
        for number, word in enumerate(listed):
            kept = [x for x in listed if x is not word]
            edit = Edit((*path, key), make_sequence(kept, word.span) if kept else None)
            where = f"rules/{name}/{key}/{number}/dropped"
            yield Mutant(where, "exception", name, word.span, str(word), "", (edit,))
        if key == "overrides":
            items = [(k, x) for k, x in rule.items() if str(k) not in _OF_MECHANICS]
            waives = rename_key(make_mapping(items, rule.span), key, "waives")
            where = f"rules/{name}/overrides-to-waives"
            yield Mutant(where, "exception", name, rule.span, key, "waives", (Edit(path, waives),))


def _vary_lists(name: str, rule: Mapping[str, Any], path: Path) -> Iterator[Mutant]:
    """Yield the rule without each of its decisions, papers and keys of an order."""
    lists = {
        "for": ("for", (*path, "for"), rule["for"]),
        "required": (
            "document",
            (*path, "documents", "required"),
            read_keys(rule.get("documents")).get("required"),
        ),
        "rank": ("rank", (*path, "rank"), rule.get("rank")),
    }
    for key, (kind, at, node) in lists.items():
        if isinstance(node, tree.Sequence) and len(node) > 1:
            for number, item in enumerate(node):
                word = item if isinstance(item, Scalar) else read_keys(item)["key"]
                where = str(number) if kind == "rank" else str(word)
                place = (*at, number)
                yield _make(f"{name}/{key}/{where}/dropped", kind, word, "", place, drops=True)
    for number, item in enumerate(rule.get("rank", ())):
        first = read_keys(item)["first"]
        other = "lowest" if first == "highest" else "highest"
        yield _make(
            f"{name}/rank/{number}/{other}", "rank", first, other, (*path, "rank", number, "first")
        )


def _vary_window(name: str, rule: Mapping[str, Any], path: Path) -> Iterator[Mutant]:
    held = read_keys(rule.get("window"))
    if "first_day" in held:
        word = held["first_day"]
        other = "counts" if word == "does_not_count" else "does_not_count"
        yield _make(
            f"{name}/first_day/{other}", "window", word, other, (*path, "window", "first_day")
        )
        rolls = held.get("rolls", "false")
        turned = "false" if rolls == "true" else "true"
        place = held.get("rolls", word)
        yield _make(f"{name}/rolls/{turned}", "window", place, turned, (*path, "window", "rolls"))


def _is_tested(rule: Mapping[str, Any]) -> bool:
    """Whether the result of a rule weighs in the outcome: not of a window without an act."""
    window = read_keys(rule.get("window"))
    return any(key in rule for key in _TESTED) and (not window or "act" in window)


def _delete(rule: tree.Mapping, path: Path, provision: tree.Mapping) -> Iterator[Mutant]:
    word = read_keys(rule)["id"]
    edit = Edit(path, _without(provision, rule))
    yield Mutant(f"rules/{word}/deleted", "deleted", str(word), word.span, str(word), "", (edit,))


def _move(
    rule: tree.Mapping, here: tuple[Path, tree.Mapping], other: tuple[Path, tree.Mapping], side: str
) -> Iterator[Mutant]:
    """Yield the rule in a neighbouring provision, where a case can tell which one is cited."""
    held = read_keys(rule)
    if not _is_tested(held):
        return
    (path, provision), (there, neighbour) = here, other
    word, ref = held["id"], read_keys(neighbour)["ref"]
    rules = read_keys(neighbour)["rules"]
    placed = [*rules, rule] if side == "before" else [rule, *rules]
    edits = [
        Edit((*there, "rules"), make_sequence(placed, rules.span)),
        Edit((*path, "rules"), read_keys(_without(provision, rule)).get("rules")),
    ]
    if len(read_keys(provision)["rules"]) == 1 and "parameters" not in read_keys(provision):
        edits.append(Edit((*path, "no_rule"), make_word(_STANDS_IN, word.span)))
    before = str(read_keys(provision)["ref"])
    where = f"rules/{word}/moved-{side}"
    yield Mutant(where, "citation", str(word), word.span, before, str(ref), tuple(edits))


def _without(provision: tree.Mapping, rule: tree.Mapping) -> tree.Mapping:
    """Return a provision without one of its rules, with a reason where none is left."""
    held = read_keys(provision)
    kept = [item for item in held["rules"] if item is not rule]
    items: list[tuple[Scalar, Any]] = []
    for key, node in provision.items():
        if key != "rules":
            items.append((key, node))
        elif kept:
            items.append((key, make_sequence(kept, held["rules"].span)))
        elif "parameters" not in held:
            items.append((make_word("no_rule", key.span), make_word(_STANDS_IN, key.span)))
    return make_mapping(items, provision.span)
