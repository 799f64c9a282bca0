"""The only writers of this room."""

from signing.actions.certificate_requests import (
    approve_request,
    issue_certificate,
    name_key,
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
from signing.actions.entries import finish_session
from signing.actions.files import SignedFile, complete_timestamp, pending, seal_pdf, sign_bytes, sign_pdf
from signing.actions.officers import appoint_officer, end_officer
from signing.actions.preparations import prepare_requests, prepare_waiting
from signing.actions.requests import (
    look,
    pass_on,
    refuse_to_sign,
    request_signature,
    return_unsigned,
    withdraw,
)
from signing.actions.sessions import authorise, confirm_session, open_session, prepare_session
from signing.actions.timestamps import try_now, wait_for_timestamp

__all__ = [
    "SignedFile",
    "appoint_officer",
    "approve_request",
    "authorise",
    "complete_timestamp",
    "confirm_session",
    "disable_certificate",
    "end_officer",
    "finish_session",
    "issue_certificate",
    "issue_demo_certificate",
    "look",
    "name_key",
    "open_session",
    "pass_on",
    "pending",
    "prepare_requests",
    "prepare_session",
    "prepare_waiting",
    "refuse_request",
    "refuse_to_sign",
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
    "try_now",
    "wait_for_timestamp",
    "withdraw",
    "withdraw_request",
]
