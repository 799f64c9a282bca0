"""Certificates, signing sessions, and what is known of files."""

from signing.models.files import FileReport, SignedVersion
from signing.models.signatures import (
    Certificate,
    PendingTimestamp,
    Preparation,
    SessionEntry,
    SigningRequest,
    SigningSession,
)

__all__ = [
    "Certificate",
    "FileReport",
    "PendingTimestamp",
    "Preparation",
    "SessionEntry",
    "SignedVersion",
    "SigningRequest",
    "SigningSession",
]
