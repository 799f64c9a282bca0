"""Every finding has its words, in both languages, with the moment in the site's time zone."""

from __future__ import annotations

import re
from typing import get_args

import pytest
from django.utils import translation

from signing.validation.report import Code, Reason
from signing.validation.sentences import CODES, sentence

PARAMS = {
    "signer": "Trần Quốc Khải",
    "indication": "NO_POE",
    "count": 12345,
    "time": "2026-11-26T08:02:11+00:00",
}


def said(code: Code, language: str) -> str:
    with translation.override(language):
        return sentence(Reason(code, PARAMS))


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_reason_is_a_sentence_in_both_languages(code: Code) -> None:
    vietnamese, english = said(code, "vi"), said(code, "en")
    assert vietnamese != english
    for words in (vietnamese, english):
        assert re.fullmatch(r"[^%]+\.", words), words
    assert re.search("[ăâđêôơưàáạảãầấậẩẫềếệểễồốộổỗờớợởỡừứựửữịỉĩọỏõụủũỳýỵỷỹ]", vietnamese), vietnamese


@pytest.mark.parametrize(
    ("code", "signer"), [("digest", True), ("revocation_unknown", True), ("padding", False)]
)
def test_the_signer_is_named_where_it_matters(code: Code, signer: bool) -> None:
    for language in ("vi", "en"):
        assert (PARAMS["signer"] in said(code, language)) is signer


def test_times_and_numbers_are_written_as_the_reader_writes_them() -> None:
    assert "15:02:11 ngày 26/11/2026 (+07:00)" in said("longterm", "vi")
    assert "26 Nov 2026, 15:02:11 (+07:00)" in said("longterm", "en")
    assert "12.345 byte" in said("bytes_after", "vi")
    assert "12,345" in said("bytes_after", "en")


def test_every_code_a_reason_may_have_has_a_sentence() -> None:
    assert set(get_args(Code)) == CODES
