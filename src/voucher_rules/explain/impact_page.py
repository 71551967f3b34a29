"""Comes in: the report of an impact, as data. Goes out: it as a page or as text, marked as such.

Whatever is shown of it says that it is hypothetical, on every page that is printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Final

from voucher_rules.explain.columns import lay_out_table
from voucher_rules.explain.deviations import tell_amount
from voucher_rules.explain.html import PAGE
from voucher_rules.explain.markup import clean_text, escape_text, lay_out_page, lay_out_part
from voucher_rules.explain.record_values import (
    read_number,
    tell_fault,
    tell_money,
    tell_named,
    tell_raw,
    tell_wording,
)
from voucher_rules.explain.replay_style import REPORT_STYLE
from voucher_rules.explain.replay_verdicts import count
from voucher_rules.explain.replay_words import tell
from voucher_rules.explain.report_head import Head, lay_out_foot, lay_out_head, lay_out_untold
from voucher_rules.explain.style import STYLE
from voucher_rules.explain.tables import NUMBER, Cell, lay_out_counts, lay_out_heading, lay_out_rows
from voucher_rules.values.write import write_decimal

Data = Mapping[str, Any]
_CHANGED: Final = ("number", "request", "subject", "recorded_as", "reformed", "delta", "ref")
_STOPPED: Final = ("number", "request", "subject", "why")


def lay_out_impact(data: Data, digest: str, language: str) -> str:
    """Return the report as a page; ``digest`` is that of the report as data."""
    stamp = tell(language, "impact.stamp")
    style = f'@page {{ @top-center {{ content: "{stamp}"; font-weight: bold; }} }}\n'
    title, parts = _lay_out_parts(data, digest, language)
    return lay_out_page(title, language, PAGE + REPORT_STYLE + style, ["<main>", *parts, "</main>"])


def lay_out_impact_part(data: Data, digest: str, language: str) -> str:
    """Return the report as one element to stand within another page, such as a notebook."""
    _, parts = _lay_out_parts(data, digest, language)
    return lay_out_part(language, STYLE + REPORT_STYLE, parts)


def _lay_out_parts(data: Data, digest: str, language: str) -> tuple[str, list[str]]:
    """Return the title of the report, and what stands in it."""
    head = _tell_head(data, language)
    body = [
        *lay_out_head(head, language),
        *_lay_out_effects(data, language),
        *_lay_out_articles(data, language),
        *_lay_out_changed(data, language),
        *_lay_out_undecided(data, language),
        *lay_out_foot([("foot.digest", digest)], [tell(language, "impact.foot")], language),
    ]
    return head.title, body


def _tell_head(data: Data, language: str) -> Head:
    return Head(
        kind=tell(language, "impact.title"),
        owner=str(data["log"]["owner"]),
        conclusion=_tell_conclusion(data, language),
        tone="plain",
        asides=[_tell_law(data, language), *_list_departures(data, language)],
        about=_tell_left_out(data, language),
        warning=(tell(language, "impact.stamp"), tell(language, "impact.nothing")),
    )


def _tell_conclusion(data: Data, language: str) -> str:
    whole, effects = data["decisions"]["count"], data["whole"]["effects"]
    if not whole:
        return tell(language, "impact.none")
    stopped = effects["not_decided"]
    changed = whole - effects["same"] - stopped
    if effects["same"] == whole:
        return count("impact.same", whole, language)
    if stopped:
        key = "impact.undecided.one" if whole == stopped == 1 else "impact.undecided"
        slots = {"count": f"{whole:,}", "changed": f"{changed:,}", "stopped": f"{stopped:,}"}
        return tell(language, key, **slots)
    return count("impact.changed", whole, language, changed=f"{changed:,}")


def _tell_law(data: Data, language: str) -> str:
    law = data["ruleset"]
    title = tell_wording(law["title"], law["id"], language)
    return tell(language, "impact.under", title=title, ruleset=law["id"], edition=law["edition"])


def _list_departures(data: Data, language: str) -> Iterator[str]:
    if data["assumed_in_force"]:
        yield tell(language, "departure.assumed")
    elif data["decisions"]["not_in_force"]:
        yield count("departure.idle", data["decisions"]["not_in_force"], language)
    for item in data["overlays"]:
        key = "departure.what_if" if item["kind"] == "what_if" else "departure.other"
        name = str(item["target"])
        slots = {"before": str(item["before"]), "after": str(item["after"])}
        label = tell_wording(item["label"], name, language)
        told = tell(language, key, name=name, label=label, **slots)
        yield tell_wording(item["says"], told, language)
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
    counts = [(tell(language, f"effect.{name}"), f"{n:,}") for name, n in effects.items()]
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
    yield lay_out_rows(heads, rows, language, stacks=True)


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
    yield lay_out_rows(heads, rows, language, stacks=True)
    if is_shared(data):
        note = tell(language, "impact.shared")
        yield f'<p class="vr-soft">{escape_text(note)}</p>'


def is_shared(data: Data) -> bool:
    """Tell whether a decision stands under more than one provision, so that rows do not add up."""
    names = ("more", "less", "other", "not_decided")
    by_ref = sum(int(item["effects"][name]) for item in data["by_ref"] for name in names)
    return by_ref > sum(int(data["whole"]["effects"][name]) for name in names)


def _lay_out_changed(data: Data, language: str) -> Iterator[str]:
    if not data["changed"]:
        return
    yield lay_out_heading(tell(language, "section.changed"))
    heads: list[Cell | str] = [tell(language, f"column.{key}") for key in _CHANGED]
    heads[-2] = Cell(tell(language, "column.delta"), NUMBER)
    rows = [[*_list_cells(item, language)] for item in data["changed"]]
    yield lay_out_rows(heads, rows, language, stacks=True)
    effects = data["whole"]["effects"]
    whole = sum(effects[name] for name in ("more", "less", "other"))
    yield from lay_out_untold(whole - len(data["changed"]), language)


def _list_cells(item: Data, language: str) -> Iterator[Cell | str]:
    yield str(item["seq"])
    yield Cell(str(item["request_id"]), "rp-name")
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
    heads = [tell(language, f"column.{key}") for key in _STOPPED]
    rows = [[*_list_stopped(item, language)] for item in data["not_decided"]]
    yield lay_out_rows(heads, rows, language, stacks=True)
    untold = data["whole"]["effects"]["not_decided"] - len(data["not_decided"])
    yield from lay_out_untold(untold, language)


def _list_stopped(item: Data, language: str) -> Iterator[Cell | str]:
    yield str(item["seq"])
    yield Cell(str(item["request_id"]), "rp-name")
    yield str(item["subject"] or "—")
    yield _tell_why(item, language)


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
    yield _tell_conclusion(data, language)
    yield from _list_departures(data, language)
    yield _tell_left_out(data, language)
    yield ""
    for name, number in data["whole"]["effects"].items():
        yield tell(language, "source", label=tell(language, f"effect.{name}"), value=f"{number:,}")
    for item in data["whole"]["amounts"]:
        yield _tell_sums(item, data, language)
    if data["by_ref"]:
        yield ""
        yield tell(language, "section.articles")
    for item in data["by_ref"]:
        yield f"  {_tell_article(item, language)}"
    if is_shared(data):
        yield f"  {tell(language, 'impact.shared')}"
    for key, columns, cells in (
        ("changed", _CHANGED, _list_cells),
        ("not_decided", _STOPPED, _list_stopped),
    ):
        if data[key]:
            yield ""
            yield tell(language, "section.changed" if key == "changed" else "section.undecided")
            heads = [tell(language, f"column.{name}") for name in columns]
            rows = [[_text(cell) for cell in cells(item, language)] for item in data[key]]
            yield from (f"  {line}" for line in lay_out_table(heads, rows))
    yield ""
    yield tell(language, "foot.digest", digest=digest)


def _text(cell: Cell | str) -> str:
    return cell.text if isinstance(cell, Cell) else cell


def _tell_sums(item: Data, data: Data, language: str) -> str:
    """Return what is gained, what is lost, and both together, each by its name."""
    gains, losses = (read_number(item[name]) or Fraction(0) for name in ("gains", "losses"))
    currency = str(item["currency"])
    told = tell(
        language,
        "sums.in_text",
        gains=tell_money(write_decimal(gains), currency, language),
        losses=tell_money(write_decimal(-losses), currency, language),
        net=tell_delta(gains + losses, currency, language),
    )
    return tell(language, "source", label=_name_amount(item, data, language), value=told)


def _tell_article(item: Data, language: str) -> str:
    told = [
        f"{tell(language, f'effect.{name}')} {number}"
        for name, number in item["effects"].items()
        if number
    ]
    net = tell(language, "column.net")
    told += [f"{net} {_list_sums(x, language)[-1]}" for x in item["amounts"]]
    return f"{item['ref']}  {tell(language, 'joiner').join(told)}"
