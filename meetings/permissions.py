"""Who may act. The same policy answers "which rows?" in ``Meeting.objects.visible_to`` and its kin."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Case, IntegerField, Value, When

from ecabinet.accounts.enums import Duty
from ecabinet.accounts.models import Appointment
from ecabinet.common.clock import today
from meetings.enums import DESK_ROLES, MeetingState, MembershipRole
from meetings.models import AgendaItem, Body, DocumentVersion, Dossier, Meeting, Membership
from meetings.models.scope import AnyUser, mandates, prepared_bodies, preparers

_ROLE_RANK = Case(
    *(When(role=role, then=Value(rank)) for rank, role in enumerate(MembershipRole.values)),
    output_field=IntegerField(),
)


def membership_of(user: AnyUser, body: Body, on: date | None = None) -> Membership | None:
    """The mandate the person holds in the body on that day (today when not told).

    Who holds two at once acts under the higher one, in the order of ``MembershipRole``.
    """
    return mandates(user, on).filter(body=body).select_related("user").order_by(_ROLE_RANK, "pk").first()


def is_manager(user: AnyUser) -> bool:
    """System administrators: people, agencies, bodies; no papers."""
    if not user.is_active:
        return False
    duties = Appointment.objects.in_force(today()).filter(user_id=user.pk, position__duty=Duty.ADMINISTRATOR)
    return bool(user.is_superuser) or duties.exists()


def prepares_anything(user: AnyUser) -> bool:
    return prepared_bodies(user).exists()


def can_enter_admin(user: AnyUser) -> bool:
    """Secretariat and system administrators; members, chair, archive staff and the public never."""
    return prepares_anything(user) or is_manager(user)


def can_manage_bodies(user: AnyUser) -> bool:
    """Bodies, members, people, agencies and appointments."""
    return can_enter_admin(user)


def can_prepare(user: AnyUser, body: Body) -> bool:
    """Agendas, dossiers and distributions of the body."""
    return prepared_bodies(user).filter(pk=body.pk).exists()


def can_read_meeting(user: AnyUser, meeting: Meeting) -> bool:
    return Meeting.objects.visible_to(user).filter(pk=meeting.pk).exists()


def readers_of(meeting: Meeting) -> frozenset[int]:
    """Ids of all who may read the meeting: ``can_read_meeting`` asked for everybody at once."""
    ids = set(preparers(meeting.body).values_list("pk", flat=True))
    if meeting.state != MeetingState.PREPARING:
        sitting = Membership.objects.in_force(today()).filter(body=meeting.body_id)
        ids |= set(sitting.values_list("user", flat=True))
    return frozenset(ids)


def members_of(body: Body, users: Collection[int]) -> dict[int, Membership]:
    """By the ids of these persons: ``membership_of`` asked for all of them at once."""
    sitting = Membership.objects.in_force(today()).filter(body=body, user__in=users)
    return {member.user_id: member for member in sitting.order_by(_ROLE_RANK, "pk").reverse()}


def voters_of(meeting: Meeting) -> frozenset[int]:
    """Ids of all who hold a voting mandate today: ``can_vote`` asked for everybody at once."""
    voting = Membership.objects.in_force(today()).voting().filter(body=meeting.body_id)
    return frozenset(voting.values_list("user", flat=True))


def can_run_desk(user: AnyUser, meeting: Meeting) -> bool:
    """Call items, give the floor, open and close polls: the chair, the secretary and the secretariat."""
    if mandates(user).filter(body=meeting.body_id, role__in=DESK_ROLES).exists():
        return True
    return can_prepare(user, meeting.body)


def can_read_log(user: AnyUser, meeting: Meeting) -> bool:
    """See a sitting again event by event: the desk at any time, its readers once it is over."""
    if can_run_desk(user, meeting):
        return True
    return meeting.state == MeetingState.ADJOURNED and can_read_meeting(user, meeting)


def can_chair(user: AnyUser, meeting: Meeting) -> bool:
    return mandates(user).filter(body=meeting.body_id, role=MembershipRole.CHAIR).exists()


def can_vote(user: AnyUser, meeting: Meeting) -> bool:
    """Holds a voting mandate in the body today. Whether a poll has them as elector, the poll tells."""
    return mandates(user).voting().filter(body=meeting.body_id).exists()


def can_watch(user: AnyUser, meeting: Meeting, audience: str) -> bool:
    """May a reader of the meeting have the state of this audience: the desk's is for the desk, the members'
    for who votes or runs the desk, the others for every reader.
    """
    if audience == "desk":
        return can_run_desk(user, meeting)
    return audience != "member" or can_vote(user, meeting) or can_run_desk(user, meeting)


def can_present(user: AnyUser, item: AgendaItem) -> bool:
    """Turn the pages that others follow: who reports on the item, and the desk."""
    return item.rapporteur_id == user.pk or can_run_desk(user, item.meeting)


def can_state_position(user: AnyUser, item: AgendaItem) -> bool:
    return can_vote(user, item.meeting) and can_read_meeting(user, item.meeting)


def can_edit_dossier(user: AnyUser, dossier: Dossier) -> bool:
    return Dossier.objects.prepared_by(user).filter(pk=dossier.pk).exists()


def can_read_version(user: AnyUser, version: DocumentVersion) -> bool:
    return DocumentVersion.objects.visible_to(user).filter(pk=version.pk).exists()
