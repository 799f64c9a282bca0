"""The only writers of this room."""

from signing.actions.certificates import disable_certificate, issue_demo_certificate, revoke_demo_certificate
from signing.actions.entries import finish_session
from signing.actions.files import SignedFile, complete_timestamp, pending, seal_pdf, sign_bytes, sign_pdf
from signing.actions.preparations import prepare_requests, prepare_waiting
from signing.actions.requests import look, pass_on, request_signature, return_unsigned, withdraw
from signing.actions.sessions import authorise, confirm_session, open_session, prepare_session
from signing.actions.timestamps import try_now, wait_for_timestamp

__all__ = [
    "SignedFile",
    "authorise",
    "complete_timestamp",
    "confirm_session",
    "disable_certificate",
    "finish_session",
    "issue_demo_certificate",
    "look",
    "open_session",
    "pass_on",
    "pending",
    "prepare_requests",
    "prepare_session",
    "prepare_waiting",
    "request_signature",
    "return_unsigned",
    "revoke_demo_certificate",
    "seal_pdf",
    "sign_bytes",
    "sign_pdf",
    "try_now",
    "wait_for_timestamp",
    "withdraw",
]
