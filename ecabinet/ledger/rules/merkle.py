"""The Merkle tree of RFC 6962 §2.1 and RFC 9162 §2.1, SHA-256.

A *node* is the hash of a complete subtree, named (level, index): it covers the leaves
``index << level`` up to ``(index + 1) << level``. A *range* (start, end) is any stretch of leaves
that the tree itself joins under one hash; it falls into O(log n) nodes. Proofs are first given as
ranges, so that a caller can fetch just the nodes they need, then as hashes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256

Node = tuple[int, int]
Range = tuple[int, int]
EMPTY_ROOT = sha256(b"").digest()
HASH_SIZE = 32


def leaf_hash(entry: bytes) -> bytes:
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """The largest power of two smaller than ``size`` (``size`` ≥ 2): where RFC 6962 cuts a tree."""
    return 1 << ((size - 1).bit_length() - 1)


def range_nodes(start: int, end: int) -> list[Node]:
    """The complete subtrees, left to right, that make up a range starting at a cut of the tree."""
    nodes = []
    while start < end:
        level = (end - start).bit_length() - 1
        nodes.append((level, start >> level))
        start += 1 << level
    return nodes


def range_hash(start: int, end: int, nodes: Mapping[Node, bytes]) -> bytes:
    """The hash of the leaves from ``start`` to ``end``; KeyError when a node is missing."""
    if start == end:
        return EMPTY_ROOT
    *left, last = (nodes[node] for node in range_nodes(start, end))
    for hash_ in reversed(left):
        last = node_hash(hash_, last)
    return last


def nodes_added_by(leaves: Iterable[bytes], size: int, frontier: Mapping[Node, bytes]) -> dict[Node, bytes]:
    """Nodes completed by appending leaf hashes to a tree of ``size`` leaves.

    ``frontier`` holds at least the nodes of ``range_nodes(0, size)``.
    """
    added: dict[Node, bytes] = {}
    for index, leaf in enumerate(leaves, size):
        node, hash_ = (0, index), leaf
        added[node] = hash_
        while node[1] % 2:
            sibling = (node[0], node[1] - 1)
            hash_ = node_hash(added.get(sibling) or frontier[sibling], hash_)
            node = (node[0] + 1, node[1] // 2)
            added[node] = hash_
    return added


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """Ranges whose hashes prove the leaf at ``index`` in a tree of ``size``, leaf's sibling first."""
    if not 0 <= index < size:
        raise ValueError("the leaf is not in the tree")
    ranges, start, end = [], 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def consistency_ranges(first: int, size: int) -> list[Range]:
    """Ranges whose hashes prove that the tree of ``first`` leaves is a beginning of that of ``size``."""
    if not 0 < first <= size:
        raise ValueError("the first tree must not be empty nor larger than the second")
    ranges: list[Range] = []
    start, end, whole = 0, size, True
    while end != first:
        middle = start + split(end - start)
        if first <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start, whole = middle, False
    if not whole:
        ranges.append((start, end))
    return ranges[::-1]


def hashes_of(ranges: Iterable[Range], nodes: Mapping[Node, bytes]) -> list[bytes]:
    return [range_hash(start, end, nodes) for start, end in ranges]


def nodes_of(ranges: Iterable[Range]) -> list[Node]:
    return [node for start, end in ranges for node in range_nodes(start, end)]


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root that the proof leads to, or None when it has not the form for this index and size.

    Source: RFC 9162 §2.1.3.2.
    """
    if not 0 <= index < size:
        return None
    position, last, hash_ = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return None
        if position % 2 or position == last:
            hash_ = node_hash(sibling, hash_)
            while position and not position % 2:
                position, last = position >> 1, last >> 1
        else:
            hash_ = node_hash(hash_, sibling)
        position, last = position >> 1, last >> 1
    return hash_ if last == 0 else None


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    return root_from_inclusion(leaf, index, size, proof) == root


def verify_consistency(first: int, first_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """True when the proof shows the first tree to be a beginning of the second. RFC 9162 §2.1.4.2."""
    if first == size:
        return not proof and first_root == root
    if not 0 < first < size or not proof:
        return False
    path = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    return _fold_consistency(first - 1, size - 1, path) == (first_root, root)


def _fold_consistency(position: int, last: int, path: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    while position % 2:
        position, last = position >> 1, last >> 1
    old = new = path[0]
    for hash_ in path[1:]:
        if last == 0:
            return None
        if position % 2 or position == last:
            old, new = node_hash(hash_, old), node_hash(hash_, new)
            while position and not position % 2:
                position, last = position >> 1, last >> 1
        else:
            new = node_hash(new, hash_)
        position, last = position >> 1, last >> 1
    return (old, new) if last == 0 else None


class Growing:
    """A tree that is walked leaf by leaf in O(log n) memory, to recompute roots from entries."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def push(self, leaf: bytes) -> None:
        position = self.size
        while position % 2:
            leaf = node_hash(self._peaks.pop(), leaf)
            position >>= 1
        self._peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        if not self._peaks:
            return EMPTY_ROOT
        *left, root = self._peaks
        for peak in reversed(left):
            root = node_hash(peak, root)
        return root


def roots(leaves: Iterable[bytes]) -> Iterator[bytes]:
    """The root after each leaf."""
    tree = Growing()
    for leaf in leaves:
        tree.push(leaf)
        yield tree.root()
