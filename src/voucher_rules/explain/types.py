"""Comes in: something a case may state. Goes out: what kind of value it has, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from voucher_rules.checked.domains import default_domain
from voucher_rules.checked.symbols import Input
from voucher_rules.explain.vocabulary import tell_word
from voucher_rules.language.types import Kind, Type
from voucher_rules.values.model import Interval, Value

Write: TypeAlias = Callable[[Value, Type], str]


def describe_type(item: Input, language: str, write: Write, *, labelled: bool = False) -> str:
    """Say what kind of value a fact has: unit, options and bounds, and whether it may be none.

    ``write`` writes values; options are told by it where they are ``labelled``, else as they stand.
    """
    kind = tell_word(language, f"kind.{item.type.kind}")
    options = [
        write(x, item.type) if labelled else x for x in _list_options(item.type, labelled=labelled)
    ]
    unit = "" if options else item.type.unit
    parts = [", ".join(options) or unit, *_list_bounds(item, language, write)]
    what = _join(language, *parts)
    told = tell_word(language, "type.of", kind=kind, what=what) if what else kind
    return _join(language, told, tell_word(language, "type.optional") if item.optional else "")


def _list_options(kind: Type, *, labelled: bool) -> tuple[str, ...]:
    if kind.kind is Kind.BOOLEAN:
        return () if labelled else ("true", "false")
    return kind.options


def _list_bounds(item: Input, language: str, write: Write) -> Iterator[str]:
    """Yield the bounds the ruleset declares, and not those that hold of any fact."""
    domain, widest = item.domain.domain, default_domain(item.type)
    if isinstance(domain, Interval) and isinstance(widest, Interval):
        if domain.low != widest.low:
            yield tell_word(language, "type.at_least", low=write(domain.low, item.type))
        if domain.high != widest.high:
            yield tell_word(language, "type.at_most", high=write(domain.high, item.type))


def _join(language: str, *texts: str) -> str:
    return tell_word(language, "joiner").join(text for text in texts if text)
