"""A minister with an RSA-3072 key and dossiers of two pages that wait for a signature."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import pikepdf
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from ecabinet.accounts.models import User
from ecabinet.common import blobs
from ecabinet.common.pdf import render
from signing import actions
from signing.authority import demo_authority
from signing.authority.identities import subject_name
from signing.custody.pkcs12 import Pkcs12Custody
from signing.models import Certificate
from signing.prepare import add_signature_field

NAME = "Trần Quốc Khải"
BITS = 3072
HTML = """<html lang="vi"><head><style>
@font-face { font-family: Official; src: url(fonts/official/tinos-400-normal.woff2); }
body { font: 14pt Official; } #signature { width: 60mm; height: 24mm; } h1 + p { break-after: page; }
</style></head><body><h1>Quyết định</h1><p>Điều 1. Ban hành kèm theo Quyết định này danh mục.</p>
<p>Điều 2. Quyết định này có hiệu lực.</p><div id="signature"></div><p>Trần Quốc Khải</p></body></html>"""


@dataclass(frozen=True)
class Tray:
    signer: User
    key: rsa.RSAPrivateKey
    certificate: Certificate
    requests: list[int]


def two_pages() -> bytes:
    sheet = render(HTML, lang="vi", title="Quyết định")
    place = sheet.places["signature"]
    return add_signature_field(sheet.data, page=place.page, box=place.box, tooltip=NAME)


def variants(data: bytes, number: int) -> list[bytes]:
    """As many different files of the same text."""
    made = []
    for count in range(number):
        with pikepdf.open(BytesIO(data)) as document:
            document.docinfo["/Subject"] = f"{count}"
            out = BytesIO()
            document.save(out)
        made.append(out.getvalue())
    return made


def minister() -> tuple[User, rsa.RSAPrivateKey, Certificate]:
    user = User.objects.create_user("minister@example.vn", full_name=NAME)
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    authority = demo_authority()
    issued = authority.issue_signer(key.public_key(), subject_name(NAME))
    pem = [each.public_bytes(Encoding.PEM).decode() for each in (issued, authority.root.certificate)]
    certificate = Certificate.objects.create(
        user=user,
        backend="pkcs12",
        key_ref=Pkcs12Custody().store(key, issued),
        subject=issued.subject.rfc4514_string(),
        serial=f"{issued.serial_number:x}",
        chain="".join(pem),
        not_before=issued.not_valid_before_utc,
        not_after=issued.not_valid_after_utc,
    )
    return user, key, certificate


def fill(dossiers: int) -> Tray:
    user, key, certificate = minister()
    requests = [
        actions.request_signature(
            actor=None,
            signer=user,
            kind="load",
            subject=f"load:{number}",
            title=f"Hồ sơ {number}",
            sha256=blobs.put_bytes(data),
        ).pk
        for number, data in enumerate(variants(two_pages(), dossiers))
    ]
    return Tray(user, key, certificate, requests)
