"""The demo time-stamping authority (RFC 3161) with an elliptic curve key."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from asn1crypto import algos, cms, core, tsp
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.sign.general import as_signing_certificate_v2, simple_cms_attribute
from pyhanko.sign.timestamps import DummyTimeStamper

from ecabinet.common import clock
from signing.authority.identities import Identity


def _time(moment: datetime) -> cms.Time:
    """Two figures for the year until 2049, four from then on (RFC 5652 §11.3)."""
    if moment.year < 2050:
        return cms.Time({"utc_time": core.UTCTime(moment)})
    return cms.Time({"generalized_time": core.GeneralizedTime(moment)})


class DemoTimeStamper(DummyTimeStamper):
    """pyHanko's in-process authority, signing with ECDSA and naming its certificate by SHA-256."""

    def __init__(self, identity: Identity) -> None:
        der = serialization.Encoding.DER
        pkcs8, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        super().__init__(
            asn1_x509.Certificate.load(identity.certificate.public_bytes(der)),
            asn1_keys.PrivateKeyInfo.load(identity.key.private_bytes(der, pkcs8, plain)),
        )
        self._key = identity.key

    def request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        self.fixed_dt = clock.now().replace(microsecond=0)
        return super().request_tsa_response(req)

    def _sign_tst_info(
        self, tst_info_data: bytes, md_algorithm: str, dt: datetime
    ) -> tuple[bytes, cms.CMSAttributes]:
        digest = hashes.Hash(hashes.SHA256())
        digest.update(tst_info_data)
        attributes = cms.CMSAttributes(
            [
                simple_cms_attribute("content_type", "tst_info"),
                simple_cms_attribute("signing_time", _time(dt)),
                simple_cms_attribute("signing_certificate_v2", as_signing_certificate_v2(self.tsa_cert)),
                simple_cms_attribute("message_digest", digest.finalize()),
            ]
        )
        return self._key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256())), attributes

    def _build_signed_data(
        self, tst_info_data: bytes, md_algorithm: str, signature: bytes, signed_attrs: cms.CMSAttributes
    ) -> dict[str, Any]:
        data: dict[str, Any] = super()._build_signed_data(tst_info_data, "sha256", signature, signed_attrs)
        mechanism = algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"})
        data["signer_infos"][0]["signature_algorithm"] = mechanism
        return data
