"""From the wish for a certificate to its end: who may do what, in which order, and with how many eyes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import NameOID
from django.db import IntegrityError, transaction
from django.utils import translation

from ecabinet.accounts.enums import Role
from ecabinet.accounts.models import User
from ecabinet.accounts.roles import roles_of
from ecabinet.common import clock
from ecabinet.common.errors import Denied, DomainError, WrongState
from ecabinet.ledger.models import LedgerEntry
from signing import actions, custody, rules
from signing.authority import csr, demo_authority
from signing.authority.adapter import AuthorityError
from signing.custody import Authorisation, Entry
from signing.enums import (
    CertificateRequestKind,
    CertificateRequestState,
    CertificateStatus,
    StatusReason,
)
from signing.models import Certificate, CertificateRequest, RegistrationOfficer
from signing.permissions import governed_agencies, managed_certificates, managed_requests, may_still_sign
from signing.queries import certificate_of, organisation_certificate
from tests.signing.register_cast import Register, assemble, person

State = CertificateRequestState


@pytest.fixture
def register(db: None) -> Register:
    return assemble()


@pytest.fixture
def on_device(monkeypatch: pytest.MonkeyPatch, settings: object) -> None:
    """A site that also allows keys on people's own devices; the browser part is not what is tested here."""
    names = {**settings.SIGNING_CUSTODY, "device": "tests.signing.device_keys.DeviceKeys"}  # type: ignore[attr-defined]  # pytest-django
    settings.SIGNING_CUSTODY = names  # type: ignore[attr-defined]  # pytest-django


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as refusal:
        act()
    return refusal.value.code


def device_request(key: object = None, digest: hashes.HashAlgorithm | None = None) -> str:
    key = key or ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Somebody else")])
    builder = x509.CertificateSigningRequestBuilder(name)
    return builder.sign(key, digest or hashes.SHA256()).public_bytes(Encoding.PEM).decode()  # type: ignore[arg-type]


def leaf(certificate: Certificate) -> x509.Certificate:
    return x509.load_pem_x509_certificates(certificate.chain.encode())[0]


# The tables.


@pytest.mark.parametrize(("status", "target"), list(product(CertificateStatus.values, repeat=2)))
def test_the_life_of_a_certificate(status: str, target: str) -> None:
    allowed = {
        ("active", "suspended"), ("active", "disabled"), ("active", "revoked"),
        ("suspended", "active"), ("suspended", "disabled"), ("suspended", "revoked"),
        ("disabled", "revoked"),
    }  # fmt: skip
    assert rules.certificate_may(status, target) == ((status, target) in allowed)


@pytest.mark.parametrize(("state", "target"), list(product(State.values, repeat=2)))
def test_the_life_of_a_request(state: str, target: str) -> None:
    allowed = {("requested", each) for each in ("approved", "refused", "withdrawn")}
    allowed |= {("approved", each) for each in ("issued", "refused", "withdrawn")}
    assert rules.request_may(state, target) == ((state, target) in allowed)


def test_every_reason_leads_somewhere_and_all_revoke() -> None:
    assert rules.REASONS["revoked"] == set(StatusReason.values)
    assert rules.REASONS["suspended"] | rules.REASONS["disabled"] == set(StatusReason.values)
    assert not rules.reason_fits("suspended", "superseded")


# Four eyes.


def test_from_the_wish_to_the_certificate(register: Register) -> None:
    request = register.asked()
    assert (request.state, request.kind, request.csr) == (State.REQUESTED, CertificateRequestKind.NEW, "")
    assert request.agency == register.ministry
    request = actions.approve_request(actor=register.first, request_id=request.pk)
    wanted = csr.read(request.csr)
    assert request.key_digest == wanted.key_digest
    certificate = actions.issue_certificate(actor=register.first, request_id=request.pk)
    assert csr.key_digest(leaf(certificate).public_key()) == request.key_digest
    assert leaf(certificate).subject.get_attributes_for_oid(NameOID.TITLE)[0].value == "Bộ trưởng Bộ Y tế"
    assert certificate_of(register.minister) == certificate
    assert certificate.position == register.seat
    request.refresh_from_db()
    assert (request.state, request.certificate) == (State.ISSUED, certificate)
    acts = LedgerEntry.objects.filter(act__startswith="certificate.").order_by("id")
    assert [row.act for row in acts] == [
        "certificate.requested", "certificate.approved", "certificate.issued", "certificate.request_issued",
    ]  # fmt: skip
    entry = Entry("x", "0" * 64, b"data")
    [raw] = custody.backend("pkcs12").raw_sign(certificate.key_ref, [entry], Authorisation.of([entry]))
    key = leaf(certificate).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    key.verify(raw, b"data", ec.ECDSA(hashes.SHA256()))


