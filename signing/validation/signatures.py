"""Each signature of a file by itself: cryptography, trust, time, and what came after it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from asn1crypto import cms, crl, ocsp, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate, AdESPassed, AdESSubIndic
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, ModificationLevel, SuspiciousModification
from pyhanko.sign.validation import ades
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    PdfSignatureValidationSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer

from ecabinet.common import clock
from signing.validation.report import Reason, Role, SignatureReport

CRYPTO_FAILURES = (AdESFailure.HASH_FAILURE, AdESFailure.SIG_CRYPTO_FAILURE, AdESFailure.FORMAT_FAILURE)


@dataclass(frozen=True)
class File:
    """The opened file: what every signature is judged against."""

    reader: PdfFileReader
    size: int
    roots: Sequence[x509.Certificate]

    @property
    def spec(self) -> SignatureValidationSpec:
        """Hard-fail on revocation: no answer is not a good answer."""
        policy = CertValidationPolicySpec(
            trust_manager=SimpleTrustManager.build(trust_roots=list(self.roots)),
            revinfo_policy=CertRevTrustPolicy(RevocationCheckingPolicy.from_legacy("hard-fail")),
        )
        usage = KeyUsageConstraints(
            key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False
        )
        return SignatureValidationSpec(cert_validation_policy=policy, key_usage_settings=usage)

    @cached_property
    def stored_knowledge(self) -> LocalKnowledge:
        """The certificates and revocation answers the file carries."""
        try:
            store = DocumentSecurityStore.read_dss(self.reader)
        except NoDSSFoundError:
            return LocalKnowledge()
        answers = [ocsp.OCSPResponse.load(each.get_object().data) for each in store.ocsps]
        lists = [CRLContainer(crl.CertificateList.load(each.get_object().data)) for each in store.crls]
        return LocalKnowledge(
            known_ocsps=[each for answer in answers for each in OCSPContainer.load_multi(answer)],
            known_crls=lists,
            known_certs=list(store.load_certs()),
        )


async def examine(signature: EmbeddedPdfSignature, file: File) -> tuple[SignatureReport, list[Reason]]:
    """A report on one signature and its bad findings; raises what pyHanko raises on broken content."""
    stamp = is_timestamp(signature)
    judge = _judge_timestamp if stamp else _judge_signature
    indication, time = await judge(signature, file)
    signature.compute_integrity_info(skip_diff=True)
    coverage = signature.evaluate_signature_coverage()
    allowed = coverage >= SignatureCoverageLevel.ENTIRE_REVISION and _later_changes_allowed(signature)
    report = _report(signature, file, indication, time, stamp=stamp, allowed=allowed)
    return report, _findings(report, indication, coverage)


async def _judge_signature(
    signature: EmbeddedPdfSignature, file: File
) -> tuple[AdESSubIndic, datetime | None]:
    if not _tokens(signature):
        return await _judge_unstamped(signature, file)
    result = await ades.ades_lta_validation(signature, PdfSignatureValidationSpec(file.spec))
    status = result.api_status
    intact = status is not None and status.intact and status.valid
    indication = result.ades_subindic if intact else AdESFailure.HASH_FAILURE
    stored = file.stored_knowledge
    if indication == AdESIndeterminate.NO_POE and not (stored.known_ocsps or stored.known_crls):
        indication = await _without_a_past(signature, file)
    stamped = result.best_signature_time if indication == AdESPassed.OK else None
    return indication, stamped or signature.self_reported_timestamp


async def _without_a_past(signature: EmbeddedPdfSignature, file: File) -> AdESSubIndic:
    """Where the file stores no revocation answers its past cannot be proven: what is said of the present,
    as a rule that revocation is not known yet. A certificate that names no source of answers passes even
    a hard-fail policy, and that is no answer either.
    """
    result = await ades.ades_basic_validation(
        signature.signed_data, file.spec, raw_digest=signature.compute_digest()
    )
    said: AdESSubIndic = result.ades_subindic
    return AdESIndeterminate.TRY_LATER if said == AdESPassed.OK else said


async def _judge_unstamped(
    signature: EmbeddedPdfSignature, file: File
) -> tuple[AdESSubIndic, datetime | None]:
    """A signature that got no timestamp of its own: judged at the first document timestamp after it.

    That timestamp is judged by itself; without one the moment is now.
    """
    proven = min((_stamp_time(each) for each in _stamps_after(signature, file)), default=None)
    moment = proven or clock.now()
    timing = ValidationTimingInfo(moment, moment, point_in_time_validation=proven is not None)
    result = await ades.ades_basic_validation(
        signature.signed_data,
        dataclasses.replace(file.spec, local_knowledge=file.stored_knowledge),
        timing_info=timing,
        raw_digest=signature.compute_digest(),
    )
    status = result.api_status
    intact = status is not None and status.intact and status.valid
    indication: AdESSubIndic = result.ades_subindic if intact else AdESFailure.HASH_FAILURE
    return indication, proven or signature.self_reported_timestamp


async def _judge_timestamp(
    signature: EmbeddedPdfSignature, file: File
) -> tuple[AdESSubIndic, datetime | None]:
    spec = dataclasses.replace(file.spec, local_knowledge=file.stored_knowledge)
    result = await ades.ades_timestamp_validation(signature.signed_data, spec, signature.compute_digest)
    status = result.api_status
    intact = status is not None and status.intact and status.valid
    return (result.ades_subindic if intact else AdESFailure.HASH_FAILURE), _stamp_time(signature)


def _stamp_time(stamp: EmbeddedPdfSignature) -> datetime:
    time: datetime = stamp.signed_data["encap_content_info"]["content"].parsed["gen_time"].native
    return time


def _stamps_after(signature: EmbeddedPdfSignature, file: File) -> list[EmbeddedPdfSignature]:
    """The document timestamps of later revisions."""
    stamps = [each for each in file.reader.embedded_signatures if is_timestamp(each)]
    return [each for each in stamps if each.signed_revision > signature.signed_revision]


def is_timestamp(signature: EmbeddedPdfSignature) -> bool:
    return bool(signature.sig_object.get("/Type") == "/DocTimeStamp")


def _later_changes_allowed(signature: EmbeddedPdfSignature) -> bool:
    """Difference analysis under the certification's permissions; a timestamp forbids nothing by itself."""
    result = signature.evaluate_modifications(DEFAULT_DIFF_POLICY)
    return not isinstance(result, SuspiciousModification) and result.modification_level <= (
        ModificationLevel.FORM_FILLING
    )


