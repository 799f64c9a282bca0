"""Whatever a service says about a key is read, or refused in words: nothing else happens."""

from __future__ import annotations

import base64
import contextlib
import copy
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from signing.authority.identities import new_key, subject_name
from signing.custody import CustodyError
from signing.custody.csc_credential import read_credential


def _issued() -> bytes:
    """A certificate that issued itself, DER."""
    key, name = new_key(), subject_name("Anybody")
    builder = x509.CertificateBuilder(name, name, key.public_key(), 7)
    builder = builder.not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
    builder = builder.not_valid_after(datetime(2036, 1, 1, tzinfo=UTC))
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


DER = _issued()
TEXT = base64.b64encode(DER).decode()
INFO = {
    "key": {"status": "enabled", "algo": ["1.2.840.10045.4.3.2"]},
    "cert": {"status": "valid", "certificates": [TEXT, TEXT]},
    "auth": {"mode": "explicit", "objects": [{"type": "Password", "id": "PIN"}]},
    "SCAL": "2",
    "multisign": 1,
}
WORDS = st.sampled_from(["enabled", "valid", "2", "explicit", "Password", TEXT, "AAAA"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
PLACES = [(name,) for name in INFO] + [
    ("key", "status"),
    ("key", "algo"),
    ("cert", "status"),
    ("cert", "certificates"),
    ("auth", "mode"),
    ("auth", "objects"),
    ("auth", "objects", 0),
    ("auth", "objects", 0, "id"),
    ("auth", "objects", 0, "type"),
    ("auth", "objects", 0, "label"),
]


def test_it_is_read() -> None:
    credential = read_credential("x", INFO)
    assert credential.answers("12 34") == [{"id": "PIN", "value": "12 34"}]


@given(place=st.sampled_from(PLACES), value=JSON)
def test_any_value_in_any_place(place: tuple[Any, ...], value: Any) -> None:
    changed: Any = copy.deepcopy(INFO)
    inner = changed
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    with contextlib.suppress(CustodyError):
        read_credential("x", changed).answers("1")


@pytest.mark.filterwarnings("ignore:Parsed a serial number")
@given(place=st.integers(0, len(DER) - 1), byte=st.integers(0, 255))
def test_any_byte_of_a_certificate(place: int, byte: int) -> None:
    der = bytearray(DER)
    der[place] = byte
    changed = base64.b64encode(bytes(der)).decode()
    for certificates in ([changed], [changed, TEXT], [TEXT, changed]):
        with contextlib.suppress(CustodyError):
            read_credential("x", INFO | {"cert": {"certificates": certificates}})
