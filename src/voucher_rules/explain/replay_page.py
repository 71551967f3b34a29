"""Comes in: the report of a replay, as data. Goes out: HTML, a page to be kept or a part of one.

The page loads nothing and runs nothing; everything of the log is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from voucher_rules.explain.deviations import Deviation, Row, Stopped, tell_moment
from voucher_rules.explain.html import PAGE, cite_ref
from voucher_rules.explain.markup import escape_text, fold, lay_out_page, lay_out_part, write
from voucher_rules.explain.record_values import tell_fault, tell_named
from voucher_rules.explain.replay_style import REPORT_STYLE
from voucher_rules.explain.replay_verdicts import OUTDATED, Verdict, count_faulty, list_verdicts
from voucher_rules.explain.replay_words import tell
from voucher_rules.explain.replays import (
    count_outdated,
    count_untold,
    list_deviations,
    list_stopped,
    tell_aside,
    tell_conclusion,
    tell_currency,
    tell_reason,
    tell_whose,
)
from voucher_rules.explain.report_head import (
    SIGNS,
    Head,
    lay_out_foot,
    lay_out_head,
    lay_out_untold,
)
from voucher_rules.explain.style import STYLE
from voucher_rules.explain.tables import (
    CODE,
    NUMBER,
    Cell,
    label_cell,
    lay_out_counts,
    lay_out_heading,
    lay_out_rows,
)

Data = Mapping[str, Any]


def lay_out_replay(data: Data, digest: str, language: str, files: Mapping[str, str]) -> str:
    """Return the report as a page; ``digest`` is that of the report as data.

    ``files`` are the names of the files of the checkpoints by their digests: the data hold none,
    since the same checkpoint may stand in any file.
    """
    title, parts = _lay_out_parts(data, digest, language, files)
    return lay_out_page(title, language, PAGE + REPORT_STYLE, ["<main>", *parts, "</main>"])


def lay_out_replay_part(data: Data, digest: str, language: str, files: Mapping[str, str]) -> str:
    """Return the report as one element to stand within another page, such as a notebook."""
    _, parts = _lay_out_parts(data, digest, language, files)
    return lay_out_part(language, STYLE + REPORT_STYLE, parts)


def _lay_out_parts(
    data: Data, digest: str, language: str, files: Mapping[str, str]
) -> tuple[str, list[str]]:
    """Return the title of the report, and what stands in it."""
    head = _tell_head(data, language)
    body = [
        *lay_out_head(head, language),
        *_lay_out_verdicts(data, language),
        *_lay_out_faults(data, language),
        *_lay_out_deviations(data, language),
        *_lay_out_stopped(data, language),
        *_lay_out_outdated(data, language),
        *_lay_out_contents(data, language),
        *_lay_out_checkpoints(data, files, language),
        *_lay_out_foot(data, digest, language),
    ]
    return head.title, body


def _tell_head(data: Data, language: str) -> Head:
    log = data["log"]
    conclusion, tone = tell_conclusion(data, language)
    return Head(
        kind=tell(language, "replay.title" if data["decided"] else "replay.check_title"),
        owner=str(log["owner"]),
        conclusion=conclusion + tell_reason(data, language),
        tone=tone,
        asides=[tell_aside(data, language)],
        about=tell(language, "replay.log", id=str(log["id"]), created=tell_moment(log["created"])),
    )


def _lay_out_verdicts(data: Data, language: str) -> Iterator[str]:
    yield lay_out_heading(tell(language, "section.verdicts"))
    yield f'<p class="vr-soft">{escape_text(tell(language, "section.verdicts.note"))}</p>'
    rows = "\n".join(_lay_out_verdict(item, language) for item in list_verdicts(data, language))
    yield f'<table class="rp-table rp-verdicts"><tbody>\n{rows}\n</tbody></table>'


def _lay_out_verdict(item: Verdict, language: str) -> str:
    sign = f'<span class="vr-sign" aria-hidden="true">{SIGNS[item.tone]}</span>'
    notes = "".join(f'<p class="vr-note">{write(note, language)}</p>' for note in item.notes)
    return (
        f'<tr class="vr-{item.tone}"><th scope="row">{write(item.name, language)}</th>'
        f"<td>{sign}</td><td><p>{write(item.says, language)}</p>{notes}</td></tr>"
    )


def _lay_out_faults(data: Data, language: str) -> Iterator[str]:
    found = data["integrity"]
    if not found["faults"]:
        return
    yield lay_out_heading(tell(language, "section.faults"))
    keys = ("line", "entry", "fault")
    heads = [
        Cell(tell(language, f"column.{key}"), look)
        for key, look in zip(keys, (NUMBER, "", ""), strict=True)
    ]
    rows = []
    for item in found["faults"]:
        for fault in item["faults"]:
            says, get = tell_fault(fault, language)
            whose = tell_whose(item, language) or "—"
            rows.append(
                (
                    Cell(str(item["line"]), NUMBER),
                    Cell(whose, "rp-whose"),
                    f"{says} ({fault['code']}) — {get}",
                )
            )
    yield lay_out_rows(heads, rows, language, "rp-faults", stacks=True)
    yield from lay_out_untold(count_faulty(found) - len(found["faults"]), language)


def _lay_out_deviations(data: Data, language: str) -> Iterator[str]:
    told = list_deviations(data, language)
    if told:
        yield lay_out_heading(tell(language, "section.mismatches"))
    for item in told:
        yield "\n".join(_lay_out_deviation(item, language))
    yield from lay_out_untold(count_untold(data, "mismatches"), language)


def _lay_out_deviation(item: Deviation, language: str) -> Iterator[str]:
    yield f'<article class="rp-case vr-bad" id="entry-{int(item.seq)}">'
    yield f'<h3 class="vr-title">{write(item.head, language)}</h3>'
    yield f'<p class="vr-soft">{write(item.law, language)}</p>'
    yield f'<p class="vr-soft">{write(item.about, language)}</p>'
    yield f'<p class="rp-kind">{escape_text(item.kind)}</p>'
    yield _lay_out_sides(item.rows, "column.what", language)
    if item.refs:
        named = tell(language, "joiner").join(item.refs)
        told = tell(language, "source", label=tell(language, "deviation.refs"), value=named)
        yield f'<p class="vr-soft rp-refs">{write(told, language)}</p>'
    if item.rule:
        yield f'<p class="rp-rule">{write(item.rule, language)}{cite_ref(item.ref, language)}</p>'
    if item.lines:
        told = "".join(f"<li>{write(line, language)}</li>" for line in item.lines)
        yield f"<ul>{told}</ul>"
    yield from (f'<p class="rp-kind">{write(line, language)}</p>' for line in item.later)
    if item.places:
        label = f'<span class="vr-text">{escape_text(tell(language, "deviation.places"))}</span>'
        yield fold(label, _lay_out_sides(item.places, "column.pointer", language), "vr-fold")
    yield "</article>"


def _lay_out_sides(rows: Sequence[Row], first: str, language: str) -> str:
    heads = [tell(language, key) for key in (first, "column.recorded", "column.again")]
    top = "".join(f'<th scope="col">{escape_text(head)}</th>' for head in heads)
    look = f' class="{CODE}"' if first == "column.pointer" else ""
    body = "\n".join(
        f"<tr{_mark(row, first)}>"
        f'<th scope="row"{look}{label_cell(heads[0])}>{write(row.what, language)}</th>'
        f"<td{label_cell(heads[1])}>{write(row.recorded, language)}</td>"
        f"<td{label_cell(heads[2])}>{write(row.again, language)}</td></tr>"
        for row in rows
    )
    table = f"<thead><tr>{top}</tr></thead><tbody>\n{body}\n</tbody>"
    return f'<div class="rp-wide rp-stack"><table class="rp-table">{table}</table></div>'


def _mark(row: Row, first: str) -> str:
    """Mark what differs, where not everything does."""
    return ' class="rp-differs"' if row.differs and first == "column.what" else ""


def _lay_out_stopped(data: Data, language: str) -> Iterator[str]:
    told = list_stopped(data, language)
    if told:
        yield lay_out_heading(tell(language, "section.not_replayed"))
    for item in told:
        yield "\n".join(_lay_out_group(item, language))
    yield from lay_out_untold(count_untold(data, "not_replayed"), language)


def _lay_out_group(item: Stopped, language: str) -> Iterator[str]:
    keys = ("entry", "decision", "request", "subject", "outcome")
    heads = [tell(language, f"column.{key}") for key in keys]
    yield '<article class="rp-case vr-open">'
    yield f'<h3 class="vr-title">{write(item.why, language)}</h3>'
    yield f'<p class="rp-get">{write(item.get, language)}</p>'
    at = keys.index("request")
    rows: list[list[Cell | str]] = [[*row] for row in item.rows]
    for row in rows:
        row[at] = Cell(str(row[at]), "rp-name")
    yield lay_out_rows(heads, rows, language, stacks=True)
    yield "</article>"


def _lay_out_outdated(data: Data, language: str) -> Iterator[str]:
    """Lay out the decisions whose law did not apply, or may not have."""
    keys = ("entry", "request", "subject", "why")
    heads = [tell(language, f"column.{key}") for key in keys]
    for part in (name for name in OUTDATED if data[name]):
        rows = [
            (
                str(x["seq"]),
                Cell(x["request_id"], "rp-name"),
                str(x["subject"] or "—"),
                tell_currency(x, language),
            )
            for x in data[part]
        ]
        yield lay_out_heading(tell(language, f"section.{part}"))
        yield lay_out_rows(heads, rows, language, stacks=True)
        yield from lay_out_untold(count_outdated(data, part), language)


def _lay_out_contents(data: Data, language: str) -> Iterator[str]:
    kinds = data["log"]["kinds"]
    counts = [
        (tell(language, f"kind.{kind}"), f"{count:,}")
        for kind, count in kinds.items()
        if count or kind == "decision"
    ]
    yield lay_out_heading(tell(language, "section.contents"))
    yield lay_out_counts(counts, language)
    if not data["rulesets"]:
        return
    heads: list[Cell | str] = [
        tell(language, f"column.{key}") for key in ("ruleset", "digest", "decisions", "found")
    ]
    heads[2] = Cell(str(heads[2]), NUMBER)
    rows = [
        (
            Cell(f"{item['id']} {item['edition']}", CODE),
            Cell(str(item["semantic_digest"]), "rp-digest"),
            Cell(f"{item['decisions']:,}", NUMBER),
            tell_named(item["found"], "found", language),
        )
        for item in data["rulesets"]
    ]
    yield lay_out_heading(tell(language, "section.rulesets"))
    yield lay_out_rows(heads, rows, language, stacks=True)
    yield from lay_out_untold(data["rulesets_untold"], language)


def _lay_out_checkpoints(data: Data, files: Mapping[str, str], language: str) -> Iterator[str]:
    if not data["checkpoints"]:
        return
    yield lay_out_heading(tell(language, "section.checkpoints"))
    keys = ("file", "size", "issued", "agrees", "signature", "stamp", "digest")
    heads: list[Cell | str] = [tell(language, f"column.{key}") for key in keys]
    heads[1] = Cell(str(heads[1]), NUMBER)
    rows = [_tell_checkpoint(item, files, language) for item in data["checkpoints"]]
    yield lay_out_rows(heads, rows, language, stacks=True)


def _tell_checkpoint(item: Data, files: Mapping[str, str], language: str) -> tuple[Cell | str, ...]:
    signature = tell_named(item["authenticity"], "authenticity", language)
    signers = [x["key"] for x in item["signatures"]]
    if signers:
        named = tell(language, "joiner").join(signers)
        signature = tell(language, "call", name=signature, inner=named)
    stamp = tell_named(item["time"], "stamping", language)
    if item["stamped_at"]:
        stamp = tell(language, "call", name=stamp, inner=tell_moment(item["stamped_at"]))
    return (
        Cell(files.get(str(item["digest"]), "—"), CODE),
        Cell(f"{item['size']:,}", NUMBER),
        tell_moment(item["issued_at"]),
        tell_named(item["agrees"], "agrees", language),
        signature,
        stamp,
        Cell(str(item["digest"]), "rp-digest"),
    )


def _lay_out_foot(data: Data, digest: str, language: str) -> Iterator[str]:
    log = data["log"]
    digests = [("foot.digest", digest), ("foot.log", str(log["digest"]))]
    if log["last_entry"]:
        digests.append(("foot.last", str(log["last_entry"])))
    yield from lay_out_foot(digests, [tell(language, "foot.same")], language)
