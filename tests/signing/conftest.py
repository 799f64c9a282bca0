"""One printed document and its signed versions, made by the real actions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

from ecabinet.accounts.models import Agency, User
from ecabinet.common import blobs
from ecabinet.common.pdf import Attachment, render
from signing import actions
from signing.actions import SignedFile
from signing.models import Certificate
from signing.prepare import add_signature_field

HTML = """<html lang="vi"><head><style>
@font-face { font-family: Official; src: url(fonts/official/tinos-400-normal.woff2); }
body { font: 14pt Official; } #signature { width: 60mm; height: 24mm; }
</style></head><body><h1>Nghị quyết</h1>
<p>Độc lập - Tự do - Hạnh phúc: ngưỡng cửa, được thực hiện, ượ ỡ ẫ ỵ.</p>
<div id="signature"></div><p>Trần Quốc Khải</p></body></html>"""


@dataclass(frozen=True)
class Signers:
    person: User
    agency: Agency
    own: Certificate
    seal: Certificate


@pytest.fixture(autouse=True)
def _demo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(settings, "DEMO", True)
    monkeypatch.setattr(settings, "TSA_URL", "")
    return


def printed(title: str = "36/NQ-CP") -> bytes:
    sheet = render(
        HTML, lang="vi", title=title, attachments=[Attachment("outcome.json", b'{"a":1}', "Outcome")]
    )
    place = sheet.places["signature"]
    tooltip = "Chữ ký của Trần Quốc Khải"
    return add_signature_field(sheet.data, page=place.page, box=place.box, tooltip=tooltip)


@pytest.fixture
def signers(db: None) -> Signers:
    person = User.objects.create_user("khai@example.vn", full_name="Trần Quốc Khải")
    agency = Agency.objects.create(code="G09", name="Chính phủ", name_en="The Government")
    own = actions.issue_demo_certificate(actor=None, user=person)
    return Signers(person, agency, own, actions.issue_demo_certificate(actor=None, agency=agency))


@pytest.fixture
def unsigned() -> str:
    return blobs.put_bytes(printed())


@pytest.fixture
def signed(signers: Signers, unsigned: str) -> SignedFile:
    return actions.sign_pdf(actor=signers.person, sha256=unsigned, certificate=signers.own)


@pytest.fixture
def sealed(signers: Signers, signed: SignedFile) -> SignedFile:
    return actions.seal_pdf(actor=signers.person, sha256=signed.sha256, certificate=signers.seal)


@pytest.fixture
def sealed_path(sealed: SignedFile) -> Path:
    return blobs.path_of(sealed.sha256)
