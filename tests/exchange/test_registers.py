"""Numbers run from 1 without gaps, never twice."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.db import connection, transaction

from ecabinet.accounts.models import Agency
from ecabinet.common.errors import DomainError
from ecabinet.ledger.models import LedgerEntry
from exchange.actions import take_number
from exchange.models import Register, Registration
from exchange.rules import is_series, notation

NEW_YEAR = date(2026, 1, 1)


@pytest.fixture
def agency() -> Agency:
    return Agency.objects.create(code="G22", name="Chính phủ")


def take(agency: Agency, series: str = "NQ-CP", on: date = NEW_YEAR) -> Registration:
    with transaction.atomic():
        return take_number(actor=None, agency=agency, series=series, subject="Về việc", on=on)


@pytest.mark.django_db
def test_each_series_and_year_counts_for_itself(agency: Agency) -> None:
    assert [take(agency).number for _ in range(3)] == [1, 2, 3]
    assert take(agency, "QĐ-TTg").number == 1
    assert take(agency, on=date(2027, 1, 1)).number == 1
    assert LedgerEntry.objects.filter(act="number.taken").count() == 5


def give_up(registration: Registration) -> None:
    raise DomainError("given_up", f"{registration} is not used after all")


@pytest.mark.django_db(transaction=True)
def test_a_number_is_given_back_with_its_transaction(agency: Agency) -> None:
    take(agency)
    with pytest.raises(DomainError), transaction.atomic():
        give_up(take_number(actor=None, agency=agency, series="NQ-CP", subject="", on=NEW_YEAR))
    assert take(agency).number == 2
    with pytest.raises(RuntimeError):
        take_number(actor=None, agency=agency, series="NQ-CP", subject="", on=NEW_YEAR)


@pytest.mark.django_db
@pytest.mark.parametrize("series", ["", "NQ CP", "NQ/CP", "36", "-CP", "NQ-"])
def test_a_series_that_cannot_be_printed_is_refused(agency: Agency, series: str) -> None:
    with pytest.raises(DomainError) as refusal:
        take(agency, series)
    assert refusal.value.code == "bad_series"
    assert not Register.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_at_once_leave_no_gap(agency: Agency) -> None:
    threads, each = 5, 8
    failures: list[BaseException] = []
    start = threading.Barrier(threads)

    def work() -> None:
        try:
            start.wait()
            for _ in range(each):
                take(agency)
        except BaseException as failure:
            failures.append(failure)
            raise
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not failures
    assert list(Registration.objects.order_by("number").values_list("number", flat=True)) == list(
        range(1, 41)
    )
    assert Register.objects.get().last_number == 40


def test_how_a_number_is_printed() -> None:
    printed = [notation(6, "NQ-CP", 2026), notation(36, "QĐ-TTg", 2026), notation(2, "NĐ-CP", 2026)]
    assert printed == ["06/NQ-CP", "36/QĐ-TTg", "02/2026/NĐ-CP"]
    assert is_series("QĐ-TTg")
