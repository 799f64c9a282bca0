"""A key in the person's own browser: its signatures come with the confirmation and are checked too."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ecabinet.accounts.gestures import DemoGesture
from ecabinet.common import blobs
from signing import actions, queries
from signing.authority import demo_authority
from signing.authority.identities import new_key, subject_name
from signing.custody import CustodyError
from signing.enums import EntryState, SessionState
from signing.models import Certificate, SigningSession
from signing.validation import validate
from tests.signing.conftest import Signers
from tests.signing.test_sessions import ask, opened


@pytest.fixture
def key(signers: Signers) -> ec.EllipticCurvePrivateKey:
    """The key in the browser; the person's only certificate is for it."""
    made, authority = new_key(), demo_authority()
    public = made.public_key()
    issued = authority.issue_signer(public, subject_name(signers.person.full_name))
    actions.disable_certificate(actor=None, certificate_id=signers.own.pk)
    spki = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    pem = [each.public_bytes(Encoding.PEM).decode() for each in (issued, authority.root.certificate)]
    Certificate.objects.create(
        user=signers.person,
        backend="device",
        key_ref=hashlib.sha256(spki).hexdigest(),
        subject=issued.subject.rfc4514_string(),
        serial=f"{issued.serial_number:x}",
        chain="".join(pem),
        not_before=issued.not_valid_before_utc,
        not_after=issued.not_valid_after_utc,
    )
    return made


def as_the_browser(key: ec.EllipticCurvePrivateKey, data: bytes) -> bytes:
    """WebCrypto gives r and s one behind the other."""
    r, s = decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def confirm(signers: Signers, session: SigningSession, signatures: dict[int, bytes]) -> None:
    actions.confirm_session(
        actor=signers.person, session_id=session.pk, gesture=DemoGesture(), signatures=signatures
    )


def test_its_signatures_are_put_in_and_hold(signers: Signers, key: ec.EllipticCurvePrivateKey) -> None:
    session = opened(signers, ask(signers, 1), ask(signers, 2))
    signatures = {place: as_the_browser(key, data) for place, data in queries.to_sign(session)}
    confirm(signers, session, signatures)
    actions.finish_session(session.pk)
    for entry in session.entries.select_related("request"):
        assert entry.state == EntryState.SIGNED
        [signature] = validate(blobs.path_of(entry.request.signed_sha256)).signatures
        assert (signature.intact, signature.signer) == (True, "Trần Quốc Khải")
    session.refresh_from_db()
    assert set(session.assertion) == {"method", "challenge"}


@pytest.mark.parametrize("fault", ["none", "one missing", "short", "other key", "other document"])
def test_what_the_browser_sends_wrong_signs_nothing(
    signers: Signers, key: ec.EllipticCurvePrivateKey, fault: str
) -> None:
    session = opened(signers, ask(signers, 1), ask(signers, 2))
    pieces = queries.to_sign(session)
    good = {place: as_the_browser(key, data) for place, data in pieces}
    sent = {
        "none": {},
        "one missing": {0: good[0]},
        "short": {**good, 1: good[1][:63]},
        "other key": {**good, 1: as_the_browser(new_key(), pieces[1][1])},
        "other document": {0: good[1], 1: good[0]},
    }[fault]
    with pytest.raises(CustodyError):
        confirm(signers, session, sent)
    session.refresh_from_db()
    assert session.state == SessionState.OPEN
    assert {entry.state for entry in session.entries.all()} == {EntryState.WAITING}
