"""The one error type that people see."""

from __future__ import annotations

from typing import Any


class DomainError(Exception):
    """A refusal in words: what was wrong and what to do.

    ``code`` is stable for machines (``poll_closed``), ``message`` is a translated
    sentence, ``status`` the HTTP status of the answer. HTML views and the API each
    turn it into an answer in one place (``ecabinet.common.middleware`` and ``ecabinet.api``).
    """

    def __init__(self, code: str, message: Any, status: int = 400, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.status = status
        self.details = details

    def __str__(self) -> str:
        return str(self.message)


class Denied(DomainError):
    """The actor may not do this (403)."""

    def __init__(self, message: Any, code: str = "denied") -> None:
        super().__init__(code, message, 403)


class WrongState(DomainError):
    """The object is not in a state that allows this (409)."""

    def __init__(self, code: str, message: Any, **details: Any) -> None:
        super().__init__(code, message, 409, **details)
