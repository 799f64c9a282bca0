"""A remote signing service after the CSC API v2, whose keys are in SoftHSM2 and which guards them.

Run as a process: ``python -m tests.signing.custody.csc_service PORT FOLDER LIBRARY LABEL PIN``. It makes
its keys, writes their public halves to FOLDER and reads the certificates from there. FOLDER/faults.json
makes it lie, hang or break; FOLDER/asked.jsonl tells what it was asked, without secrets.
"""

from __future__ import annotations

import base64
import contextlib
import hmac
import json
import secrets
import ssl
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pkcs11
from asn1crypto import algos, pem
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec as asymmetric_ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID
from pkcs11 import Attribute, Mechanism, ObjectClass
from pkcs11.util.ec import encode_ecdsa_signature

from tests.signing.custody.token_keys import make_ec, make_rsa

SHA256 = "2.16.840.1.101.3.4.2.1"
ALGORITHMS = {
    "ec": ["1.2.840.10045.4.3.2"],
    "other": ["1.2.840.10045.4.3.2"],
    "rsa": ["1.2.840.113549.1.1.1"],
}
CLIENT, CLIENT_SECRET = "e-cabinet", "client-secret-of-the-tests"
PIN, TRIES = "2580", 3


class Refusal(Exception):
    def __init__(self, error: str, description: str = "", status: int = 400) -> None:
        super().__init__(description or error)
        self.status, self.answer = status, {"error": error, "error_description": description}


def invalid(description: str) -> Refusal:
    return Refusal("invalid_request", description)


@dataclass
class Grant:
    """Signature activation data: these hashes, once, until then."""

    credential: str
    hashes: list[str]
    until: float


@dataclass
class State:
    folder: Path
    session: pkcs11.Session
    lock: threading.Lock = field(default_factory=threading.Lock)
    tokens: set[str] = field(default_factory=set)
    grants: dict[str, Grant] = field(default_factory=dict)

    def faults(self) -> dict[str, Any]:
        path = self.folder / "faults.json"
        return json.loads(path.read_text()) if path.exists() else {}

    def wrong(self, name: str) -> int:
        path = self.folder / "wrong.json"
        return json.loads(path.read_text()).get(name, 0) if path.exists() else 0

    def count(self, name: str, wrong: int) -> None:
        (self.folder / "wrong.json").write_text(json.dumps({name: wrong}))

    # The methods of the API, each with the state locked.

    def info(self, body: dict[str, Any]) -> dict[str, Any]:
        methods = ["credentials/list", "credentials/info", "credentials/authorize", "signatures/signHash"]
        return {"specs": "2.0.0.2", "name": "Tests", "authType": ["oauth2client"], "methods": methods} | (
            self.faults().get("info", {})
        )

    def credentials_list(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"credentialIDs": sorted(ALGORITHMS)}

    def credentials_info(self, body: dict[str, Any]) -> dict[str, Any]:
        name = self.known(body)
        chain = pem.unarmor((self.folder / f"{name}.chain").read_bytes(), multiple=True)
        return {
            "key": {"status": "enabled", "algo": ALGORITHMS[name]},
            "cert": {
                "status": "valid",
                "certificates": [base64.b64encode(der).decode() for *_more, der in chain],
            },
            "auth": {
                "mode": "explicit",
                "expression": "PIN",
                "objects": [{"type": "Password", "id": "PIN", "format": "N", "label": "PIN"}],
            },
            "SCAL": "2",
            "multisign": 100,
        } | self.faults().get("credential", {})

    def credentials_authorize(self, body: dict[str, Any]) -> dict[str, Any]:
        name, hashes = self.known(body), self.hashes(body)
        if self.wrong(name) >= TRIES:
            raise invalid("Credential locked")
        if body.get("numSignatures") != len(hashes):
            raise invalid("Invalid value for parameter numSignatures")
        if len(hashes) > self.credentials_info(body)["multisign"]:
            raise invalid("Numbers of signatures is too high")
        answers = {each["id"]: each["value"] for each in body.get("authData", [])}
        if not hmac.compare_digest(answers.get("PIN", ""), PIN):
            self.count(name, self.wrong(name) + 1)
            # As careless as some services are.
            raise Refusal("invalid_authentication_data", f"The authentication data {answers} is invalid")
        self.count(name, 0)
        sad, life = secrets.token_urlsafe(32), self.faults().get("lifetime", 300)
        self.grants[sad] = Grant(name, hashes, time.monotonic() + life)
        return {"SAD": sad, "expiresIn": life}

    def signatures_sign_hash(self, body: dict[str, Any]) -> dict[str, Any]:
        name, hashes = self.known(body), self.hashes(body)
        grant = self.grants.get(str(body.get("SAD")))
        if grant is None or grant.credential != name:
            raise invalid("Invalid parameter SAD")
        if grant.until <= time.monotonic():
            raise invalid("SAD expired")
        if not set(hashes) <= set(grant.hashes) or len(hashes) > len(grant.hashes):
            raise invalid("Hash is not authorized by the SAD")
        if body.get("signAlgo") not in ALGORITHMS[name]:
            raise invalid("Invalid parameter signAlgo")
        del self.grants[str(body["SAD"])]
        signer = "other" if self.faults().get("lie") else name
        raws = [self.raw(signer, base64.b64decode(each)) for each in hashes]
        return {"signatures": [base64.b64encode(raw).decode() for raw in raws]} | self.faults().get(
            "signed", {}
        )

    def known(self, body: dict[str, Any]) -> str:
        name = body.get("credentialID")
        if name not in ALGORITHMS:
            raise invalid("Invalid parameter credentialID")
        return str(name)

    def hashes(self, body: dict[str, Any]) -> list[str]:
        given = body.get("hashes")
        if body.get("hashAlgorithmOID") != SHA256:
            raise invalid("Invalid parameter hashAlgorithmOID")
        if not isinstance(given, list) or not given:
            raise invalid("Empty hash array")
        if any(len(base64.b64decode(each, validate=True)) != 32 for each in given):
            raise invalid("Invalid digest value length")
        return given

    def raw(self, name: str, digest: bytes) -> bytes:
        wanted = {Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.ID: name.encode()}
        [key] = self.session.get_objects(wanted)
        if name == "rsa":
            algorithm = algos.DigestAlgorithm({"algorithm": "sha256"})
            info = algos.DigestInfo({"digest_algorithm": algorithm, "digest": digest})
            return key.sign(info.dump(), mechanism=Mechanism.RSA_PKCS)
        both = key.sign(digest, mechanism=Mechanism.ECDSA)
        return both if self.faults().get("plain_ecdsa") else encode_ecdsa_signature(both)

    def token(self, form: dict[str, list[str]], basic: str) -> dict[str, Any]:
        if basic != base64.b64encode(f"{CLIENT}:{CLIENT_SECRET}".encode()).decode():
            raise Refusal("invalid_client", status=401)
        if form.get("grant_type") != ["client_credentials"] or form.get("scope") != ["service"]:
            raise Refusal("invalid_scope")
        token = secrets.token_urlsafe(24)
        self.tokens.add(token)
        return {"access_token": token, "token_type": "Bearer", "expires_in": 3600}


