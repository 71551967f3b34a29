"""Comes in: the parameters of a provision. Goes out: tables of them: values, tables, scales."""

from __future__ import annotations

from collections.abc import Iterator

from voucher_rules.checked.symbols import DatedValue, Parameter, Table
from voucher_rules.language.types import Type
from voucher_rules.publish.scribe import Scribe, lay_out_table
from voucher_rules.values.model import Bracket, Scale

COLUMNS = ("label", "value", "limit", "quoted", "changes", "readers")


def lay_out_parameters(scribe: Scribe, names: tuple[str, ...]) -> Iterator[str]:
    """Yield a table of single values, then each table and each scale as one of its own."""
    checked = scribe.checked
    known = [checked.parameters[name] for name in names if name in checked.parameters]
    single = [item for item in known if item.entered is None]
    if single:
        headings = [scribe.tell(f"heading.{key}") for key in COLUMNS]
        rows = [_list_cells(scribe, item) for item in single]
        ids = [scribe.make_id("parameter", item.name) for item in single]
        yield lay_out_table(headings, rows, name="vp-parameters", ids=ids)
    for name in names:
        if name in checked.tables:
            yield from _lay_out_cells(scribe, checked.tables[name])
    for item in known:
        if item.entered is not None:
            yield from _lay_out_scales(scribe, item)


def _list_cells(scribe: Scribe, item: Parameter) -> list[str]:
    values = "".join(f"<p>{scribe.write(text)}</p>" for text in _tell_values(scribe, item))
    return [
        f"{scribe.write(item.label.told(scribe.language))} <code>{scribe.write(item.name)}</code>",
        values,
        scribe.say(f"limit.{item.limit}") if item.limit else "",
        scribe.write(item.quoted),
        _tell_changes(scribe, item),
        scribe.link_rules(scribe.material.readers.get(item.name, ())),
    ]


def _tell_values(scribe: Scribe, item: Parameter) -> Iterator[str]:
    """Yield each value with its days and what set it, then what else bears on it."""
    for dated in item.values:
        yield tell_dated(scribe, dated, item)
    if item.informative:
        yield scribe.tell("value.informative")
    if item.on:
        yield scribe.tell("value.on", day=scribe.writer.label_input(item.on))


def tell_dated(scribe: Scribe, dated: DatedValue, item: Parameter) -> str:
    """Tell a value, who is to set it where it is open, its days, and the notice that set it."""
    value = scribe.writer.write_dated(dated, item)
    if dated.value is None and item.set_by is not None:
        value = scribe.tell("value.unset_by", by=item.set_by.told(scribe.language))
    if dated.notice is not None:
        title = dated.notice.notice.title.told(scribe.language)
        value = scribe.tell("value.by_notice", value=value, title=title, ref=dated.notice.ref)
    return _tell_days(scribe, value, dated)


def _tell_days(scribe: Scribe, value: str, dated: DatedValue) -> str:
    days = {
        key: day.isoformat()
        for key, day in (("start", dated.start), ("until", dated.until))
        if day is not None
    }
    both = {"start", "until"}
    keys = {frozenset[str](): "always", frozenset({"start"}): "from", frozenset({"until"}): "until"}
    key = "dated" if days.keys() == both else keys[frozenset(days)]
    return scribe.tell(f"value.{key}", value=value, **days)


def _tell_changes(scribe: Scribe, item: Parameter) -> str:
    if item.changes is None:
        return ""
    return scribe.say(f"changes.{item.changes.may}", ref=item.changes.citation.ref)


