"""Comes in: the report of a replay, as data. Goes out: HTML, a page to be kept or a part of one.

The page loads nothing and runs nothing; everything of the log is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from voucher_rules.explain.deviations import Deviation, Row, Stopped, tell_moment
from voucher_rules.explain.html import PAGE, cite_ref
from voucher_rules.explain.markup import escape_text, fold, lay_out_page, lay_out_part, write
from voucher_rules.explain.record_values import tell_fault, tell_named
from voucher_rules.explain.replay_style import REPLAY_STYLE
from voucher_rules.explain.replay_words import tell
from voucher_rules.explain.replays import (
    OUTDATED,
    Verdict,
    count_outdated,
    count_untold,
    list_deviations,
    list_stopped,
    list_verdicts,
    tell_aside,
    tell_conclusion,
    tell_currency,
    tell_whose,
)
from voucher_rules.explain.style import STYLE
from voucher_rules.explain.tables import (
    CODE,
    NUMBER,
    Cell,
    lay_out_counts,
    lay_out_heading,
    lay_out_rows,
)

Data = Mapping[str, Any]
SIGNS: Final = {"good": "✓", "bad": "✗", "open": "?", "plain": "–"}


def lay_out_replay(data: Data, digest: str, language: str) -> str:
    """Return the report as a page; ``digest`` is that of the report as data."""
    conclusion, _ = tell_conclusion(data, language)
    title = f"{data['log']['owner']} · {_tell_kind(data, language)} · {conclusion}"
    body = ["<main>", *_lay_out_parts(data, digest, language), "</main>"]
    return lay_out_page(title, language, PAGE + REPLAY_STYLE, body)


def lay_out_replay_part(data: Data, digest: str, language: str) -> str:
    """Return the report as one element to stand within another page, such as a notebook."""
    body = _lay_out_parts(data, digest, language)
    return lay_out_part(language, STYLE + REPLAY_STYLE, body)


def _lay_out_parts(data: Data, digest: str, language: str) -> Iterator[str]:
    yield from _lay_out_head(data, language)
    yield from _lay_out_verdicts(data, language)
    yield from _lay_out_faults(data, language)
    yield from _lay_out_deviations(data, language)
    yield from _lay_out_stopped(data, language)
    yield from _lay_out_outdated(data, language)
    yield from _lay_out_contents(data, language)
    yield from _lay_out_checkpoints(data, language)
    yield from _lay_out_foot(data, digest, language)


def _tell_kind(data: Data, language: str) -> str:
    return tell(language, "replay.title" if data["decided"] else "replay.check_title")


def _lay_out_head(data: Data, language: str) -> Iterator[str]:
    log = data["log"]
    conclusion, tone = tell_conclusion(data, language)
    about = tell(language, "replay.log", id=str(log["id"]), created=tell_moment(log["created"]))
    yield "<header>"
    yield f'<p class="vr-soft">{escape_text(_tell_kind(data, language))}</p>'
    yield f'<h1 class="vr-title">{write(str(log["owner"]), language)}</h1>'
    yield lay_out_banner(conclusion, [tell_aside(data, language)], tone, language)
    yield f'<p class="vr-soft">{write(about, language)}</p>'
    yield "</header>"


def lay_out_banner(says: str, asides: Sequence[str], tone: str, language: str) -> str:
    """Return the conclusion of a report, large."""
    sign = f'<span class="vr-sign" aria-hidden="true">{SIGNS[tone]}</span>'
    sign = "" if tone == "plain" else sign
    word = f'<span class="vr-word">{write(says, language)}</span>'
    told = "".join(f'<p class="vr-aside">{write(text, language)}</p>' for text in asides)
    return f'<div class="vr-verdict vr-{tone}"><p class="vr-outcome">{sign} {word}</p>{told}</div>'


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
    yield lay_out_rows(heads, rows, language, "rp-faults")
    yield from _lay_out_untold(found["faulty"] - len(found["faults"]), language)


def _lay_out_untold(count: int, language: str) -> Iterator[str]:
    if count > 0:
        yield f'<p class="vr-soft">{escape_text(tell(language, "untold", count=str(count)))}</p>'


def _lay_out_deviations(data: Data, language: str) -> Iterator[str]:
    told = list_deviations(data, language)
    if told:
        yield lay_out_heading(tell(language, "section.mismatches"))
    for item in told:
        yield "\n".join(_lay_out_deviation(item, language))
    yield from _lay_out_untold(count_untold(data, "mismatches"), language)


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
        f'<th scope="row"{look}>{write(row.what, language)}</th>'
        f"<td>{write(row.recorded, language)}</td><td>{write(row.again, language)}</td></tr>"
        for row in rows
    )
    table = f"<thead><tr>{top}</tr></thead><tbody>\n{body}\n</tbody>"
    return f'<div class="rp-wide"><table class="rp-table">{table}</table></div>'


def _mark(row: Row, first: str) -> str:
    """Mark what differs, where not everything does."""
    return ' class="rp-differs"' if row.differs and first == "column.what" else ""


def _lay_out_stopped(data: Data, language: str) -> Iterator[str]:
    told = list_stopped(data, language)
    if told:
        yield lay_out_heading(tell(language, "section.not_replayed"))
    for item in told:
        yield "\n".join(_lay_out_group(item, language))
    yield from _lay_out_untold(count_untold(data, "not_replayed"), language)


def _lay_out_group(item: Stopped, language: str) -> Iterator[str]:
    keys = ("entry", "decision", "request", "subject", "outcome")
    heads = [tell(language, f"column.{key}") for key in keys]
    yield '<article class="rp-case vr-open">'
    yield f'<h3 class="vr-title">{write(item.why, language)}</h3>'
    yield f'<p class="rp-get">{write(item.get, language)}</p>'
    yield lay_out_rows(heads, item.rows, language)
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
        yield lay_out_rows(heads, rows, language)
        yield from _lay_out_untold(count_outdated(data, part), language)


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
    yield lay_out_rows(heads, rows, language)
    yield from _lay_out_untold(data["rulesets_untold"], language)


def _lay_out_checkpoints(data: Data, language: str) -> Iterator[str]:
    if not data["checkpoints"]:
        return
    yield lay_out_heading(tell(language, "section.checkpoints"))
    keys = ("size", "issued", "agrees", "signature", "stamp", "digest")
    heads = [tell(language, f"column.{key}") for key in keys]
    rows = [_tell_checkpoint(item, language) for item in data["checkpoints"]]
    yield lay_out_rows(heads, rows, language)


def _tell_checkpoint(item: Data, language: str) -> tuple[Cell | str, ...]:
    signature = tell_named(item["authenticity"], "authenticity", language)
    signers = [x["key"] for x in item["signatures"]]
    if signers:
        named = tell(language, "joiner").join(signers)
        signature = tell(language, "call", name=signature, inner=named)
    stamp = tell_named(item["time"], "stamping", language)
    if item["stamped_at"]:
        stamp = tell(language, "call", name=stamp, inner=tell_moment(item["stamped_at"]))
    return (
        f"{item['size']:,}",
        tell_moment(item["issued_at"]),
        tell_named(item["agrees"], "agrees", language),
        signature,
        stamp,
        Cell(str(item["digest"]), "rp-digest"),
    )


def _lay_out_foot(data: Data, digest: str, language: str) -> Iterator[str]:
    log = data["log"]
    yield '<footer class="vr-foot">'
    yield f"<p>{_set_digest('foot.digest', digest, language)}</p>"
    yield f"<p>{_set_digest('foot.log', log['digest'], language)}</p>"
    if log["last_entry"]:
        yield f"<p>{_set_digest('foot.last', log['last_entry'], language)}</p>"
    yield f"<p>{escape_text(tell(language, 'foot.same'))}</p>"
    yield "</footer>"


def _set_digest(key: str, digest: str, language: str) -> str:
    """Return a text with a digest in it, which is set apart from the words."""
    before, _, after = tell(language, key, digest="\0").partition("\0")
    shown = f'<span class="rp-digest">{escape_text(digest)}</span>'
    return f"{escape_text(before)}{shown}{escape_text(after)}"
