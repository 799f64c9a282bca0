"""Certificates and their register, signing sessions and requests, and what is known of files."""

from signing.models.files import FileReport, SignedVersion
from signing.models.register import CertificateRequest, CertificateWarning, RegistrationOfficer
from signing.models.signatures import (
    Certificate,
    CertificateQuerySet,
    PendingTimestamp,
    Preparation,
    SessionEntry,
    SigningRequest,
    SigningSession,
)

__all__ = [
    "Certificate",
    "CertificateQuerySet",
    "CertificateRequest",
    "CertificateWarning",
    "FileReport",
    "PendingTimestamp",
    "Preparation",
    "RegistrationOfficer",
    "SessionEntry",
    "SignedVersion",
    "SigningRequest",
    "SigningSession",
]
