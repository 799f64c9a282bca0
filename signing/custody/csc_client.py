"""The line to a remote signing service: one answer a question, bounded in time and size, errors in words.

Cloud Signature Consortium API v2.0: every method is a POST of JSON with a bearer token.
"""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Mapping
from http.client import HTTPException
from types import TracebackType
from typing import Any, Self

import requests
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from urllib3.exceptions import HTTPError

from ecabinet.common.custody_env import CscSettings
from signing.custody import CustodyError

logger = logging.getLogger(__name__)

LARGEST_ANSWER = 1024 * 1024  # a thousand RSA-4096 signatures in base64 take 700 kB
BEARER = r"[A-Za-z0-9._~+/-]+=*"  # RFC 6750, 2.1
TOKEN_MARGIN = 30.0  # seconds before its end in which a token is not used any more

AWAY = _("The signing service does not answer. Nothing was signed; try again in a few minutes.")
UNREADABLE = _(
    "The signing service gave an answer that cannot be read. Nothing was signed; tell the administrator."
)
NOT_LET_IN = _("The signing service does not let this site in. Nothing was signed; tell the administrator.")
WRONG_SECRET = _("The PIN or code is wrong. Nothing was signed. Too many wrong ones lock the key.")
LOCKED = _("The key is locked after too many wrong PINs. Ask the signing service to unlock it.")
DISABLED = _(
    "The signing service has disabled this key. Ask your registration officer for a new certificate."
)
EXPIRED = _("The confirmation came too late for the signing service. Nothing was signed; confirm again.")
NOT_AUTHORISED = _("The signing service says that you did not confirm these documents. Confirm again.")
UNKNOWN_KEY = _("The signing service does not know this key. Ask your registration officer.")
ELSEWHERE = _("This key wants a further confirmation on another device, which is not supported here.")
REFUSED = _("The signing service refused. Nothing was signed; tell the administrator.")

# (what the answer's error or description holds, code, words, status); the first that fits.
# The specification names most errors only by their description (11.6, 11.10).
ERRORS: tuple[tuple[tuple[str, ...], str, Promise, int], ...] = (
    (("invalid_authentication_data", "invalid_pin", "invalid_otp"), "wrong_secret", WRONG_SECRET, 403),
    (("pin is invalid", "otp is invalid"), "wrong_secret", WRONG_SECRET, 403),
    (("locked",), "secret_locked", LOCKED, 403),
    (("disabled", "certificate is expired"), "key_disabled", DISABLED, 403),
    (("sad expired", "parameter sad"), "confirmation_expired", EXPIRED, 403),
    (("not authorized by the sad", "numbers of signatures"), "not_authorised", NOT_AUTHORISED, 403),
    (("parameter credentialid",), "key_missing", UNKNOWN_KEY, 503),
    (
        ("invalid_token", "access_denied", "unauthorized_client", "invalid_client"),
        "csc_denied",
        NOT_LET_IN,
        503,
    ),
)


class Refused(CustodyError):
    """The service understood and said no; ``http`` is its status."""

    def __init__(self, http: int, code: str, message: Any, status: int) -> None:
        super().__init__(code, message, status)
        self.http = http


