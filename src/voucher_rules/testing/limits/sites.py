"""Comes in: the program of a decision. Goes out: every site at which it turns on a number.

A site is a comparison, an amount against the least of its other limits or against zero, the first
or last moment of a window, the edge of a bracket, the first or last day of a document or of a dated
value. Where a cell of a table decides, each cell is a site of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from voucher_rules.checked.mechanics import Limit, Rule, Window
from voucher_rules.checked.symbols import Parameter
from voucher_rules.language.terms import Role, Term
from voucher_rules.language.types import Kind as TypeKind
from voucher_rules.program.build import Program
from voucher_rules.spans import Citation
from voucher_rules.values.model import NONE, Known, Ordered, Scale

COMPARISONS: Final = frozenset({"<", "<=", ">", ">=", "==", "!="})
LOOK_UPS: Final = frozenset({"lookup", "lookup_max", "lookup_min", "lookup_sum"})
MEASURED: Final = frozenset(
    {
        TypeKind.COUNT,
        TypeKind.NUMBER,
        TypeKind.RATIO,
        TypeKind.MONEY,
        TypeKind.DATE,
        TypeKind.INSTANT,
        TypeKind.TIME,
        TypeKind.PERIOD,
    }
)


class Side(StrEnum):
    """Where a case stands to a limit."""

    BELOW = "below"
    AT = "at"
    ABOVE = "above"


class Kind(StrEnum):
    """What sort of limit a site is."""

    COMPARISON = "comparison"
    AMOUNT = "amount"
    """One limit of an amount against the least of the others."""
    ZERO = "zero"
    """What the limits of an amount leave, against nothing."""
    OPENING = "opening"
    CLOSING = "closing"
    EDGE = "edge"
    FORCE = "force"
    DATED = "dated"


@dataclass(frozen=True, slots=True)
class Site:
    """One limit: where it stands, what is compared, and the sides a case can stand on."""

    id: str
    kind: Kind
    text: str
    citation: Citation
    sides: tuple[Side, ...]
    cell: str = ""
    """The cell of a table it is about."""
    rule: str = ""
    """The rule it stands in, where it stands in one."""
    compared: tuple[Term, ...] = ()
    """What is compared: a condition whole, or one side and the other."""
    parameter: str = ""
    """The dated value or scale it is about."""
    edge: Known | None = None
    """The day or quantity it stands at, where no expression says."""
    option: str = ""
    """The option of the reading by which the document is in force from that day."""
    among: Term | None = None
    """The list whose records are compared, where a question asks it of them."""
    beside: tuple[Term, ...] = ()
    """What else must hold of a record for it to be compared."""


ALL: Final = (Side.BELOW, Side.AT, Side.ABOVE)


def list_sites(program: Program) -> dict[str, Site]:
    """Return the sites of a decision by id, in the order of its rules."""
    found = [
        *_list_force_sites(program),
        *_list_dated_sites(program),
        *(site for rule in program.rules for site in _list_rule_sites(program, rule)),
        *_list_zero_sites(program),
    ]
    return {site.id: site for site in found}


def _list_force_sites(program: Program) -> Iterator[Site]:
    document = program.ruleset.document
    cited = document.effective_ref
    for option, start in document.starts.items():
        name = f"force.from{f'[{option}]' if option else ''}"
        text = f"{program.decision.as_of} >= {start}"
        sides = (Side.BELOW, Side.AT)
        yield Site(name, Kind.FORCE, text, cited, sides, edge=start, option=option)
    if document.until is not None:
        text = f"{program.decision.as_of} <= {document.until}"
        sides = (Side.AT, Side.ABOVE)
        yield Site("force.until", Kind.FORCE, text, cited, sides, edge=document.until)


def _list_dated_sites(program: Program) -> Iterator[Site]:
    for parameter in program.parameters.values():
        picked = parameter.on or program.decision.as_of
        for day in list_turns(parameter):
            text = f"{parameter.name}: {picked} >= {day}"
            name = f"{parameter.name}@{day}"
            sides = (Side.BELOW, Side.AT)
            about = parameter.name
            yield Site(name, Kind.DATED, text, parameter.citation, sides, parameter=about, edge=day)


def list_turns(parameter: Parameter) -> list[date]:
    """Return the first day of each dated value that has one."""
    return [item.start for item in parameter.values if item.start is not None]


def _list_rule_sites(program: Program, rule: Rule) -> Iterator[Site]:
    for number, term in enumerate(rule.terms()):
        yield from _list_term_sites(program, rule, term, f"{rule.id}/{number}")
    if isinstance(rule.body, Limit):
        text = f"{rule.body.output} <= {rule.body.at_most.text}"
        compared = (rule.body.at_most,)
        site = Site(rule.id, Kind.AMOUNT, text, rule.citation, ALL, "", rule.id, compared)
        yield from _split_cells(program, site, list_cells(program, rule.body.at_most))
    if isinstance(rule.body, Window) and rule.body.act is not None:
        body, moment = rule.body, rule.body.act
        act = moment.text
        opening, closing = (Side.BELOW, Side.AT), (Side.AT, Side.ABOVE)
        text = f"{act} >= {body.opens.text}"
        first = (moment, body.opens)
        yield Site(
            f"{rule.id}/opens", Kind.OPENING, text, rule.citation, opening, "", rule.id, first
        )
        text = f"{act} <= {body.last.text}"
        last = (moment, body.last)
        yield Site(f"{rule.id}/last", Kind.CLOSING, text, rule.citation, closing, "", rule.id, last)


def _list_term_sites(program: Program, rule: Rule, term: Term, path: str) -> Iterator[Site]:
    if is_comparison(term):
        cells = [cell for part in term.parts for cell in list_cells(program, part)]
        text = _write_comparison(term)
        site = Site(path, Kind.COMPARISON, text, rule.citation, ALL, "", rule.id, (term,))
        yield from _split_cells(program, site, cells)
    if term.name == "scale" and term.role is Role.OPERATOR:
        yield from _list_edges(program, rule, term, path)
    for number, part in enumerate(term.parts):
        for site in _list_term_sites(program, rule, part, f"{path}.{number}"):
            yield _place_among(term, site) if term.role is Role.AGGREGATE else site


def _place_among(question: Term, site: Site) -> Site:
    """Tell of which records of a list a limit is: by what holds of them but the limits."""
    whole, asked, *where = question.parts
    if question.name == "any":
        where = [asked, *where]
    joined = [x for part in where for x in _list_joined(part)]
    beside = tuple(x for x in joined if not any(is_comparison(y) for y in x.walk()))
    return replace(site, among=whole, beside=beside)


def _list_joined(term: Term) -> Iterator[Term]:
    """Yield the parts that `and` joins, however deep."""
    if term.role is not Role.OPERATOR or term.name != "and":
        yield term
        return
    for part in term.parts:
        yield from _list_joined(part)


def _write_comparison(term: Term) -> str:
    left, right = term.parts
    return f"{left.text or left.name} {term.name} {right.text or right.name}"


def _split_cells(program: Program, site: Site, cells: list[str]) -> Iterator[Site]:
    """Yield one site, or one for each cell that may decide there and has a value."""
    told = [cell for cell in dict.fromkeys(cells) if _has_value(program.parameters[cell])]
    if not cells:
        yield site
    for cell in told:
        yield replace(site, id=name_cell(site.id, cell), cell=cell)


def name_cell(path: str, cell: str) -> str:
    """Return the id of a site for one cell."""
    return f"{path} {cell}"


def _has_value(parameter: Parameter) -> bool:
    return any(item.value is not None and item.value is not NONE for item in parameter.values)


def is_comparison(term: Term) -> bool:
    """Return whether a term compares two things that can be measured against each other."""
    return (
        term.role is Role.OPERATOR
        and term.name in COMPARISONS
        and term.parts[0].type.kind in MEASURED
    )


def list_cells(program: Program, term: Term) -> list[str]:
    """Return the cells a term may look up, also through variables that only look one up."""
    found: list[str] = []
    for part in term.walk():
        if part.role is Role.PARAMETER and program.parameters[part.name].table:
            found.append(part.name)
        elif part.role is Role.VARIABLE:
            found += _list_cells_of_variable(program, part.name)
    return found


def _list_cells_of_variable(program: Program, name: str) -> list[str]:
    formulas = [
        formula
        for rule in program.rules
        if rule.id in program.setters.get(name, ())
        for formula in rule.formulas
        if formula.name in LOOK_UPS
    ]
    return [cell for formula in formulas for cell in list_cells(program, formula)]


def _list_edges(program: Program, rule: Rule, term: Term, path: str) -> Iterator[Site]:
    """Yield the edge between each two brackets of the scales a parameter holds."""
    name = next(term.names(Role.PARAMETER), "")
    if name not in program.parameters:
        return
    entered = term.parts[1].text or term.parts[1].name
    for edge in list_edges(program.parameters[name]):
        yield Site(
            f"{path} {name}={edge}",
            Kind.EDGE,
            f"{name}: {entered} = {edge}",
            rule.citation,
            ALL,
            rule=rule.id,
            compared=(term.parts[1],),
            parameter=name,
            edge=edge,
        )


def list_edges(parameter: Parameter) -> list[Ordered]:
    """Return where one bracket of a scale gives way to the next, of every dated scale."""
    scales = [item.value for item in parameter.values if isinstance(item.value, Scale)]
    found = (x.high for s in scales for x in s.brackets[:-1])
    return [edge for edge in dict.fromkeys(found) if edge is not None]


def _list_zero_sites(program: Program) -> Iterator[Site]:
    limits: Mapping[str, list[Rule]] = {}
    for rule in program.rules:
        if isinstance(rule.body, Limit) and not rule.soft:
            limits = {**limits, rule.body.output: [*limits.get(rule.body.output, []), rule]}
    for output, rules in limits.items():
        falling = [rule for rule in rules if any(x.name == "-" for x in rule.terms()[-1].walk())]
        if falling:
            sides = ALL
            text = f"{output} = 0"
            cited, about = falling[0].citation, falling[0].id
            yield Site(f"{output}=0", Kind.ZERO, text, cited, sides, rule=about)
