"""Public keys and certificates: read from a folder someone carries, given away by the site."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

from asn1crypto import pem, x509

from archive.verify import Trust
from ecabinet.ledger import keys
from ecabinet.ledger import queries as ledger
from ecabinet.ledger.rules.notes import Verifier, parse_skey, parse_vkey
from signing.trust import anchors, read_certificates

CERTIFICATE_ENDINGS = {".pem", ".crt", ".cer", ".der"}
README = """\
What is needed to check documents of this site without a network.

ledger.vkey        the public key of the ledger (c2sp.org/signed-note)
checkpoint         the newest signed head of the ledger (c2sp.org/tlog-checkpoint)
certificates/      the root certificates whose signatures the site trusts

  ecabinet verify FILE --trust FOLDER
"""


def trust_from(folder: Path | None, vkeys: Iterable[str] = (), checkpoints: Iterable[str] = ()) -> Trust:
    """Trust in what a folder holds (as ``trust_archive`` writes it) and in keys given beside.

    Without a folder: the site's own certificates and, where it exists on this machine, its ledger key.
    Raises NoteError for a key that is none, OSError and ValueError for files that cannot be read.
    """
    verifiers = [parse_vkey(vkey) for vkey in vkeys]
    if folder is None:
        return Trust(verifiers or _own_verifiers(), tuple(checkpoints))
    if not folder.is_dir():
        raise (NotADirectoryError if folder.exists() else FileNotFoundError)(20, "not a folder", str(folder))
    vkey_file = folder / "ledger.vkey"
    if not verifiers and vkey_file.is_file():
        verifiers = [parse_vkey(vkey_file.read_text(encoding="utf-8"))]
    return Trust(verifiers, tuple(checkpoints), _certificates(folder))


def _own_verifiers() -> list[Verifier]:
    """From the key's file alone: a machine without the ledger has none, and no database is asked."""
    path = keys.key_path()
    return [parse_skey(path.read_text(encoding="utf-8")).verifier] if path.is_file() else []


def _certificates(folder: Path) -> list[x509.Certificate]:
    inner = folder / "certificates"
    files = sorted((inner if inner.is_dir() else folder).iterdir())
    wanted = [path for path in files if path.suffix.lower() in CERTIFICATE_ENDINGS]
    return [certificate for path in wanted for certificate in read_certificates(path)]


def trust_archive() -> bytes:
    """A zip with the ledger's public key, its newest head and the trusted roots: all of it public."""
    out = io.BytesIO()
    checkpoint = ledger.latest_checkpoint()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bag:
        bag.writestr("README.txt", README)
        bag.writestr("ledger.vkey", f"{ledger.vkey()}\n")
        if checkpoint:
            bag.writestr("checkpoint", checkpoint.note)
        for number, certificate in enumerate(anchors(), 1):
            bag.writestr(f"certificates/{number:02d}.pem", pem.armor("CERTIFICATE", certificate.dump()))
    return out.getvalue()
