"""Comes in: the report of an impact, as data. Goes out: it as a page or as text, marked as such.

Whatever is shown of it says that it is hypothetical, on every page that is printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from voucher_rules.explain.deviations import tell_amount
from voucher_rules.explain.html import PAGE
from voucher_rules.explain.markup import clean_text, escape_text, lay_out_page, lay_out_part, write
from voucher_rules.explain.record_values import (
    read_number,
    tell_fault,
    tell_money,
    tell_named,
    tell_raw,
    tell_wording,
)
from voucher_rules.explain.replay_page import lay_out_banner
from voucher_rules.explain.replay_style import REPLAY_STYLE
from voucher_rules.explain.replay_words import tell
from voucher_rules.explain.style import STYLE
from voucher_rules.explain.tables import NUMBER, Cell, lay_out_counts, lay_out_heading, lay_out_rows
from voucher_rules.values.write import write_decimal

Data = Mapping[str, Any]


def lay_out_impact(data: Data, digest: str, language: str) -> str:
    """Return the report as a page; ``digest`` is that of the report as data."""
    stamp = tell(language, "impact.stamp")
    title = f"{stamp} · {tell(language, 'impact.title')} · {data['log']['owner']}"
    style = f'@page {{ @top-center {{ content: "{stamp}"; font-weight: bold; }} }}\n'
    body = ["<main>", *_lay_out_parts(data, digest, language), "</main>"]
    return lay_out_page(title, language, PAGE + REPLAY_STYLE + style, body)


def lay_out_impact_part(data: Data, digest: str, language: str) -> str:
    """Return the report as one element to stand within another page, such as a notebook."""
    body = _lay_out_parts(data, digest, language)
    return lay_out_part(language, STYLE + REPLAY_STYLE, body)


def _lay_out_parts(data: Data, digest: str, language: str) -> Iterator[str]:
    yield from _lay_out_head(data, language)
    yield from _lay_out_effects(data, language)
    yield from _lay_out_articles(data, language)
    yield from _lay_out_changed(data, language)
    yield from _lay_out_undecided(data, language)
    yield '<footer class="vr-foot">'
    yield f"<p>{write(tell(language, 'foot.digest', digest=digest), language)}</p>"
    yield f"<p>{write(tell(language, 'impact.warning'), language)}</p>"
    yield "</footer>"


def _lay_out_head(data: Data, language: str) -> Iterator[str]:
    warning = tell(language, "impact.nothing")
    yield f'<p class="rp-stamp"><strong>{escape_text(tell(language, "impact.stamp"))}</strong>'
    yield f"{escape_text(warning)}</p>"
    yield "<header>"
    yield f'<p class="vr-soft">{escape_text(tell(language, "impact.title"))}</p>'
    yield f'<h1 class="vr-title">{write(str(data["log"]["owner"]), language)}</h1>'
    asides = [_tell_law(data, language), *_list_departures(data, language)]
    yield lay_out_banner(_tell_conclusion(data, language), asides, "plain", language)
    yield f'<p class="vr-soft">{write(_tell_left_out(data, language), language)}</p>'
    yield "</header>"


def _tell_conclusion(data: Data, language: str) -> str:
    count, same = data["decisions"]["count"], data["whole"]["effects"]["same"]
    if not count:
        return tell(language, "impact.none")
    if same == count:
        return tell(language, "impact.same", count=f"{count:,}")
    stopped = data["whole"]["effects"]["not_decided"]
    slots = {"count": f"{count:,}", "changed": f"{count - same - stopped:,}"}
    if stopped:
        return tell(language, "impact.undecided", stopped=f"{stopped:,}", **slots)
    return tell(language, "impact.changed", **slots)


def _tell_law(data: Data, language: str) -> str:
    law = data["ruleset"]
    title = tell_wording(law["title"], law["id"], language)
    return tell(language, "impact.under", title=title, ruleset=law["id"], edition=law["edition"])


def _list_departures(data: Data, language: str) -> Iterator[str]:
    for item in data["overlays"]:
        key = "departure.what_if" if item["kind"] == "what_if" else "departure.other"
        name = str(item["target"])
        slots = {"before": str(item["before"]), "after": str(item["after"])}
        label = tell_wording(item["label"], name, language)
        yield tell(language, key, name=name, label=label, **slots)
    for item in data["readings"]:
        label = tell_wording(item["question"], item["name"], language)
        option = tell_wording(item["label"], item["option"], language)
        yield tell(language, "departure.reading", label=label, option=option)


def _tell_left_out(data: Data, language: str) -> str:
    found = data["decisions"]
    slots = {"others": str(found["others"]), "superseded": str(found["superseded"])}
    return tell(language, "left_out", **slots)


def _lay_out_effects(data: Data, language: str) -> Iterator[str]:
    effects = data["whole"]["effects"]
    counts = [(tell(language, f"effect.{name}"), f"{count:,}") for name, count in effects.items()]
    yield lay_out_heading(tell(language, "section.effects"))
    yield lay_out_counts(counts, language)
    if not data["whole"]["amounts"]:
        return
    yield lay_out_heading(tell(language, "section.sums"))
    keys = ("amount", "gains", "losses", "net")
    heads = [Cell(tell(language, f"column.{key}"), NUMBER) for key in keys]
    heads[0] = Cell(heads[0].text)
    rows: list[list[Cell | str]] = [
        [_name_amount(item, data, language), *(Cell(x, NUMBER) for x in _list_sums(item, language))]
        for item in data["whole"]["amounts"]
    ]
    yield lay_out_rows(heads, rows, language)


def _name_amount(item: Data, data: Data, language: str) -> str:
    return tell_wording(data["labels"].get(item["name"]), str(item["name"]), language)


def _list_sums(item: Data, language: str) -> list[str]:
    """Return what is gained, what is lost, and both together."""
    sides = [read_number(item[name]) or Fraction(0) for name in ("gains", "losses")]
    currency = str(item["currency"])
    return [tell_delta(x, currency, language) for x in (*sides, sides[0] + sides[1])]


def tell_delta(value: Fraction, currency: str, language: str) -> str:
    """Return a change of an amount, with its sign."""
    told = tell_money(write_decimal(abs(value)), currency, language)
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{told}"


def _lay_out_articles(data: Data, language: str) -> Iterator[str]:
    if not data["by_ref"]:
        return
    yield lay_out_heading(tell(language, "section.articles"))
    effects = ("more", "less", "other")
    keys = [*(f"effect.{x}" for x in effects), "column.net"]
    heads = [Cell(tell(language, "column.ref"))]
    heads += [Cell(tell(language, key), NUMBER) for key in keys]
    rows: list[list[Cell | str]] = []
    for item in data["by_ref"]:
        counts = [Cell(f"{item['effects'][name]:,}", NUMBER) for name in effects]
        nets = [_list_sums(x, language)[-1] for x in item["amounts"]]
        net = Cell(tell(language, "joiner").join(nets) or "—", NUMBER)
        rows.append([str(item["ref"]), *counts, net])
    yield lay_out_rows(heads, rows, language)


def _lay_out_changed(data: Data, language: str) -> Iterator[str]:
    if not data["changed"]:
        return
    yield lay_out_heading(tell(language, "section.changed"))
    keys = ("entry", "request", "subject", "recorded", "reformed", "delta", "ref")
    heads: list[Cell | str] = [tell(language, f"column.{key}") for key in keys]
    heads[-2] = Cell(tell(language, "column.delta"), NUMBER)
    rows = [[*_list_cells(item, language)] for item in data["changed"]]
    yield lay_out_rows(heads, rows, language)
    effects = data["whole"]["effects"]
    whole = sum(effects[name] for name in ("more", "less", "other"))
    yield from _lay_out_untold(whole - len(data["changed"]), language)


def _lay_out_untold(count: int, language: str) -> Iterator[str]:
    if count > 0:
        yield f'<p class="vr-soft">{escape_text(tell(language, "untold", count=str(count)))}</p>'


def _list_cells(item: Data, language: str) -> Iterator[Cell | str]:
    yield str(item["seq"])
    yield str(item["request_id"])
    yield str(item["subject"] or "—")
    yield _tell_result(item["recorded"], language)
    yield _tell_result(item["reformed"], language)
    yield Cell(_tell_deltas(item, language), NUMBER)
    refs = item["reformed"]["refs"] if item["reformed"] else ()
    yield tell(language, "joiner").join(refs) or "—"


def _tell_result(result: Data | None, language: str) -> str:
    if result is None:
        return "—"
    told = [tell_named(result["outcome"], "outcome", language)]
    told += [tell_amount(x, language) for x in result["amounts"].values() if x["value"]]
    return tell(language, "clause.joiner").join(told)


def _tell_deltas(item: Data, language: str) -> str:
    if not any(read_number(x) for x in item["deltas"].values()):
        return tell_named(item["effect"], "effect", language)
    amounts = item["reformed"]["amounts"]
    told = [
        tell_delta(number, str(amounts[name]["currency"]), language)
        for name, text in item["deltas"].items()
        if (number := read_number(text))
    ]
    return tell(language, "joiner").join(told)


def _lay_out_undecided(data: Data, language: str) -> Iterator[str]:
    if not data["not_decided"]:
        return
    yield lay_out_heading(tell(language, "section.undecided"))
    heads = [tell(language, f"column.{key}") for key in ("entry", "request", "subject", "why")]
    rows = [
        [str(x["seq"]), str(x["request_id"]), str(x["subject"] or "—"), _tell_why(x, language)]
        for x in data["not_decided"]
    ]
    yield lay_out_rows(heads, rows, language)
    count = data["whole"]["effects"]["not_decided"] - len(data["not_decided"])
    yield from _lay_out_untold(count, language)


def _tell_why(item: Data, language: str) -> str:
    refused = [f"{x['fact']}: {tell_fault(x, language)[0]}" for x in item["refused"]]
    detail = tell(language, "clause.joiner").join(refused) or tell_raw(item["detail"])
    return tell(language, f"hindrance.{item['why']}", detail=detail)


def summarize_impact(data: Data, digest: str, language: str) -> str:
    """Return a report as lines of text."""
    return clean_text("\n".join(_list_lines(data, digest, language))) + "\n"


def _list_lines(data: Data, digest: str, language: str) -> Iterator[str]:
    yield tell(language, "impact.warning")
    yield f"{data['log']['owner']} · {_tell_law(data, language)}"
    yield from _list_departures(data, language)
    yield _tell_conclusion(data, language)
    yield _tell_left_out(data, language)
    yield ""
    for name, count in data["whole"]["effects"].items():
        yield f"{tell(language, f'effect.{name}')}: {count:,}"
    for item in data["whole"]["amounts"]:
        gains, losses, net = _list_sums(item, language)
        yield f"{_name_amount(item, data, language)}: {gains} {losses} = {net}"
    if data["by_ref"]:
        yield ""
        yield tell(language, "section.articles")
    for item in data["by_ref"]:
        yield f"  {_tell_article(item, language)}"
    for key, cells in (("changed", _list_cells), ("not_decided", None)):
        if data[key]:
            yield ""
            section = "section.changed" if cells else "section.undecided"
            yield tell(language, section)
        for item in data[key]:
            told = _tell_row(item, language) if cells else _tell_why(item, language)
            yield f"  {item['seq']}  {item['subject'] or item['request_id']}  {told}"
    yield ""
    yield tell(language, "foot.digest", digest=digest)


def _tell_article(item: Data, language: str) -> str:
    told = [
        f"{tell(language, f'effect.{name}')} {count}"
        for name, count in item["effects"].items()
        if count
    ]
    told += [_list_sums(x, language)[-1] for x in item["amounts"]]
    return f"{item['ref']}  {tell(language, 'joiner').join(told)}"


def _tell_row(item: Data, language: str) -> str:
    refs = " ".join(item["reformed"]["refs"]) if item["reformed"] else ""
    sides = [_tell_result(item[name], language) for name in ("recorded", "reformed")]
    return f"{sides[0]} → {sides[1]} ({_tell_deltas(item, language)})  {refs}".rstrip()
