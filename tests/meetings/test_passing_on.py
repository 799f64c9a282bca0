"""A decision passed on to a deputy: printed anew, signed in the head's place, and never by anybody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecabinet.accounts import actions as accounts
from ecabinet.accounts.gestures import DemoGesture
from ecabinet.common import blobs
from ecabinet.common.errors import Denied, DomainError, WrongState
from ecabinet.common.pdftext import page_texts
from ecabinet.ledger.models import LedgerEntry
from meetings.actions import decisions
from meetings.enums import DecisionState
from meetings.models import AgendaItem, Decision
from signing import actions as signing
from signing.enums import RequestState
from signing.models import SigningRequest
from signing.queries import waiting_for
from signing.validation import validate
from tests.cast import LONG_AGO, Cast
from tests.meetings.test_decisions import prepare, vote

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def waiting(cast: Cast, item: AgendaItem) -> SigningRequest:
    """A decision before the Prime Minister, who has a deputy with a certificate and one without."""
    offices = (("Thủ tướng", cast.chair), ("Phó Thủ tướng", cast.member), ("Phó Thủ tướng", cast.second))
    for title, user in offices:
        seat = accounts.create_position(actor=cast.manager, agency=cast.government, title=title)
        accounts.appoint(actor=cast.manager, user=user, position=seat, starts_on=LONG_AGO)
    for user in (cast.chair, cast.member, cast.outsider):
        signing.issue_demo_certificate(actor=cast.manager, user=user)
    vote(cast, item, "for")
    decisions.advance(prepare(cast, item).pk)
    [request] = waiting_for(cast.chair)
    return request


def test_the_deputy_signs_in_the_heads_place(cast: Cast, waiting: SigningRequest) -> None:
    before = Decision.objects.get()
    signing.pass_on(actor=cast.chair, request_id=waiting.pk, user=cast.member)
    waiting.refresh_from_db()
    assert waiting.state == RequestState.PASSED_ON
    assert LedgerEntry.objects.filter(act="signature.passed_on").count() == 1
    decision = decisions.advance(before.pk)
    assert (decision.state, decision.signer) == (DecisionState.RENDERED, cast.member)
    assert (decision.notation, decision.issued_on) == (before.notation, before.issued_on)
    text = " ".join(page_texts(blobs.path_of(decision.rendered_sha256)))
    assert f"KT. {before.signer_title}".casefold() in text.casefold()
    assert "Phó Thủ tướng".casefold() in text.casefold()
    assert cast.member.full_name in text
    assert not waiting_for(cast.chair).exists()
    ids = [row.pk for row in waiting_for(cast.member)]
    signing.authorise(actor=cast.member, request_ids=ids, gesture=DemoGesture())
    decision.refresh_from_db()
    signed = validate(blobs.path_of(decision.signed_sha256)).signatures
    assert [each.signer for each in signed] == [cast.member.full_name]


def test_only_the_signer_passes_on_and_only_to_an_able_colleague(
    cast: Cast,
    waiting: SigningRequest,
) -> None:
    with pytest.raises(Denied):
        signing.pass_on(actor=cast.clerk, request_id=waiting.pk, user=cast.member)
    for user in (cast.second, cast.outsider, cast.chair):  # no certificate, another house, oneself
        with pytest.raises(DomainError) as refusal:
            signing.pass_on(actor=cast.chair, request_id=waiting.pk, user=user)
        assert refusal.value.code == "no_deputy"
    waiting.refresh_from_db()
    assert waiting.open


def test_passed_on_twice_is_refused(cast: Cast, waiting: SigningRequest) -> None:
    signing.pass_on(actor=cast.chair, request_id=waiting.pk, user=cast.member)
    with pytest.raises(WrongState):
        signing.pass_on(actor=cast.chair, request_id=waiting.pk, user=cast.member)


def test_a_deputy_passes_it_on_to_nobody(cast: Cast, waiting: SigningRequest) -> None:
    signing.issue_demo_certificate(actor=cast.manager, user=cast.second)
    signing.pass_on(actor=cast.chair, request_id=waiting.pk, user=cast.member)
    decisions.advance(Decision.objects.get().pk)
    [again] = waiting_for(cast.member)
    with pytest.raises(WrongState) as refusal:
        signing.pass_on(actor=cast.member, request_id=again.pk, user=cast.second)
    assert refusal.value.code == "passed_on_once"
    again.refresh_from_db()
    assert again.open


def test_what_names_its_signer_for_good_is_not_passed_on(
    cast: Cast,
    waiting: SigningRequest,
    tmp_path: Path,
) -> None:
    SigningRequest.objects.filter(pk=waiting.pk).update(kind="minutes")
    with pytest.raises(DomainError) as refusal:
        signing.pass_on(actor=cast.chair, request_id=waiting.pk, user=cast.member)
    assert refusal.value.code == "cannot_pass_on"
