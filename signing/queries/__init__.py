"""Reading what waits for a signature and which certificate to use."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from ecabinet.accounts.models import Agency, Appointment, User
from ecabinet.accounts.queries import mandate_text
from ecabinet.common import clock
from ecabinet.common.errors import DomainError
from signing.custody import digest_of
from signing.enums import RUNNING_STATES, SIGNABLE_STATES, EntryState, RequestState, SessionState
from signing.models import (
    Certificate,
    PendingTimestamp,
    Preparation,
    SessionEntry,
    SigningRequest,
    SigningSession,
)
from signing.permissions import holds_office
from signing.renewal import Alarm


def waiting_for(user: User) -> QuerySet[SigningRequest]:
    """Open requests of this person, the most urgent and then the oldest first."""
    return SigningRequest.objects.filter(signer=user, state__in=SIGNABLE_STATES).order_by("-urgency", "id")


def refused_since(kind: str, moment: datetime) -> list[str]:
    """The subjects of that kind whose signature was refused after that moment."""
    rows = SigningRequest.objects.filter(kind=kind, state=RequestState.REFUSED, settled_at__gte=moment)
    return list(rows.values_list("subject", flat=True))


def deputies_of(user: User) -> QuerySet[User]:
    """Who may sign in this person's place today: holds an office in an agency where they hold one, and a
    certificate that may sign.
    """
    today, now = clock.today(), clock.now()
    own = Appointment.objects.in_force(today).filter(user=user)
    beside = Appointment.objects.in_force(today).filter(position__agency__in=own.values("position__agency"))
    able = Certificate.objects.usable(now).filter(user__isnull=False)
    people = User.objects.filter(pk__in=beside.values("user"), is_active=True).exclude(pk=user.pk)
    return people.filter(pk__in=able.values("user"))


def certificate_of(user: User) -> Certificate:
    """The person's newest usable certificate that names no office they have left.

    Raises DomainError ``no_certificate``.
    """
    usable = Certificate.objects.filter(user=user).usable(clock.now())
    found = next((each for each in usable if holds_office(user, each.position_id, clock.today())), None)
    if found is None:
        message = _("You have no valid signing certificate. Ask your registration officer for one.")
        raise DomainError("no_certificate", message, 409)
    return found


def organisation_certificate(agency: Agency) -> Certificate:
    """The agency's newest usable seal certificate. Raises DomainError ``no_seal``."""
    found = Certificate.objects.filter(agency=agency).usable(clock.now()).first()
    if found is None:
        message = _("%(agency)s has no valid seal certificate. Ask the registration officer for one.")
        raise DomainError("no_seal", message % {"agency": agency}, 409)
    return found


def mandate_of(certificate: Certificate) -> str:
    """The office its holder acts in today, in the site's language whoever looks; empty when there is none."""
    if certificate.user is None:
        return ""
    with translation.override(settings.LANGUAGE_CODE):
        return mandate_text(certificate.user, clock.today())


def fresh_preparations(requests: Iterable[SigningRequest], certificate: Certificate) -> QuerySet[Preparation]:
    """Preparations that may still be signed: same version, certificate and mandate, and not too old."""
    since = clock.now() - timedelta(seconds=settings.SIGNING_PREPARED_SECONDS)
    return Preparation.objects.filter(
        request__in=[row.pk for row in requests],
        certificate=certificate,
        mandate=mandate_of(certificate),
        sha256=F("request__sha256"),
        made_at__gt=since,
    )


def running_session(user: User) -> SigningSession | None:
    """The newest session of this person that is signing now."""
    return SigningSession.objects.filter(signer=user, state__in=RUNNING_STATES).first()


def due_sessions() -> QuerySet[SigningSession]:
    """Sessions with work to do that nobody holds: their job was lost, or its process died."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=clock.now())
    return SigningSession.objects.filter(free, state__in=(SessionState.PREPARING, *RUNNING_STATES))


def session_of(user: User, pk: int) -> SigningSession:
    """This person's session. Raises DomainError ``no_such_session``, for another's too."""
    found = SigningSession.objects.filter(signer=user, pk=pk).select_related("certificate").first()
    if found is None:
        raise DomainError("no_such_session", _("There is no such signing session of yours."), 404)
    return found


def to_sign(session: SigningSession) -> list[tuple[int, bytes]]:
    """(place, attribute bytes) of what an open session lists and can still be signed, in order."""
    rows = session.entries.filter(state=EntryState.WAITING, request__state__in=SIGNABLE_STATES)
    listed = rows.exclude(attributes_sha256="").select_related("request__preparation").order_by("place")
    return [(row.place, bytes(row.request.preparation.attributes)) for row in listed if is_listed(row)]


def is_listed(row: SessionEntry) -> bool:
    """Version and attributes are still those the person is shown, or has confirmed."""
    preparation: Preparation | None = getattr(row.request, "preparation", None)
    if preparation is None or row.request.sha256 != row.sha256:
        return False
    return digest_of(bytes(preparation.attributes)) == row.attributes_sha256


def unprepared() -> QuerySet[SigningRequest]:
    """Waiting requests without a preparation that may still be signed, whose signer could sign now."""
    now = clock.now()
    since = now - timedelta(seconds=settings.SIGNING_PREPARED_SECONDS)
    usable = Certificate.objects.usable(now)
    ready = Preparation.objects.filter(
        request=OuterRef("pk"), sha256=OuterRef("sha256"), made_at__gt=since, certificate__in=usable
    )
    # What a person looks at, or has confirmed, stays as it was listed.
    running = Q(session__state__in=RUNNING_STATES)
    shown = Q(session__state=SessionState.OPEN, session__expires_at__gt=now)
    at_work = SessionEntry.objects.filter(running | shown, request=OuterRef("pk"), state=EntryState.WAITING)
    waiting = SigningRequest.objects.filter(
        Exists(usable.filter(user=OuterRef("signer"))), ~Exists(ready), ~Exists(at_work),
        state=RequestState.WAITING, signer__is_active=True,
    )  # fmt: skip
    return waiting.order_by("-urgency", "id")


def waiting_timestamp(subject: str) -> PendingTimestamp | None:
    """Why the newest sealed file of this subject has no last timestamp yet."""
    return PendingTimestamp.objects.waiting().filter(subject=subject).last()


def alarming_timestamps() -> int:
    """How many signed files wait too long for their timestamp, or have a certificate that ends soon."""
    return PendingTimestamp.objects.alarming(clock.now()).count()


def algorithm_alarms() -> tuple[Alarm, ...]:
    """Methods that lose trust, as the site's setting tells."""
    return tuple(Alarm.parse(each) for each in settings.ALGORITHM_ALARMS)
