"""Comes in: a name of a decision. Goes out: the provisions that ask for it, and what shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from voucher_rules.checked.mechanics import Call, Rule
from voucher_rules.checked.reads import ASKED
from voucher_rules.checked.symbols import Input
from voucher_rules.decision.trace import Status
from voucher_rules.explain.letters.words import tell_letter
from voucher_rules.explain.teller import Teller
from voucher_rules.language.records import split_field
from voucher_rules.language.types import Kind


def begin_sentence(text: str, language: str) -> str:
    """Return a text as it begins a line; labels of a ruleset begin small in English."""
    return text[:1].upper() + text[1:] if language == "en" and text[:1].isascii() else text


def find_input(teller: Teller, name: str) -> Input | None:
    """Return what declares a fact, a finding, a balance or a field of a record."""
    listed, field = split_field(name)
    lists = teller.result.ruleset.lists
    if listed in lists:
        return lists[listed].fields.get(field)
    return teller.result.ruleset.inputs.get(name)


def list_asking(teller: Teller, name: str) -> tuple[str, ...]:
    """Return the provisions whose rules ask for a fact, in the order of the document.

    Those of the decision come first; where it is asked for by a decision that is called, those of
    its rules or, where it stands in another ruleset, those of the rules that call it.
    """
    result, wanted = teller.result, {name, split_field(name)[1]}
    rules = result.evaluation.rules
    live = [x for x in result.program.rules if rules[x.id].status is not Status.NOT_APPLICABLE]
    declared = find_input(teller, name)
    found = _cite_readers(live, wanted) or _cite_readers(result.ruleset.rules.values(), wanted)
    if not found and declared is not None and declared.inherited:
        found = _cite_callers(teller, live, declared.inherited)
    return tuple(dict.fromkeys(found))


def _cite_readers(rules: Iterable[Rule], wanted: set[str]) -> list[str]:
    return [str(rule.citation) for rule in rules if wanted & set(_list_read(rule))]


def _list_read(rule: Rule) -> Iterator[str]:
    for term in rule.terms():
        yield from (part.name.removesuffix(ASKED) for part in term.walk())


def _cite_callers(teller: Teller, rules: Iterable[Rule], inherited: str) -> list[str]:
    uses = teller.result.ruleset.uses
    return [
        str(rule.citation)
        for rule in rules
        if isinstance(rule.body, Call)
        and rule.body.uses
        and uses[rule.body.uses].ruleset.id == inherited
    ]


def tell_form(teller: Teller, name: str) -> Iterator[str]:
    """Tell that a fact is answered by yes or no: its label alone would read as if it were so."""
    declared = find_input(teller, name)
    if declared is not None and declared.type.kind is Kind.BOOLEAN:
        yield tell_letter(teller.language, "supply.yes_or_no")


def tell_evidence(teller: Teller, name: str) -> Iterator[str]:
    """Tell which paper shows a fact, where the ruleset says so."""
    declared = find_input(teller, name)
    if declared is not None and declared.evidence is not None:
        paper = declared.evidence.told(teller.language)
        yield tell_letter(teller.language, "supply.evidence", evidence=paper)


def join_refs(teller: Teller, refs: Iterable[str]) -> str:
    """Return references as one."""
    return teller.join(list(dict.fromkeys(refs)))
