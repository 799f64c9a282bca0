"""The ledger's own signing key: ``KEYS_DIR/ledger.key``, in the text form of Go's note package."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from ecabinet.common.errors import DomainError
from ecabinet.ledger.models import Checkpoint
from ecabinet.ledger.rules.notes import Signer, parse_skey


def key_path() -> Path:
    return Path(settings.KEYS_DIR) / "ledger.key"


def signer() -> Signer:
    """The ledger's key, made at first use. Its name, the log's origin, is fixed with it.

    Raises DomainError ``ledger_key_missing`` when heads were signed before and the key is gone:
    a second key would make a second ledger out of the same acts.
    """
    path = key_path()
    if not path.exists():
        _create(path)
    return parse_skey(path.read_text(encoding="utf-8"))


def _create(path: Path) -> None:
    if Checkpoint.objects.exists():
        message = _("The ledger's key %(path)s is missing. Put it back from the backup.")
        raise DomainError("ledger_key_missing", message % {"path": path}, 500)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(Signer(_origin(), secrets.token_bytes(32)).skey() + "\n")
            out.flush()
            os.fsync(out.fileno())
        _publish(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _publish(temporary: Path, path: Path) -> None:
    """A link fails where another process was first: then its key is the key."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        return


def _origin() -> str:
    address = urlsplit(settings.BASE_URL)
    return f"{address.netloc}{address.path.rstrip('/')}/ledger"