def test_the_names_are_in_the_language_of_the_state(register: Register) -> None:
    with translation.override("en"):
        assert "Bộ trưởng" in register.issued().subject


def test_nobody_approves_their_own_wish(register: Register) -> None:
    request = register.asked(actor=register.first)
    assert refused(lambda: actions.approve_request(actor=register.first, request_id=request.pk)) == "denied"
    actions.approve_request(actor=register.second, request_id=request.pk)
    # The officer who asked may carry out what another approved.
    actions.issue_certificate(actor=register.first, request_id=request.pk)


def test_an_officer_decides_nothing_about_themselves(register: Register) -> None:
    actions.appoint_officer(actor=register.admin, user=register.minister, agency=register.ministry)
    request = register.asked(actor=register.first)
    for act in (actions.approve_request, actions.issue_certificate):
        assert refused(lambda act=act: act(actor=register.minister, request_id=request.pk)) == "denied"  # type: ignore[misc]
    refuse = lambda: actions.refuse_request(actor=register.minister, request_id=request.pk, reason="x")  # noqa: E731
    assert refused(refuse) == "denied"
    actions.approve_request(actor=register.second, request_id=request.pk)
    certificate = actions.issue_certificate(actor=register.second, request_id=request.pk)
    revoke = lambda: actions.revoke_certificate(  # noqa: E731
        actor=register.minister, certificate_id=certificate.pk, reason="loss"
    )
    assert refused(revoke) == "denied"


def test_a_seal_needs_three_people_two_of_them_officers(register: Register) -> None:
    def seal(actor: User) -> CertificateRequest:
        return actions.request_certificate(actor=actor, agency=register.ministry, backend="pkcs12")

    assert refused(lambda: seal(register.beside)) == "denied"
    request = seal(register.clerk)
    actions.approve_request(actor=register.first, request_id=request.pk)
    assert refused(lambda: actions.issue_certificate(actor=register.first, request_id=request.pk)) == "denied"
    certificate = actions.issue_certificate(actor=register.second, request_id=request.pk)
    assert organisation_certificate(register.ministry) == certificate
    again = seal(register.second)
    actions.approve_request(actor=register.first, request_id=again.pk)
    assert refused(lambda: actions.issue_certificate(actor=register.second, request_id=again.pk)) == "denied"


@pytest.mark.parametrize(
    "change",
    [
        {"approved_by": "minister"},
        {"approved_by": "clerk", "requested_by": "clerk"},
        {"state": "approved"},
        {"state": "issued", "approved_by": "first"},
        {"years": 6},
        {"position": None},
    ],
    ids=str,
)
def test_the_database_refuses_what_breaks_it(register: Register, change: dict[str, object]) -> None:
    request = register.asked()
    for name, value in change.items():
        setattr(request, name, getattr(register, value) if name.endswith("_by") else value)  # type: ignore[arg-type]
    with pytest.raises(IntegrityError), transaction.atomic():
        request.save()


# Which agencies.


@pytest.mark.parametrize(
    ("officer", "agency", "governs"),
    [
        ("first", "ministry", True),
        ("first", "department", True),
        ("first", "other", False),
        ("below", "department", True),
        ("below", "ministry", False),
        ("beside", "ministry", False),
        ("admin", "ministry", False),
        ("minister", "ministry", False),
    ],
)
def test_officers_act_for_their_agency_and_below(
    register: Register, officer: str, agency: str, governs: bool
) -> None:
    user, place = getattr(register, officer), getattr(register, agency)
    assert (place.pk in governed_agencies(user)) == governs