def _tokens(signature: EmbeddedPdfSignature) -> list[cms.SignedData]:
    return list(extract_tst_data_iter(signature.signer_info, signed=False))


def _covered(signature: EmbeddedPdfSignature) -> int:
    start, length = (int(each) for each in list(signature.byte_range)[-2:])
    return start + length


def _level(signature: EmbeddedPdfSignature, file: File) -> str:
    stamps = _stamps_after(signature, file)
    stored = file.stored_knowledge
    if not _tokens(signature) and not stamps:
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
    stamp: bool,
    allowed: bool,
) -> SignatureReport:
    certificate: x509.Certificate = signature.signer_cert
    names = certificate.subject.native
    organisation = str(names.get("organization_name", ""))
    signer = str(names.get("common_name", organisation))
    person = Role.SEAL if organisation and organisation == signer else Role.PERSON
    level = "" if stamp else _level(signature, file)
    return SignatureReport(
        name=str(signature.field_name),
        role=Role.TIMESTAMP if stamp else person,
        signer=signer,
        title=str(names.get("title", "")),
        organisation=organisation,
        issuer=str(certificate.issuer.native.get("common_name", "")),
        serial=f"{certificate.serial_number:x}",
        time=time,
        time_proven=stamp or level not in ("", "B-B"),
        level=level,
        intact=indication not in CRYPTO_FAILURES,
        trusted=indication == AdESPassed.OK,
        allowed=allowed,
        covers=_covered(signature),
        covers_all=_covered(signature) == file.size,
        indication=indication.standard_name,
        demo="DEMO" in str(certificate.issuer.native),
    )


_WORDS: dict[AdESSubIndic, str] = {
    AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND: "signer_unknown",
    AdESIndeterminate.NO_SIGNING_CERTIFICATE_FOUND: "signer_unknown",
    AdESFailure.REVOKED: "revoked",
    AdESIndeterminate.REVOKED_NO_POE: "revoked",
    AdESIndeterminate.EXPIRED: "expired",
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE: "expired",
    AdESIndeterminate.TRY_LATER: "revocation_unknown",
    AdESIndeterminate.REVOCATION_OUT_OF_BOUNDS_NO_POE: "revocation_unknown",
}


def _findings(
    report: SignatureReport, indication: AdESSubIndic, coverage: SignatureCoverageLevel
) -> list[Reason]:
    params = {"signer": report.signer, "indication": report.indication}
    codes = []
    if not report.intact:
        codes.append("digest")
    elif coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        codes.append("coverage")
    elif not report.allowed:
        codes.append("objects")
    if report.intact and not report.trusted:
        codes.append(_WORDS.get(indication, "not_proven"))
    return [Reason(code, params) for code in codes]
