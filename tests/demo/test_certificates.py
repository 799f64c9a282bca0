"""The demo can be built at any hour: what happened some hours ago may have been yesterday."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from ecabinet.common import clock
from ecabinet.demo import cast, certificates
from signing.enums import CertificateRequestState
from signing.models import CertificateRequest

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("hour", [0, 12])
def test_the_register_is_filled_at_midnight_too(hour: int) -> None:
    tomorrow = timezone.localtime(clock.now()) + timedelta(days=1)
    with clock.starting_at(tomorrow.replace(hour=hour, minute=20)):
        certificates.register(cast.assemble())
    states = CertificateRequest.objects.values_list("state", flat=True)
    assert set(states) == {CertificateRequestState.REQUESTED, CertificateRequestState.APPROVED}
