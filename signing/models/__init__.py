"""Certificates and their register, signing sessions and requests."""

from signing.models.register import CertificateRequest, CertificateWarning, RegistrationOfficer
from signing.models.signatures import Certificate, CertificateQuerySet, SigningRequest, SigningSession

__all__ = [
    "Certificate",
    "CertificateQuerySet",
    "CertificateRequest",
    "CertificateWarning",
    "RegistrationOfficer",
    "SigningRequest",
    "SigningSession",
]