METHODS = {
    "/csc/v2/info": State.info,
    "/csc/v2/credentials/list": State.credentials_list,
    "/csc/v2/credentials/info": State.credentials_info,
    "/csc/v2/credentials/authorize": State.credentials_authorize,
    "/csc/v2/signatures/signHash": State.signatures_sign_hash,
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: State

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        fault = self.state.faults().get("answer", {}).get(self.path.rpartition("/")[2], {})
        if fault.get("hang"):
            self.connection.recv(1)  # until the one who asks goes away
            self.close_connection = True
            return
        try:
            with self.state.lock:
                status, answer = 200, self.answered(content)
        except Refusal as refusal:
            status, answer = refusal.status, refusal.answer
        said = fault.get("body", json.dumps(answer)).encode() + b" " * fault.get("padding", 0)
        self.send_response(fault.get("status", status))
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(fault.get("length", len(said))))
        if "location" in fault:
            self.send_header("Location", fault["location"])
        self.end_headers()
        if fault.get("drip"):
            self.drip()
        self.wfile.write(said)

    def drip(self) -> None:
        """An answer a byte at a time that never ends, until the one who asks goes away."""
        pause = threading.Event()
        with contextlib.suppress(OSError):
            while not pause.wait(0.1):
                self.wfile.write(b" ")
        self.close_connection = True

    def answered(self, content: bytes) -> dict[str, Any]:
        scheme, _space, given = self.headers.get("Authorization", "").partition(" ")
        if self.path == "/csc/v2/oauth2/token":
            return self.state.token(parse_qs(content.decode()), given)
        if scheme != "Bearer" or given not in self.state.tokens:
            raise Refusal("invalid_token", status=401)
        if self.state.faults().get("forget_tokens"):
            self.state.tokens.clear()
        body = json.loads(content)
        self.tell(body)
        return METHODS[self.path](self.state, body)

    def tell(self, body: dict[str, Any]) -> None:
        told = {"path": self.path, "hashes": body.get("hashes", []), "count": body.get("numSignatures")}
        with (self.state.folder / "asked.jsonl").open("a") as out:
            out.write(json.dumps(told) + "\n")

    def log_message(self, *_words: Any) -> None:
        pass


def write_tls(folder: Path) -> None:
    """A certificate for 127.0.0.1 and its key (tls.pem), and what to trust (authority.pem)."""
    key = asymmetric_ec.generate_private_key(asymmetric_ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "signing service of the tests")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    builder = builder.add_extension(here, critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    pem_text = builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    (folder / "authority.pem").write_bytes(pem_text)
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "tls.pem").write_bytes(plain + pem_text)


def main(port: int, folder: Path, library: str, label: str, pin: str) -> None:
    write_tls(folder)
    session = pkcs11.lib(library).get_token(token_label=label).open(user_pin=pin)
    for name in ALGORITHMS:
        public = (make_rsa if name == "rsa" else make_ec)(session, name.encode())
        der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        (folder / f"{name}.key").write_bytes(der)
    Handler.state = State(folder, session)
    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "tls.pem")
    # The handshake belongs into the thread of who connects, not before the next one is let in.
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:6])
