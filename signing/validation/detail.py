"""What the verdict on one signature rests on, in the words of ETSI EN 319 102-1 and TS 119 102-2.

Plain values for experts and machines; the sentences for people are in ``sentences``.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from asn1crypto import cms, ocsp, x509
from pyhanko.sign.ades.report import AdESPassed, AdESStatus, AdESSubIndic
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from signing.validation.judgement import File, is_timestamp, stamps_after, tokens_of

logger = logging.getLogger(__name__)

# Clause 5.1.3 of EN 319 102-1.
MAIN = {
    AdESStatus.PASSED: "TOTAL-PASSED",
    AdESStatus.INDETERMINATE: "INDETERMINATE",
    AdESStatus.FAILED: "TOTAL-FAILED",
}
LONGEST_CHAIN, MOST_ANSWERS, LONGEST_NAME = 10, 50, 200


def detail(
    signature: EmbeddedPdfSignature,
    file: File,
    indication: AdESSubIndic,
    time: datetime | None,
    *,
    proven: bool,
) -> dict[str, Any]:
    """Indication, best signature time, chain, revocation answers, timestamps and scope of one signature.

    What cannot be read is left out, as ``incomplete`` says: the verdict does not hang on this account of it.
    """
    base = {
        "main_indication": MAIN[indication.status],
        "sub_indication": None if indication == AdESPassed.OK else indication.standard_name,
        "best_signature_time": _iso(time),
    }
    try:
        return base | _evidence(signature, file, proven=proven)
    except (ValueError, TypeError, KeyError, AttributeError, SignatureValidationError) as error:
        logger.info("an account of a signature is incomplete: %r", error)
        return base | {"incomplete": True}


def _evidence(signature: EmbeddedPdfSignature, file: File, *, proven: bool) -> dict[str, Any]:
    chain = _chain(signature, file)
    start, resume, end = _covered(signature)
    return {
        "proof_of_existence": _proof(signature) if proven else "none",
        "digest_algorithm": signature.external_md_algorithm,
        "certificate_chain": [_certificate(each) for each in chain],
        "revocation": list(_answers(chain, file))[:MOST_ANSWERS],
        "timestamps": list(_timestamps(signature, file))[:MOST_ANSWERS],
        "scope": {"byte_range": [0, start, resume, end - resume], "covered_bytes": start + end - resume},
    }


def _covered(signature: EmbeddedPdfSignature) -> tuple[int, int, int]:
    _zero, start, resume, length = (int(each) for each in signature.byte_range)
    return start, resume, resume + length


def _proof(signature: EmbeddedPdfSignature) -> str:
    """Which kind of timestamp proves that it was there: its own, or one over the document."""
    own = not is_timestamp(signature) and tokens_of(signature)
    return "signature-time-stamp" if own else "document-time-stamp"


def _chain(signature: EmbeddedPdfSignature, file: File) -> list[x509.Certificate]:
    """From the signer towards a root, as far as the file and the trust anchors hold it."""
    pool = [*file.roots, *signature.other_embedded_certs, *file.stored_knowledge.known_certs]
    chain = [signature.signer_cert]
    while len(chain) < LONGEST_CHAIN and chain[-1].subject != chain[-1].issuer:
        above = next((each for each in pool if each.subject == chain[-1].issuer), None)
        if above is None or above in chain:
            break
        chain.append(above)
    return chain


def _certificate(certificate: x509.Certificate) -> dict[str, str | None]:
    valid = certificate["tbs_certificate"]["validity"]
    return {
        "subject": plain(certificate.subject.human_friendly),
        "issuer": plain(certificate.issuer.human_friendly),
        "serial": f"{certificate.serial_number:x}",
        "not_before": _iso(valid["not_before"].native),
        "not_after": _iso(valid["not_after"].native),
        "sha256": certificate.sha256.hex(),
    }


def _answers(chain: Iterable[x509.Certificate], file: File) -> Iterator[dict[str, Any]]:
    """What the file stores on the certificates of the chain."""
    serials = {each.serial_number for each in chain}
    for container in file.stored_knowledge.known_ocsps:
        answer = container.extract_single_response()
        if answer is not None and answer["cert_id"]["serial_number"].native in serials:
            yield _ocsp(answer, container.extract_basic_ocsp_response())
    issuers = [each.issuer for each in chain]
    for listed in file.stored_knowledge.known_crls:
        tbs = listed.crl_data["tbs_cert_list"]
        if tbs["issuer"] in issuers:
            yield {
                "type": "CRL",
                "issuer": plain(tbs["issuer"].human_friendly),
                "this_update": _iso(tbs["this_update"].native),
                "next_update": _iso(tbs["next_update"].native),
            }


def _ocsp(answer: ocsp.SingleResponse, basic: ocsp.BasicOCSPResponse | None) -> dict[str, Any]:
    return {
        "type": "OCSP",
        "serial": f"{answer['cert_id']['serial_number'].native:x}",
        "status": answer["cert_status"].name,
        "produced_at": _iso(basic["tbs_response_data"]["produced_at"].native) if basic else None,
        "this_update": _iso(answer["this_update"].native),
        "next_update": _iso(answer["next_update"].native),
    }


def _timestamps(signature: EmbeddedPdfSignature, file: File) -> Iterator[dict[str, Any]]:
    """The signature's own tokens, then the document timestamps that cover it."""
    for token in tokens_of(signature):
        yield {"type": "signature-time-stamp", **_token(token)}
    for stamp in stamps_after(signature, file):
        yield {"type": "document-time-stamp", **_token(stamp.signed_data)}


def _token(token: cms.SignedData) -> dict[str, Any]:
    info = token["encap_content_info"]["content"].parsed
    authority = extract_certificate_info(token).signer_cert
    return {
        "gen_time": _iso(info["gen_time"].native),
        "tsa": plain(authority.subject.human_friendly),
        "serial": f"{info['serial_number'].native:x}",
        "digest_algorithm": info["message_imprint"]["hash_algorithm"]["algorithm"].native,
    }


def plain(name: object) -> str:
    """A name from a stranger's file: of bearable length, without control signs: a database takes no NUL."""
    return "".join(sign for sign in str(name)[:LONGEST_NAME] if sign.isprintable())


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
