"""Comes in: the bytes of a YAML file. Goes out: a tree of text, or every mistake.

Only PyYAML's event stream is used: nothing is composed, constructed or resolved. Anchors, aliases,
merge keys, tags, directives, second documents, duplicate and non-scalar keys, nulls, deep nesting,
oversized and non-UTF-8 files and characters that do not show are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import DiagnosedError
from voucher_rules.sources.characters import find_hidden, name_character
from voucher_rules.sources.tree import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_NODES,
    Mapping,
    Scalar,
    Sequence,
    Source,
    line_of,
)
from voucher_rules.spans import Span

MOST_HIDDEN: Final = 20
"""How many characters that do not show are told of; a file of nothing else needs no more."""
_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
_WIDE_COLON: Final = re.compile(r"""(?:^|[{,\[]|-\s)\s*["']?[^\s:：{},\[\]"']+["']?：""")
"""A key with a full-width colon after it; in a text such a colon is as good as any character."""
_TIGHT_COLON: Final = re.compile(r"[a-z_]+:")
"""A key with a colon after it and, where this is the beginning of a longer word, no space."""
_TAKEN_OTHERWISE: Final = re.compile(r"\t|[|>][-+0-9]*#")
"""A tab, or a note without a space after the mark of a block: libyaml lets more of them pass."""
_CUT_SHORT: Final = re.compile(r"expected ',' or '[}\]]', but got '([:\[{])'")
"""What PyYAML says of a character that ends a text inside braces or brackets."""


class SourceError(DiagnosedError):
    """A file that cannot be read as a document. The caller turns it into its own kind of error."""


def read_yaml(data: bytes, name: str) -> Source:
    """Read one YAML document whose root is a mapping.

    ``name`` stands in the messages. Raises :class:`SourceError` with every mistake found; a mistake
    of syntax ends the reading, so it comes alone or last.
    """
    text = decode_text(data, name)
    reader = _read_fast(name, text) or _read_plainly(name, text)
    if reader.found or reader.root is None:
        raise SourceError(reader.found)
    return Source(name, text, reader.root)


def _read_fast(name: str, text: str) -> _Reader | None:
    """Read through libyaml's event stream; None where it is not there or the text has a fault.

    Only its events are used: its composer would run out of stack on deep nesting. A file is the
    same everywhere: what PyYAML's own parser takes in fewer places is left to it, and so are all
    faults, which it words and places. Only a text beyond a limit is refused here, for it is long.
    """
    fast = getattr(yaml, "CSafeLoader", None)
    if fast is None or _TAKEN_OTHERWISE.search(text):
        return None
    reader = _Reader(name, text)
    try:
        reader.read(yaml.parse(text, Loader=fast))
    except _StopReadingError:
        return reader if [x.code for x in reader.found] == ["too-many-nodes"] else None
    except Exception:  # noqa: BLE001 - the plain parser words the fault, one wording everywhere
        return None
    return None if reader.found else reader


def _read_plainly(name: str, text: str) -> _Reader:
    reader = _Reader(name, text)
    loader = _PlainLoader(text)
    try:
        reader.read(_iterate_events(loader))
    except _StopReadingError:
        pass
    except yaml.MarkedYAMLError as error:
        reader.refuse_syntax(error)
    except Exception as error:  # noqa: BLE001 - the scanner leaks OverflowError and others
        span = Span(name, loader.line + 1, loader.column + 1)
        reader.refuse("yaml-syntax", span, problem=type(error).__name__)
    return reader


class _PlainLoader(yaml.SafeLoader):
    """PyYAML's own parser, which lets a bare word inside braces hold `?`, as libyaml does."""

    in_word = False

    def scan_plain(self) -> Any:  # noqa: ANN401 - PyYAML's tokens have no stub
        self.in_word = True
        try:
            return super().scan_plain()
        finally:
            self.in_word = False

    def peek(self, index: int = 0) -> Any:  # noqa: ANN401
        character = super().peek(index)
        return "x" if self.in_word and character == "?" else character


def _iterate_events(loader: yaml.SafeLoader) -> Iterator[Any]:
    while loader.check_event():
        yield loader.get_event()  # type: ignore[no-untyped-call]


def decode_text(data: bytes, name: str, limit: int = MAX_BYTES) -> str:
    """Decode UTF-8, with at most one byte-order mark at the start. Raises :class:`SourceError`."""
    start = Span(name, 1, 1)
    if len(data) > limit:
        raise SourceError([Diagnostic("file-too-large", {"limit": str(limit)}, start)])
    try:
        text = data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SourceError([Diagnostic("not-utf8", {}, Span(name, line, 1))]) from None
    hidden = find_hidden(text)
    found: list[Diagnostic] = []
    while hidden and len(found) < MOST_HIDDEN:
        found.append(_describe_hidden(text, hidden.start(), name))
        hidden = find_hidden(text, hidden.end())
    if found:
        raise SourceError(found)
    return text


def _describe_hidden(text: str, start: int, name: str) -> Diagnostic:
    line = text.count("\n", 0, start) + 1
    column = start - (text.rfind("\n", 0, start) + 1) + 1
    arguments = {"character": name_character(text[start])}
    return Diagnostic("hidden-character", arguments, Span(name, line, column))


class _StopReadingError(Exception):
    """Raised to end the reading after a refusal that makes the rest meaningless."""


@dataclass(slots=True)
class _Open:
    """A mapping or list being filled; ``key`` waits for its value."""

    node: Mapping | Sequence
    key: Scalar | None = None
    flow: bool = False


@dataclass(slots=True)
class _Reader:
    name: str
    text: str
    root: Mapping | None = None
    found: list[Diagnostic] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    nodes: int = 0
    documents: int = 0

    def refuse(self, code: str, span: Span, **arguments: str) -> None:
        self.found.append(Diagnostic(code, arguments, span, line_of(self.text, span.line)))

    def refuse_syntax(self, error: yaml.MarkedYAMLError) -> None:
        mark = error.problem_mark or error.context_mark
        span = Span(self.name, mark.line + 1, mark.column + 1) if mark else Span(self.name, 1, 1)
        for number in (span.line, span.line - 1):
            wide = _WIDE_COLON.search(line_of(self.text, number))
            if wide is not None:
                self.refuse("full-width-colon", Span(self.name, number, wide.end()))
                return
        # Without a colon before it on its line it follows a key, and a bracket above is still open.
        before = line_of(self.text, span.line)[: span.column - 1]
        cut = _CUT_SHORT.fullmatch(error.problem or "")
        if cut is not None and ":" in before:
            self.refuse("text-cut-short", span, character=cut[1])
            return
        self.refuse("yaml-syntax", span, problem=str(error.problem or error.context))

    def read(self, events: Iterator[Any]) -> None:
        for event in events:
            self._read_event(event)
        if not self.found and self.root is None:
            self.refuse("empty-file", Span(self.name, 1, 1))

    def _read_event(self, event: Any) -> None:  # noqa: ANN401 - PyYAML's events have no common stub
        # Most events are texts, and files hold ten thousand of them: they are asked for first.
        if isinstance(event, yaml.ScalarEvent):
            self._read_scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.stack.pop()
        elif isinstance(event, yaml.DocumentStartEvent):
            self._start_document(event)
        elif isinstance(event, yaml.AliasEvent):
            self.refuse("alias", self._span(event, 1))
            self._place(Scalar("", self._span(event)), event)

    def _start_document(self, event: Any) -> None:  # noqa: ANN401
        self.documents += 1
        if event.version or event.tags:
            self.refuse("directive", self._span(event))
        if self.documents > 1:
            self.refuse("multiple-documents", self._span(event))
            raise _StopReadingError

    def _span(self, event: Any, length: int = 0) -> Span:  # noqa: ANN401
        start, end = event.start_mark, event.end_mark
        width = length or (end.column - start.column if end.line == start.line else 1)
        return Span(self.name, start.line + 1, start.column + 1, max(1, width))

    def _check_properties(self, event: Any) -> None:  # noqa: ANN401
        if event.anchor:
            self.refuse("anchor", self._span(event, 1))
        if event.tag:
            self.refuse("tag", self._span(event, 1), tag=event.tag)

    def _read_scalar(self, event: Any) -> None:  # noqa: ANN401
        self._check_properties(event)
        start, end, value = event.start_mark, event.end_mark, event.value
        one_line = start.line == end.line
        width = end.column - start.column if one_line else 1
        span = Span(self.name, start.line + 1, start.column + 1, width or 1)
        quoted = bool(event.style)
        exact = one_line and len(value) == width - 2 * quoted
        # The text of the file was looked through; only an escape can still bring one in.
        hidden = find_hidden(value) if event.style == '"' else None
        if hidden:
            self.refuse("hidden-character", span, character=name_character(hidden[0]))
        if not quoted and value in _NULLS:
            self._refuse_null(span, event)
        self._place(Scalar(value, span, quoted=quoted, exact=exact), event)

    def _refuse_null(self, span: Span, event: Any) -> None:  # noqa: ANN401
        waiting = self.stack[-1].key if self.stack else None
        if waiting is not None and event.value == "":
            self._refuse_missing_value(self.stack[-1], waiting)
            return
        if not self.stack and event.value == "":
            self.refuse("empty-file", span)
            raise _StopReadingError
        self.refuse("null-value", span)

    def _refuse_missing_value(self, top: _Open, key: Scalar) -> None:
        """Refuse a key without a value, by what most likely made it one."""
        wide, narrow = _WIDE_COLON.match(key), _TIGHT_COLON.match(key)
        if wide and not key.quoted:
            self.refuse("full-width-colon", key.span_of(wide.end() - 1, wide.end()))
        elif narrow and not key.quoted:
            self.refuse("colon-without-space", key.span_of(narrow.end() - 1, narrow.end()))
        elif self._is_rest_of_text(top, key):
            self.refuse("comma-in-text", key.span, key=str(key))
        else:
            self.refuse("null-value", key.span)

    def _is_rest_of_text(self, top: _Open, key: Scalar) -> bool:
        """Tell a key that is the rest of the text before it, cut off by a comma inside braces."""
        values = list(top.node.values()) if top.flow and isinstance(top.node, Mapping) else []
        if key.quoted or not key or not values or not isinstance(values[-1], Scalar):
            return False
        after = line_of(self.text, key.span.line)[key.span.column - 1 + key.span.length :]
        return not values[-1].quoted and not after.lstrip().startswith(":")

    def _open(self, event: Any) -> None:  # noqa: ANN401
        self._check_properties(event)
        node = Mapping() if isinstance(event, yaml.MappingStartEvent) else Sequence()
        node.span = self._span(event, 1)
        self._place(node, event)
        self.stack.append(_Open(node, flow=bool(event.flow_style)))
        if len(self.stack) > MAX_DEPTH:
            self.refuse("too-deep", node.span, limit=str(MAX_DEPTH))
            raise _StopReadingError

    def _place(self, node: Scalar | Mapping | Sequence, event: Any) -> None:  # noqa: ANN401
        """Put ``node`` where it belongs."""
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.refuse("too-many-nodes", self._span(event, 1), limit=str(MAX_NODES))
            raise _StopReadingError
        if not self.stack:
            self._place_root(node)
            return
        top = self.stack[-1]
        inside = top.node
        if isinstance(inside, Sequence):
            inside.append(node)
        elif top.key is None:
            self._place_key(top, node)
        else:
            inside.setdefault(top.key, node)
            top.key = None

    def _place_root(self, node: Scalar | Mapping | Sequence) -> None:
        if isinstance(node, Mapping):
            self.root = node
            return
        text = str(node) if isinstance(node, Scalar) else ""
        code = "full-width-colon" if "：" in text else "root-not-a-mapping"
        self.refuse(code, node.span)
        raise _StopReadingError

    def _place_key(self, top: _Open, node: Scalar | Mapping | Sequence) -> None:
        if not isinstance(node, Scalar):
            self.refuse("key-not-text", node.span)
            top.key = Scalar("", node.span)
            return
        if node == "<<":
            self.refuse("merge-key", node.span)
        if node in top.node:
            first = next(key for key in top.node if key == node)
            self.refuse("duplicate-key", node.span, key=str(node), first=str(first.span.line))
        top.key = node
