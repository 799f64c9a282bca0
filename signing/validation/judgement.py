"""Whether a signature holds: its cryptography, its chain of trust, and an answer on every certificate.

Everything is judged at the first moment that proves it was there: a signature at its own timestamp or at
the first document timestamp after it, a document timestamp at the next one, and the last one at its own
moment (what the file stores is fresh only then), its certificate still being in force today.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from asn1crypto import cms, crl, ocsp, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate, AdESPassed, AdESSubIndic
from pyhanko.sign.validation import ades
from pyhanko.sign.validation.ades import AdESBasicValidationResult
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter, message_imprint_checker
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.policy_decl import (
    CertificateFetchingRule,
    LocalKnowledge,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import NO_REVOCATION, REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer

from ecabinet.common import clock

# An answer on revocation is asked for every certificate below a root, whether it names a source of answers
# or not; one made after the moment in question tells of that moment too.
ANSWERED = CertRevTrustPolicy(REQUIRE_REVINFO, retroactive_revinfo=True)
UNASKED = CertRevTrustPolicy(NO_REVOCATION)
# A certificate may name any address, and a stranger's file must not make this machine call it.
OFFLINE = RevocationInfoGatheringSpec(
    RevinfoOnlineFetchingRule.LOCAL_ONLY, certificate_fetching_rule=CertificateFetchingRule.NEVER_FETCH
)
USAGE = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False)


@dataclass(frozen=True)
class File:
    """The opened file: what every signature is judged against."""

    reader: PdfFileReader
    size: int
    roots: Sequence[x509.Certificate]
    ours: int | None = None  # from this byte on everything was added by our own pipeline

    @cached_property
    def spec(self) -> SignatureValidationSpec:
        """Trust in the roots, and an answer on every other certificate from what the file stores."""
        policy = CertValidationPolicySpec(
            trust_manager=SimpleTrustManager.build(trust_roots=list(self.roots)), revinfo_policy=ANSWERED
        )
        return SignatureValidationSpec(
            cert_validation_policy=policy,
            revinfo_gathering_policy=OFFLINE,
            local_knowledge=self.stored_knowledge,
            key_usage_settings=USAGE,
        )

    @cached_property
    def unasked(self) -> SignatureValidationSpec:
        """The same without a question about revocation."""
        policy = dataclasses.replace(self.spec.cert_validation_policy, revinfo_policy=UNASKED)
        return dataclasses.replace(self.spec, cert_validation_policy=policy)

    @cached_property
    def stamps(self) -> list[EmbeddedPdfSignature]:
        """The document timestamps, oldest first."""
        stamps = [each for each in self.reader.embedded_signatures if is_timestamp(each)]
        return sorted(stamps, key=lambda each: int(each.signed_revision))

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


Judgement = tuple[AdESSubIndic, datetime | None, bool]  # (indication, time, proven by a timestamp)
Check = Callable[[SignatureValidationSpec, datetime], Awaitable[AdESBasicValidationResult[Any]]]


async def judge_signature(signature: EmbeddedPdfSignature, file: File) -> Judgement:
    proven = next((_stamp_time(each.signed_data) for each in stamps_after(signature, file)), None)
    later = proven or clock.now()
    stamped = await _stamped(signature, file, later)

    async def check(spec: SignatureValidationSpec, moment: datetime) -> AdESBasicValidationResult[Any]:
        return await ades.ades_basic_validation(
            signature.signed_data, spec, timing_info=_at(moment), raw_digest=signature.compute_digest()
        )

    result = await check(file.spec, later)
    if stamped and _revoked_after(result, stamped):
        return AdESPassed.OK, stamped, True
    if stamped and result.ades_subindic != AdESPassed.OK:
        result, later = await check(file.spec, stamped), stamped
    indication = await _indication(result, check, file, later)
    time = stamped or proven
    return indication, time or signature.self_reported_timestamp, time is not None


async def _stamped(signature: EmbeddedPdfSignature, file: File, later: datetime) -> datetime | None:
    """When the signature's own timestamp says it was made, if that timestamp holds at ``later``."""
    imprint = message_imprint_checker(signature.signer_info)
    for token in tokens_of(signature):
        result = await ades.ades_timestamp_validation(token, file.spec, imprint, timing_info=_at(later))
        if _is_sound(result) and result.ades_subindic == AdESPassed.OK:
            return _stamp_time(token)
    return None


async def tokens_belong(signature: EmbeddedPdfSignature, file: File) -> bool:
    """Each timestamp token of the signature is whole and was made for this signature and no other.

    One that comes from an unknown authority proves nothing, but belongs all the same.
    """
    imprint = message_imprint_checker(signature.signer_info)
    for token in tokens_of(signature):
        timing = _at(_stamp_time(token))
        result = await ades.ades_timestamp_validation(token, file.unasked, imprint, timing_info=timing)
        if result.api_status is not None and not _is_sound(result):
            return False
    return True


def _revoked_after(result: AdESBasicValidationResult[Any], moment: datetime) -> bool:
    """All is well with the signature but that its certificate was revoked, and only after ``moment``."""
    status = result.api_status
    if status is None or not _is_sound(result) or result.ades_subindic != AdESIndeterminate.REVOKED_NO_POE:
        return False
    return status.revocation_details is not None and status.revocation_details.revocation_date > moment


async def judge_timestamp(signature: EmbeddedPdfSignature, file: File) -> Judgement:
    time = _stamp_time(signature.signed_data)
    proven = next((_stamp_time(each.signed_data) for each in stamps_after(signature, file)), None)

    async def check(spec: SignatureValidationSpec, moment: datetime) -> AdESBasicValidationResult[Any]:
        return await ades.ades_timestamp_validation(
            signature.signed_data, spec, signature.compute_digest, timing_info=_at(moment)
        )

    result = await check(file.spec, proven or time)
    indication = await _indication(result, check, file, proven or time)
    if proven is None and indication == AdESPassed.OK:
        indication = (await check(file.unasked, clock.now())).ades_subindic
    return indication, time, True


async def _indication(
    result: AdESBasicValidationResult[Any], check: Check, file: File, moment: datetime
) -> AdESSubIndic:
    """A chain that fails only when answers are asked for lacks an answer: pyHanko has no word of its own."""
    if not _is_sound(result):
        return AdESFailure.HASH_FAILURE
    if result.ades_subindic == AdESIndeterminate.CERTIFICATE_CHAIN_GENERAL_FAILURE:
        unasked = await check(file.unasked, moment)
        return AdESIndeterminate.TRY_LATER if unasked.ades_subindic == AdESPassed.OK else result.ades_subindic
    return result.ades_subindic


def _is_sound(result: AdESBasicValidationResult[Any]) -> bool:
    """The digest and the signature's value agree, whoever signed."""
    return result.api_status is not None and result.api_status.intact and result.api_status.valid


def _at(moment: datetime) -> ValidationTimingInfo:
    return ValidationTimingInfo(moment, moment, point_in_time_validation=True)


def _stamp_time(token: cms.SignedData) -> datetime:
    time: datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
    return time


def stamps_after(signature: EmbeddedPdfSignature, file: File) -> list[EmbeddedPdfSignature]:
    """The document timestamps of later revisions, the first one first."""
    return [each for each in file.stamps if each.signed_revision > signature.signed_revision]


def is_timestamp(signature: EmbeddedPdfSignature) -> bool:
    return bool(signature.sig_object.get("/Type") == "/DocTimeStamp")


def tokens_of(signature: EmbeddedPdfSignature) -> list[cms.SignedData]:
    return list(extract_tst_data_iter(signature.signer_info, signed=False))