def test_the_same_policy_lists_and_allows(register: Register) -> None:
    certificate, request = register.issued(), register.asked()
    for user in (register.beside, register.below, register.admin, register.minister):
        assert not managed_requests(user).exists()
        assert not managed_certificates(user).exists()
        with pytest.raises(Denied):
            actions.approve_request(actor=user, request_id=request.pk)
        with pytest.raises(Denied):
            actions.suspend_certificate(actor=user, certificate_id=certificate.pk, reason="loss")
    assert request in managed_requests(register.first)
    assert list(managed_certificates(register.first)) == [certificate]


def test_a_certificate_without_an_office_is_its_agencys_all_the_same(register: Register) -> None:
    old = actions.issue_demo_certificate(actor=None, user=register.minister)
    Certificate.objects.update(position=None)
    assert list(managed_certificates(register.first)) == [old]
    assert not managed_certificates(register.beside).exists()


def test_nobody_appoints_themselves(register: Register) -> None:
    for actor in (register.admin, register.first):
        with pytest.raises(Denied):
            actions.appoint_officer(actor=actor, user=actor, agency=register.ministry)
    with pytest.raises(Denied):
        actions.appoint_officer(actor=register.first, user=register.clerk, agency=register.ministry)
    with pytest.raises(IntegrityError), transaction.atomic():
        RegistrationOfficer.objects.create(
            user=register.clerk, agency=register.other, since=clock.today(), appointed_by=register.clerk
        )
    again = lambda: actions.appoint_officer(  # noqa: E731
        actor=register.admin, user=register.first, agency=register.ministry
    )
    assert refused(again) == "already_officer"


def test_a_delegation_ends_at_once(register: Register) -> None:
    request = register.asked()
    assert Role.REGISTRAR in roles_of(register.first)
    officer = register.first.registration_offices.get()
    assert refused(lambda: actions.end_officer(actor=register.first, officer_id=officer.pk)) == "denied"
    actions.end_officer(actor=register.admin, officer_id=officer.pk)
    assert Role.REGISTRAR not in roles_of(register.first)
    assert refused(lambda: actions.approve_request(actor=register.first, request_id=request.pk)) == "denied"
    assert (
        refused(lambda: actions.end_officer(actor=register.admin, officer_id=officer.pk)) == "officer_ended"
    )
    User.objects.filter(pk=register.second.pk).update(is_active=False)
    assert not governed_agencies(User.objects.get(pk=register.second.pk))


# The wish.


def test_one_wish_at_a_time(register: Register) -> None:
    request = register.asked()
    assert refused(register.asked) == "already_requested"
    actions.withdraw_request(actor=register.minister, request_id=request.pk)
    again = register.asked()
    assert refused(lambda: actions.withdraw_request(actor=register.clerk, request_id=again.pk)) == "denied"
    late = lambda: actions.approve_request(actor=register.first, request_id=request.pk)  # noqa: E731
    assert refused(late) == "request_settled"


def test_who_asks_for_whom(register: Register) -> None:
    assert refused(lambda: register.asked(actor=register.clerk)) == "denied"
    assert refused(lambda: register.asked(actor=register.beside)) == "denied"
    nobody = person("nobody", "Nobody")
    wish = {"actor": nobody, "user": nobody}
    assert refused(lambda: register.asked(**wish)) == "no_office"
    assert refused(lambda: register.asked(years=6)) == "bad_years"
    assert refused(lambda: register.asked(backend="drawer")) == "custody_unknown"
    assert refused(lambda: register.asked(csr_pem=device_request())) == "csr_not_wanted"
    assert not CertificateRequest.objects.exists()


def test_a_refusal_has_a_reason_and_leaves_no_key(register: Register) -> None:
    request = register.asked()
    empty = lambda: actions.refuse_request(actor=register.first, request_id=request.pk, reason=" ")  # noqa: E731
    assert refused(empty) == "reason_missing"
    request = actions.refuse_request(actor=register.first, request_id=request.pk, reason="Sai tên")
    assert (request.state, request.reason, request.key_ref) == (State.REFUSED, "Sai tên", "")
    assert refused(lambda: actions.issue_certificate(actor=register.first, request_id=request.pk)) == (
        "request_settled"
    )


