"""Distinguished encoding (X.690): whether bytes are the one right way to write their values.

A reader of the more liberal basic rules takes many spellings of the same value; here there is one, so
that no byte can be altered without altering a value. Takes time proportional to the length.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

CONSTRUCTED = 0x20
SEQUENCE, SET = 0x30, 0x31
HIGHEST_UNIVERSAL = 0x3F
MOST_LENGTH_OCTETS = 4

_UTC_TIME = re.compile(rb"\d{12}Z")  # §11.8
_GENERALIZED_TIME = re.compile(rb"\d{14}(\.\d*[1-9])?Z")  # §11.7


@dataclass(frozen=True)
class Element:
    """One tag with its contents; ``encoded`` is both with the length between them."""

    tag: int
    contents: bytes
    encoded: bytes


def is_distinguished(data: bytes) -> bool:
    """``data`` is exactly one element in DER, all the way down."""
    try:
        found = list(_elements(data))
    except ValueError:
        return False
    return len(found) == 1 and _is_right(found[0])


def outer_length(der: bytes) -> int:
    """The length of the first element, a sequence, with its header. Raises ValueError when it has none."""
    if not der or der[0] != SEQUENCE:
        raise ValueError("not a DER sequence")
    header, length = _header(der)
    return header + length


def _elements(data: bytes) -> Iterator[Element]:
    """One element after the other to the last byte; raises ValueError."""
    place = 0
    while place < len(data):
        header, length = _header(data[place : place + 2 + MOST_LENGTH_OCTETS])
        end = place + header + length
        if end > len(data):
            raise ValueError("an element ends too late")
        yield Element(data[place], data[place + header : end], data[place:end])
        place = end


def _header(data: bytes) -> tuple[int, int]:
    """(octets of tag and length, octets of the contents); only short tags and definite, shortest lengths."""
    if len(data) < 2 or data[0] & 0x1F == 0x1F:
        raise ValueError("no short tag with a length")
    if data[1] < 0x80:
        return 2, data[1]
    octets = data[1] - 0x80
    written = data[2 : 2 + octets]
    if not 1 <= octets <= MOST_LENGTH_OCTETS or len(written) < octets:
        raise ValueError("no definite length")
    length = int.from_bytes(written, "big")
    if length < 0x80 or written[0] == 0:
        raise ValueError("a length longer than needed")
    return 2 + octets, length


def _is_right(element: Element) -> bool:
    if element.tag & CONSTRUCTED:
        return _is_right_inside(element)
    check = _PRIMITIVES.get(element.tag)
    return check is None or check(element.contents)


def _is_right_inside(element: Element) -> bool:
    if element.tag <= HIGHEST_UNIVERSAL and element.tag not in (SEQUENCE, SET):
        return False  # strings in pieces belong to the basic rules
    try:
        inside = list(_elements(element.contents))
    except ValueError:
        return False
    if element.tag == SET and not in_order([each.encoded for each in inside]):
        return False
    return all(_is_right(each) for each in inside)


def in_order(encoded: list[bytes]) -> bool:
    """The order of a SET OF (§11.6)."""
    return encoded == sorted(encoded)


def _is_integer(contents: bytes) -> bool:
    """§8.3.2: the first nine bits are not all the same."""
    if len(contents) < 2:
        return bool(contents)
    return not (contents[0] in (0, 0xFF) and contents[0] >> 7 == contents[1] >> 7)


def _is_bit_string(contents: bytes) -> bool:
    """§11.2.1: unused bits are zero."""
    if not contents or contents[0] > 7 or (len(contents) == 1 and contents[0]):
        return False
    return len(contents) == 1 or not contents[-1] & ((1 << contents[0]) - 1)


def _is_object_identifier(contents: bytes) -> bool:
    """§8.19.2: each number in the fewest octets, the last one ended."""
    if not contents or contents[-1] & 0x80:
        return False
    starts = [0, *(place + 1 for place, octet in enumerate(contents[:-1]) if not octet & 0x80)]
    return all(contents[place] != 0x80 for place in starts)


def _never(_contents: bytes) -> bool:
    return False


_PRIMITIVES: dict[int, Callable[[bytes], bool]] = {
    0x00: _never,  # an end mark of the basic rules
    0x01: lambda contents: contents in (b"\x00", b"\xff"),
    0x02: _is_integer,
    0x03: _is_bit_string,
    0x05: lambda contents: contents == b"",
    0x06: _is_object_identifier,
    0x0A: _is_integer,
    0x17: lambda contents: bool(_UTC_TIME.fullmatch(contents)),
    0x18: lambda contents: bool(_GENERALIZED_TIME.fullmatch(contents)),
    SEQUENCE & ~CONSTRUCTED: _never,
    SET & ~CONSTRUCTED: _never,
}
