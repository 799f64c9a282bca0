"""One session with a PKCS #11 token for each process, opened when needed and again when it was lost.

The library is used from one thread at a time, and only from here: opening starts it anew (C_Finalize,
C_Initialize), because nothing less makes every library see a token that was pulled, restarted or
set up again, and because a forked child must: what it inherits is its parent's.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

import pkcs11
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pkcs11 import PKCS11Error, Session, TokenFlag, exceptions

from ecabinet.common.custody_env import Pkcs11Settings
from signing.custody import CustodyError

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

# Seconds to wait for another thread's batch: 200 signatures take a slow card a minute.
PATIENCE = 90.0
# A new session will not change these answers, and a PIN tried again may lock the token.
FINAL = (
    exceptions.PinIncorrect,
    exceptions.PinLocked,
    exceptions.PinExpired,
    exceptions.MechanismInvalid,
    exceptions.KeyTypeInconsistent,
    exceptions.KeySizeRange,
    exceptions.TemplateInconsistent,
    exceptions.AttributeValueInvalid,
    exceptions.TokenWriteProtected,
)
PIN_REFUSED = _(
    "The security module refused its PIN, which is not tried again so that it does not lock. Nothing was "
    "signed; the administrator must correct ECABINET_PKCS11_PIN_FILE and restart."
)
PIN_LOCKED = _(
    "The security module is locked or near it. Nothing was signed; its security officer must reset the PIN."
)
AWAY = _(
    "The security module that keeps the key does not answer. Nothing was signed; try again later or tell "
    "the administrator."
)
NO_TOKEN = _(
    "The security module that keeps the key is not connected. Nothing was signed; tell the administrator."
)
TWO_TOKENS = _(
    "Two security modules bear the same label. Nothing was signed; the administrator must remove one."
)
PIN_EACH_TIME = _(
    "This card wants its PIN for every single signature (CKA_ALWAYS_AUTHENTICATE), so it cannot sign here. "
    "Ask your registration officer for another key."
)
UNSUPPORTED = _("The security module cannot make this kind of signature. Ask for a key of another kind.")
BUSY = _("The security module is busy. Nothing was signed; try again in a minute.")

WORDS: tuple[tuple[type[PKCS11Error], str, Promise], ...] = (
    (exceptions.PinIncorrect, "pin_refused", PIN_REFUSED),
    (exceptions.PinLocked, "pin_locked", PIN_LOCKED),
    (exceptions.PinExpired, "pin_locked", PIN_LOCKED),
    (exceptions.UserNotLoggedIn, "pin_each_time", PIN_EACH_TIME),
    (exceptions.MultipleTokensReturned, "token_ambiguous", TWO_TOKENS),
    (exceptions.NoSuchToken, "token_missing", NO_TOKEN),
    (exceptions.TokenNotPresent, "token_missing", NO_TOKEN),
    (exceptions.MechanismInvalid, "key_unsupported", UNSUPPORTED),
    (exceptions.KeyTypeInconsistent, "key_unsupported", UNSUPPORTED),
    (exceptions.KeySizeRange, "key_unsupported", UNSUPPORTED),
    (exceptions.TemplateInconsistent, "key_unsupported", UNSUPPORTED),
    (exceptions.AttributeValueInvalid, "key_unsupported", UNSUPPORTED),
    (exceptions.TokenWriteProtected, "key_unsupported", UNSUPPORTED),
)


class Lost(Exception):
    """What should be in the token is not seen; a new session may see it."""


class Connection:
    """The session of one process with the token of ``settings.PKCS11``."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self._lock = threading.Lock()
        self._session: Session | None = None
        self._opened_with: Pkcs11Settings | None = None
        self._refused: Pkcs11Settings | None = None

    def use(self, work: Callable[[Session], Result]) -> Result:
        """What ``work`` gives, alone with the session; once more with a new one when it was lost.

        ``work`` must be free of effects that hurt when they happen twice. Raises CustodyError.
        """
        if not self._lock.acquire(timeout=PATIENCE):
            raise CustodyError("hsm_busy", BUSY)
        try:
            return self._used(work)
        finally:
            self._lock.release()

    def close(self) -> None:
        """End the session; the next use opens a new one."""
        with self._lock:
            self._close()

    def _used(self, work: Callable[[Session], Result]) -> Result:
        if self._session is not None and self._opened_with == settings.PKCS11:
            try:
                # The smallest question to a session: python-pkcs11's search complains aloud when it was lost.
                self._session.generate_random(8)
                return work(self._session)
            except FINAL as error:
                raise in_words(error) from error
            except (PKCS11Error, Lost) as error:
                logger.warning("the session with the token was lost: %s", type(error).__name__)
        try:
            return work(self._reopened())
        except PKCS11Error as error:
            self._close()
            raise in_words(error) from error
        except Lost as error:
            message = _("The signing key is missing. Ask for a new certificate.")
            raise CustodyError("key_missing", message) from error

    def _reopened(self) -> Session:
        wanted = settings.PKCS11
        self._close()
        if wanted == self._refused:
            raise CustodyError("pin_refused", PIN_REFUSED)
        library = pkcs11.lib(wanted.library)
        with suppress(PKCS11Error):  # a forked child's was never started, says the standard
            library.finalize()
        library.initialize()
        token = library.get_token(token_label=wanted.token)
        # The last try is a person's: a machine that uses it up locks every key in the token.
        if token.flags & (TokenFlag.USER_PIN_LOCKED | TokenFlag.USER_PIN_FINAL_TRY):
            raise CustodyError("pin_locked", PIN_LOCKED)
        try:
            self._session = token.open(user_pin=wanted.pin)
        except exceptions.PinIncorrect:
            self._refused = wanted
            raise
        self._opened_with = wanted
        return self._session

    def _close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            with suppress(PKCS11Error):
                session.close()


def in_words(error: PKCS11Error) -> CustodyError:
    """The library's error as a sentence; its name goes to the log."""
    logger.warning("the token answered %s %s", type(error).__name__, error)
    for kind, code, message in WORDS:
        if isinstance(error, kind):
            return CustodyError(code, message)
    return CustodyError("hsm_away", AWAY)


_here = [Connection()]


def connection() -> Connection:
    """This process's own. A parent's session, and its lock, are never used after a fork."""
    if _here[0].pid != os.getpid():
        _forget()
    return _here[0]


def _forget() -> None:
    _here[0] = Connection()


os.register_at_fork(after_in_child=_forget)
