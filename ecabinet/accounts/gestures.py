"""One gesture that says yes to exactly one thing: its challenge is the digest of that thing.

Each way gives evidence that is kept with what was confirmed: a passkey's own signature over the challenge,
or the fact that the right PIN was typed for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from allauth.mfa.webauthn.internal import auth
from django.conf import settings
from django.utils.translation import gettext as _
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import UserVerificationRequirement

from ecabinet.accounts import pins
from ecabinet.accounts.models import User
from ecabinet.common.errors import Denied, DomainError


class Gesture(Protocol):
    def evidence(self, *, user: User, challenge: bytes) -> dict[str, Any]:
        """Plain values that show how ``user`` confirmed ``challenge`` (32 bytes). Raises DomainError."""
        ...


@dataclass(frozen=True)
class PasskeyGesture:
    """A WebAuthn assertion with user verification over the challenge itself (WebAuthn 3, §7.2)."""

    response: Mapping[str, Any]

    def evidence(self, *, user: User, challenge: bytes) -> dict[str, Any]:
        """The assertion, with the public key it holds against. Raises DomainError ``passkey_refused``."""
        state = {
            "challenge": websafe_encode(challenge),
            "user_verification": UserVerificationRequirement.REQUIRED,
        }
        try:
            _require_texts(self.response)
            used = auth.get_server().authenticate_complete(state, auth.get_credentials(user), self.response)
            answer = self.response["response"]
            kept = {name: str(answer[name]) for name in ("authenticatorData", "clientDataJSON", "signature")}
        except (ValueError, TypeError, KeyError) as error:
            message = _("The passkey did not confirm exactly this list. Nothing was signed: try again.")
            raise DomainError("passkey_refused", message, 403) from error
        return {
            "method": "passkey",
            "challenge": challenge.hex(),
            "credential": websafe_encode(used.credential_id),
            "public_key": {str(name): _plain(value) for name, value in used.public_key.items()},
            **kept,
        }


@dataclass(frozen=True)
class PinGesture:
    """The person's signing PIN, typed for this challenge."""

    pin: str

    def evidence(self, *, user: User, challenge: bytes) -> dict[str, Any]:
        """Raises DomainError ``pin_wrong``, ``pin_locked``, ``pin_missing``."""
        pins.check(user=user, pin=self.pin)
        return {"method": "pin", "challenge": challenge.hex()}


@dataclass(frozen=True)
class DemoGesture:
    """People of the demo have nothing to show: their card was the proof."""

    def evidence(self, *, user: User, challenge: bytes) -> dict[str, Any]:
        """Raises Denied on a real site."""
        if not settings.DEMO or ways(user) != ["demo"]:
            raise Denied(_("Confirm with your passkey or your PIN."))
        return {"method": "demo", "challenge": challenge.hex()}


def _require_texts(response: Mapping[str, Any]) -> None:
    """The library makes as many bytes of a number as the number says."""
    parts = [response["id"], response["rawId"], *response["response"].values()]
    if not all(part is None or isinstance(part, str | list) for part in parts):
        raise TypeError("neither text nor nothing")


def passkey_options(user: User, challenge: bytes) -> dict[str, Any] | None:
    """What the browser needs to ask for a passkey over ``challenge``; None when the person has none."""
    credentials = auth.get_credentials(user)
    if not credentials:
        return None
    options, _state = auth.get_server().authenticate_begin(
        credentials, UserVerificationRequirement.REQUIRED, challenge=challenge
    )
    return dict(options)


def ways(user: User) -> list[str]:
    """How this person can confirm, the safest first: passkey, pin, demo."""
    found = ["passkey"] if auth.get_credentials(user) else []
    found += ["pin"] if pins.has_pin(user) else []
    return found or (["demo"] if settings.DEMO else [])


def _plain(value: object) -> object:
    return websafe_encode(value) if isinstance(value, bytes) else value


def decoded(text: str) -> bytes:
    """Bytes of the URL-safe base64 that the evidence is written in."""
    return websafe_decode(text)
