"""Periodic work goes on when one job fails."""

from __future__ import annotations

import pytest

from ecabinet.operations import ticker
from ecabinet.operations.models import Heartbeat
from ecabinet.operations.ticker import Job, Ticker

RAN: list[str] = []


def good() -> None:
    RAN.append("good")


def bad() -> None:
    RAN.append("bad")
    raise RuntimeError("disk full")


@pytest.mark.django_db(transaction=True)
def test_a_failing_job_backs_off_and_the_others_go_on() -> None:
    RAN.clear()
    clockwork = Ticker((Job(f"{__name__}.bad", 1), Job(f"{__name__}.good", 1)))
    for now in (0.0, 1.0, 2.0, 3.0):
        clockwork.step(now)
    assert RAN.count("good") == 4
    assert RAN.count("bad") == 2  # at 0 and, after twice its interval, at 2; the next pause is four
    assert clockwork.due[f"{__name__}.bad"] == 6.0


@pytest.mark.django_db(transaction=True)
def test_the_ticker_says_that_it_lives() -> None:
    Ticker(()).step(0.0)
    assert Heartbeat.objects.filter(part="ticker").exists()


def test_every_job_can_be_imported() -> None:
    from django.utils.module_loading import import_string

    assert all(callable(import_string(job.path)) for job in ticker.JOBS + ticker.DEMO_JOBS)
