"""Comes in: the bytes of a JSON file. Goes out: a tree as YAML gives, every leaf a text.

Numbers keep the digits they were written with, so no binary float is ever made of them.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.sources.characters import find_hidden, name_character
from voucher_rules.sources.tree import MAX_DEPTH, Mapping, Scalar, Sequence, Source
from voucher_rules.sources.yaml import SourceError, decode_text
from voucher_rules.spans import Span


def read_json(data: bytes, name: str) -> Source:
    """Read a JSON object; duplicate keys, null, NaN and deep nesting are refused.

    Raises :class:`SourceError`. Places inside the text are known for faults of syntax only; a tree
    read from JSON points at the start of the file, and the caller names the path.
    """
    text = decode_text(data, name)
    builder = _Builder(Span(name, 1, 1))
    try:
        root = json.loads(
            text,
            object_pairs_hook=builder.build_object,
            parse_float=builder.build_number,
            parse_int=builder.build_number,
            parse_constant=builder.refuse_constant,
        )
        node = builder.build(root, 1)
    except json.JSONDecodeError as error:
        span = Span(name, error.lineno, error.colno)
        found = Diagnostic("json-syntax", {"problem": error.msg}, span)
        raise SourceError([found]) from None
    except RecursionError:
        raise SourceError([Diagnostic("too-deep", {"limit": str(MAX_DEPTH)}, builder.at)]) from None
    if not isinstance(node, Mapping):
        raise SourceError([Diagnostic("root-not-a-mapping", {}, builder.at)])
    return Source(name, text, node)


class _Pairs(list[tuple[str, Any]]):
    """The members of an object, before they become a mapping."""


class _Number(str):
    """The digits of a JSON number."""

    __slots__ = ()


class _Builder:
    def __init__(self, at: Span) -> None:
        self.at = at

    def refuse(self, code: str, **arguments: str) -> NoReturn:
        raise SourceError([Diagnostic(code, arguments, self.at)])

    def refuse_constant(self, name: str) -> NoReturn:
        self.refuse("not-finite", found=name, fix="")

    def build_number(self, digits: str) -> _Number:
        return _Number(digits)

    def build_object(self, pairs: list[tuple[str, Any]]) -> _Pairs:
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                self.refuse("duplicate-member", key=key)
            seen.add(key)
        return _Pairs(pairs)

    def build(self, value: Any, depth: int) -> Any:  # noqa: ANN401 - JSON is any of five kinds
        if depth > MAX_DEPTH:
            self.refuse("too-deep", limit=str(MAX_DEPTH))
        if isinstance(value, _Pairs):
            return self._build_mapping(value, depth)
        if isinstance(value, list):
            made = Sequence(self.build(item, depth + 1) for item in value)
            made.span = self.at
            return made
        if value is None:
            self.refuse("null-value")
        if isinstance(value, bool):
            return Scalar("true" if value else "false", self.at, exact=False)
        hidden = find_hidden(value)
        if hidden:
            self.refuse("hidden-character", character=name_character(hidden[0]))
        return Scalar(value, self.at, exact=False)

    def _build_mapping(self, pairs: _Pairs, depth: int) -> Mapping:
        made = Mapping()
        made.span = self.at
        for key, value in pairs:
            made[Scalar(key, self.at, exact=False)] = self.build(value, depth + 1)
        return made
