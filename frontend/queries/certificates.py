"""What a person sees of certificates: their own, and as an officer those of their agencies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ecabinet.accounts.models import Agency, User
from ecabinet.accounts.queries import position_text
from ecabinet.common import clock
from signing import custody, rules
from signing.authority.adapter import authority
from signing.authority.credentials import comes_certified
from signing.enums import OPEN_CERTIFICATE_REQUESTS, CertificateRequestState, CertificateStatus, StatusReason
from signing.models import Certificate, CertificateRequest, RegistrationOfficer
from signing.permissions import (
    can_manage,
    governed_agencies,
    holds_office,
    managed_certificates,
    managed_requests,
    seal_agencies,
    sees_all_agencies,
)
from signing.queries.register import came_certified, principal_position

PER_PAGE = 50
SOON = timedelta(days=max(rules.WARNED_AT))
ENDED = "ended"  # in the filter, beside the states: run out

CUSTODIES = {
    "pkcs12": gettext_lazy("Encrypted file kept by this site"),
    "pkcs11": gettext_lazy("Security module of this site"),
    "device": gettext_lazy("My own device"),
    "csc": gettext_lazy("Remote signing service"),
}


@dataclass(frozen=True)
class Shown:
    """One certificate with its state in words. ``mark`` is a kind of ``{% mark %}``."""

    certificate: Certificate
    mark: str
    words: str
    ends: str = ""  # a warning, in the last 60 days

    @property
    def living(self) -> bool:
        return self.certificate.status in (CertificateStatus.ACTIVE, CertificateStatus.SUSPENDED)

    @property
    def office(self) -> str:
        return position_text(self.certificate.position) if self.certificate.position else ""

    @property
    def custody(self) -> str:
        return str(CUSTODIES.get(self.certificate.backend, self.certificate.backend))


@dataclass(frozen=True)
class Mine:
    """The holder's page. ``request`` is the open one, ``refused`` the last one when it was refused,
    ``entered`` what the person asked for others and is not decided.
    """

    user_id: int
    certificates: tuple[Shown, ...]
    request: CertificateRequest | None
    refused: CertificateRequest | None
    office: str
    custodies: tuple[tuple[str, str], ...]
    entered: tuple[CertificateRequest, ...]
    asks_for_seal: bool

    @property
    def unnamed(self) -> list[int]:
        """The requests (ids) of which the person has still to say which key of the signing service it is."""
        rows = [*self.entered, *([self.request] if self.request else [])]
        return [row.pk for row in rows if not row.has_key and _brings_certificate(row.backend)]

    @property
    def usable(self) -> bool:
        return any(each.mark == "adopted" for each in self.certificates)


@dataclass(frozen=True)
class Register:
    """The officers' page: open requests first, then the certificates that were asked for."""

    requests: tuple[CertificateRequest, ...]
    page: Page[Any]
    rows: tuple[Shown, ...]
    agencies: tuple[Agency, ...]
    states: tuple[tuple[str, str], ...]
    asked: Mapping[str, str]
    is_officer: bool


@dataclass(frozen=True)
class RequestView:
    request: CertificateRequest
    office: str
    custody: str
    may_approve: bool
    may_issue: bool
    online: bool
    key_missing: bool  # the holder's device has still to make it
    unnamed: bool  # nobody has said yet which key it is
    named: NamedKey | None  # the certificate that the key has already


@dataclass(frozen=True)
class NamedKey:
    """What the certificate of a key says that came with one."""

    subject: str
    issuer: str
    serial: str
    not_after: datetime


@dataclass(frozen=True)
class CertificateView:
    shown: Shown
    may_act: bool
    online: bool
    reasons: Mapping[str, tuple[tuple[str, str], ...]]  # by the status they lead to


@dataclass(frozen=True)
class CertificateWork:
    """What Today tells of certificates: requests that wait for this officer, and the own that ends soon."""

    waiting: int
    own: Shown | None


def shown(certificate: Certificate) -> Shown:
    """The state in words, most telling first."""
    now = clock.now()
    if certificate.status == CertificateStatus.SUSPENDED:
        return Shown(certificate, "final", _("Suspended"))
    if certificate.status != CertificateStatus.ACTIVE:
        mark = "final" if certificate.status == CertificateStatus.REVOKED else "read"
        return Shown(certificate, mark, certificate.get_status_display())
    if certificate.not_after <= now:
        return Shown(certificate, "final", _("Expired"))
    if certificate.not_before > now:
        return Shown(certificate, "pending", _("Not valid yet"))
    if certificate.user is not None and not holds_office(
        certificate.user, certificate.position_id, clock.today()
    ):
        return Shown(certificate, "final", _("No new signatures: the office was left"))
    return Shown(certificate, "adopted", certificate.get_status_display(), _ending(certificate))


def _ending(certificate: Certificate) -> str:
    left = certificate.not_after - clock.now()
    if left > SOON:
        return ""
    days = left.days
    return ngettext("Ends in %(n)s day", "Ends in %(n)s days", days) % {"n": days}


