"""Each signature of a file by itself: cryptography, trust, time, and what came after it."""

from __future__ import annotations

from datetime import datetime

from asn1crypto import x509
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate, AdESPassed, AdESSubIndic
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from signing.validation import changes
from signing.validation.detail import detail, plain
from signing.validation.judgement import (
    File,
    is_timestamp,
    judge_signature,
    judge_timestamp,
    stamps_after,
    tokens_belong,
    tokens_of,
)
from signing.validation.report import Code, Reason, Role, SignatureReport

CRYPTO_FAILURES = (AdESFailure.HASH_FAILURE, AdESFailure.SIG_CRYPTO_FAILURE, AdESFailure.FORMAT_FAILURE)


async def examine(signature: EmbeddedPdfSignature, file: File) -> tuple[SignatureReport, list[Reason]]:
    """A report on one signature and its bad findings; raises what pyHanko raises on broken content."""
    stamp = is_timestamp(signature)
    judge = judge_timestamp if stamp else judge_signature
    indication, time, proven = await judge(signature, file)
    signature.compute_integrity_info(skip_diff=True)
    coverage = signature.evaluate_signature_coverage()
    allowed = coverage >= SignatureCoverageLevel.ENTIRE_REVISION and (
        _followed_by_ours_only(signature, file) or changes.allowed(signature)
    )
    report = _report(signature, file, indication, time, proven=proven, allowed=allowed)
    findings = _findings(report, indication, coverage)
    if not stamp and not await tokens_belong(signature, file):
        findings.append(Reason("token", {"signer": report.signer}))
    return report, findings


def _followed_by_ours_only(signature: EmbeddedPdfSignature, file: File) -> bool:
    """We made it ourselves, and all that came after it; one that was there before is analysed in full."""
    return file.ours is not None and _covered(signature) > file.ours


def _covered(signature: EmbeddedPdfSignature) -> int:
    start, length = (int(each) for each in list(signature.byte_range)[-2:])
    return start + length


def _level(signature: EmbeddedPdfSignature, file: File) -> str:
    stamps = stamps_after(signature, file)
    stored = file.stored_knowledge
    if not tokens_of(signature) and not stamps:
        return "B-B"
    if not (stored.known_ocsps or stored.known_crls):
        return "B-T"
    return "B-LTA" if stamps else "B-LT"


def _report(
    signature: EmbeddedPdfSignature,
    file: File,
    indication: AdESSubIndic,
    time: datetime | None,
    *,
    proven: bool,
    allowed: bool,
) -> SignatureReport:
    stamp = is_timestamp(signature)
    certificate: x509.Certificate = signature.signer_cert
    names = certificate.subject.native
    organisation = plain(names.get("organization_name", ""))
    signer = plain(names.get("common_name", organisation))
    person = Role.SEAL if organisation and organisation == signer else Role.PERSON
    level = "" if stamp else _level(signature, file)
    return SignatureReport(
        name=plain(signature.field_name),
        role=Role.TIMESTAMP if stamp else person,
        signer=signer,
        title=plain(names.get("title", "")),
        organisation=organisation,
        issuer=plain(certificate.issuer.native.get("common_name", "")),
        serial=f"{certificate.serial_number:x}",
        time=time,
        time_proven=proven,
        level=level,
        intact=indication not in CRYPTO_FAILURES,
        trusted=indication == AdESPassed.OK,
        allowed=allowed,
        covers=_covered(signature),
        covers_all=_covered(signature) == file.size,
        indication=indication.standard_name,
        demo="DEMO" in str(certificate.issuer.native),
        detail=detail(signature, file, indication, time, proven=proven),
    )


_WORDS: dict[AdESSubIndic, Code] = {
    AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND: "signer_unknown",
    AdESIndeterminate.NO_SIGNING_CERTIFICATE_FOUND: "signer_unknown",
    AdESFailure.REVOKED: "revoked",
    AdESIndeterminate.REVOKED_NO_POE: "revoked",
    AdESIndeterminate.REVOKED_CA_NO_POE: "issuer_revoked",
    AdESIndeterminate.EXPIRED: "expired",
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE: "expired",
    AdESIndeterminate.TRY_LATER: "revocation_unknown",
    AdESIndeterminate.REVOCATION_OUT_OF_BOUNDS_NO_POE: "revocation_unknown",
}


def _findings(
    report: SignatureReport, indication: AdESSubIndic, coverage: SignatureCoverageLevel
) -> list[Reason]:
    params = {"signer": report.signer, "indication": report.indication}
    codes: list[Code] = []
    if not report.intact:
        codes.append("digest")
    elif coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        codes.append("coverage")
    elif not report.allowed:
        codes.append("objects")
    if report.intact and not report.trusted:
        codes.append(_WORDS.get(indication, "not_proven"))
    return [Reason(code, params) for code in codes]