def _lay_out_cells(scribe: Scribe, table: Table) -> Iterator[str]:
    """Yield a table by one choice as rows, by two as rows and columns."""
    cells = {key: scribe.checked.parameters[name] for key, name in table.cells.items()}
    first = next(iter(cells.values()))
    readers = dict.fromkeys(x for c in cells.values() for x in _list_readers(scribe, c))
    yield from _lay_out_caption(
        scribe, table.name, table.label.told(scribe.language), first, readers
    )
    rows = table.keys[0]
    heading = _name_choice(scribe, rows)
    if len(table.keys) == 1:
        body = [
            [_name(scribe, option, rows), _write_cell(scribe, cells[(option,)])]
            for option in rows.options
            if (option,) in cells
        ]
        yield lay_out_table([heading, scribe.tell("heading.value")], body, name="vp-cells")
        return
    columns = table.keys[1]
    headings = [heading, *(scribe.writer.name_option(x, columns) for x in columns.options)]
    body = [
        [_name(scribe, row, rows), *(_write_cell(scribe, cells[row, x]) for x in columns.options)]
        for row in rows.options
    ]
    yield lay_out_table(headings, body, name="vp-cells")


def _lay_out_caption(
    scribe: Scribe, name: str, label: str, item: Parameter, readers: dict[str, None]
) -> Iterator[str]:
    parts = [f"<strong>{scribe.write(label)}</strong> <code>{scribe.write(name)}</code>"]
    if item.limit:
        parts.append(scribe.say(f"limit.{item.limit}"))
    if item.quoted:
        parts.append(scribe.say("caption.quoted", text=item.quoted))
    parts.append(_tell_changes(scribe, item))
    links = scribe.link_rules(readers)
    parts.append(f"{scribe.say('caption.readers')}{links}" if links else "")
    told = " · ".join(part for part in parts if part)
    yield f'<p class="vp-caption"{scribe.make_id("parameter", name)}>{told}</p>'


def _list_readers(scribe: Scribe, item: Parameter) -> tuple[str, ...]:
    return scribe.material.readers.get(item.name, ())


def _name_choice(scribe: Scribe, kind: Type) -> str:
    choice = scribe.checked.choices.get(kind.unit)
    return choice.label.told(scribe.language) if choice else kind.unit


def _name(scribe: Scribe, option: str, kind: Type) -> str:
    return scribe.write(scribe.writer.name_option(option, kind))


def _write_cell(scribe: Scribe, item: Parameter) -> str:
    told = [scribe.write(tell_dated(scribe, dated, item)) for dated in item.values]
    return told[0] if len(told) == 1 else "".join(f"<p>{text}</p>" for text in told)


def _lay_out_scales(scribe: Scribe, item: Parameter) -> Iterator[str]:
    """Yield a scale as rows, one for each bracket; a dated one with its days above it."""
    readers = dict.fromkeys(_list_readers(scribe, item))
    label = item.label.told(scribe.language)
    yield from _lay_out_caption(scribe, item.name, label, item, readers)
    if item.applies:
        yield f'<p class="vp-note">{scribe.say(f"scale.{item.applies}")}</p>'
    for dated in item.values:
        if not isinstance(dated.value, Scale):
            yield f"<p>{scribe.write(tell_dated(scribe, dated, item))}</p>"
            continue
        days = _tell_days(scribe, "", dated).strip()
        if days:
            yield f'<p class="vp-note">{scribe.write(days)}</p>'
        headings = [scribe.tell("heading.bracket"), scribe.tell("heading.value")]
        rows = [_list_bracket(scribe, x, item) for x in dated.value.brackets]
        yield lay_out_table(headings, rows, name="vp-cells")


def _list_bracket(scribe: Scribe, bracket: Bracket, item: Parameter) -> list[str]:
    entered = item.entered or item.type
    ends = []
    if bracket.low is not None:
        low = scribe.writer.write_value(bracket.low, entered)
        ends.append(scribe.tell("bracket.from" if bracket.holds_low else "bracket.above", low=low))
    if bracket.high is not None:
        high = scribe.writer.write_value(bracket.high, entered)
        key = "bracket.up_to" if bracket.holds_high else "bracket.below"
        ends.append(scribe.tell(key, high=high))
    told = scribe.tell("joiner").join(ends) or scribe.tell("bracket.all")
    value = scribe.writer.write_value(bracket.value, item.type)
    return [scribe.write(told), scribe.write(value)]
