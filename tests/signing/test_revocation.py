"""No file is called genuine before every certificate in it has a stored answer on its revocation."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import crl, ocsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore

from ecabinet.common import clock
from signing.authority import identities
from signing.authority.demo import DemoAuthority
from signing.authority.identities import Identity
from signing.loop import run
from signing.pades import deferred
from signing.pades.deferred import DIGEST, INVISIBLE, SignatureField
from signing.trust import PLENTY
from signing.validation import ValidationReport, Verdict, validate

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Paper:
    """A file under one authority, and what is done to it step by step."""

    path: Path
    authority: DemoAuthority
    signer: Identity

    def sign(self, *, stamped: bool = False) -> None:
        certificates = [as_asn1(self.signer.certificate)]
        prepared = deferred.prepare(
            self.path,
            SignatureField("Seal"),
            certificates,
            moment=clock.now(),
            token_bytes=PLENTY if stamped else 0,
        )
        raw = self.signer.key.sign(prepared.attributes, ec.ECDSA(hashes.SHA256()))
        stamper = self.authority.timestamper if stamped else None
        deferred.embed(self.path, prepared, raw, certificates, stamper)

    def store(
        self,
        *answers: bytes,
        lists: tuple[bytes, ...] = (),
        certificates: tuple[x509.Certificate, ...] = (),
    ) -> None:
        """Answers go in as a validator's stored data."""
        with self.path.open("r+b") as handle:
            writer = IncrementalPdfFileWriter(handle)
            DocumentSecurityStore.supply_dss_in_writer(
                writer,
                None,
                certs=[as_asn1(each) for each in certificates],
                ocsps=[ocsp.OCSPResponse.load(each) for each in answers],
                crls=[crl.CertificateList.load(each) for each in lists],
            )
            writer.write_in_place()

    def stamp(self) -> None:
        """A document timestamp and nothing beside it."""
        stamper = PdfTimeStamper(self.authority.timestamper, invis_settings=INVISIBLE)
        with self.path.open("r+b") as handle:
            writer = IncrementalPdfFileWriter(handle)
            run(stamper.async_timestamp_pdf(writer, DIGEST, in_place=True))

    def about_signer(self) -> bytes:
        return self.authority.ocsp_response(self.signer.certificate)

    def about_stamps(self) -> bytes:
        return self.authority.ocsp_response(self.authority.tsa_certificate)

    def report(self) -> ValidationReport:
        return validate(self.path, trust=[self.authority.root_asn1])

    def verdict(self) -> tuple[Verdict, set[str]]:
        """The verdict, and every reason that speaks against "genuine"."""
        report = self.report()
        good = {"intact", "trusted", "longterm", "demo", "timestamp_pending"}
        return report.verdict, {reason.code for reason in report.reasons} - good


UNANSWERED = (Verdict.UNKNOWN, {"revocation_unknown"})
GENUINE = (Verdict.GENUINE, set[str]())


def as_asn1(certificate: x509.Certificate) -> asn1.Certificate:
    return asn1.Certificate.load(certificate.public_bytes(Encoding.DER))


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    authority, key = DemoAuthority(tmp_path / "authority"), identities.new_key()
    name = identities.subject_name("Trần Quốc Khải")
    certificate = authority.issue_signer(key.public_key(), name, since=clock.now() - 400 * DAY)
    path = tmp_path / "paper.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(path)
    return Paper(path, authority, Identity(key, certificate))


both = pytest.mark.parametrize("stamped", [False, True], ids=["B-B", "B-T"])


@both
def test_a_signature_alone_has_no_answer(paper: Paper, stamped: bool) -> None:
    paper.sign(stamped=stamped)
    assert paper.verdict() == UNANSWERED


@both
def test_a_document_timestamp_is_no_answer(paper: Paper, stamped: bool) -> None:
    paper.sign(stamped=stamped)
    paper.stamp()
    assert paper.verdict() == UNANSWERED


@both
@pytest.mark.parametrize("asked", ["about_signer", "about_stamps"])
def test_the_answer_on_one_certificate_does_not_do_for_another(
    paper: Paper, stamped: bool, asked: str
) -> None:
    paper.sign(stamped=stamped)
    paper.store(getattr(paper, asked)())
    paper.stamp()
    assert paper.verdict() == UNANSWERED


@both
def test_with_an_answer_on_each_it_is_genuine(paper: Paper, stamped: bool) -> None:
    paper.sign(stamped=stamped)
    paper.store(paper.about_signer(), paper.about_stamps())
    paper.stamp()
    assert paper.verdict() == GENUINE
    assert paper.report().level == "B-LTA"


