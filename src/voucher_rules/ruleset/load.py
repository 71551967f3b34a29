"""Comes in: the bytes of a ruleset file. Goes out: its document, or every mistake of shape."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RulesetError
from voucher_rules.ruleset.model import RulesetDoc
from voucher_rules.ruleset.names import suggest_name
from voucher_rules.sources.tree import Mapping, Path, Scalar, Source, diagnose, find_key, find_node
from voucher_rules.sources.yaml import SourceError, read_yaml
from voucher_rules.spans import Span


@dataclass(frozen=True, slots=True)
class LoadedRuleset:
    """A ruleset whose shape is right: its source, its digest, and the document."""

    source: Source
    source_digest: str
    """SHA-256 of the bytes of the file."""
    document: RulesetDoc


def load_ruleset(data: bytes, name: str) -> LoadedRuleset:
    """Load a ruleset. ``name`` stands in the messages. Raises :class:`RulesetError`."""
    try:
        source = read_yaml(data, name)
    except SourceError as error:
        raise RulesetError(error.diagnostics) from None
    return shape_ruleset(source, f"sha256:{hashlib.sha256(data).hexdigest()}")


def shape_ruleset(source: Source, digest: str) -> LoadedRuleset:
    """Prove the shape of a read source. Raises :class:`RulesetError`."""
    try:
        document = RulesetDoc.model_validate(source.root)
    except ValidationError as error:
        raise RulesetError(describe_shape_errors(source, RulesetDoc, error)) from None
    return LoadedRuleset(source, digest, document)


def describe_shape_errors(
    source: Source, model: type[BaseModel], error: ValidationError
) -> list[Diagnostic]:
    """Turn pydantic's findings into diagnostics of the document, one for each mistake."""
    items = error.errors(include_url=False, include_input=False)
    inner = [item["loc"] for item in items if item["type"] != "too_short"]
    return [
        _describe_shape_error(source, model, dict(item))
        for item in items
        if item["type"] != "too_short" or not any(_is_below(loc, item["loc"]) for loc in inner)
    ]


def _is_below(inner: tuple[int | str, ...], outer: tuple[int | str, ...]) -> bool:
    """Whether a fault lies inside another's place: a list of faulty entries is not an empty one."""
    return len(inner) > len(outer) and inner[: len(outer)] == outer


_CODES = {
    "missing": "missing-key",
    "extra_forbidden": "unknown-key",
    "is_instance_of": "text-expected",
    "model_type": "mapping-expected",
    "dict_type": "mapping-expected",
    "tuple_type": "list-expected",
    "list_type": "list-expected",
    "too_short": "too-few",
}

_OWN_CODES = frozenset({"one-of-keys", "keys-together", "says-nothing"})
"""Codes that the shapes raise under their own names."""


def _describe_shape_error(source: Source, model: type[BaseModel], item: Any) -> Diagnostic:  # noqa: ANN401
    path: Path = tuple(step for step in item["loc"] if step != "[key]")
    code = _CODES.get(item["type"], item["type"])
    written = ".".join(str(step) for step in path)
    ref = find_ref(source.root, path)
    if code == "missing-key":
        span = _span_of(find_node(source.root, path[:-1]), source)
        return diagnose(source, code, span, path=written, ref=ref, key=str(path[-1]))
    if code == "unknown-key":
        key = find_key(source.root, path)
        span = key.span if key else _span_of(find_node(source.root, path), source)
        near = suggest_name(str(path[-1]), list_fields(model, source.root, path[:-1]))
        return diagnose(source, code, span, path=written, ref=ref, key=str(path[-1]), near=near)
    node = find_node(source.root, path)
    span = _span_of(node, source)
    arguments = {name: str(value) for name, value in item.get("ctx", {}).items()}
    if code == "key-beside-values":
        span = _span_of(_find_dated_key(node, arguments["key"]), source)
        return diagnose(source, code, span, path=written, ref=ref, **arguments)
    wanted = {"keys": arguments.get("keys", ""), "key": str(path[-1]) if path else ""}
    known = code if code in {*_CODES.values(), *_OWN_CODES} else "bad-shape"
    return diagnose(source, known, span, path=written, ref=ref, **wanted)


def _find_dated_key(parameter: Any, key: str) -> Scalar | None:  # noqa: ANN401 - a node of the tree
    """Return the first of some keys of a name that stand below the values of a parameter."""
    return next((name for dated in parameter["values"] for name in dated if name == key), None)


def _span_of(node: object, source: Source) -> Span:
    span = getattr(node, "span", None)
    return span if isinstance(span, Span) else source.root.span


def find_ref(root: Mapping, path: Path) -> str:
    """Return the reference of the innermost provision that ``path`` runs through."""
    ref = ""
    for depth in range(1, len(path) + 1):
        node = find_node(root, path[:depth])
        inner = node.get("ref") if isinstance(node, Mapping) else None  # type: ignore[call-overload]
        if isinstance(inner, Scalar):
            ref = str(inner)
    return ref


def list_fields(model: type[BaseModel], root: Mapping, path: Path) -> list[str]:
    """Return the keys allowed where ``path`` leads, as a help for a mistyped one."""
    del root
    current: Any = model
    for step in path:
        current = _step_into_model(current, step)
        if current is None:
            return []
    if not (isinstance(current, type) and issubclass(current, BaseModel)):
        return []
    return [info.alias or name for name, info in current.model_fields.items()]


def _step_into_model(current: Any, step: str | int) -> Any:  # noqa: ANN401 - type annotations
    if isinstance(current, type) and issubclass(current, BaseModel):
        named = {info.alias or name: info for name, info in current.model_fields.items()}
        return _strip_annotation(named[step].annotation) if step in named else None
    arguments = getattr(current, "__args__", ())
    return _strip_annotation(arguments[-1 if isinstance(step, str) else 0]) if arguments else None


def _strip_annotation(annotation: Any) -> Any:  # noqa: ANN401 - type annotations
    arguments = [item for item in getattr(annotation, "__args__", ()) if item is not type(None)]
    optional = type(None) in getattr(annotation, "__args__", ())
    return _strip_annotation(arguments[0]) if optional and len(arguments) == 1 else annotation
