"""RFC 6962 trees and proofs, held against a second, naive implementation."""

from __future__ import annotations

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from ecabinet.ledger.rules import merkle

# The reference entries and roots of certificate-transparency's own tests.
REFERENCE = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
REFERENCE_ROOT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def naive_root(entries: list[bytes]) -> bytes:
    """The definition of RFC 6962 §2.1, word by word."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    k = 1
    while k * 2 < len(entries):
        k *= 2
    return sha256(b"\x01" + naive_root(entries[:k]) + naive_root(entries[k:])).digest()


def tree(size: int) -> tuple[list[bytes], dict[merkle.Node, bytes]]:
    entries = [b"entry %d" % number for number in range(size)]
    return entries, merkle.nodes_added_by(map(merkle.leaf_hash, entries), 0, {})


def test_root_of_the_reference_entries() -> None:
    nodes = merkle.nodes_added_by(map(merkle.leaf_hash, REFERENCE), 0, {})
    assert merkle.range_hash(0, 8, nodes).hex() == REFERENCE_ROOT
    assert merkle.range_hash(0, 0, {}) == sha256(b"").digest()


def test_every_size_has_the_root_of_the_definition() -> None:
    entries, nodes = tree(70)
    roots = list(merkle.roots(map(merkle.leaf_hash, entries)))
    for size in range(1, 71):
        assert merkle.range_hash(0, size, nodes) == naive_root(entries[:size]) == roots[size - 1]


@given(st.lists(st.integers(1, 40), min_size=1, max_size=6))
def test_growing_in_batches_is_growing_at_once(batches: list[int]) -> None:
    entries, whole = tree(sum(batches))
    nodes: dict[merkle.Node, bytes] = {}
    size = 0
    for batch in batches:
        frontier = {node: nodes[node] for node in merkle.range_nodes(0, size)}
        leaves = [merkle.leaf_hash(entry) for entry in entries[size : size + batch]]
        nodes |= merkle.nodes_added_by(leaves, size, frontier)
        size += batch
    assert nodes == whole


def test_inclusion_of_every_leaf_in_every_size() -> None:
    entries, nodes = tree(40)
    for size in range(1, 41):
        root = naive_root(entries[:size])
        for index in range(size):
            proof = merkle.hashes_of(merkle.inclusion_ranges(index, size), nodes)
            assert merkle.verify_inclusion(merkle.leaf_hash(entries[index]), index, size, proof, root)


@given(st.data())
def test_no_inclusion_of_anything_else(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 300))
    index = data.draw(st.integers(0, size - 1))
    entries, nodes = tree(size)
    root, leaf = merkle.range_hash(0, size, nodes), merkle.leaf_hash(entries[index])
    proof = merkle.hashes_of(merkle.inclusion_ranges(index, size), nodes)
    assert merkle.verify_inclusion(leaf, index, size, proof, root)
    other = data.draw(st.integers(0, size - 1).filter(lambda number: number != index)) if size > 1 else None
    if other is not None:
        assert not merkle.verify_inclusion(leaf, other, size, proof, root)
        assert not merkle.verify_inclusion(leaf, index, size, proof[:-1], root)
        place = data.draw(st.integers(0, len(proof) - 1))
        wrong = [*proof[:place], merkle.leaf_hash(proof[place]), *proof[place + 1 :]]
        assert not merkle.verify_inclusion(leaf, index, size, wrong, root)
    assert not merkle.verify_inclusion(leaf, index, size, [*proof, root], root)
    assert not merkle.verify_inclusion(merkle.leaf_hash(b"other"), index, size, proof, root)
    assert not merkle.verify_inclusion(leaf, size, size, proof, root)


def test_consistency_of_every_pair_of_sizes() -> None:
    entries, nodes = tree(40)
    for size in range(1, 41):
        root = naive_root(entries[:size])
        for first in range(1, size + 1):
            proof = merkle.hashes_of(merkle.consistency_ranges(first, size), nodes)
            assert merkle.verify_consistency(first, naive_root(entries[:first]), size, root, proof)


@given(st.data())
def test_no_consistency_of_a_changed_history(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 200))
    first = data.draw(st.integers(1, size - 1))
    entries, nodes = tree(size)
    old, new = merkle.range_hash(0, first, nodes), merkle.range_hash(0, size, nodes)
    proof = merkle.hashes_of(merkle.consistency_ranges(first, size), nodes)
    assert merkle.verify_consistency(first, old, size, new, proof)
    assert not merkle.verify_consistency(first, merkle.leaf_hash(old), size, new, proof)
    assert not merkle.verify_consistency(first, old, size, merkle.leaf_hash(new), proof)
    assert not merkle.verify_consistency(first, old, size, new, proof[:-1])
    assert not merkle.verify_consistency(first, old, size, new, [*proof, new])
    entries[data.draw(st.integers(0, first - 1))] = b"changed"
    changed = merkle.nodes_added_by(map(merkle.leaf_hash, entries), 0, {})
    proof = merkle.hashes_of(merkle.consistency_ranges(first, size), changed)
    assert not merkle.verify_consistency(first, old, size, merkle.range_hash(0, size, changed), proof)
