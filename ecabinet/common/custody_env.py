"""Settings of the places where private keys are kept; docs/custody.md lists them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ecabinet.common.env import (
    Misconfigured,
    env_int,
    env_list,
    env_secret,
    env_str,
    gettext_noop,
    is_local,
    parse_address,
)

BACKENDS = {
    "pkcs12": "signing.custody.pkcs12.Pkcs12Custody",
    "pkcs11": "signing.custody.pkcs11.Pkcs11Custody",
    "csc": "signing.custody.csc.CscCustody",
    "device": "signing.custody.device.DeviceCustody",
}


@dataclass(frozen=True)
class Pkcs11Settings:
    """A PKCS #11 token: the maker's library, the token's label and the user PIN."""

    library: str = ""
    token: str = ""
    pin: str = field(default="", repr=False)


@dataclass(frozen=True)
class CscSettings:
    """A remote signing service after the Cloud Signature Consortium's API v2.

    ``url`` is the address before ``/info``, without a slash at its end; ``timeout`` is in seconds;
    ``seal_pins`` maps credentials that seal without a person to their PINs.
    """

    url: str = ""
    token_url: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    bearer: str = field(default="", repr=False)
    timeout: int = 10
    authorities: str = ""
    seal_pins: Mapping[str, str] = field(default_factory=dict, repr=False)


def read_pkcs11() -> Pkcs11Settings:
    """What ECABINET_PKCS11_… say; empty when there is no token."""
    found = Pkcs11Settings(
        env_str("ECABINET_PKCS11_LIBRARY"),
        env_str("ECABINET_PKCS11_TOKEN"),
        env_secret("ECABINET_PKCS11_PIN"),
    )
    if any((found.library, found.token, found.pin)) and not all((found.library, found.token, found.pin)):
        raise Misconfigured(
            gettext_noop(
                "A token needs ECABINET_PKCS11_LIBRARY, ECABINET_PKCS11_TOKEN and ECABINET_PKCS11_PIN_FILE."
            )
        )
    return found


def read_csc(*, demo: bool) -> CscSettings:
    """What ECABINET_CSC_… say; empty when there is no signing service."""
    url = env_str("ECABINET_CSC_URL").rstrip("/")
    if not url:
        return CscSettings()
    found = CscSettings(
        url=url,
        token_url=env_str("ECABINET_CSC_TOKEN_URL", f"{url}/oauth2/token"),
        client_id=env_str("ECABINET_CSC_CLIENT_ID"),
        client_secret=env_secret("ECABINET_CSC_CLIENT_SECRET"),
        bearer=env_secret("ECABINET_CSC_TOKEN"),
        timeout=env_int("ECABINET_CSC_TIMEOUT", 10),
        authorities=env_str("ECABINET_CSC_CA"),
        seal_pins=parse_seal_pins(env_secret("ECABINET_CSC_SEAL_PINS")),
    )
    _require_private("ECABINET_CSC_URL", found.url, demo=demo)
    _require_private("ECABINET_CSC_TOKEN_URL", found.token_url, demo=demo)
    if not found.bearer and not (found.client_id and found.client_secret):
        raise Misconfigured(
            gettext_noop(
                "The signing service needs ECABINET_CSC_CLIENT_ID and ECABINET_CSC_CLIENT_SECRET_FILE, "
                "or ECABINET_CSC_TOKEN_FILE."
            )
        )
    return found


def parse_seal_pins(text: str) -> dict[str, str]:
    """One ``credential PIN`` a line."""
    pairs = [line.split() for line in text.splitlines() if line.strip()]
    if any(len(pair) != 2 for pair in pairs):
        raise Misconfigured(
            gettext_noop("ECABINET_CSC_SEAL_PINS_FILE must hold one credential and its PIN a line.")
        )
    return {pair[0]: pair[1] for pair in pairs}


def read_custody(pkcs11: Pkcs11Settings, csc: CscSettings) -> dict[str, str]:
    """The allowed backends, name -> class: the ones of ECABINET_CUSTODY, else all that are set up."""
    ready = {"pkcs12": True, "device": True, "pkcs11": bool(pkcs11.library), "csc": bool(csc.url)}
    names = env_list("ECABINET_CUSTODY") or [name for name, here in ready.items() if here]
    for name in names:
        if name not in ready:
            words = gettext_noop("ECABINET_CUSTODY must name some of {choices}, not “{value}”.")
            raise Misconfigured(words, choices=", ".join(ready), value=name)
        if not ready[name]:
            words = gettext_noop("ECABINET_CUSTODY names {value}, but it is not set up; see docs/custody.md.")
            raise Misconfigured(words, value=name)
    return {name: BACKENDS[name] for name in names}


def _require_private(name: str, url: str, *, demo: bool) -> None:
    """PINs travel there: encrypted, or inside this machine in the demo. Nothing secret in the address."""
    parts = parse_address(name, url)
    near = demo and parts.scheme == "http" and is_local(parts.hostname or "")
    if not parts.hostname or not (parts.scheme == "https" or near) or parts.username or parts.query:
        words = gettext_noop("{name} must begin with https:// and hold neither a password nor a query.")
        raise Misconfigured(words, name=name)
