"""Comes in: a ruleset being written. Goes out: a fault for each place still to be filled in."""

from __future__ import annotations

from collections.abc import Iterator

from voucher_rules.checked.report import Report
from voucher_rules.ruleset.load import find_ref
from voucher_rules.ruleset.model import TO_DO
from voucher_rules.sources.tree import Mapping, Node, Path, Scalar, Sequence


def check_nothing_to_do(report: Report) -> None:
    """No value is the word for what an author has yet to write.

    Whatever else was found of such a place says no more, so it is left out.
    """
    root = report.source.root
    places = dict(_find_places(root, ()))
    if not places:
        return
    spans = {word.span for word in places.values()}
    report.found[:] = [item for item in report.found if item.span not in spans]
    for path, word in places.items():
        report.ref = find_ref(root, path)
        report.add("still-to-do", word)
    report.ref = ""


def _find_places(node: Node, path: Path) -> Iterator[tuple[Path, Scalar]]:
    if isinstance(node, Scalar):
        if node == TO_DO:
            yield path, node
    elif isinstance(node, Mapping):
        for key, value in node.items():
            yield from _find_places(value, (*path, key))
    elif isinstance(node, Sequence):
        for at, value in enumerate(node):
            yield from _find_places(value, (*path, at))
