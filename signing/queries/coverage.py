"""How far certificates have come, in the figures the Office of the Government reported in 2019: ministries,
provinces and leaders that hold one, what ends soon, and what was signed of what was received for signature.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from ecabinet.accounts.enums import AgencyKind, Duty
from ecabinet.accounts.models import Agency, Appointment
from ecabinet.common import clock
from signing.enums import RequestState
from signing.models import Certificate, SigningRequest
from signing.rules import WARNED_AT

SOON = timedelta(days=max(WARNED_AT))


@dataclass(frozen=True)
class Share:
    done: int
    total: int

    @property
    def percent(self) -> int:
        """Rounded down, so that only all of them is a hundred; nothing of nothing is none."""
        return 100 * self.done // self.total if self.total else 0


@dataclass(frozen=True)
class AgencyCoverage:
    agency: Agency
    seal: bool
    leaders: Share  # who lead it today, and hold a certificate that names that office or none
    ending: int  # certificates in force that end in 60 days or less
    signed: Share  # of what its people received for signature this year

    @property
    def holds(self) -> bool:
        return self.seal or self.leaders.done > 0


@dataclass(frozen=True)
class KindCoverage:
    kind: AgencyKind
    agencies: Share
    leaders: Share


@dataclass(frozen=True)
class Coverage:
    at: datetime
    rows: tuple[AgencyCoverage, ...]

    @property
    def kinds(self) -> tuple[KindCoverage, ...]:
        """By kind of agency, those that there are, in the order of ``AgencyKind``."""
        return tuple(
            KindCoverage(
                kind, Share(sum(row.holds for row in rows), len(rows)), _sum(r.leaders for r in rows)
            )
            for kind in AgencyKind
            if (rows := [row for row in self.rows if row.agency.kind == kind])
        )

    @property
    def leaders(self) -> Share:
        return _sum(row.leaders for row in self.rows)

    @property
    def signed(self) -> Share:
        return _sum(row.signed for row in self.rows)

    @property
    def ending(self) -> int:
        return sum(row.ending for row in self.rows)


def coverage(agencies: Collection[int] | None = None) -> Coverage:
    """Today's figures of these agencies (ids; None: all), by name, in a constant number of queries."""
    moment = clock.now()
    rows = Agency.objects.all() if agencies is None else Agency.objects.filter(pk__in=agencies)
    leads = _leads()
    usable = list(Certificate.objects.usable(moment).select_related("position"))
    seals = {each.agency_id for each in usable}
    holding = {(each.user_id, each.position_id) for each in usable}
    place = _places(leads)
    ending = Counter(
        each.agency_id or (each.position.agency_id if each.position else place.get(each.user_id))
        for each in usable
        if each.not_after - moment <= SOON
    )
    received, signed = _signatures(moment, place)
    found = (
        AgencyCoverage(
            agency=agency,
            seal=agency.pk in seals,
            leaders=_leaders([lead for lead in leads if lead.position.agency_id == agency.pk], holding),
            ending=ending[agency.pk],
            signed=Share(signed[agency.pk], received[agency.pk]),
        )
        for agency in rows
    )
    return Coverage(moment, tuple(found))


def _of_kind(kind: AgencyKind, rows: Collection[AgencyCoverage]) -> KindCoverage:
    holding = Share(sum(row.holds for row in rows), len(rows))
    return KindCoverage(kind, holding, _sum(row.leaders for row in rows))


def _leads() -> list[Appointment]:
    """Every office held today, the principal one of a person first."""
    held = Appointment.objects.in_force(clock.today()).filter(user__is_active=True)
    return list(held.select_related("position").order_by("position__rank", "starts_on", "pk"))


def _places(held: Iterable[Appointment]) -> dict[int | None, int]:
    """The agency of each person's principal office."""
    found: dict[int | None, int] = {}
    for row in held:
        found.setdefault(row.user_id, row.position.agency_id)
    return found


def _leaders(held: Iterable[Appointment], holding: set[tuple[int | None, int | None]]) -> Share:
    """A person counts once in an agency, whatever offices they hold there."""
    people: dict[int, bool] = {}
    for row in held:
        if row.position.duty == Duty.LEADER:
            covers = {(row.user_id, row.position_id), (row.user_id, None)} & holding
            people[row.user_id] = people.get(row.user_id, False) or bool(covers)
    return Share(sum(people.values()), len(people))


def _signatures(moment: datetime, place: dict[int | None, int]) -> tuple[Counter[int], Counter[int]]:
    """Received for signature since New Year, and signed of these, by the signer's agency."""
    year = clock.today().replace(month=1, day=1)
    rows = SigningRequest.objects.filter(created_at__date__gte=year, created_at__lte=moment)
    received: Counter[int] = Counter()
    signed: Counter[int] = Counter()
    for signer, state in rows.exclude(state=RequestState.WITHDRAWN).values_list("signer", "state"):
        if signer in place:
            received[place[signer]] += 1
            signed[place[signer]] += state == RequestState.SIGNED
    return received, signed


def _sum(shares: Iterable[Share]) -> Share:
    found = list(shares)
    return Share(sum(each.done for each in found), sum(each.total for each in found))
