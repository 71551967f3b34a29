"""Comes in: a loaded ruleset and values for its parameters. Goes out: it changed, and what changed.

The change is made in the tree the ruleset was read into and the whole is shaped again, so that
nothing escapes the checks a ruleset of one's own would meet. Notices and what-ifs both pass here:
a what-if holds on every day, a notice on the days it says.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence as AnySequence
from dataclasses import dataclass
from typing import Any, Final

from voucher_rules.catalog.blocks import copy_node, cut_blocks, find_value, list_blocks
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.ruleset.load import LoadedRuleset, shape_ruleset, suggest_name
from voucher_rules.ruleset.notice import Days
from voucher_rules.sources.tree import Mapping, Node, Scalar, Sequence, Source
from voucher_rules.spans import Span

ALWAYS: Final = Days(None, None)


@dataclass(frozen=True, slots=True)
class Setting:
    """A value for a parameter, on some days: text, or the brackets of a scale."""

    target: str
    value: Node
    days: Days = ALWAYS


@dataclass(frozen=True, slots=True)
class Change:
    """One parameter given another value, in the words it was written in."""

    parameter: str
    before: str
    after: str


def amend_parameters(
    loaded: LoadedRuleset, settings: AnyMapping[str, str]
) -> tuple[LoadedRuleset, tuple[Change, ...]]:
    """Return the ruleset with parameters set to new values on every day, and the changes made.

    Raises :class:`InputError` for a parameter that does not exist or a setting that changes
    nothing; the value itself is judged when the result is checked.
    """
    made = [
        Setting(name, Scalar(text, Span(f"{name}={text}", 1, 1), exact=False))
        for name, text in settings.items()
    ]
    amended, changes = set_parameters(loaded, made)
    idle = [item for item in changes if item.before == item.after]
    if idle:
        arguments = [{"name": x.parameter, "value": x.after} for x in idle]
        raise InputError([Diagnostic("setting-has-no-effect", each) for each in arguments])
    return amended, changes


def set_parameters(
    loaded: LoadedRuleset, settings: AnySequence[Setting]
) -> tuple[LoadedRuleset, tuple[Change, ...]]:
    """Return the ruleset with every setting made, and what each changed.

    The digest of its file stays what it was; that of its meaning tells it apart.
    Raises :class:`InputError` for a parameter that does not exist.
    """
    root = _copy(loaded.source.root)
    declared = dict(_list_declared(root))
    found = [_refuse_unknown(x, declared) for x in settings if not _is_known(x, declared)]
    if found:
        raise InputError(found)
    changes = tuple(_set_value(declared, setting) for setting in settings)
    source = Source(loaded.source.name, loaded.source.text, root)
    return shape_ruleset(source, loaded.source_digest), changes


def list_targets(loaded: LoadedRuleset) -> list[str]:
    """Return the name of every value that can be set: `fee`, `cap[small]`, `rate[2]`."""
    declared = _list_declared(loaded.source.root)
    return [target for name, node in declared for target in _list_targets(name, node)]


def _refuse_unknown(setting: Setting, declared: AnyMapping[str, Mapping]) -> Diagnostic:
    known = [target for name, node in declared.items() for target in _list_targets(name, node)]
    near = suggest_name(setting.target, known)
    return Diagnostic("unknown-parameter", {"name": setting.target, "near": near})


def _is_known(setting: Setting, declared: AnyMapping[str, Mapping]) -> bool:
    name, _ = split_target(setting.target)
    whole = isinstance(setting.value, Sequence) and setting.target == name
    if name not in declared:
        return False
    return whole or setting.target in _list_targets(name, declared[name])


def split_target(target: str) -> tuple[str, str]:
    """Split `cap[small]` into the parameter's name and the part of it; none where it is whole."""
    name, _, inner = target.partition("[")
    return name, inner.removesuffix("]")


def _list_targets(name: str, declared: Mapping) -> list[str]:
    """Return each value there is in some block: of a parameter, its cells or its brackets."""
    parts = (part for block in list_blocks(declared) for part in _list_parts(block))
    return [f"{name}[{part}]" if part else name for part in dict.fromkeys(parts)]


def _list_parts(block: Mapping) -> Iterator[str]:
    held = {str(key): value for key, value in block.items()}
    if "table" in held:
        yield from _list_cells(held["table"])
    elif "brackets" in held:
        yield from (str(number) for number in range(1, len(held["brackets"]) + 1))
    else:
        yield ""


def _list_cells(table: Mapping) -> Iterator[str]:
    for option, inner in table.items():
        if isinstance(inner, Mapping):
            yield from (f"{option}, {more}" for more in _list_cells(inner))
        else:
            yield str(option)


def _set_value(declared: AnyMapping[str, Mapping], setting: Setting) -> Change:
    name, part = split_target(setting.target)
    node = declared[name]
    blocks = list_blocks(node) if setting.days == ALWAYS else cut_blocks(node, setting.days)
    before: list[str] = []
    for block in blocks:
        place, key = find_value(block, part)
        before.append(_tell(place[key]) if key in place else "unset")
        place[key] = setting.value
    told = " / ".join(dict.fromkeys(before))
    return Change(setting.target, told, _tell(setting.value))


def _tell(node: Any) -> str:  # noqa: ANN401 - a node of any kind
    """Return a value in the words it was written in, a list of options or brackets in one line."""
    if isinstance(node, Sequence):
        return "; ".join(_tell(item) for item in node)
    if isinstance(node, Mapping):
        return ", ".join(f"{key} {_tell(value)}" for key, value in node.items())
    return str(node)


def _list_declared(root: Mapping) -> Iterator[tuple[str, Mapping]]:
    """Yield every parameter declared, in whichever provision, by its name."""
    waiting = [dict(root).get("provisions")]  # type: ignore[call-overload]
    while waiting:
        for provision in waiting.pop() or ():
            if isinstance(provision, Mapping):
                parts = {str(key): value for key, value in provision.items()}
                for name, declared in (parts.get("parameters") or {}).items():
                    yield str(name), declared
                waiting.append(parts.get("provisions"))


def _copy(node: Mapping) -> Mapping:
    copied: Mapping = copy_node(node)
    return copied
