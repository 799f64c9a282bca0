"""The texts that strangers' tools read: notes, checkpoints, proofs, tiles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecabinet.ledger.rules import merkle, notes, proofs, tiles
from ecabinet.ledger.rules.notes import Head, NoteError, Signer

SIGNER = Signer("example.gov.vn/ledger", bytes(range(32)))
# The key and the signed text that Go's note package documents.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_TEXT = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
)
PETER_NOTE = (
    PETER_TEXT
    + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFY"
    + "C2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_a_note_of_another_implementation_opens() -> None:
    verifier = notes.parse_vkey(PETER)
    assert verifier.vkey() == PETER
    assert notes.open_note(PETER_NOTE, [verifier]) == PETER_TEXT


def test_keys_survive_being_written_down() -> None:
    assert notes.parse_skey(SIGNER.skey()) == SIGNER
    assert notes.parse_vkey(SIGNER.verifier.vkey()) == SIGNER.verifier


@pytest.mark.parametrize(
    "text",
    [
        "", "a+b", "name+00000000+AAAA", PETER.replace("c74f", "c74e"), PETER.replace("Peter", "Pe ter"),
        PETER[:-4],
        "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ],
)  # fmt: skip
def test_what_is_no_key(text: str) -> None:
    with pytest.raises(NoteError):
        notes.parse_vkey(text)


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_any_changed_byte_of_a_note_is_refused(place: int, change: int) -> None:
    note = bytearray(SIGNER.sign(Head(SIGNER.name, 7, bytes(32)).text()).encode())
    note[place % len(note)] ^= change
    with pytest.raises((NoteError, UnicodeDecodeError)):
        notes.open_note(note.decode(), [SIGNER.verifier])


def test_signatures_of_strangers_are_ignored_but_do_not_help() -> None:
    text = Head(SIGNER.name, 7, bytes(32)).text()
    stranger = Signer("witness.example", bytes(32))
    witnessed = SIGNER.sign(text) + stranger.sign(text).removeprefix(text + "\n")
    assert notes.open_note(witnessed, [SIGNER.verifier]) == text
    assert notes.open_note(witnessed, [SIGNER.verifier, stranger.verifier]) == text
    with pytest.raises(NoteError):
        notes.open_note(stranger.sign(text), [SIGNER.verifier])
    with pytest.raises(NoteError):
        notes.open_note(witnessed, [])


def test_a_wrong_signature_of_a_known_key_spoils_the_note() -> None:
    text = Head(SIGNER.name, 7, bytes(32)).text()
    stranger = Signer("witness.example", bytes(32))
    other = Head(SIGNER.name, 8, bytes(32)).text()
    mixed = SIGNER.sign(text) + stranger.sign(other).removeprefix(other + "\n")
    with pytest.raises(NoteError):
        notes.open_note(mixed, [SIGNER.verifier, stranger.verifier])


def test_the_checkpoint_of_the_specification() -> None:
    root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
    text = f"example.com/behind-the-sofa\n20852163\n{root}\n"
    head = notes.parse_head(text)
    assert (head.origin, head.size, head.text()) == ("example.com/behind-the-sofa", 20852163, text)
    assert notes.parse_head(text + "an extension line\n") == head


@pytest.mark.parametrize(
    "text",
    ["a\n1\n", "a\n01\nAAAA\n", "a\n-1\nAAAA\n", "a\n1\nAAAA\n", "a\n1\nAAAA", "\n1\nAAAA\n", "a\n٣\nAAAA\n"],
)
def test_what_is_no_checkpoint(text: str) -> None:
    with pytest.raises(NoteError):
        notes.parse_head(text)


def proof_of(index: int, size: int) -> proofs.InclusionProof:
    entries = [b'{"n":%d}' % number for number in range(size)]
    nodes = merkle.nodes_added_by(map(merkle.leaf_hash, entries), 0, {})
    note = SIGNER.sign(Head(SIGNER.name, size, merkle.range_hash(0, size, nodes)).text())
    hashes = merkle.hashes_of(merkle.inclusion_ranges(index, size), nodes)
    return proofs.InclusionProof(index, entries[index], tuple(hashes), note)


@given(st.data())
def test_a_proof_survives_being_written_down_and_verifies(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 100))
    proof = proof_of(data.draw(st.integers(0, size - 1)), size)
    assert proofs.parse_proof(proof.text()) == proof
    assert proof.verify([SIGNER.verifier]).size == size


def test_a_proof_looks_as_the_specification_says() -> None:
    lines = proof_of(2, 3).text().split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert lines[1].startswith("extra ")
    assert lines[2] == "index 2"
    assert (len(lines[3]), lines[4]) == (44, "")
    assert lines[5:7] == [SIGNER.name, "3"]


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_any_changed_byte_of_a_proof_is_refused(place: int, change: int) -> None:
    text = bytearray(proof_of(5, 11).text().encode())
    text[place % len(text)] ^= change
    with pytest.raises((NoteError, UnicodeDecodeError)):
        proofs.parse_proof(text.decode()).verify([SIGNER.verifier])


@pytest.mark.parametrize(
    ("index", "width", "path"),
    [
        (0, 256, "tile/0/000"), (5, 12, "tile/0/005.p/12"), (999, 256, "tile/0/999"),
        (1000, 256, "tile/0/x001/000"), (1234067, 256, "tile/0/x001/x234/067"),
        (1234067, 1, "tile/0/x001/x234/067.p/1"),
    ],
)  # fmt: skip
def test_tile_paths(index: int, width: int, path: str) -> None:
    assert tiles.tile_path("0", index, width) == path


def test_the_tiles_of_the_specification() -> None:
    """A tree of 70,000 has 273 full and one 112-wide tile, one full and one 17-wide, one 1-wide."""
    by_level: dict[int, list[int]] = {}
    for tile in tiles.tiles_of(70_000):
        by_level.setdefault(tile.level, []).append(tile.width)
    assert by_level == {0: [256] * 273 + [112], 1: [256, 17], 2: [1]}
    assert [(tile.level, tile.width) for tile in tiles.tiles_of(256)] == [(0, 256), (1, 1)]


@given(st.lists(st.binary(max_size=300)))
def test_bundles_survive(entries: list[bytes]) -> None:
    bundle = tiles.pack_entries(entries)
    assert tiles.unpack_entries(bundle) == entries
    if bundle and entries[-1]:
        with pytest.raises(ValueError, match="cut off"):
            tiles.unpack_entries(bundle[:-1])
