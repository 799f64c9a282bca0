"""Minutes up to their approval: drafted from the log, worded, circulated, commented, approved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from archive.codes import new_code
from ecabinet.accounts.models import User
from ecabinet.common import clock
from ecabinet.common.canonical import digest_of
from ecabinet.common.errors import Denied, DomainError, WrongState
from ecabinet.ledger.actions import record
from exchange.actions import take_number
from exchange.rules import notation
from meetings import tasks
from meetings.actions.guards import must_prepare, refuse_secrets, stale
from meetings.enums import OPEN_MINUTES, ItemKind, ItemState, MeetingState, MembershipRole, MinutesState
from meetings.minutes_facts import log_mark, minutes_facts
from meetings.models import AgendaItem, Meeting, Membership, Minutes, MinutesComment, MinutesVersion
from meetings.permissions import can_chair, membership_of
from meetings.queries.decisions import adopted_poll, deciding_poll, signer_of
from meetings.replay import log_of
from voting.models import Poll

KIND = "minutes"
MAX_TEXT, MAX_COMMENT = 20_000, 4_000


@transaction.atomic
def draft(*, actor: User, meeting: Meeting) -> Minutes:
    """Begin the minutes of a meeting that is over; a second call returns them."""
    must_prepare(actor, meeting.body)
    locked: Meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if locked.state != MeetingState.ADJOURNED:
        raise WrongState("not_adjourned", _("Minutes are drawn up once the meeting is adjourned."))
    now = clock.now()
    made, created = Minutes.objects.get_or_create(
        meeting=locked,
        defaults={"created_at": now, "retry_at": now + tasks.RETRY_AFTER, "verify_code": new_code()},
    )
    if created:
        record(actor=actor, act="minutes.drafted", subject=subject_of(made), details={"seq": locked.seq})
    return made


@transaction.atomic
def write(*, actor: User, minutes: Minutes, prose: Mapping[str, Any], seen: str) -> Minutes:
    """Save the secretariat's words: ``opening``, ``closing``, and ``items`` by item id.

    ``seen`` is the ``prose_digest`` of what was edited. Raises WrongState ``stale`` when somebody else has
    saved meanwhile, ``minutes_approved``, DomainError ``text_long``, ``classified_text``.
    """
    locked = _open(actor, minutes)
    if prose_digest(locked) != seen:
        raise stale()
    locked.prose = _checked(locked.meeting, prose)
    locked.save(update_fields=["prose"])
    return locked


def prose_digest(minutes: Minutes) -> str:
    return digest_of(minutes.prose)


def _checked(meeting: Meeting, prose: Mapping[str, Any]) -> dict[str, Any]:
    ids = set(meeting.items.values_list("pk", flat=True))
    items = {str(pk): text.strip() for pk, text in prose.get("items", {}).items() if int(pk) in ids}
    words = {name: str(prose.get(name, "")).strip() for name in ("opening", "closing")}
    if any(len(text) > MAX_TEXT for text in (*items.values(), *words.values())):
        raise DomainError("text_long", _("A text is longer than 20,000 characters. Shorten it."))
    refuse_secrets(*items.values(), *words.values())
    return {**words, "items": items}


@transaction.atomic
def circulate(*, actor: User, minutes: Minutes, until: date) -> MinutesVersion:
    """Freeze facts and words as the next version and put it before the members for comment.

    Raises WrongState ``minutes_approved``, DomainError ``until_past``.
    """
    locked = _open(actor, minutes)
    if until < clock.today():
        raise DomainError("until_past", _("Choose a day for comments that is not over yet."))
    facts = minutes_facts(locked.meeting)
    version = MinutesVersion.objects.create(
        minutes=locked,
        number=locked.versions.count() + 1,
        facts=facts,
        prose=locked.prose,
        sha256=digest_of({"facts": facts, "prose": locked.prose}),
        circulated_at=clock.now(),
        circulated_by=actor,
    )
    locked.state, locked.current, locked.comments_until = MinutesState.CIRCULATED, version, until
    locked.trouble = ""
    locked.save(update_fields=["state", "current", "comments_until", "trouble"])
    details = {"version": version.number, "until": until.isoformat()}
    subject = subject_of(locked)
    record(actor=actor, act="minutes.circulated", subject=subject, digest=version.sha256, details=details)
    return version


@transaction.atomic
def comment(*, actor: User, minutes: Minutes, text: str, item_id: int | None = None) -> MinutesComment:
    """A member's remark on the circulated version, on one item or on the whole.

    Raises Denied, WrongState ``comments_closed``, DomainError ``comment_missing``, ``comment_long``,
    ``classified_text``, ``item_not_found``.
    """
    locked = (
        Minutes.objects.select_for_update(of=("self",)).select_related("meeting__body").get(pk=minutes.pk)
    )
    member = membership_of(actor, locked.meeting.body)
    if member is None or not may_comment(member):
        raise Denied(_("Only members of the body comment on its minutes."))
    version = locked.current
    if locked.state != MinutesState.CIRCULATED or version is None or not _takes_comments(locked):
        raise WrongState("comments_closed", _("The time for comments on these minutes is over."))
    words = text.strip()
    if not words:
        raise DomainError("comment_missing", _("Write your comment before sending it."))
    if len(words) > MAX_COMMENT:
        raise DomainError("comment_long", _("The remark is longer than 4,000 characters. Shorten it."))
    refuse_secrets(words)
    item = _item_of(locked.meeting, item_id) if item_id is not None else None
    made = MinutesComment.objects.create(
        version=version, item=item, membership=member, text=words, made_at=clock.now()
    )
    details = {"comment": made.pk, "item": item_id, "membership": member.pk}
    record(actor=actor, act="minutes.commented", subject=subject_of(locked), details=details)
    return made


def may_comment(member: Membership) -> bool:
    """Whoever was there to speak: observers read only."""
    return member.role != MembershipRole.OBSERVER


def _takes_comments(minutes: Minutes) -> bool:
    return minutes.comments_until is not None and clock.today() <= minutes.comments_until


def _item_of(meeting: Meeting, item_id: int) -> AgendaItem:
    item: AgendaItem | None = meeting.items.filter(pk=item_id).first()
    if item is None:
        raise DomainError("item_not_found", _("This meeting has no such item. Reload the page."), 404)
    return item


@transaction.atomic
def put_on_agenda(*, actor: User, minutes: Minutes, item: AgendaItem | None) -> Minutes:
    """Name the item of a later meeting whose adoption approves the minutes; None takes it off again.

    Raises WrongState ``minutes_approved``, DomainError ``item_not_fit``.
    """
    locked = _open(actor, minutes)
    if item is not None and not _fits(locked, item):
        message = _("Choose an item “minutes approval” of a later meeting of this body, not dealt with yet.")
        raise DomainError("item_not_fit", message, 422)
    locked.approval_item = item
    locked.save(update_fields=["approval_item"])
    details = {"item": item.pk if item else None}
    record(actor=actor, act="minutes.put_on_agenda", subject=subject_of(locked), details=details)
    return locked


def _fits(minutes: Minutes, item: AgendaItem) -> bool:
    return approval_items(minutes).filter(pk=item.pk).exists()


def approval_items(minutes: Minutes) -> QuerySet[AgendaItem]:
    """Items on which these minutes can be approved."""
    later = AgendaItem.objects.filter(
        kind=ItemKind.MINUTES,
        meeting__body=minutes.meeting.body_id,
        meeting__starts_at__gt=minutes.meeting.starts_at,
        state__in=(ItemState.WAITING, ItemState.CURRENT),
    )
    free: QuerySet[AgendaItem] = later.filter(approves=None) | later.filter(approves=minutes.pk)
    return free.select_related("meeting").order_by("meeting__starts_at", "sort_order")


@transaction.atomic
def approve(*, actor: User, minutes: Minutes) -> Minutes:
    """The chair approves the circulated version, where the body lets the chair do so.

    Raises Denied, WrongState ``not_circulated``, ``log_grew``, DomainError ``no_chair``.
    """
    locked = _locked(minutes.pk)
    if not can_chair(actor, locked.meeting) or not locked.meeting.body.chair_approves_minutes:
        raise Denied(_("These minutes are approved as an item of a later meeting."))
    return _approved(actor, locked)


def item_dealt_with(*, actor: User, item_id: int | None) -> None:
    """Called in the transaction that ends an item or closes a poll on it: approves the minutes it is for.

    An item nobody put to the vote is adopted when it is concluded; a vote decides otherwise. What cannot be
    approved now never stops the meeting: the minutes say why.
    """
    minutes = Minutes.objects.filter(approval_item=item_id, state=MinutesState.CIRCULATED).first()
    if minutes is None or minutes.approval_item is None:
        return
    item = minutes.approval_item
    voted = deciding_poll(item)
    if adopted_poll(item) is None if voted is not None else item.state != ItemState.DONE:
        return
    try:
        with transaction.atomic():
            locked = _locked(minutes.pk)
            _check_voted_on(locked, voted)
            _approved(actor, locked)
    except DomainError as error:
        Minutes.objects.filter(pk=minutes.pk).update(trouble=str(error.message)[:400])


def _check_voted_on(minutes: Minutes, voted: Poll | None) -> None:
    """A vote is about the version that members had before them when it opened."""
    if voted is not None and minutes.current and voted.text_sha256 != minutes.current.sha256:
        raise WrongState("circulated_since", _("The vote was about another version of these minutes."))


def _approved(actor: User, minutes: Minutes) -> Minutes:
    if minutes.state != MinutesState.CIRCULATED or minutes.current is None:
        raise WrongState("not_circulated", _("Only minutes that members have before them can be approved."))
    if minutes.current.facts["log"] != log_mark(log_of(minutes.meeting_id)):
        raise WrongState(
            "log_grew", _("Something was added to the meeting's record. Circulate the minutes again.")
        )
    _number(actor, minutes)
    _signers(minutes)
    minutes.state, minutes.trouble = MinutesState.APPROVED, ""
    minutes.approved_at, minutes.approved_by, minutes.issued_on = clock.now(), actor, clock.today()
    minutes.attempts, minutes.retry_at = 0, clock.now() + tasks.RETRY_AFTER
    minutes.save()
    details = {"version": minutes.current.number, "item": minutes.approval_item_id}
    digest = minutes.current.sha256
    record(actor=actor, act="minutes.approved", subject=subject_of(minutes), digest=digest, details=details)
    transaction.on_commit(lambda: tasks.advance_minutes.enqueue(minutes.pk))
    return minutes


def _number(actor: User, minutes: Minutes) -> None:
    """The next number of the series; minutes that came back unsigned keep theirs."""
    if minutes.registration_id is not None:
        return
    body, today = minutes.meeting.body, clock.today()
    series = f"BB-{body.symbol}"
    title = minutes.meeting.title
    taken = take_number(actor=actor, agency=body.agency, series=series, subject=title, on=today)
    minutes.registration, minutes.notation = taken, notation(taken.number, series, today.year)


def _signers(minutes: Minutes) -> None:
    """The chair of today, and the body's secretary; without one, whoever circulated the minutes."""
    chair = signer_of(minutes.meeting)
    members = Membership.objects.in_force(clock.today()).filter(body=minutes.meeting.body_id)
    secretary = members.filter(role=MembershipRole.SECRETARY).select_related("user").first()
    minutes.chair, minutes.chair_title_en = chair.user, chair.office_en
    minutes.chair_title = chair.office or _in_print(MembershipRole.CHAIR)
    writer = minutes.current.circulated_by if minutes.current else None
    minutes.secretary = secretary.user if secretary else writer
    minutes.secretary_title = secretary.office if secretary else ""


def _in_print(role: MembershipRole) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return str(role.label)


def _open(actor: User, minutes: Minutes) -> Minutes:
    """The row, locked, while its words may still be changed."""
    must_prepare(actor, minutes.meeting.body)
    locked = _locked(minutes.pk)
    if locked.state not in OPEN_MINUTES:
        raise WrongState("minutes_approved", _("These minutes are approved; nothing in them can be changed."))
    return locked


def _locked(pk: int) -> Minutes:
    rows = Minutes.objects.select_for_update(of=("self",)).select_related("meeting__body__agency", "current")
    return rows.get(pk=pk)


def subject_of(minutes: Minutes) -> str:
    return f"{KIND}:{minutes.pk}"