@both
def test_a_revocation_list_is_an_answer_too(paper: Paper, stamped: bool) -> None:
    paper.sign(stamped=stamped)
    paper.store(lists=(paper.authority.crl(),))
    paper.stamp()
    assert paper.verdict() == GENUINE


@both
@pytest.mark.parametrize("by_list", [False, True], ids=["OCSP", "CRL"])
def test_a_signer_revoked_before_is_named(paper: Paper, stamped: bool, by_list: bool) -> None:
    paper.authority.revoke(paper.signer.certificate.serial_number, clock.now() - DAY)
    paper.sign(stamped=stamped)
    if by_list:
        paper.store(lists=(paper.authority.crl(),))
    else:
        paper.store(paper.about_signer(), paper.about_stamps())
    paper.stamp()
    assert paper.verdict() == (Verdict.UNKNOWN, {"revoked"})


@both
def test_an_authority_of_time_revoked_before_is_named(paper: Paper, stamped: bool) -> None:
    paper.authority.revoke(paper.authority.tsa_certificate.serial_number, clock.now() - DAY)
    paper.sign(stamped=stamped)
    paper.store(paper.about_signer(), paper.about_stamps())
    paper.stamp()
    verdict, reasons = paper.verdict()
    assert (verdict, "revoked" in reasons) == (Verdict.UNKNOWN, True)


@both
def test_a_stale_answer_is_none(paper: Paper, stamped: bool) -> None:
    with clock.starting_at(clock.now() - 60 * DAY):
        old = paper.about_signer()
    paper.sign(stamped=stamped)
    paper.store(old, paper.about_stamps())
    paper.stamp()
    assert paper.verdict() == UNANSWERED


def test_revoked_after_the_signatures_timestamp_it_stays_genuine(paper: Paper) -> None:
    """The answers are collected later, and tell of a revocation after the proven moment of signing."""
    with clock.starting_at(clock.now() - 3 * DAY):
        paper.sign(stamped=True)
    paper.authority.revoke(paper.signer.certificate.serial_number, clock.now() - DAY)
    paper.store(paper.about_signer(), paper.about_stamps())
    paper.stamp()
    assert paper.verdict() == GENUINE


@both
def test_expired_when_the_answers_came(paper: Paper, stamped: bool) -> None:
    """Signed in time: only the signature's own timestamp, with an answer of that time, proves it."""
    moment = paper.signer.certificate.not_valid_after_utc - DAY
    with clock.starting_at(moment):
        paper.sign(stamped=stamped)
        answer = paper.about_signer()
    with clock.starting_at(moment + 3 * DAY):
        paper.store(answer, paper.about_stamps())
        paper.stamp()
        assert paper.verdict() == (GENUINE if stamped else (Verdict.UNKNOWN, {"expired"}))


def test_expired_and_never_answered_for(paper: Paper) -> None:
    moment = paper.signer.certificate.not_valid_after_utc - DAY
    with clock.starting_at(moment):
        paper.sign(stamped=True)
    with clock.starting_at(moment + 3 * DAY):
        paper.store(paper.about_stamps())
        paper.stamp()
        assert paper.verdict() == UNANSWERED


def test_a_renewal_with_fresh_answers_carries_on(paper: Paper) -> None:
    paper.sign(stamped=True)
    paper.store(paper.about_signer(), paper.about_stamps())
    paper.stamp()
    with clock.starting_at(clock.now() + 3 * 365 * DAY):
        paper.store(paper.about_stamps())
        paper.stamp()
        assert paper.verdict() == GENUINE


def test_a_renewal_without_answers_is_not_believed(paper: Paper) -> None:
    paper.sign(stamped=True)
    paper.store(paper.about_signer(), paper.about_stamps())
    paper.stamp()
    with clock.starting_at(clock.now() + 3 * 365 * DAY):
        paper.stamp()
        assert paper.verdict() == UNANSWERED


def test_a_strangers_answer_is_none(paper: Paper, tmp_path: Path) -> None:
    stranger = DemoAuthority(tmp_path / "stranger")
    paper.sign(stamped=True)
    paper.store(stranger.ocsp_response(paper.signer.certificate), paper.about_stamps())
    paper.stamp()
    assert paper.verdict() == UNANSWERED


