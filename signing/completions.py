"""What happens when a subject's last signature is there, or when it is returned or refused.

Higher rooms register it, by the kind they gave to ``request_signature``.
"""

from __future__ import annotations

from typing import Protocol

from ecabinet.accounts.models import User


class Completion(Protocol):
    def __call__(self, *, subject: str, sha256: str) -> None:
        """``sha256``: the file with all its signatures. Runs in the transaction of the last signature."""
        ...


class Returned(Protocol):
    def __call__(self, *, subject: str, reason: str) -> None:
        """Runs in the transaction in which the signer gives the file back unsigned."""
        ...


class RefusedForGood(Protocol):
    def __call__(self, *, subject: str, reason: str) -> None:
        """Runs in the transaction in which the signer refuses: the subject ends unsigned."""
        ...


class PassedOn(Protocol):
    def __call__(self, *, subject: str, user: User) -> None:
        """Another person signs instead, and the document says so: print it anew and ask for that signature.

        Runs in the transaction in which the signer passes it on.
        """
        ...


class Timestamped(Protocol):
    def __call__(self, *, subject: str, before: str, sha256: str) -> None:
        """The waiting file ``before`` is complete as ``sha256``. Runs in the transaction that says so."""
        ...


_completions: dict[str, Completion] = {}
_timestamped: dict[str, Timestamped] = {}
_returns: dict[str, Returned] = {}
_refusals: dict[str, RefusedForGood] = {}
_passed: dict[str, PassedOn] = {}


def register(kind: str, completion: Completion, returned: Returned | None = None) -> None:
    """Called from ``AppConfig.ready``; the last registration of a kind counts."""
    _completions[kind] = completion
    if returned is not None:
        _returns[kind] = returned


def complete(kind: str, *, subject: str, sha256: str) -> None:
    completion = _completions.get(kind)
    if completion is not None:
        completion(subject=subject, sha256=sha256)


def give_back(kind: str, *, subject: str, reason: str) -> None:
    returned = _returns.get(kind)
    if returned is not None:
        returned(subject=subject, reason=reason)


def register_refusal(kind: str, refused: RefusedForGood) -> None:
    """Documents of this kind may be refused for good: without the signature they do not come about."""
    _refusals[kind] = refused


def may_refuse(kind: str) -> bool:
    return kind in _refusals


def refuse(kind: str, *, subject: str, reason: str) -> None:
    _refusals[kind](subject=subject, reason=reason)


def register_passing(kind: str, passed_on: PassedOn) -> None:
    """Documents of this kind may be passed on to a deputy."""
    _passed[kind] = passed_on


def may_pass_on(kind: str) -> bool:
    return kind in _passed


def pass_on(kind: str, *, subject: str, user: User) -> None:
    _passed[kind](subject=subject, user=user)


def register_timestamped(kind: str, done: Timestamped) -> None:
    """Who is told when a file of this kind that waited for its timestamp has it."""
    _timestamped[kind] = done


def timestamped(kind: str, *, subject: str, before: str, sha256: str) -> None:
    done = _timestamped.get(kind)
    if done is not None:
        done(subject=subject, before=before, sha256=sha256)
