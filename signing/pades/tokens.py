"""Timestamps as they come from a time-stamping authority (RFC 3161), believed only after a check.

A token goes into a file only when it answers this very question (nonce and imprint), is signed by an
authority this site trusts, and its time is near our own clock: a wrong token inside a sealed file could
never be taken out again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar

import aiohttp
from asn1crypto import cms, core, tsp, x509
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError, set_tsp_headers
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.fetchers.aiohttp_fetchers.util import LazySession

from ecabinet.common import clock
from signing.enums import Trouble

LARGEST_ANSWER = 256 * 1024  # bytes; a token with its chain has 3 to 10 kB
CHUNK = 8192
NOT_TOKENS = (ValueError, TypeError, KeyError, AttributeError, LookupError, SignatureValidationError)


class TokenRefusedError(TimestampRequestError):
    """There is no token, or none that may be used; ``trouble`` says why."""

    def __init__(self, trouble: Trouble, detail: str) -> None:
        super().__init__(detail)
        self.trouble = trouble


class HTTPSource(TimeStamper):
    """Asks the authority at ``url``; the whole answer must be there within ``timeout`` seconds."""

    def __init__(self, url: str, timeout: float) -> None:
        TimeStamper.__init__(self)
        self.url, self.timeout = url, timeout

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Raises TokenRefusedError when nobody answers in time, or with an HTTP error."""
        sessions = LazySession()
        try:
            async with sessions.get_session().post(
                self.url,
                data=req.dump(),
                headers=set_tsp_headers({}),
                timeout=aiohttp.ClientTimeout(total=self.timeout),
                allow_redirects=False,
            ) as response:
                if response.status != 200:
                    raise TokenRefusedError(Trouble.TSA_REFUSES, f"HTTP status {response.status}")
                return _granted(await _limited(response.content))
        except (aiohttp.ClientError, TimeoutError) as error:
            raise TokenRefusedError(Trouble.TSA_AWAY, f"{type(error).__name__}: {error}") from error
        finally:
            await sessions.close()


async def _limited(content: aiohttp.StreamReader) -> bytes:
    data = b""
    async for piece in content.iter_chunked(CHUNK):
        data += piece
        if len(data) > LARGEST_ANSWER:
            raise ValueError("the answer is too long")
    return data


class CheckedTimeStamper(TimeStamper):
    """Tokens of ``source`` that hold against ``anchors`` and differ from our clock by ``tolerance`` at most.

    Every call raises TokenRefusedError, an OSError, when there is no such token.
    """

    def __init__(
        self, source: TimeStamper, anchors: Sequence[x509.Certificate], tolerance: timedelta
    ) -> None:
        TimeStamper.__init__(self)
        self._source, self._anchors, self._tolerance = source, anchors, tolerance

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        nonce, request = TimeStamper.request_cms(self, message_digest, md_algorithm)
        try:
            response = await self._source.async_request_tsa_response(request)
            token = response["time_stamp_token"]
            await self._check(token["content"], nonce, message_digest, md_algorithm)
        except NOT_TOKENS as error:
            raise TokenRefusedError(Trouble.TSA_WRONG, f"not a token: {error!r}") from error
        return token

    async def _check(self, token: cms.SignedData, nonce: int, imprint: bytes, algorithm: str) -> None:
        facts = token["encap_content_info"]["content"].parsed
        if facts["nonce"].native != nonce:
            raise TokenRefusedError(Trouble.TSA_WRONG, "the nonce is another one")
        named = facts["message_imprint"]["hash_algorithm"]["algorithm"].native
        if named != algorithm or facts["message_imprint"]["hashed_message"].native != imprint:
            raise TokenRefusedError(Trouble.TSA_WRONG, "the imprint is another one")
        await self._check_signature(token, imprint)
        off = abs(facts["gen_time"].native - clock.now())
        if off > self._tolerance:
            raise TokenRefusedError(Trouble.TSA_CLOCK, f"its time differs from ours by {off}")

    async def _check_signature(self, token: cms.SignedData, imprint: bytes) -> None:
        context = ValidationContext(
            trust_roots=list(self._anchors), moment=clock.now(), revocation_mode="soft-fail"
        )
        found = await validate_tst_signed_data(token, context, lambda _algorithm: imprint)
        if not (found["intact"] and found["valid"]):
            raise TokenRefusedError(Trouble.TSA_WRONG, "its signature does not hold")
        if found.get("trust_problem_indic") is not None or found.get("validation_path") is None:
            problem = found.get("trust_problem_indic")
            raise TokenRefusedError(Trouble.TSA_UNTRUSTED, f"its certificate is not trusted: {problem}")


class _Reply(core.Sequence):
    """A refusal has no token (RFC 3161 §2.4.2)."""

    _fields: ClassVar[list[tuple[object, ...]]] = [
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", core.Any, {"optional": True}),
    ]


def _granted(data: bytes) -> tsp.TimeStampResp:
    status = _Reply.load(data, strict=True)["status"]
    if status["status"].native not in ("granted", "granted_with_mods"):
        words = "; ".join(status["status_string"].native or [])
        raise TokenRefusedError(Trouble.TSA_REFUSES, f"{status['status'].native} {words}".strip())
    return tsp.TimeStampResp.load(data, strict=True)