def test_nothing_is_issued_before_it_is_approved(register: Register) -> None:
    request = register.asked()
    assert refused(lambda: actions.issue_certificate(actor=register.first, request_id=request.pk)) == (
        "request_settled"
    )
    assert not Certificate.objects.exists()


# Keys made on the holder's device.


def test_a_key_of_the_device_is_certified_under_the_registers_names(
    register: Register, on_device: None
) -> None:
    request = register.asked(actor=register.first, backend="device")
    early = lambda: actions.approve_request(actor=register.second, request_id=request.pk)  # noqa: E731
    assert refused(early) == "csr_missing"
    pem = device_request()
    by_officer = lambda: actions.supply_csr(actor=register.first, request_id=request.pk, csr_pem=pem)  # noqa: E731
    assert refused(by_officer) == "denied"
    actions.supply_csr(actor=register.minister, request_id=request.pk, csr_pem=pem)
    again = lambda: actions.supply_csr(  # noqa: E731
        actor=register.minister, request_id=request.pk, csr_pem=device_request()
    )
    assert refused(again) == "csr_there"
    actions.approve_request(actor=register.second, request_id=request.pk)
    certificate = actions.issue_certificate(actor=register.second, request_id=request.pk)
    assert "Đặng Quỳnh Chi" in certificate.subject
    assert "Somebody else" not in certificate.subject


def test_a_key_is_certified_once_whoever_shows_its_request(register: Register, on_device: None) -> None:
    pem = device_request()
    request = register.asked(backend="device", csr_pem=pem)
    actions.refuse_request(actor=register.first, request_id=request.pk, reason="x")
    stolen = lambda: actions.request_certificate(  # noqa: E731
        actor=register.clerk, user=register.clerk, backend="device", csr_pem=pem
    )
    assert refused(stolen) == "key_used"
    assert not CertificateRequest.objects.filter(user=register.clerk).exists()


def _forged() -> str:
    """A request whose signature is another key's."""
    der = bytearray(x509.load_pem_x509_csr(device_request().encode()).public_bytes(Encoding.DER))
    der[-1] ^= 1
    import base64

    body = base64.encodebytes(bytes(der)).decode()
    return f"-----BEGIN CERTIFICATE REQUEST-----\n{body}-----END CERTIFICATE REQUEST-----\n"


@pytest.mark.parametrize(
    "pem",
    [
        "nonsense",
        "-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----\n",
        _forged(),
        device_request(ec.generate_private_key(ec.SECP384R1())),
        device_request(rsa.generate_private_key(65537, 2048)),
        device_request() + "x" * 9000,
    ],
    ids=["no pem", "cut", "forged", "other curve", "rsa", "too long"],
)
def test_an_unsound_request_is_refused(register: Register, on_device: None, pem: str) -> None:
    assert refused(lambda: register.asked(backend="device", csr_pem=pem)) == "csr_bad"


# The end of it.


def test_a_renewal_takes_the_place_of_the_old(register: Register) -> None:
    old = register.issued()
    request = register.asked()
    assert request.kind == CertificateRequestKind.RENEWAL
    actions.approve_request(actor=register.first, request_id=request.pk)
    new = actions.issue_certificate(actor=register.second, request_id=request.pk)
    old.refresh_from_db()
    assert (old.status, old.status_reason, old.renewed_by) == ("disabled", "superseded", new)
    assert certificate_of(register.minister) == new
    assert csr.key_digest(leaf(old).public_key()) != csr.key_digest(leaf(new).public_key())


def answer(certificate: Certificate) -> ocsp.OCSPResponse:
    return ocsp.load_der_ocsp_response(demo_authority().ocsp_response(leaf(certificate)))


