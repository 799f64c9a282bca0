from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from django.utils import translation

from ecabinet.common import clock

MOMENT = datetime(2026, 1, 31, 20, 30, tzinfo=UTC)


def test_time_runs_on_from_the_moment() -> None:
    with clock.starting_at(MOMENT):
        first, second = clock.now(), clock.now()
    assert MOMENT <= first <= second < MOMENT + timedelta(minutes=1)


def test_today_is_the_day_of_the_site() -> None:
    with clock.starting_at(MOMENT):
        assert clock.today().isoformat() == "2026-02-01"  # 03:30 in Hà Nội


def test_other_threads_stay_where_they_are() -> None:
    seen: list[datetime] = []
    with clock.starting_at(MOMENT):
        thread = Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert abs(seen[0] - clock.now()) < timedelta(minutes=1)


def test_time_can_be_held_and_let_go_again() -> None:
    with clock.starting_at(MOMENT):
        with clock.held():
            held = clock.now()
            assert clock.now() == held
            with clock.running():
                assert clock.now() > held
            assert clock.now() == held
        assert clock.now() > held


@pytest.mark.parametrize(("language", "words"), [("vi", "03:30, 01/02/2026"), ("en", "03:30, 1 Feb 2026")])
def test_a_moment_has_one_order_and_no_english_day_is_taken_for_a_month(language: str, words: str) -> None:
    with translation.override(language):
        assert clock.minute(MOMENT) == words