@pytest.mark.parametrize("answered", [False, True])
def test_the_issuer_between_needs_an_answer_too(paper: Paper, answered: bool) -> None:
    above = certified(None, identities.new_key(), identities.subject_name("Root of roots"))
    root = paper.authority.root
    between = certified(above, root.key, root.certificate.subject)
    paper.sign(stamped=True)
    paper.store(
        paper.about_signer(),
        paper.about_stamps(),
        lists=(list_of(above),) if answered else (),
        certificates=(between.certificate,),
    )
    paper.stamp()
    report = validate(paper.path, trust=[as_asn1(above.certificate)])
    assert report.verdict == (Verdict.GENUINE if answered else Verdict.UNKNOWN)
    assert ("revocation_unknown" in {reason.code for reason in report.reasons}) is not answered


@both
def test_an_issuer_revoked_is_named(paper: Paper, stamped: bool) -> None:
    above = certified(None, identities.new_key(), identities.subject_name("Root of roots"))
    root = paper.authority.root
    between = certified(above, root.key, root.certificate.subject)
    paper.sign(stamped=stamped)
    paper.store(
        paper.about_signer(),
        paper.about_stamps(),
        lists=(list_of(above, between.certificate),),
        certificates=(between.certificate,),
    )
    paper.stamp()
    report = validate(paper.path, trust=[as_asn1(above.certificate)])
    assert report.verdict == Verdict.UNKNOWN
    assert {reason.code for reason in report.reasons} == {"issuer_revoked"}


@both
def test_the_answers_hold_for_decades_and_end_with_the_last_timestamp(paper: Paper, stamped: bool) -> None:
    paper.sign(stamped=stamped)
    paper.store(paper.about_signer(), paper.about_stamps())
    paper.stamp()
    for years in (1, 6, 12):
        with clock.starting_at(clock.now() + years * 365 * DAY):
            assert paper.verdict() == GENUINE, years
    with clock.starting_at(clock.now() + 20 * 365 * DAY):
        verdict, reasons = paper.verdict()
        assert (verdict, "expired" in reasons) == (Verdict.UNKNOWN, True)


def test_checking_asks_nobody(paper: Paper, tmp_path: Path) -> None:
    """A certificate may name any address: a file of a stranger must not make the site call it."""
    with listening() as (address, calls):
        key = identities.new_key()
        name = identities.subject_name("Trần Quốc Khải")
        extensions = [identities.signer_extensions()[0], (access_to(address), False)]
        issued = identities.issue(
            paper.authority.root, name, key.public_key(), clock.now() - DAY, years=1, extensions=extensions
        )
        asking = Paper(paper.path, paper.authority, Identity(key, issued))
        asking.sign(stamped=True)
        assert asking.verdict() == UNANSWERED
        assert validate(asking.path, trust=[]).verdict == Verdict.UNKNOWN
        assert calls == []


def access_to(address: str) -> x509.AuthorityInformationAccess:
    place = x509.UniformResourceIdentifier(address)
    methods = (AuthorityInformationAccessOID.OCSP, AuthorityInformationAccessOID.CA_ISSUERS)
    return x509.AuthorityInformationAccess([x509.AccessDescription(each, place) for each in methods])


@contextmanager
def listening() -> Iterator[tuple[str, list[object]]]:
    """An address on this machine, and who called it."""
    calls: list[object] = []

    def answer() -> None:
        while True:
            try:
                connection, caller = server.accept()
            except OSError:
                return
            calls.append(caller)
            connection.close()

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/", calls
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def certified(above: Identity | None, key: ec.EllipticCurvePrivateKey, subject: x509.Name) -> Identity:
    """An authority of certificates: a root, or one between under ``above``."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(above.certificate.subject if above else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(clock.now() - 900 * DAY)
        .not_valid_after(clock.now() + 9000 * DAY)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    )
    return Identity(key, builder.sign(above.key if above else key, hashes.SHA256()))


def list_of(issuer: Identity, *revoked: x509.Certificate) -> bytes:
    """``issuer``'s revocation list, fresh: the ``revoked`` since yesterday."""
    now = clock.now()
    builder = x509.CertificateRevocationListBuilder(issuer.certificate.subject, now - HOUR, now + 7 * DAY)
    for each in revoked:
        entry = x509.RevokedCertificateBuilder(each.serial_number, now - DAY).build()
        builder = builder.add_revoked_certificate(entry)
    key_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
    builder = builder.add_extension(key_id, critical=False).add_extension(x509.CRLNumber(1), critical=False)
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)
