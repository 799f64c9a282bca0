"""Keys where a real site has them: in a token, and behind a signing service."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from django.conf import settings

from ecabinet.accounts.models import Agency, User
from ecabinet.common.custody_env import BACKENDS, CscSettings, Pkcs11Settings
from signing.authority import demo_authority
from signing.authority.identities import subject_name
from signing.custody import csc_client
from signing.custody.cryptoki import connection
from signing.models import Certificate
from tests import services
from tests.services import ROOT, Token
from tests.signing.custody import csc_service
from tests.signing.custody.token_keys import make_ec

HOLDER = "Trần Quốc Khải"


def enrolled(
    backend: str,
    key_ref: str,
    public_key: Any,
    *,
    user: User | None = None,
    agency: Agency | None = None,
) -> Certificate:
    """A certificate of the demo authority for a key that is kept elsewhere."""
    name = user.full_name if user else str(agency and agency.name)
    subject = subject_name(name, organisation="" if user else name)
    authority = demo_authority()
    issued = authority.issue_signer(public_key, subject)
    chain = [issued, authority.root.certificate]
    return Certificate.objects.create(
        user=user,
        agency=agency,
        backend=backend,
        key_ref=key_ref,
        subject=subject.rfc4514_string(),
        serial=f"{issued.serial_number:x}",
        chain="".join(each.public_bytes(Encoding.PEM).decode() for each in chain),
        not_before=issued.not_valid_before_utc,
        not_after=issued.not_valid_after_utc,
    )


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch) -> Iterator[Token]:
    """A token of this test's own, and the site set up to use it."""
    with services.softhsm() as made:
        monkeypatch.setenv("SOFTHSM2_CONF", str(made.configuration))
        monkeypatch.setattr(settings, "PKCS11", Pkcs11Settings(made.library, made.label, made.pin))
        monkeypatch.setattr(settings, "SIGNING_CUSTODY", BACKENDS)
        yield made
        connection().close()


@pytest.fixture
def imported(token: Token) -> Callable[..., tuple[str, Any]]:
    """Makes a key beside the site's back; returns (reference, public key)."""

    def make(kind: Callable[..., Any] = make_ec, key_id: bytes = b"\x01\xab", **more: Any) -> tuple[str, Any]:
        public = connection().use(lambda session: kind(session, key_id, **more))
        return key_id.hex(), public

    return make


@dataclass(frozen=True)
class Service:
    """The signing service of the tests: ``url`` before ``/info``, and the folder it is steered by."""

    url: str
    folder: Path

    def public_key(self, credential: str) -> Any:
        return load_der_public_key((self.folder / f"{credential}.key").read_bytes())

    def fault(self, **faults: Any) -> None:
        """From the next question on."""
        part = self.folder / "faults.part"
        part.write_text(json.dumps(faults))
        part.rename(self.folder / "faults.json")

    def asked(self, method: str) -> list[dict[str, Any]]:
        """What the service was asked, in order."""
        path = self.folder / "asked.jsonl"
        told = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
        return [each for each in told if each["path"].endswith(method)]

    def certify(self, credential: str, issuer_of: str = "", holder: str = HOLDER) -> None:
        """Have the demo authority certify the credential's key (or, wrongly, another's)."""
        authority = demo_authority()
        key = self.public_key(issuer_of or credential)
        issued = authority.issue_signer(key, subject_name(holder))
        chain = [issued, authority.root.certificate]
        pem = b"".join(each.public_bytes(Encoding.PEM) for each in chain)
        (self.folder / f"{credential}.chain").write_bytes(pem)

    def forget(self) -> None:
        """What one test did, the next one does not see."""
        for name in ("faults.json", "asked.jsonl", "wrong.json"):
            (self.folder / name).unlink(missing_ok=True)


@pytest.fixture(scope="session")
def running_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One process with keys in a token of its own."""
    folder, port = tmp_path_factory.mktemp("csc"), services.free_port()
    with services.softhsm("signing-service") as held:
        command = [sys.executable, "-m", "tests.signing.custody.csc_service", str(port), str(folder)]
        command += [held.library, held.label, held.pin]
        environment = {**os.environ, "SOFTHSM2_CONF": str(held.configuration)}
        process = subprocess.Popen(command, cwd=ROOT, env=environment)
        try:
            services.wait_for_port(port, process)
            yield Service(f"https://127.0.0.1:{port}/csc/v2", folder)
        finally:
            process.terminate()
            process.wait()


@pytest.fixture
def service(running_service: Service, monkeypatch: pytest.MonkeyPatch) -> Service:
    """The signing service, and the site set up to use it."""
    running_service.forget()
    for credential in csc_service.ALGORITHMS:
        running_service.certify(credential)
    site = CscSettings(
        url=running_service.url,
        token_url=f"{running_service.url}/oauth2/token",
        client_id=csc_service.CLIENT,
        client_secret=csc_service.CLIENT_SECRET,
        timeout=10,
        authorities=str(running_service.folder / "authority.pem"),
    )
    monkeypatch.setattr(settings, "CSC", site)
    monkeypatch.setattr(settings, "SIGNING_CUSTODY", BACKENDS)
    csc_client.forget_token(site)
    return running_service
