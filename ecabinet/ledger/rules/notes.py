"""C2SP signed notes with Ed25519, and the tlog-checkpoint written in one.

Formats: ``c2sp.org/signed-note``, ``c2sp.org/tlog-checkpoint``; keys are written as Go's
``golang.org/x/mod/sumdb/note`` writes them, so that its tools can read them.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
DASH = "\N{EM DASH}"
MAX_NOTE = 100_000  # characters; 16 signatures of 5 kB fit
MAX_SIGNATURES = 100


class NoteError(ValueError):
    """The text is not a note, or no trusted key signed it."""


@dataclass(frozen=True)
class Verifier:
    """A public key under a name."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def vkey(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{encode(ED25519 + self.public)}"

    def accepts(self, text: str, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class Signer:
    """A private key under a name. ``seed`` is the 32 bytes of RFC 8032."""

    name: str
    seed: bytes

    @property
    def verifier(self) -> Verifier:
        key = Ed25519PrivateKey.from_private_bytes(self.seed)
        return Verifier(self.name, key.public_key().public_bytes_raw())

    def skey(self) -> str:
        """Go's text form of a private key: ``PRIVATE+KEY+<name>+<id>+<data>``."""
        return f"PRIVATE+KEY+{self.name}+{self.verifier.key_id.hex()}+{encode(ED25519 + self.seed)}"

    def sign(self, text: str) -> str:
        """The note: text, blank line, one signature line. The text must end with a newline."""
        if not text.endswith("\n") or not _plain(text):
            raise NoteError("a note's text ends with a newline and has no other control character")
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())
        return f"{text}\n{DASH} {self.name} {encode(self.verifier.key_id + signature)}\n"


def parse_vkey(vkey: str) -> Verifier:
    """Raises NoteError when the text is not the vkey of an Ed25519 key."""
    name, key_id, data = _key_parts(vkey.strip(), 0)
    verifier = Verifier(name, data)
    if verifier.key_id.hex() != key_id:
        raise NoteError("the key's id does not belong to the key")
    return verifier


def parse_skey(skey: str) -> Signer:
    """Raises NoteError when the text is not the private form of an Ed25519 key."""
    if not skey.startswith("PRIVATE+KEY+"):
        raise NoteError("not a private key")
    name, key_id, data = _key_parts(skey.strip(), 2)
    signer = Signer(name, data)
    if signer.verifier.key_id.hex() != key_id:
        raise NoteError("the key's id does not belong to the key")
    return signer


def open_note(note: str, verifiers: Iterable[Verifier]) -> str:
    """The text of a note signed by at least one of the verifiers and by none of them wrongly.

    Raises NoteError otherwise. Signatures of unknown keys are ignored.
    """
    text, signatures = _take_apart(note)
    trusted = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    good = False
    for name, key_id, signature in signatures:
        verifier = trusted.get((name, key_id))
        if verifier is None:
            continue
        if not verifier.accepts(text, signature):
            raise NoteError(f"the signature of {name} does not fit the text")
        good = True
    if not good:
        raise NoteError("no signature of a trusted key")
    return text


def _take_apart(note: str) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    if len(note) > MAX_NOTE or not _plain(note):
        raise NoteError("not a note: too long, or it has control characters")
    text, separator, tail = note.rpartition("\n\n")
    lines = tail.split("\n")
    if not separator or lines.pop() != "" or not 0 < len(lines) <= MAX_SIGNATURES:
        raise NoteError("not a note: no signature lines after a blank line")
    return text + "\n", [_signature_line(line) for line in lines]


def _signature_line(line: str) -> tuple[str, bytes, bytes]:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != DASH or not _is_name(parts[1]):
        raise NoteError("not a note: a signature line has another form")
    data = decode(parts[2])
    if len(data) < 5:
        raise NoteError("not a note: a signature is too short")
    return parts[1], data[:4], data[4:]


def _key_parts(text: str, skip: int) -> tuple[str, str, bytes]:
    parts = text.split("+", skip + 2)[skip:]
    if len(parts) != 3 or not _is_name(parts[0]):
        raise NoteError("not a key: it has the form name+id+data")
    data = decode(parts[2])
    if data[:1] != ED25519 or len(data) != 33:
        raise NoteError("not an Ed25519 key")
    return parts[0], parts[1], data[1:]


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(character.isspace() for character in name)


def _plain(text: str) -> bool:
    return all(character >= " " or character == "\n" for character in text)


def encode(data: bytes) -> str:
    return base64.b64encode(data).decode()


def decode(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError("not base64") from None
    if encode(data) != text:
        raise NoteError("not base64 in its one written form")
    return data


@dataclass(frozen=True)
class Head:
    """A tree head: which log, how many leaves, which root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{encode(self.root)}\n"


def parse_head(text: str) -> Head:
    """The head in a checkpoint's text, extension lines ignored; NoteError for any other text."""
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() != "" or not all(lines):
        raise NoteError("not a checkpoint: at least three lines, none empty")
    root = decode(lines[2])
    if len(root) != 32:
        raise NoteError("not a checkpoint: the root is not a SHA-256")
    return Head(lines[0], parse_number(lines[1]), root)


def open_checkpoint(note: str, verifiers: Iterable[Verifier]) -> Head:
    """The signed tree head; NoteError when it is not one or no trusted key signed it."""
    return parse_head(open_note(note, verifiers))


def unverified_head(note: str) -> Head:
    """The head a note claims, signatures not looked at: to say what is claimed, never to believe it."""
    return parse_head(_take_apart(note)[0])


def parse_number(text: str) -> int:
    """A decimal number without sign, spaces or leading zeroes, below 2⁶³."""
    if not (text.isascii() and text.isdigit()) or str(int(text[:20])) != text or int(text) >= 1 << 63:
        raise NoteError("not a decimal number")
    return int(text)
