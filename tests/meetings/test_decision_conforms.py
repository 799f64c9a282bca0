"""A whole decision, several pages with a table of appendices, signed and sealed, before a foreign judge."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from ecabinet.common import blobs
from meetings.actions import decisions
from meetings.actions.appendices import take_in
from meetings.models import AgendaItem
from tests import cast as casting
from tests.cast import Cast
from tests.meetings.test_decisions import CONTENT, prepare, sign, vote

LIMIT = 300  # seconds
ARTICLES = "\n".join(
    f"Điều {number}. Giao các bộ, cơ quan ngang bộ và Ủy ban nhân dân cấp tỉnh rà soát, sửa đổi, bổ sung các "
    "văn bản có liên quan; báo cáo Thủ tướng Chính phủ trước ngày 15 tháng 12 hằng năm."
    for number in range(2, 30)
)


@pytest.mark.verapdf
@pytest.mark.django_db(transaction=True)
def test_a_decision_with_appendices_is_pdf_a_and_pdf_ua_after_both_signatures(
    cast: Cast, item: AgendaItem, tmp_path: Path
) -> None:
    titles = [f"Danh mục {n}: dự án, nhiệm vụ ưu tiên giai đoạn 2027–2030 của vùng {n}" for n in range(1, 13)]
    files = [casting.pdf(tmp_path, f"{title}.pdf", pages=1, words=title) for title in titles]
    taken = [take_in(actor=cast.clerk, item=item, path=file, filename=file.name) for file in files]
    vote(cast, item, "for")
    decision = prepare(cast, item, content=f"{CONTENT}\n{ARTICLES}", appendices=taken)
    decisions.advance(decision.pk)
    sign(cast)
    sealed = blobs.path_of(decisions.advance(decision.pk).sealed_sha256)
    checker = Path(settings.BASE_DIR) / "bin/verapdf"
    said = subprocess.run(
        [str(checker), str(sealed)],
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
        env=os.environ,
    )
    assert said.returncode == 0, said.stdout
    assert said.stdout.count("PASS") == 2
