"""Comes in: columns, groups and settings by their names. Goes out: what a ruleset calls them.

Programs keep the names: a figure is a code with its label, so that tables of data hold the code.
Where a ruleset declares no label the name itself is shown.
"""

from __future__ import annotations

from voucher_rules.batch.cases.tables import CaseTable
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.checked.symbols import Input, Wording
from voucher_rules.explain.population_words import tell
from voucher_rules.explain.sheets import Coded, Figure
from voucher_rules.language.types import Kind, Type
from voucher_rules.values.read import TextValueError, read_boolean

_READING = "reading."


def name_column(table: CaseTable, column: str) -> Wording:
    """Return what a column to group by is called: as its fact is, else by its own name."""
    declared = _find_fact(table, column)
    return Wording(column, column) if declared is None else _or_name(declared.label, column)


def name_group(table: CaseTable, column: str, label: object) -> Figure:
    """Return a group as a figure: an option by its label, everything else as it is."""
    declared = _find_fact(table, column)
    if isinstance(label, str) and declared is not None:
        return _name_cell(table.program.ruleset, declared.type, label)
    return label  # type: ignore[return-value]  # groupings make labels of nothing else


def _find_fact(table: CaseTable, column: str) -> Input | None:
    return table.program.inputs.get(table.facts.get(column, column))


def _name_cell(ruleset: CheckedRuleset, kind: Type, cell: str) -> Figure:
    if kind.kind is Kind.BOOLEAN:
        return _name_truth(cell)
    choice = ruleset.choices.get(kind.unit)
    if choice is None:
        return cell
    parts = [x.strip() for x in cell.split(",")] if kind.kind is Kind.SET else [cell]
    if not any(part in choice.options for part in parts):
        return cell
    labels = [_or_name(choice.options.get(x, Wording(x, x)), x) for x in parts]
    return Coded(cell, _list_words(labels))


def _name_truth(cell: str) -> Figure:
    try:
        told = read_boolean(cell)
    except TextValueError:
        return cell
    return Coded(cell, Wording("是" if told else "否", "yes" if told else "no"))


def name_setting(ruleset: CheckedRuleset, name: str) -> Wording:
    """Return what a parameter is called, or what a reading asks; else the name."""
    reading = ruleset.readings.get(name.removeprefix(_READING))
    if reading is not None and (name.startswith(_READING) or name not in ruleset.parameters):
        return _or_name(reading.question, name)
    declared = ruleset.parameters.get(name)
    return Wording(name, name) if declared is None else _or_name(declared.label, name)


def name_option(ruleset: CheckedRuleset, name: str, option: str) -> Wording:
    """Return what an option of a reading is called; else the option."""
    reading = ruleset.readings.get(name.removeprefix(_READING))
    options = {} if reading is None else reading.options
    return _or_name(options.get(option, Wording(option, option)), option)


def name_departure(ruleset: CheckedRuleset, label: str) -> Figure:
    """Return readings chosen otherwise (``name=option + name=option``) as a figure."""
    pairs = [part.partition("=")[::2] for part in label.split(" + ")]
    if not all(name in ruleset.readings for name, _ in pairs):
        return label
    told = [
        " + ".join(
            tell(
                language,
                "departure",
                question=name_setting(ruleset, f"{_READING}{name}").told(language),
                option=name_option(ruleset, name, option).told(language),
            )
            for name, option in pairs
        )
        for language in ("zh", "en")
    ]
    return Coded(label, Wording(*told))


def _or_name(label: Wording, name: str) -> Wording:
    """Return a label, or the name in a language that has none."""
    return Wording(label.zh or name, label.en or name)


def _list_words(parts: list[Wording]) -> Wording:
    return Wording(
        *(tell(lang, "listed").join(x.told(lang) for x in parts) for lang in ("zh", "en"))
    )
