"""Comes in: the survey of limits. Goes out: a table of them, with what is decided at each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from voucher_rules.checked.mechanics import Limit
from voucher_rules.explain.markup import escape_text
from voucher_rules.language.terms import Role, Term
from voucher_rules.publish.rules import name_output
from voucher_rules.publish.scribe import Scribe, lay_out_table
from voucher_rules.testing.limits import Kind, LimitReport, Side, Site

COLUMNS = ("ref", "limit_text", "below", "at", "above")


def lay_out_limits(scribe: Scribe) -> Iterator[str]:
    """Yield the table of limits in the order of the document."""
    order = {item.citation.ref: i for i, item in enumerate(scribe.ruleset.provisions)}
    reports = sorted(
        scribe.material.reports, key=lambda item: order.get(item.site.citation.ref, len(order))
    )
    if not reports:
        return
    headings = [scribe.tell(f"heading.{key}") for key in COLUMNS]
    rows = [_list_cells(scribe, report) for report in reports]
    yield f'<p class="vp-note">{scribe.say("limits.lead")}</p>'
    yield lay_out_table(headings, rows, name="vp-limits")


def _list_cells(scribe: Scribe, report: LimitReport) -> list[str]:
    site = report.site
    return [
        scribe.link_provision(site.citation.ref),
        "".join(f"<p{look}>{text}</p>" for look, text in _list_lines(scribe, site)),
        *(_tell_side(scribe, report, side) for side in Side),
    ]


def _list_lines(scribe: Scribe, site: Site) -> Iterator[tuple[str, str]]:
    """Yield what a limit is about: the rule's words, the comparison, and the numbers in it."""
    yield "", _tell_about(scribe, site)
    if site.among is not None:
        yield ' class="vp-note"', scribe.write(_tell_among(scribe, site.among, site.beside))
    yield "", scribe.write(tell_comparison(scribe, site))
    for name in _list_parameters(scribe, site):
        yield ' class="vp-note"', _tell_parameter(scribe, site, name)


def _tell_about(scribe: Scribe, site: Site) -> str:
    if site.rule:
        return f"<strong>{scribe.link_rule(scribe.ruleset.rules[site.rule])}</strong>"
    key = "limits.in_force" if site.kind is Kind.FORCE else "limits.new_value"
    told = scribe.tell(key)
    if site.option:
        reading = scribe.checked.readings[scribe.checked.document.start_reading]
        option = reading.options[site.option].told(scribe.language)
        told = scribe.tell("limits.by_reading", about=told, option=option)
    return f"<strong>{scribe.write(told)}</strong>"


def _tell_among(scribe: Scribe, among: Term, beside: tuple[Term, ...]) -> str:
    """Tell which records of a list are compared: `titles held, where title = gazelle`."""
    told = [scribe.writer.write_term(term) for term in beside]
    if not told:
        return scribe.writer.label(among)
    where = scribe.tell("clause").join(told)
    return scribe.tell("limits.among", list=scribe.writer.label(among), where=where)


def tell_comparison(scribe: Scribe, site: Site) -> str:
    """Tell what is compared at a site, in words."""
    written = [scribe.writer.write_term(term) for term in site.compared]
    match site.kind:
        case Kind.COMPARISON:
            return written[0]
        case Kind.AMOUNT:
            body = scribe.ruleset.rules[site.rule].body
            output = body.output if isinstance(body, Limit) else ""
            return scribe.tell("limits.amount", output=name_output(scribe, output), sum=written[0])
        case Kind.ZERO:
            output = site.id.removesuffix("=0")
            return scribe.tell("limits.zero", output=name_output(scribe, output))
        case Kind.OPENING:
            return scribe.tell("limits.first", day=written[0], edge=written[1])
        case Kind.CLOSING:
            return scribe.tell("limits.last", day=written[0], edge=written[1])
        case Kind.EDGE:
            return scribe.tell("limits.edge", entered=written[0], edge=_write_edge(scribe, site))
        case Kind.FORCE | Kind.DATED:
            return _tell_day(scribe, site)


def _write_edge(scribe: Scribe, site: Site) -> str:
    parameter = scribe.checked.parameters.get(site.parameter)
    if site.edge is None:
        return ""
    if parameter is not None and parameter.entered is not None:
        return scribe.writer.write_value(site.edge, parameter.entered)
    return str(site.edge)


def _tell_day(scribe: Scribe, site: Site) -> str:
    """Tell the first or last day of the document, or the first of a value."""
    decisions = scribe.checked.decisions
    parameter = scribe.checked.parameters.get(site.parameter)
    on = parameter.on if parameter is not None else ""
    days = [on] if on else [x.as_of for x in decisions.values()]
    labels = dict.fromkeys(scribe.writer.label_input(day) for day in days)
    key = "limits.last" if site.id == "force.until" else "limits.first"
    return scribe.tell(key, day=" / ".join(labels), edge=_write_edge(scribe, site))


def _list_parameters(scribe: Scribe, site: Site) -> list[str]:
    """Return the parameters a limit holds: of a table the cell that is meant."""
    if site.parameter:
        return [site.parameter]
    names = [name for term in site.compared for name in term.names(Role.PARAMETER)]
    known = scribe.checked.parameters
    plain = [x for x in dict.fromkeys(names) if x in known and not known[x].table]
    return [*plain, *([site.cell] if site.cell else [])]


def _tell_parameter(scribe: Scribe, site: Site, name: str) -> str:
    """Tell the label of a parameter, its comparator and its value, or the one that begins."""
    item = scribe.checked.parameters[name]
    parts = [scribe.link_parameter(name)]
    if item.limit:
        parts.append(scribe.say(f"limit.{item.limit}"))
    begins = item.value_on(site.edge) if isinstance(site.edge, date) else None
    if begins is not None:
        parts.append(f"<strong>{scribe.write(scribe.writer.write_dated(begins, item))}</strong>")
    elif item.entered is None:
        parts.append(f"<strong>{scribe.write(scribe.writer.write_values(item))}</strong>")
    return " · ".join(parts)


def _tell_side(scribe: Scribe, report: LimitReport, side: Side) -> str:
    """Tell what the case on a side comes to, or why there is none."""
    if side not in report.site.sides:
        return scribe.say("limits.none")
    witness = report.pinned.get(side)
    if witness is not None:
        name = escape_text(witness.case.name)
        outcome = str(witness.decision.outcome)
        told = scribe.write_result(witness.decision)
        return f'<span class="vp-outcome vp-{outcome}" title="{name}">{told}</span>'
    known = (report.site.id, side) in scribe.material.known
    look = "vp-none" if known else "vp-lacking"
    text = scribe.say("limits.beyond" if known else "limits.missing")
    return f'<span class="{look}">{text}</span>'
