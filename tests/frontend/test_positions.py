"""Stating a position from the programme: by a plain form, by htmx, and refused in place."""

from __future__ import annotations

import pytest
from django.test import Client

from meetings.enums import ItemState, Stance
from meetings.models import AgendaItem, PositionStatement
from tests import cast as casting
from tests.cast import Cast
from tests.frontend.conftest import Sitting

HTMX = {"HX-Request": "true"}


def test_plain_form_states_the_position_and_goes_back_to_the_item(cast: Cast, sitting: Sitting) -> None:
    answer = casting.client(cast.member).post(f"/items/{sitting.item.pk}/position/", {"stance": "agree"})
    assert answer.status_code == 302
    assert answer["Location"] == f"/meetings/{sitting.meeting.pk}/#item-{sitting.item.pk}"
    assert PositionStatement.objects.get().stance == Stance.AGREE


def test_htmx_gets_the_new_state_of_the_control(cast: Cast, sitting: Sitting) -> None:
    body = {"stance": "object", "comment": "Chưa rõ nguồn kinh phí."}
    answer = casting.client(cast.member).post(f"/items/{sitting.item.pk}/position/", body, headers=HTMX)
    page = answer.content.decode()
    assert (answer.status_code, "<html" in page) == (200, False)
    assert f'id="stance-{sitting.item.pk}"' in page
    assert "Chưa rõ nguồn kinh phí." in page
    assert "stance__saved" in page


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_refusal_keeps_what_was_typed(cast: Cast, sitting: Sitting, headers: dict[str, str]) -> None:
    words = "dài " * 1100
    body = {"stance": "agree_comment", "comment": words}
    answer = casting.client(cast.member).post(f"/items/{sitting.item.pk}/position/", body, headers=headers)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words.strip() in page
    assert 'value="agree_comment" required checked' in page
    assert 'role="alert"' in page
    assert not PositionStatement.objects.exists()


@pytest.mark.parametrize("stance", ["", "maybe"])
def test_unknown_choice_is_refused_in_words(cast: Cast, sitting: Sitting, stance: str) -> None:
    answer = casting.client(cast.member).post(f"/items/{sitting.item.pk}/position/", {"stance": stance})
    assert answer.status_code == 422


def test_item_already_called_takes_no_position(cast: Cast, sitting: Sitting) -> None:
    AgendaItem.objects.filter(pk=sitting.item.pk).update(state=ItemState.DONE)
    answer = casting.client(cast.member).post(f"/items/{sitting.item.pk}/position/", {"stance": "agree"})
    assert answer.status_code == 409
    assert not PositionStatement.objects.exists()


def test_outsiders_and_strangers(cast: Cast, sitting: Sitting) -> None:
    address = f"/items/{sitting.item.pk}/position/"
    assert casting.client(cast.outsider).post(address, {"stance": "agree"}).status_code == 404
    assert casting.client(cast.clerk).post(address, {"stance": "agree"}).status_code == 403
    assert Client().get(address).status_code == 302
    assert not PositionStatement.objects.exists()


def test_the_form_has_a_page_of_its_own(cast: Cast, sitting: Sitting) -> None:
    page = casting.client(cast.member).get(f"/items/{sitting.item.pk}/position/").content.decode()
    assert "<html" in page
    assert '<details class="stance__box" open>' in page