class Client:
    """A line for one piece of work; use it in a ``with``. Every call raises CustodyError."""

    def __init__(self, site: CscSettings) -> None:
        self._site = site
        self._session = requests.Session()
        # Neither .netrc nor a proxy of the environment may put in other credentials or listen.
        self._session.trust_env = False
        self._session.verify = site.authorities or True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()

    def call(self, method: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to one method, e.g. ``credentials/info``."""
        url = f"{self._site.url}/{method}"
        try:
            return self._ask(url, json=body, bearer=self._bearer())
        except Refused as error:
            if error.http != requests.codes.unauthorized or self._site.bearer:
                raise
        # Taken back before its time. The service did nothing yet: it did not know who asks.
        forget_token(self._site)
        return self._ask(url, json=body, bearer=self._bearer())

    def _bearer(self) -> str:
        return self._site.bearer or _tokens.get(self._site) or self._new_token()

    def _new_token(self) -> str:
        """OAuth 2.0 client credentials (RFC 6749, 4.4), the service scope of CSC 8.3.3."""
        answer = self._ask(
            self._site.token_url,
            data={"grant_type": "client_credentials", "scope": "service"},
            auth=(self._site.client_id, self._site.client_secret),
        )
        token, life = answer.get("access_token"), answer.get("expires_in", 0)
        if not isinstance(life, int) or not isinstance(token, str) or not re.fullmatch(BEARER, token):
            raise CustodyError("csc_unreadable", UNREADABLE)
        _tokens.put(self._site, token, life)
        return token

    def _ask(self, url: str, *, bearer: str = "", **more: Any) -> dict[str, Any]:
        # Not packed: what is unpacked has no bound.
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if bearer:
            headers["Authorization"] = f"Bearer {bearer}"
        limit = self._site.timeout
        until = time.monotonic() + limit
        try:
            with self._session.post(
                url, headers=headers, timeout=limit, allow_redirects=False, stream=True, **more
            ) as reply:
                return _read(reply, until)
        except (OSError, HTTPException, HTTPError) as error:  # requests' own are OSErrors
            # Its text may hold the address with what was sent; its name says enough.
            logger.warning("the signing service is away: %s", type(error).__name__)
            raise CustodyError("csc_away", AWAY) from error


def _read(reply: requests.Response, until: float) -> dict[str, Any]:
    content = b""
    # Whatever has come: waiting for a full block, a service that gives a byte a second holds us for hours.
    while part := reply.raw.read1(16_384):
        content += part
        if len(content) > LARGEST_ANSWER:
            raise CustodyError("csc_unreadable", UNREADABLE)
        if time.monotonic() > until:
            raise requests.Timeout
    if reply.status_code >= 500 or reply.status_code == requests.codes.too_many_requests:
        logger.warning("the signing service answered %s", reply.status_code)
        raise CustodyError("csc_away", AWAY)
    answer = _object(content)
    if reply.status_code >= 400:
        raise _in_words(reply.status_code, answer)
    if reply.status_code == requests.codes.accepted:
        raise CustodyError("key_unsupported", ELSEWHERE)
    if reply.status_code != requests.codes.ok or not answer:
        logger.warning("the signing service answered %s", reply.status_code)
        raise CustodyError("csc_unreadable", UNREADABLE)
    return answer


def _object(content: bytes) -> dict[str, Any]:
    """The JSON object, or an empty one."""
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _in_words(http: int, answer: Mapping[str, Any]) -> Refused:
    """The description is not logged: a careless service puts what it was sent into it."""
    error, told = str(answer.get("error", ""))[:60], str(answer.get("error_description", ""))
    logger.warning("the signing service refused: %s %r", http, error)
    text = f"{error} {told}".lower()
    for signs, code, message, status in ERRORS:
        if any(sign in text for sign in signs):
            return Refused(http, code, message, status)
    if http in (requests.codes.unauthorized, requests.codes.forbidden):
        return Refused(http, "csc_denied", NOT_LET_IN, 503)
    return Refused(http, "csc_refused", REFUSED, 503)


class _Tokens:
    """Bearer tokens of this process, until shortly before they end. Without a lock, which a fork may leave
    closed: each step is one operation of a dictionary.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], tuple[str, float]] = {}

    def get(self, site: CscSettings) -> str:
        token, until = self._kept.get((site.token_url, site.client_id), ("", 0.0))
        return token if time.monotonic() < until else ""

    def put(self, site: CscSettings, token: str, life: int) -> None:
        self._kept[site.token_url, site.client_id] = token, time.monotonic() + life - TOKEN_MARGIN

    def drop(self, site: CscSettings) -> None:
        self._kept.pop((site.token_url, site.client_id), None)


_tokens = _Tokens()


def forget_token(site: CscSettings) -> None:
    """Ask for a new one the next time."""
    _tokens.drop(site)
