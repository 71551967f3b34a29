"""Comes in: typed rules beside their document. Goes out: faults in how declarations are used.

What is declared must be read somewhere, and in the way it says of itself.
"""

from __future__ import annotations

from typing import Final

from voucher_rules.checked.mechanics import Exclude, Limit, Require
from voucher_rules.checked.provisions import PlacedRule
from voucher_rules.checked.read_histories import list_words_read
from voucher_rules.checked.reads import ASKED, iterate_terms
from voucher_rules.checked.structure import Structure
from voucher_rules.checked.symbols import Parameter
from voucher_rules.language.terms import Role, Term

_AGREES: Final = {"<=": "at_most", "<": "below", ">=": "at_least", ">": "above", "==": "exactly"}
_FLIPPED: Final = {"<=": ">=", "<": ">", ">=": "<=", ">": "<", "==": "=="}
_NEGATED: Final = {"<=": ">", "<": ">=", ">=": "<", ">": "<=", "==": "!=", "!=": "=="}


def check_readings_are_used(structure: Structure) -> None:
    """Every option of a reading makes a difference; one may be left for what is not tested."""
    used = _collect_reading_options(structure)
    for name, doc in structure.made.document.readings.items():
        reading = structure.made.readings[str(name)]
        options = set(reading.options)
        missing = options - used.get(str(name), set())
        if len(missing) > 1 or not used.get(str(name)):
            option = next(key for key in doc.options if key in missing)
            structure.report(
                "reading-option-unused", option, str(doc.ref), option=option, reading=str(name)
            )


def _collect_reading_options(structure: Structure) -> dict[str, set[str]]:
    used: dict[str, set[str]] = {}
    for term in iterate_terms(structure.rules):
        if term.name == "if":
            for name in term.parts[0].names(Role.READING):
                _note_all_options(structure, used, name)
        elif term.parts and term.parts[0].role is Role.READING:
            _note_compared_options(used, term)
    by = structure.made.document.document.effective.by
    if by is not None:
        used.setdefault(str(by.reading), set()).update(str(key) for key in by.dates)
    return used


def _note_all_options(structure: Structure, used: dict[str, set[str]], name: str) -> None:
    """A choice between two formulas uses every option: one side is for all the others."""
    short = name.removeprefix("reading.")
    used.setdefault(short, set()).update(structure.made.readings[short].options)


def _note_compared_options(used: dict[str, set[str]], term: Term) -> None:
    value = term.parts[-1].value
    values = value if isinstance(value, frozenset) else {value}
    name = term.parts[0].name.removeprefix("reading.")
    used.setdefault(name, set()).update(str(item) for item in values)


def check_parameters_are_used(structure: Structure) -> None:
    """A parameter that decides nothing must say that it is informative, and only such a one may."""
    used = {t.name for t in iterate_terms(structure.rules) if t.role is Role.PARAMETER}
    used |= {n for t in _list_applies(structure) for n in t.names(Role.PARAMETER)}
    single = structure.parameters.single
    used |= list_words_read(structure.made.document) & {*single}
    used |= {single[name].table for name in used}
    for name, parameter in single.items():
        shown = parameter.table or name
        if parameter.table and parameter is not _first_cell(structure, shown):
            continue
        word = structure.parameters.words[shown]
        if shown not in used and not parameter.informative:
            structure.report("parameter-unused", word, parameter.citation.ref, name=shown)
        if shown in used and parameter.informative:
            structure.report("informative-but-used", word, parameter.citation.ref, name=shown)


def _first_cell(structure: Structure, table: str) -> Parameter:
    cells = structure.parameters.tables[table].cells
    return structure.parameters.single[next(iter(cells.values()))]


def _list_applies(structure: Structure) -> list[Term]:
    inputs = structure.made.inputs.values()
    return [item.applies for item in inputs if item.applies is not None]


def check_inputs_are_used(structure: Structure) -> None:
    """Every fact, finding and balance is read by some rule or named by some decision."""
    used = {t.name.removesuffix(ASKED) for t in iterate_terms(structure.rules)}
    used |= {name for term in _list_applies(structure) for name in term.names(*Role)}
    used |= {item.on for item in structure.parameters.single.values()}
    for decision in structure.decisions.values():
        used.add(decision.as_of)
        used |= {output.requested for output in decision.outputs.values()}
    document = structure.made.document
    used |= list_words_read(document) | {str(item.by) for item in document.transition}
    words = {
        **{str(k): k for k in document.facts},
        **{f"finding.{k}": k for k in document.findings},
        **{f"ledger.{k}": k for k in document.ledger},
        **{str(k): k for k in document.lists},
        **{f"{k}.{x}": x for k, item in document.lists.items() for x in item.fields},
    }
    fields = [name for item in structure.made.lists.values() for name in item.fields]
    declared = {*structure.made.inputs, *fields}
    for name, word in words.items():
        if name in declared and name not in used:
            structure.report("fact-unused", word, "", name=name)


def check_comparators_agree(structure: Structure) -> None:
    """A comparison with a parameter says the same as the parameter's own ``limit``."""
    for item in structure.placed:
        rule = structure.rules.get(str(item.doc.id))
        if rule is None:
            continue
        if isinstance(rule.body, Limit):
            _check_limit_words(structure, item, rule.body.at_most)
        elif isinstance(rule.body, Require | Exclude):
            negated = isinstance(rule.body, Exclude)
            _check_comparisons(structure, item, rule.body.condition, negated=negated)


def _check_limit_words(structure: Structure, item: PlacedRule, term: Term) -> None:
    shown = {structure.parameters.single[n].table or n: n for n in term.names(Role.PARAMETER)}
    for name, held in shown.items():
        limit = structure.parameters.single[held].limit
        if limit and limit not in {"at_most", "exactly"}:
            structure.report(
                "comparator-disagrees",
                item.doc.id,
                item.ref,
                name=name,
                limit=limit,
                used="at_most",
            )


def _check_comparisons(
    structure: Structure, item: PlacedRule, term: Term, *, negated: bool
) -> None:
    if term.name == "not":
        _check_comparisons(structure, item, term.parts[0], negated=not negated)
    elif term.name in {"and", "or"}:
        for part in term.parts:
            _check_comparisons(structure, item, part, negated=negated)
    elif term.name in _NEGATED:
        _check_comparison(structure, item, term, negated=negated)


def _check_comparison(structure: Structure, item: PlacedRule, term: Term, *, negated: bool) -> None:
    left, right = term.parts
    symbol = _NEGATED[term.name] if negated else term.name
    name = _find_parameter_compared(right)
    if not name:
        name = _find_parameter_compared(left)
        symbol = _FLIPPED.get(symbol, symbol)
    if not name:
        return
    parameter = structure.parameters.single[name]
    if parameter.limit and _AGREES.get(symbol) != parameter.limit:
        used, shown = _AGREES.get(symbol, symbol), parameter.table or name
        structure.report(
            "comparator-disagrees",
            item.doc.id,
            item.ref,
            name=shown,
            limit=parameter.limit,
            used=used,
        )


def _find_parameter_compared(term: Term) -> str:
    """Return the parameter that stands on one side of a comparison, or a cell of a table there."""
    if term.role is Role.PARAMETER:
        return term.name
    is_look_up = term.role is Role.OPERATOR and term.name.startswith("lookup")
    return next(term.names(Role.PARAMETER), "") if is_look_up else ""


def check_uses(structure: Structure) -> None:
    """Check that readings, parameters, facts and comparators are used as they are declared."""
    check_readings_are_used(structure)
    check_parameters_are_used(structure)
    check_inputs_are_used(structure)
    check_comparators_agree(structure)
