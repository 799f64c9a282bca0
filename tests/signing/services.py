"""A time-stamping authority and an OCSP responder behind real HTTP, honest or not, for the fault tests."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from ecabinet.common import clock
from signing.authority import DemoAuthority, identities
from signing.authority.identities import Identity
from signing.authority.timestamps import DemoTimeStamper

Answer = Callable[[bytes], bytes]


class Refusal(Exception):
    """Answer with this HTTP status."""


class Hang(Exception):
    """Say nothing, or a byte now and then, until the server is closed."""

    def __init__(self, drip: bytes = b"") -> None:
        self.drip = drip


class Service:
    """An HTTP server on a port of its own; ``answer`` may be changed while it runs."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.asked = 0
        self.closing = threading.Event()
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                service.asked += 1
                body = self.rfile.read(int(self.headers["Content-Length"]))
                try:
                    self._send(200, service.answer(body))
                except Refusal as refusal:
                    self._send(int(str(refusal)), b"no")
                except Hang as hang:
                    self._hang(hang.drip)

            def _send(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "application/octet-stream")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def _hang(self, drip: bytes) -> None:
                while not service.closing.wait(0.2):
                    try:
                        self.wfile.write(drip)
                        self.wfile.flush()
                    except OSError:
                        return

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"


@contextmanager
def serving(answer: Answer) -> Iterator[Service]:
    service = Service(answer)
    thread = threading.Thread(target=service.server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield service
    finally:
        service.closing.set()
        service.server.shutdown()
        service.server.server_close()
        thread.join()


def stamping(authority: DemoAuthority) -> Answer:
    return stamping_with(authority.timestamper)


def stamping_with(stamper: DemoTimeStamper) -> Answer:
    def answer(body: bytes) -> bytes:
        der: bytes = stamper.request_tsa_response(tsp.TimeStampReq.load(body)).dump()
        return der

    return answer


def changing(authority: DemoAuthority, change: Callable[[Any], Any]) -> Answer:
    """An authority that answers another question than it was asked."""

    def answer(body: bytes) -> bytes:
        request = change(tsp.TimeStampReq.load(body))
        der: bytes = authority.timestamper.request_tsa_response(request).dump()
        return der

    return answer


def other_nonce(request: Any) -> Any:
    return _asked(request["message_imprint"], nonce=request["nonce"].native + 1)


def no_nonce(request: Any) -> Any:
    return _asked(request["message_imprint"])


def other_imprint(request: Any) -> Any:
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": b"x" * 32}
    return _asked(tsp.MessageImprint(imprint), nonce=request["nonce"].native)


def _asked(imprint: Any, **nonce: int) -> Any:
    return tsp.TimeStampReq({"version": 1, "message_imprint": imprint, "cert_req": True, **nonce})


def forged(authority: DemoAuthority) -> Answer:
    """A token whose signature is another one's."""

    def answer(body: bytes) -> bytes:
        response = authority.timestamper.request_tsa_response(tsp.TimeStampReq.load(body))
        info = response["time_stamp_token"]["content"]["signer_infos"][0]
        info["signature"] = identities.new_key().sign(b"x", _ecdsa())
        der: bytes = response.dump(force=True)
        return der

    return answer


def _ecdsa() -> Any:
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.ECDSA(hashes.SHA256())


def at_another_time(authority: DemoAuthority, off: timedelta) -> Answer:
    def answer(body: bytes) -> bytes:
        with clock.starting_at(clock.now() + off):
            return stamping(authority)(body)

    return answer


def refusing(_body: bytes) -> bytes:
    """A refusal as a real authority writes it: the status alone, without a token."""
    status = tsp.PKIStatusInfo({"status": "rejection", "status_string": ["out of paper"]})
    inner: bytes = status.dump()
    return bytes([0x30, len(inner)]) + inner


def raising(error: Exception) -> Answer:
    def answer(_body: bytes) -> bytes:
        raise error

    return answer


def saying(data: bytes) -> Answer:
    return lambda _body: data


class Responder:
    """What an OCSP responder says of the certificates it knows."""

    def __init__(self, authority: DemoAuthority, known: list[x509.Certificate]) -> None:
        self.authority = authority
        self.known = {each.serial_number: each for each in known}

    def honest(self, body: bytes) -> bytes:
        return self.authority.ocsp_response(self.asked_for(body))

    def asked_for(self, body: bytes) -> x509.Certificate:
        return self.known[ocsp.load_der_ocsp_request(body).serial_number]

    def unknown(self, body: bytes) -> bytes:
        return self.build(self.asked_for(body), ocsp.OCSPCertStatus.UNKNOWN)

    def stale(self, body: bytes) -> bytes:
        moment = clock.now() - timedelta(days=60)
        return self.build(self.asked_for(body), ocsp.OCSPCertStatus.GOOD, moment)

    def foreign(self, _body: bytes) -> bytes:
        """Good news about another certificate of the same authority."""
        issued = self.authority.issue_signer(identities.new_key().public_key(), identities.subject_name("X"))
        return self.build(issued, ocsp.OCSPCertStatus.GOOD)

    def forged(self, body: bytes) -> bytes:
        """The right answer, signed by somebody whom the authority never named its responder."""
        key = identities.new_key()
        name = identities.subject_name("Mallory")
        issued = self.authority.issue_signer(key.public_key(), name)
        return self.build(self.asked_for(body), ocsp.OCSPCertStatus.GOOD, signer=Identity(key, issued))

    def build(
        self,
        certificate: x509.Certificate,
        status: ocsp.OCSPCertStatus,
        moment: datetime | None = None,
        signer: Identity | None = None,
    ) -> bytes:
        signer = signer or identities.load(self.authority.folder, "ocsp")
        moment = (moment or clock.now()).replace(microsecond=0, tzinfo=None)
        builder = ocsp.OCSPResponseBuilder().add_response(
            cert=certificate,
            issuer=self.authority.root.certificate,
            algorithm=hashes.SHA256(),
            cert_status=status,
            this_update=moment,
            next_update=moment + timedelta(days=7),
            revocation_time=None,
            revocation_reason=None,
        )
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, signer.certificate)
        builder = builder.certificates([signer.certificate])
        return builder.sign(signer.key, hashes.SHA256()).public_bytes(Encoding.DER)


def busy(_body: bytes) -> bytes:
    built = ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER)
    return built.public_bytes(Encoding.DER)
