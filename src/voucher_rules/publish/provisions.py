"""Comes in: the provisions of a document. Goes out: each in its place, with what rests on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from voucher_rules.checked.model import Provision
from voucher_rules.checked.symbols import Reading
from voucher_rules.explain.markup import TAGS, escape_text, fold
from voucher_rules.publish.histories import lay_out_events_at
from voucher_rules.publish.parameters import lay_out_parameters
from voucher_rules.publish.rules import lay_out_rule
from voucher_rules.publish.scribe import Scribe, lay_out_pairs, lay_out_table, name_anchor
from voucher_rules.testing.run import CaseResult

FIRST_LEVEL: Final = 3
LAST_LEVEL: Final = 6
MANY: Final = 3
"""More cases than this are shown only once they are asked for."""


def lay_out_provisions(scribe: Scribe) -> Iterator[str]:
    """Yield every provision, those that are part of another within it."""
    open_depths: list[int] = []
    for item in scribe.ruleset.provisions:
        while open_depths and open_depths[-1] >= item.depth:
            open_depths.pop()
            yield "</section>"
        yield from _lay_out_provision(scribe, item, len(open_depths))
        open_depths.append(item.depth)
    yield from ("</section>" for _ in open_depths)


def _lay_out_provision(scribe: Scribe, item: Provision, depth: int) -> Iterator[str]:
    ref = item.citation.ref
    level = min(FIRST_LEVEL + depth, LAST_LEVEL)
    inner = min(level + 1, LAST_LEVEL)
    yield f'<section class="vp-provision"{scribe.make_id("provision", ref)}>'
    yield f'<h{level} class="vr-heading">{scribe.write(ref)}{_link_other(scribe, ref)}</h{level}>'
    yield _lay_out_summary(scribe, item)
    yield from _lay_out_errata(scribe, ref)
    if item.no_rule:
        reason = scribe.tell(f"no_rule.{item.no_rule}")
        yield f'<p class="vp-none">{scribe.say("provision.none", reason=reason)}</p>'
    yield from lay_out_parameters(scribe, item.parameters)
    for name in item.rules:
        yield lay_out_rule(scribe, scribe.ruleset.rules[name], inner)
    for reading in scribe.ruleset.readings.values():
        if reading.citation.ref == ref:
            yield _lay_out_reading(scribe, reading, inner)
    yield lay_out_events_at(scribe, ref)
    yield from _lay_out_cases(scribe, scribe.material.cases.get(ref, ()))


def _link_other(scribe: Scribe, ref: str) -> str:
    """Return a link to the same provision on the page in the other language."""
    other = "en" if scribe.language == "zh" else "zh"
    target = f"{scribe.files[other]}#{name_anchor('provision', ref).replace('%', '%25')}"
    text = scribe.say("page.other")
    return f' <a class="vp-other" lang="{TAGS[other]}" href="{escape_text(target)}">{text}</a>'


def _lay_out_summary(scribe: Scribe, item: Provision) -> str:
    summary = f'<p class="vp-summary">{scribe.write(item.summary.told(scribe.language))}</p>'
    wording = scribe.material.wording.get(item.citation.ref)
    if wording is None:
        return summary
    ours = f'<p class="vp-label">{scribe.say("provision.ours")}</p>{summary}'
    return (
        f'<div class="vp-pair"><div>{ours}</div>\n{_lay_out_wording(scribe, item, wording)}</div>'
    )


def _lay_out_wording(scribe: Scribe, item: Provision, wording: str) -> str:
    label = scribe.say("wording.official")
    if item.citation.ref in scribe.material.drifted:
        label += f' <span class="vp-drifted">{scribe.say("wording.drifted")}</span>'
    text = escape_text(wording) or scribe.say("wording.absent")
    return (
        f'<div class="vp-wording"><p class="vp-label">{label}</p>'
        f'<blockquote lang="{TAGS["zh"]}">{text}</blockquote></div>'
    )


def _lay_out_errata(scribe: Scribe, ref: str) -> Iterator[str]:
    for item in scribe.checked.errata:
        if item.citation.ref == ref:
            note = item.note.told(scribe.language)
            yield f'<p class="vp-caution">{scribe.say("provision.erratum", note=note)}</p>'


def _lay_out_reading(scribe: Scribe, item: Reading, level: int) -> str:
    title = scribe.say("reading.title", question=item.question.told(scribe.language))
    options = "".join(_lay_out_option(scribe, item, name) for name in item.options)
    together = [
        scribe.link("reading", name, scribe.ruleset.readings[name].question.told(scribe.language))
        for name in item.together
    ]
    rules = scribe.link_rules(scribe.material.readers.get(f"reading.{item.name}", ()))
    if scribe.checked.document.start_reading == item.name:
        rules = scribe.join(x for x in (scribe.say("reading.start"), rules) if x)
    rows = [
        (scribe.tell("reading.why"), scribe.write(item.because.told(scribe.language))),
        (scribe.tell("reading.rules"), rules),
        (scribe.tell("reading.together"), scribe.join(together)),
    ]
    return "\n".join(
        [
            f'<div class="vp-reading"{scribe.make_id("reading", item.name)}>',
            f'<h{level} class="vp-says">{title} <code>{scribe.write(item.name)}</code></h{level}>',
            f"<ul>{options}</ul>",
            lay_out_pairs(rows),
            "</div>",
        ]
    )


def _lay_out_option(scribe: Scribe, item: Reading, name: str) -> str:
    text = scribe.write(item.options[name].told(scribe.language))
    mark = ""
    if name == item.default:
        mark = f' <span class="vp-mark">{scribe.say("reading.default")}</span>'
    return f"<li>{text} <code>{scribe.write(name)}</code>{mark}</li>"


def _lay_out_cases(scribe: Scribe, results: tuple[CaseResult, ...]) -> Iterator[str]:
    if not results:
        return
    headings = [scribe.tell(f"heading.{key}") for key in ("case", "decision", "outcome", "why")]
    rows = [_list_cells(scribe, item) for item in results]
    table = lay_out_table(headings, rows, name="vp-cases")
    count = scribe.say("cases.count", count=str(len(results)))
    made = fold(f"<span>{count}</span>", table, "vp-fold")
    yield made if len(results) > MANY else made.replace("<details", "<details open", 1)


def _list_cells(scribe: Scribe, item: CaseResult) -> list[str]:
    case = item.case
    on = scribe.say("case.on", name=case.name, day=str(case.on)) if case.on else ""
    name = on or scribe.write(case.name)
    notes = [f"{x.target} {x.before} → {x.after}" for x in case.ruleset.overlays]
    notes += [f"{reading} = {option}" for reading, option in case.readings.items()]
    if case.in_force_from is not None:
        notes.append(scribe.tell("case.started", day=case.in_force_from.isoformat()))
    if case.assume_in_force:
        notes.append(scribe.tell("case.assumed"))
    extra = f'<p class="vp-note">{scribe.write(scribe.tell("clause").join(notes))}</p>'
    return [
        name + (extra if notes else ""),
        scribe.link_decision(case.decision),
        scribe.write_result(item.decision),
        scribe.write(case.because),
    ]
