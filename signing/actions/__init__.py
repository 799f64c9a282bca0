"""The only writers of this room."""

from signing.actions.certificate_requests import (
    approve_request,
    issue_certificate,
    refuse_request,
    request_certificate,
    supply_csr,
    withdraw_request,
)
from signing.actions.certificates import (
    disable_certificate,
    issue_demo_certificate,
    report_loss,
    resume_certificate,
    revoke_certificate,
    revoke_demo_certificate,
    suspend_certificate,
)
from signing.actions.files import SignedFile, complete_timestamp, seal_pdf, sign_bytes, sign_pdf
from signing.actions.officers import appoint_officer, end_officer
from signing.actions.requests import look, request_signature, return_unsigned, withdraw
from signing.actions.sessions import authorise, authorise_session, open_session

__all__ = [
    "SignedFile",
    "appoint_officer",
    "approve_request",
    "authorise",
    "authorise_session",
    "complete_timestamp",
    "disable_certificate",
    "end_officer",
    "issue_certificate",
    "issue_demo_certificate",
    "look",
    "open_session",
    "refuse_request",
    "report_loss",
    "request_certificate",
    "request_signature",
    "resume_certificate",
    "return_unsigned",
    "revoke_certificate",
    "revoke_demo_certificate",
    "seal_pdf",
    "sign_bytes",
    "sign_pdf",
    "supply_csr",
    "suspend_certificate",
    "withdraw",
    "withdraw_request",
]
