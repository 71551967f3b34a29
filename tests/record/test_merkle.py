"""The tree: its published vectors, the definition of RFC 6962, and proofs that must not pass."""

from __future__ import annotations

import os
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voucher_rules.record.merkle import (
    EMPTY_ROOT,
    Tree,
    hash_leaf,
    hash_leaves,
    hash_node,
    prove_consistency,
    prove_inclusion,
    verify_consistency,
    verify_inclusion,
)

THOROUGHNESS = int(os.environ.get("VOUCHER_RULES_THOROUGHNESS", "1"))
MOST = 40 if THOROUGHNESS == 1 else 130

# The eight leaves that the reference implementation of Certificate Transparency is tested with,
# the hashes of its whole subtrees by level, and its roots by size.
INPUTS = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
NODES = [
    [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7",
        "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "4271a26be0d8a84f0bd54c8c302e7cb3a3b5d1fa6780a40bcce2873477dab658",
        "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
        "46f6ffadd3d06a09ff3c5860d2755c8b9819db7df44251788c7d8e3180de8eb1",
    ],
    [
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    ],
    [
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# (index, size) and the nodes of the path, each by level and place.
PATHS = {
    (0, 1): [],
    (0, 8): [(0, 1), (1, 1), (2, 1)],
    (5, 8): [(0, 4), (1, 3), (2, 0)],
    (2, 3): [(1, 0)],
    (1, 5): [(0, 0), (1, 1), (0, 4)],
}
CONSISTENCIES = {
    (1, 1): [],
    (1, 8): [(0, 1), (1, 1), (2, 1)],
    (6, 8): [(1, 2), (1, 3), (2, 0)],
    (2, 5): [(1, 1), (0, 4)],
}
LEAVES = [hash_leaf(data) for data in INPUTS]


def name_nodes(nodes: list[tuple[int, int]]) -> list[str]:
    return [NODES[level][place] for level, place in nodes]


def test_the_published_roots() -> None:
    tree = Tree()
    assert [tree.root().hex()] == ROOTS[:1]
    for leaf, expected in zip(LEAVES, ROOTS[1:], strict=True):
        tree.append(leaf)
        assert tree.root().hex() == expected
    assert [leaf.hex() for leaf in LEAVES] == NODES[0]


@pytest.mark.parametrize(("index", "size"), PATHS)
def test_the_published_inclusion_proofs(index: int, size: int) -> None:
    proof = prove_inclusion(LEAVES, index, size)
    assert [node.hex() for node in proof] == name_nodes(PATHS[index, size])
    assert verify_inclusion(LEAVES[index], index, size, proof, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("first", "second"), CONSISTENCIES)
def test_the_published_consistency_proofs(first: int, second: int) -> None:
    proof = prove_consistency(LEAVES, first, second)
    assert [node.hex() for node in proof] == name_nodes(CONSISTENCIES[first, second])
    old, new = bytes.fromhex(ROOTS[first]), bytes.fromhex(ROOTS[second])
    assert verify_consistency(first, second, old, new, proof)


# The definitions of RFC 6962, section 2.1, word for word and slow.


def make_data(size: int) -> list[bytes]:
    return [f"leaf {number}".encode() for number in range(size)]


DATA = make_data(MOST)


@cache
def define_root(begin: int, end: int) -> bytes:
    if begin == end:
        return EMPTY_ROOT
    if end - begin == 1:
        return hash_leaf(DATA[begin])
    middle = begin + define_split(end - begin)
    return hash_node(define_root(begin, middle), define_root(middle, end))


def define_split(size: int) -> int:
    split = 1
    while split * 2 < size:
        split *= 2
    return split


def define_path(index: int, begin: int, end: int) -> list[bytes]:
    if end - begin == 1:
        return []
    middle = begin + define_split(end - begin)
    if index < middle:
        return [*define_path(index, begin, middle), define_root(middle, end)]
    return [*define_path(index, middle, end), define_root(begin, middle)]


def define_proof(first: int, begin: int, end: int, *, known: bool = True) -> list[bytes]:
    if first == end:
        return [] if known else [define_root(begin, end)]
    middle = begin + define_split(end - begin)
    if first <= middle:
        left = define_proof(first, begin, middle, known=known)
        return [*left, define_root(middle, end)]
    right = define_proof(first, middle, end, known=False)
    return [*right, define_root(begin, middle)]


@pytest.mark.parametrize("size", range(MOST))
def test_every_tree_and_every_proof_is_as_defined(size: int) -> None:
    leaves = [hash_leaf(item) for item in DATA]
    root = define_root(0, size)
    assert hash_leaves(leaves[:size]) == root
    for index in range(size):
        path = prove_inclusion(leaves, index, size)
        assert path == define_path(index, 0, size)
        assert verify_inclusion(leaves[index], index, size, path, root)
    for first in range(1, size + 1):
        proof = prove_consistency(leaves, first, size)
        assert proof == define_proof(first, 0, size)
        assert verify_consistency(first, size, define_root(0, first), root, proof)


@pytest.mark.parametrize("size", [*range(2, 12), 16, 17])
def test_a_proof_serves_nothing_but_what_it_was_made_for(size: int) -> None:
    leaves = [hash_leaf(item) for item in make_data(size + 3)]
    roots = [hash_leaves(leaves[:count]) for count in range(size + 4)]
    for index in range(size):
        path = prove_inclusion(leaves, index, size)
        for other in range(size + 3):
            if other != index:
                assert not verify_inclusion(leaves[other], index, size, path, roots[size])
                assert not verify_inclusion(leaves[index], other, size, path, roots[size])
        for count in range(size + 4):
            if count != size:
                assert not verify_inclusion(leaves[index], index, size, path, roots[count])
        for part in [path[:-1], [*path, path[0]], path[::-1]]:
            if part != path:
                assert not verify_inclusion(leaves[index], index, size, part, roots[size])


@pytest.mark.parametrize("second", [*range(2, 12), 16, 17])
def test_a_consistency_proof_serves_nothing_but_its_two_trees(second: int) -> None:
    leaves = [hash_leaf(item) for item in make_data(second + 1)]
    roots = [hash_leaves(leaves[:count]) for count in range(second + 2)]
    for first in range(1, second):
        proof = prove_consistency(leaves, first, second)
        for other in range(1, second + 1):
            if other != first:
                verdict = verify_consistency(first, second, roots[other], roots[second], proof)
                assert not verdict
        assert not verify_consistency(first, second, roots[first], roots[second + 1], proof)
        assert not verify_consistency(first, second, roots[first], roots[first], proof)
        assert not verify_consistency(second, first, roots[second], roots[first], proof)
        for part in [proof[:-1], [*proof, proof[0]], [], proof[::-1]]:
            if part != proof:
                verdict = verify_consistency(first, second, roots[first], roots[second], part)
                assert not verdict


@settings(max_examples=60 * THOROUGHNESS, derandomize=THOROUGHNESS == 1, database=None)
@given(st.data())
def test_proofs_of_trees_of_any_size(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 600))
    first = data.draw(st.integers(1, size))
    index = data.draw(st.integers(0, size - 1))
    leaves = [hash_leaf(item) for item in make_data(size)]
    root = hash_leaves(leaves)
    path = prove_inclusion(iter(leaves), index, size)
    assert verify_inclusion(leaves[index], index, size, path, root)
    proof = prove_consistency(iter(leaves), first, size)
    old = hash_leaves(leaves[:first])
    assert verify_consistency(first, size, old, root, proof)
    if path:
        place = data.draw(st.integers(0, len(path) - 1))
        bit = 1 << data.draw(st.integers(0, 7))
        path[place] = bytes([path[place][0] ^ bit]) + path[place][1:]
        assert not verify_inclusion(leaves[index], index, size, path, root)
    if proof:
        place = data.draw(st.integers(0, len(proof) - 1))
        proof[place] = proof[place][:-1] + bytes([proof[place][-1] ^ 1])
        assert not verify_consistency(first, size, old, root, proof)


def test_a_tree_keeps_one_hash_for_each_bit_of_its_size() -> None:
    tree = Tree()
    for number in range(2000):
        tree.append(hash_leaf(b"%d" % number))
        assert len(tree._peaks) == tree.size.bit_count()


def test_a_copy_grows_on_its_own() -> None:
    trees = [Tree()]
    for leaf in LEAVES:
        trees.append(trees[-1].copy())
        trees[-1].append(leaf)
    assert [tree.root().hex() for tree in trees] == ROOTS
    assert all(one.size + 1 == other.size for one, other in pairwise(trees))


def test_a_tree_of_no_leaves_begins_every_tree() -> None:
    root = hash_leaves(LEAVES)
    assert prove_consistency(LEAVES, 0, 8) == []
    assert prove_consistency([], 0, 0) == []
    assert verify_consistency(0, 8, EMPTY_ROOT, root, [])
    assert verify_consistency(0, 0, EMPTY_ROOT, EMPTY_ROOT, [])
    assert not verify_consistency(0, 8, root, root, [])
    assert not verify_consistency(0, 0, EMPTY_ROOT, root, [])
    assert not verify_consistency(0, 8, EMPTY_ROOT, root, [root])


def test_a_tree_and_itself() -> None:
    root = hash_leaves(LEAVES)
    assert verify_consistency(8, 8, root, root, [])
    assert not verify_consistency(8, 8, root, LEAVES[0], [])
    assert not verify_consistency(8, 8, root, root, [root])


@pytest.mark.parametrize(("index", "size"), [(-1, 8), (8, 8), (0, 0), (0, 9), (8, 9)])
def test_no_proof_of_what_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match=r"no leaf|fewer"):
        prove_inclusion(LEAVES, index, size)
    assert not verify_inclusion(LEAVES[0], index, size, [], LEAVES[0])


@pytest.mark.parametrize(("first", "second"), [(-1, 8), (9, 8), (5, 9)])
def test_no_proof_of_trees_that_are_not_there(first: int, second: int) -> None:
    with pytest.raises(ValueError, match=r"no tree|fewer"):
        prove_consistency(LEAVES, first, second)
    assert not verify_consistency(first, second, LEAVES[0], LEAVES[0], [])


def test_what_is_no_hash_proves_nothing() -> None:
    # A node's own bytes in the place of a leaf's hash, or two hashes in the place of one.
    path = prove_inclusion(LEAVES, 0, 2)
    root = hash_leaves(LEAVES[:2])
    assert verify_inclusion(LEAVES[0], 0, 2, path, root)
    assert not verify_inclusion(LEAVES[0] + path[0], 0, 1, [], root)
    assert not verify_inclusion(LEAVES[0][:-1], 0, 2, [LEAVES[0][-1:] + path[0]], root)
    assert not verify_consistency(1, 2, LEAVES[0], root, [path[0] + b"\0"])