def test_a_loss_stops_signing_at_once_and_only_officers_lift_it(register: Register) -> None:
    certificate = register.issued()
    now = clock.now()
    assert may_still_sign(certificate, register.minister, now)
    assert (
        refused(lambda: actions.report_loss(actor=register.first, certificate_id=certificate.pk)) == "denied"
    )
    actions.report_loss(actor=register.minister, certificate_id=certificate.pk)
    assert not may_still_sign(certificate, register.minister, now)  # the object in hand still says active
    assert answer(certificate).revocation_reason == x509.ReasonFlags.certificate_hold
    lift = lambda by: actions.resume_certificate(actor=by, certificate_id=certificate.pk)  # noqa: E731
    assert refused(lambda: lift(register.minister)) == "denied"
    lift(register.first)
    assert may_still_sign(certificate, register.minister, now)
    assert answer(certificate).certificate_status == ocsp.OCSPCertStatus.GOOD
    assert refused(lambda: lift(register.first)) == "certificate_not_active"


def test_what_was_renewed_meanwhile_is_not_resumed(register: Register) -> None:
    old = register.issued()
    actions.report_loss(actor=register.minister, certificate_id=old.pk)
    new = register.issued()
    old.refresh_from_db()
    assert (old.status, old.renewed_by) == (CertificateStatus.SUSPENDED, new)
    lift = lambda: actions.resume_certificate(actor=register.first, certificate_id=old.pk)  # noqa: E731
    assert refused(lift) == "certificate_renewed"


def test_a_revocation_is_for_good_and_told_to_the_authority(register: Register) -> None:
    certificate = register.issued()
    revoke = lambda reason: actions.revoke_certificate(  # noqa: E731
        actor=register.first, certificate_id=certificate.pk, reason=reason
    )
    assert refused(lambda: revoke("mood")) == "reason_missing"
    assert refused(lambda: revoke("")) == "reason_missing"
    revoked = revoke("departure")
    assert (revoked.status, revoked.status_reason) == ("revoked", "departure")
    assert answer(certificate).revocation_reason == x509.ReasonFlags.affiliation_changed
    with pytest.raises(WrongState):
        revoke("departure")
    lift = lambda: actions.resume_certificate(actor=register.first, certificate_id=certificate.pk)  # noqa: E731
    assert refused(lift) == "certificate_not_active"


class AwayAuthority:
    """An authority whose line is down."""

    online = True

    def __getattr__(self, name: str) -> Callable[..., object]:
        def away(*args: object) -> object:
            raise AuthorityError("authority_away", "away")

        return away


def test_with_the_authority_away_a_loss_still_counts_and_a_revocation_says_so(
    register: Register, settings: object
) -> None:
    certificate, request = register.issued(), register.asked()
    actions.approve_request(actor=register.first, request_id=request.pk)
    settings.SIGNING_AUTHORITY = f"{__name__}.AwayAuthority"  # type: ignore[attr-defined]  # pytest-django
    revoke = lambda: actions.revoke_certificate(  # noqa: E731
        actor=register.first, certificate_id=certificate.pk, reason="loss"
    )
    assert refused(revoke) == "authority_away"
    certificate.refresh_from_db()
    assert certificate.status == CertificateStatus.ACTIVE
    assert refused(lambda: actions.issue_certificate(actor=register.second, request_id=request.pk)) == (
        "authority_away"
    )
    request.refresh_from_db()
    assert request.state == State.APPROVED
    actions.report_loss(actor=register.minister, certificate_id=certificate.pk)
    certificate.refresh_from_db()
    assert certificate.status == CertificateStatus.SUSPENDED


@pytest.mark.parametrize("moment", [timedelta(days=-1), timedelta(days=6 * 366)])
def test_outside_its_dates_it_signs_nothing(register: Register, moment: timedelta) -> None:
    certificate = register.issued()
    assert not may_still_sign(certificate, register.minister, clock.now() + moment)


def test_it_signs_for_its_holder_only_and_while_they_may_sign_in(register: Register) -> None:
    certificate = register.issued()
    assert not may_still_sign(certificate, register.clerk, clock.now())
    User.objects.filter(pk=register.minister.pk).update(is_active=False)
    assert not may_still_sign(certificate, register.minister, clock.now())