def mine(user: User) -> Mine:
    rows = Certificate.objects.filter(user=user).select_related("user", "position__agency", "renewed_by")
    latest = CertificateRequest.objects.filter(user=user).order_by("-requested_at", "-pk").first()
    open_one = latest if latest is not None and latest.open else None
    refused = latest is not None and latest.state == CertificateRequestState.REFUSED
    position = principal_position(user, clock.today())
    entered = CertificateRequest.objects.filter(requested_by=user, state__in=OPEN_CERTIFICATE_REQUESTS)
    entered = entered.filter(~Q(user=user) | Q(user=None))
    return Mine(
        user_id=user.pk,
        certificates=tuple(shown(row) for row in rows),
        request=open_one,
        refused=latest if refused else None,
        office=position_text(position) if position else "",
        custodies=tuple((name, str(CUSTODIES.get(name, name))) for name in settings.SIGNING_CUSTODY),
        entered=tuple(entered.select_related("user", "agency")),
        asks_for_seal=bool(_without_open_seal(seal_agencies(user) | governed_agencies(user))),
    )


def register_of(user: User, asked: Mapping[str, str]) -> Register:
    """``asked``: q (a person or agency), agency (id), state, page."""
    governed = governed_agencies(user)
    requests = managed_requests(user).filter(state__in=OPEN_CERTIFICATE_REQUESTS)
    rows = _narrowed(managed_certificates(user), asked)
    rows = rows.select_related("user", "agency", "position__agency").order_by(
        _LIVING_FIRST, "user__full_name", "agency__name", "-not_before", "-pk"
    )
    page = Paginator(rows, PER_PAGE).get_page(asked.get("page"))
    return Register(
        requests=tuple(requests.select_related("user", "agency", "position__agency", "requested_by")),
        page=page,
        rows=tuple(shown(row) for row in page),
        agencies=tuple(Agency.objects.filter(pk__in=governed)),
        states=(*((str(v), str(label)) for v, label in CertificateStatus.choices), (ENDED, _("Expired"))),
        asked=asked,
        is_officer=bool(governed),
    )


_LIVING_FIRST = Case(
    When(status=CertificateStatus.SUSPENDED, then=Value(0)),
    When(status=CertificateStatus.ACTIVE, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


def _narrowed(rows: QuerySet[Certificate], asked: Mapping[str, str]) -> QuerySet[Certificate]:
    if text := asked.get("q", "").strip():
        rows = rows.filter(
            Q(user__full_name__icontains=text)
            | Q(user__email__icontains=text)
            | Q(agency__name__icontains=text)
            | Q(serial__iexact=text)
        )
    if (agency := asked.get("agency", "")).isdecimal():
        rows = rows.filter(Q(agency=int(agency)) | Q(position__agency=int(agency)))
    state = asked.get("state", "")
    if state == ENDED:
        return rows.filter(status=CertificateStatus.ACTIVE, not_after__lte=clock.now())
    return rows.filter(status=state) if state in CertificateStatus.values else rows


def request_view(user: User, request: CertificateRequest) -> RequestView:
    hands = rules.Hands(request.user_id, request.requested_by_id, request.approved_by_id)
    own_device = request.backend in settings.SIGNING_CUSTODY and custody.backend(request.backend).on_device
    unnamed = request.open and not request.has_key and _brings_certificate(request.backend)
    return RequestView(
        request=request,
        office=position_text(request.position) if request.position else "",
        custody=str(CUSTODIES.get(request.backend, request.backend)),
        may_approve=request.state == CertificateRequestState.REQUESTED and hands.may_approve(user.pk),
        may_issue=request.state == CertificateRequestState.APPROVED and hands.may_issue(user.pk),
        online=authority().online,
        key_missing=own_device and not request.csr,
        unnamed=unnamed,
        named=_named_key(request.chain) if request.chain else None,
    )


def _without_open_seal(agencies: frozenset[int]) -> frozenset[int]:
    """Those for whose seal nobody asks at present: one request at a time."""
    rows = CertificateRequest.objects.filter(user=None, agency__in=agencies)
    asked = rows.filter(state__in=OPEN_CERTIFICATE_REQUESTS)
    return agencies - frozenset(asked.values_list("agency", flat=True))


def _brings_certificate(backend: str) -> bool:
    return backend in settings.SIGNING_CUSTODY and comes_certified(backend)


def _named_key(chain: str) -> NamedKey:
    leaf = x509.load_pem_x509_certificate(chain.encode())
    names = leaf.subject.rfc4514_string(), leaf.issuer.rfc4514_string()
    return NamedKey(*names, f"{leaf.serial_number:X}", leaf.not_valid_after_utc)


def certificate_view(user: User, certificate: Certificate) -> CertificateView:
    may = {
        target: tuple((v, str(label)) for v, label in StatusReason.choices if rules.reason_fits(target, v))
        for target in ("suspended", "revoked")
        if rules.certificate_may(certificate.status, target)
    }
    online = authority().online and not came_certified(certificate)
    return CertificateView(shown(certificate), can_manage(user, certificate), online, may)


def officers_shown(user: User) -> Sequence[RegistrationOfficer]:
    """Today's officers: all for administrators and auditors, those of their agencies for officers."""
    rows = RegistrationOfficer.objects.in_force(clock.today()).select_related(
        "user", "agency", "appointed_by"
    )
    return list(rows if sees_all_agencies(user) else rows.filter(agency__in=governed_agencies(user)))


def certificate_work(user: User) -> CertificateWork:
    waiting = managed_requests(user).filter(state__in=OPEN_CERTIFICATE_REQUESTS).exclude(user=user)
    now = clock.now()
    ending = Certificate.objects.filter(user=user).usable(now).filter(not_after__lte=now + SOON)
    found = ending.select_related("user", "position__agency").first()
    return CertificateWork(waiting.count(), shown(found) if found else None)
