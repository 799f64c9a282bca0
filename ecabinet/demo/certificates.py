"""The demo's register of certificates: officers, what waits for them, and one certificate that ends soon."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ecabinet.common import clock
from ecabinet.demo.cast import Cast
from signing import actions
from signing.models import Certificate

OFFICERS = ("dang-ky", "dang-ky-2")
DELEGATED = ("G22", "G06", "G13")  # the Government with its Office, Finance, Health
BACKEND = "pkcs12"
# Ago: what they did some hours ago may have been yesterday.
APPOINTED = timedelta(days=40)


def register(cast: Cast) -> None:
    """One request of a person and one of a seal wait, a loss was reported; all since this week."""
    manager, (first, second) = cast.people["quan-tri"], (cast.people[login] for login in OFFICERS)
    since = clock.today() - APPOINTED
    for code in DELEGATED:
        for officer in (first, second):
            actions.appoint_officer(actor=manager, user=officer, agency=cast.agencies[code], since=since)
    clerk, ministry = cast.people["van-thu"], cast.agencies["G13"]
    moments = _moments()
    with clock.starting_at(clock.now() - next(moments)):
        actions.request_certificate(actor=clerk, user=clerk, backend=BACKEND)
    with clock.starting_at(clock.now() - next(moments)):
        seal = actions.request_certificate(actor=clerk, agency=ministry, backend=BACKEND)
    with clock.starting_at(clock.now() - next(moments)):
        actions.approve_request(actor=second, request_id=seal.pk)
    lost = Certificate.objects.get(user=cast.people["pho-thu-tuong-8"])
    with clock.starting_at(clock.now() - next(moments)):
        actions.report_loss(actor=cast.people["pho-thu-tuong-8"], certificate_id=lost.pk)


def _moments() -> Iterator[timedelta]:
    """How long ago each of these happened."""
    for hours in (7, 5, 4, 2):
        yield timedelta(hours=hours)
