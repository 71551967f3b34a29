"""Comes in: the leaves of a log, one by one. Goes out: the root of their tree, proofs, verdicts.

The tree is that of RFC 6962 (and RFC 9162, section 2.1) over SHA-256. Every node a proof needs is
the root of a run of leaves, so a proof is made in one pass over them, in O(log n) memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final, TypeAlias

Run: TypeAlias = tuple[int, int]
"""The leaves from the first number up to, and without, the second."""

EMPTY_ROOT: Final = hashlib.sha256().digest()
_LEAF: Final = b"\0"
_NODE: Final = b"\1"
_SIZE: Final = hashlib.sha256().digest_size


def hash_leaf(data: bytes) -> bytes:
    """Return the hash of a leaf that holds ``data``."""
    return hashlib.sha256(_LEAF + data).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    """Return the hash of the node above two others."""
    return hashlib.sha256(_NODE + left + right).digest()


class Tree:
    """A tree that leaves are added to; it keeps one hash for each bit of its size."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        """Add a leaf by its hash."""
        self._peaks.append(leaf)
        self.size += 1
        full = self.size
        while full % 2 == 0:
            right = self._peaks.pop()
            self._peaks.append(hash_node(self._peaks.pop(), right))
            full //= 2

    def root(self) -> bytes:
        """Return the root of what was added until now."""
        if not self._peaks:
            return EMPTY_ROOT
        root = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            root = hash_node(peak, root)
        return root

    def copy(self) -> Tree:
        """Return a tree of the same leaves that grows on its own."""
        made = Tree()
        made.size, made._peaks = self.size, self._peaks.copy()
        return made


def hash_leaves(leaves: Iterable[bytes]) -> bytes:
    """Return the root of the tree over hashes of leaves."""
    tree = Tree()
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()


def prove_inclusion(leaves: Iterable[bytes], index: int, size: int) -> list[bytes]:
    """Prove that the leaf ``index`` (from 0) stands in the tree of the first ``size`` leaves.

    ``leaves`` are the hashes of at least ``size`` leaves. Raises ValueError where there are fewer
    or ``index`` is none of them.
    """
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} among {size}")
    return _hash_runs(leaves, _plan_inclusion(index, 0, size), size)


def name_sides(index: int, size: int) -> list[str]:
    """Return on which side each hash of a proof of inclusion stands: ``left`` or ``right``.

    Raises ValueError where ``index`` is none of ``size`` leaves.
    """
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} among {size}")
    runs = _plan_inclusion(index, 0, size)
    return ["right" if begin > index else "left" for begin, _ in runs]


def prove_consistency(leaves: Iterable[bytes], first: int, second: int) -> list[bytes]:
    """Prove that the tree of ``second`` leaves begins with the tree of ``first`` leaves.

    Nothing needs to be proven of the empty tree, nor of a tree and itself: both proofs are empty.
    Raises ValueError where ``first`` is the larger one, or there are too few leaves.
    """
    if not 0 <= first <= second:
        raise ValueError(f"no tree of {first} leaves begins one of {second}")
    plan = _plan_consistency(first, 0, second, known=True) if 0 < first < second else []
    return _hash_runs(leaves, plan, second)


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Tell whether ``proof`` shows that ``leaf`` (its hash) is leaf ``index`` of ``size``."""
    if not 0 <= index < size or _holds_no_hashes([leaf, *proof]):
        return False
    place, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if place % 2 or place == last:
            found = hash_node(step, found)
            while place % 2 == 0 and place:
                place, last = place // 2, last // 2
        else:
            found = hash_node(found, step)
        place, last = place // 2, last // 2
    return last == 0 and found == root


def verify_consistency(
    first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Tell whether ``proof`` shows that a tree of ``second`` leaves begins with one of ``first``.

    A root that no leaves can have, such as another one for no leaves at all, shows nothing.
    """
    if not 0 <= first <= second or _holds_no_hashes(proof):
        return False
    if (first == 0 and first_root != EMPTY_ROOT) or (second == 0 and second_root != EMPTY_ROOT):
        return False
    if first in {0, second}:
        return not proof and (first == 0 or first_root == second_root)
    return _join_consistency(first, second, proof, first_root) == (first_root, second_root)


def _join_consistency(
    first: int, second: int, proof: Sequence[bytes], first_root: bytes
) -> tuple[bytes, bytes] | None:
    """Return both roots as a proof has them; None where it is too long or too short."""
    steps = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    if not steps:
        return None
    place, last = first - 1, second - 1
    while place % 2:
        place, last = place // 2, last // 2
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return None
        if place % 2 or place == last:
            old, new = hash_node(step, old), hash_node(step, new)
            while place % 2 == 0 and place:
                place, last = place // 2, last // 2
        else:
            new = hash_node(new, step)
        place, last = place // 2, last // 2
    return (old, new) if last == 0 else None


def _holds_no_hashes(hashes: Iterable[bytes]) -> bool:
    return any(len(item) != _SIZE for item in hashes)


def _split(size: int) -> int:
    """Return how many leaves stand left of the top of a tree: the largest power of 2 below."""
    return 1 << (size - 1).bit_length() - 1


def _plan_inclusion(index: int, begin: int, end: int) -> list[Run]:
    """Return the runs of leaves whose roots lead from a leaf to the root, from below."""
    if end - begin == 1:
        return []
    middle = begin + _split(end - begin)
    if index < middle:
        return [*_plan_inclusion(index, begin, middle), (middle, end)]
    return [*_plan_inclusion(index, middle, end), (begin, middle)]


def _plan_consistency(first: int, begin: int, end: int, *, known: bool) -> list[Run]:
    """Return the runs whose roots make up both trees; ``known`` where the old root is at hand."""
    if first == end:
        return [] if known else [(begin, end)]
    middle = begin + _split(end - begin)
    if first <= middle:
        return [*_plan_consistency(first, begin, middle, known=known), (middle, end)]
    return [*_plan_consistency(first, middle, end, known=False), (begin, middle)]


def _hash_runs(leaves: Iterable[bytes], runs: Sequence[Run], size: int) -> list[bytes]:
    """Return the root of each run. The runs do not overlap, so one pass gives them all."""
    roots: dict[Run, bytes] = {}
    rest, place = iter(leaves), 0
    for begin, end in sorted(runs):
        place += _count(islice(rest, begin - place))
        tree = Tree()
        for leaf in islice(rest, end - begin):
            tree.append(leaf)
        roots[begin, end] = tree.root()
        place += tree.size
    if place + _count(islice(rest, size - place)) < size:
        raise ValueError(f"there are fewer than {size} leaves")
    return [roots[run] for run in runs]


def _count(items: Iterable[object]) -> int:
    return sum(1 for _ in items)
