"""A token signs what was authorised; lost, locked, slow or wrong, it fails in words and signs nothing."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pkcs11
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.utils import translation
from pkcs11 import Attribute, ObjectClass

from signing import custody
from signing.custody import Authorisation, CustodyError, Entry, cryptoki
from signing.custody.cryptoki import connection
from signing.custody.pkcs11 import Pkcs11Custody, public_half
from tests.services import ROOT, Token
from tests.signing.custody.token_keys import make_ec, make_rsa

pytestmark = pytest.mark.softhsm

ENTRIES = [Entry(f"decision:{n}", "0" * 64, bytes([n]) * 50) for n in range(5)]
Imported = Callable[..., tuple[str, Any]]


def sign(key_ref: str, entries: Sequence[Entry] = ENTRIES) -> Sequence[bytes]:
    return custody.backend("pkcs11").raw_sign(key_ref, entries, Authorisation.of(entries))


def refused(key_ref: str) -> str:
    with pytest.raises(CustodyError) as refusal:
        sign(key_ref)
    assert str(refusal.value.message)
    return refusal.value.code


def verify_all(public: ec.EllipticCurvePublicKey, raws: Sequence[bytes]) -> None:
    for entry, raw in zip(ENTRIES, raws, strict=True):
        public.verify(raw, entry.attributes, ec.ECDSA(hashes.SHA256()))


def test_a_key_made_in_the_token_signs_in_order(token: Token) -> None:
    key_ref, public = Pkcs11Custody().new_key()
    verify_all(public, sign(key_ref))
    with pytest.raises(InvalidSignature):
        verify_all(public, list(reversed(sign(key_ref))))


def test_a_key_made_in_the_token_cannot_leave_it(token: Token) -> None:
    key_ref, _public = Pkcs11Custody().new_key()

    def look(session: pkcs11.Session) -> dict[str, bool]:
        wanted = {Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.ID: bytes.fromhex(key_ref)}
        [key] = session.get_objects(wanted)
        with pytest.raises(pkcs11.AttributeSensitive):
            key[Attribute.VALUE]
        names = ("SENSITIVE", "EXTRACTABLE", "NEVER_EXTRACTABLE", "SIGN", "DECRYPT", "UNWRAP", "MODIFIABLE")
        return {name: key[Attribute[name]] for name in names}

    assert connection().use(look) == {
        "SENSITIVE": True,
        "EXTRACTABLE": False,
        "NEVER_EXTRACTABLE": True,
        "SIGN": True,
        "DECRYPT": False,
        "UNWRAP": False,
        "MODIFIABLE": False,
    }


def test_a_point_is_read_in_either_form() -> None:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    bare = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    assert public_half(bare) == public_half(bytes([4, len(bare)]) + bare) == key
    with pytest.raises(ValueError):
        public_half(bare[:-1] + bytes([bare[-1] ^ 1]))


def test_an_rsa_key_signs_pkcs1(imported: Imported) -> None:
    key_ref, public = imported(make_rsa)
    for entry, raw in zip(ENTRIES, sign(key_ref), strict=True):
        public.verify(raw, entry.attributes, padding.PKCS1v15(), hashes.SHA256())


def test_nothing_else_and_nothing_twice(imported: Imported) -> None:
    key_ref, _public = imported()
    for entries in ([ENTRIES[4]], [ENTRIES[0], ENTRIES[0]]):
        with pytest.raises(CustodyError) as refusal:
            custody.backend("pkcs11").raw_sign(key_ref, entries, Authorisation.of(ENTRIES[:3]))
        assert refusal.value.code == "not_authorised"


@pytest.mark.parametrize("key_ref", ["", "0c", "zz", "../x", "0C", "0a 0b", "a"])
def test_a_key_that_is_not_there(imported: Imported, key_ref: str) -> None:
    imported()
    assert refused(key_ref) == "key_missing"


def test_two_keys_of_one_name_are_not_guessed_at(imported: Imported) -> None:
    key_ref, _public = imported()
    imported()
    assert refused(key_ref) == "key_ambiguous"


def test_a_weak_key_or_one_of_another_kind_is_refused(imported: Imported) -> None:
    assert refused(imported(make_rsa, b"\x02", bits=1024)[0]) == "key_unsupported"
    assert refused(imported(make_ec, b"\x03", sign=False)[0]) == "key_unsupported"


def test_a_card_that_wants_its_pin_each_time_is_named_and_signs_nothing(imported: Imported) -> None:
    key_ref, _public = imported(always_authenticate=True)
    with translation.override("en"), pytest.raises(CustodyError) as refusal:
        sign(key_ref)
    assert refusal.value.code == "pin_each_time"
    assert "CKA_ALWAYS_AUTHENTICATE" in str(refusal.value.message)


def close_session() -> None:
    held = connection()._session
    assert held is not None
    held.close()


def end_the_library() -> None:
    pkcs11.lib(settings.PKCS11.library).finalize()


@pytest.mark.parametrize("lose", [close_session, end_the_library])
def test_a_lost_session_is_opened_again(imported: Imported, lose: Callable[[], None]) -> None:
    key_ref, public = imported()
    verify_all(public, sign(key_ref))
    lose()
    verify_all(public, sign(key_ref))


class Interrupted(list[Entry]):
    """Loses the session once, after two of its entries were signed."""

    def __init__(self, entries: Sequence[Entry], lose: Callable[[], None]) -> None:
        super().__init__(entries)
        self.lose, self.turns = lose, 0

    def __iter__(self) -> Iterator[Entry]:
        for place, entry in enumerate(super().__iter__()):
            if place == 2 and connection()._lock.locked():
                self.turns += 1
                if self.turns == 1:
                    self.lose()
            yield entry


@pytest.mark.parametrize("lose", [close_session, end_the_library])
def test_a_session_lost_in_the_middle_of_a_batch(imported: Imported, lose: Callable[[], None]) -> None:
    key_ref, public = imported()
    entries = Interrupted(ENTRIES, lose)
    verify_all(public, sign(key_ref, entries))
    assert entries.turns == 2


def test_a_token_that_is_pulled_and_put_back(imported: Imported, token: Token, tmp_path: Path) -> None:
    key_ref, public = imported()
    away = tmp_path / "drawer"
    shutil.move(token.folder, away)
    token.folder.mkdir()
    connection().close()
    assert refused(key_ref) == "token_missing"
    token.folder.rmdir()
    shutil.move(away, token.folder)
    verify_all(public, sign(key_ref))


def test_a_token_set_up_anew_under_an_open_session(imported: Imported, token: Token) -> None:
    key_ref, _public = imported()
    sign(key_ref)
    shutil.rmtree(token.folder)
    token.folder.mkdir()
    token.initialise()
    assert refused(key_ref) == "key_missing"
    key_ref, public = Pkcs11Custody().new_key()
    verify_all(public, sign(key_ref))


def test_a_wrong_pin_is_tried_once_only(
    imported: Imported, token: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    key_ref, _public = imported()
    wrong = replace(settings.PKCS11, pin="no-such-pin")
    monkeypatch.setattr(settings, "PKCS11", wrong)
    assert refused(key_ref) == "pin_refused"
    # Were it tried again, it would now be right: the answer shows that the token was left in peace.
    shutil.rmtree(token.folder)
    token.folder.mkdir()
    replace(token, pin="no-such-pin").initialise()
    assert refused(key_ref) == "pin_refused"
    assert "no-such-pin" not in repr(wrong)


@pytest.mark.parametrize(
    ("change", "code"),
    [({"token": "another"}, "token_missing"), ({"library": "/nowhere/libnone.so"}, "hsm_away")],
)
def test_what_is_not_there_is_said(
    imported: Imported, change: dict[str, str], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    key_ref, _public = imported()
    monkeypatch.setattr(settings, "PKCS11", replace(settings.PKCS11, **change))
    assert refused(key_ref) == code


def test_two_tokens_of_one_label_are_not_guessed_at(imported: Imported, token: Token) -> None:
    key_ref, _public = imported()
    token.initialise()
    connection().close()
    assert refused(key_ref) == "token_ambiguous"


def test_many_threads_share_the_session(imported: Imported) -> None:
    key_ref, public = imported()
    with ThreadPoolExecutor(8) as pool:
        for raws in pool.map(lambda _turn: sign(key_ref), range(40)):
            verify_all(public, raws)


def test_a_hung_token_keeps_nobody_for_ever(imported: Imported, monkeypatch: pytest.MonkeyPatch) -> None:
    key_ref, public = imported()
    monkeypatch.setattr(cryptoki, "PATIENCE", 0.05)
    hung, over = threading.Event(), threading.Event()

    def hang(_session: pkcs11.Session) -> None:
        hung.set()
        over.wait(30)

    thread = threading.Thread(target=connection().use, args=(hang,))
    thread.start()
    hung.wait(30)
    try:
        assert refused(key_ref) == "hsm_busy"
    finally:
        over.set()
        thread.join()
    verify_all(public, sign(key_ref))


FORKS = """
import os, sys, threading, django
django.setup()
from signing.custody import Authorisation, Entry
from signing.custody.cryptoki import connection
from signing.custody.pkcs11 import Pkcs11Custody, public_half
entries = [Entry("decision:1", "0" * 64, b"one")]
sign = lambda: Pkcs11Custody().raw_sign(sys.argv[1], entries, Authorisation.of(entries))
assert sign()
parents = connection()
held, over = threading.Event(), threading.Event()
def hold(session):
    held.set()
    over.wait()
threading.Thread(target=lambda: parents.use(hold)).start()
held.wait()
child = os.fork()  # while another thread holds the lock
if not child:
    assert connection() is not parents and connection()._session is None
    assert sign()
    os._exit(7)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
over.set()
session = parents._session
assert sign() and connection() is parents and parents._session is session
print("both signed")
"""


def test_a_forked_process_opens_its_own_session(
    imported: Imported, token: Token, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As ``ecabinet serve`` forks, with the settings a site gives; the parent's session lives on."""
    key_ref, _public = imported()
    (tmp_path / "pin").write_text(token.pin + "\n")
    monkeypatch.setenv("ECABINET_PKCS11_LIBRARY", token.library)
    monkeypatch.setenv("ECABINET_PKCS11_TOKEN", token.label)
    monkeypatch.setenv("ECABINET_PKCS11_PIN_FILE", str(tmp_path / "pin"))
    command = [sys.executable, "-c", FORKS, key_ref]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.stdout == "both signed\n", done.stderr
