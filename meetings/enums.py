from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MembershipRole(models.TextChoices):
    CHAIR = "chair", _("Chair")
    VICE_CHAIR = "vice_chair", _("Vice-chair")
    MEMBER = "member", _("Member")
    SECRETARY = "secretary", _("Secretary")
    INVITEE = "invitee", _("Invitee")
    OBSERVER = "observer", _("Observer")


VOTING_ROLES = (MembershipRole.CHAIR, MembershipRole.VICE_CHAIR, MembershipRole.MEMBER)
# Who runs the meeting from the desk.
DESK_ROLES = (MembershipRole.CHAIR, MembershipRole.SECRETARY)


class MeetingKind(models.TextChoices):
    REGULAR = "regular", pgettext_lazy("meeting", "Regular")
    THEMATIC = "thematic", pgettext_lazy("meeting", "Thematic")
    EXTRAORDINARY = "extraordinary", pgettext_lazy("meeting", "Extraordinary")


class MeetingMode(models.TextChoices):
    IN_PERSON = "in_person", _("In person")
    REMOTE = "remote", _("Remote")
    MIXED = "mixed", _("In person and remote")


class MeetingState(models.TextChoices):
    PREPARING = "preparing", _("Being prepared")
    DISTRIBUTED = "distributed", _("Papers distributed")
    IN_SESSION = "in_session", _("In session")
    ADJOURNED = "adjourned", _("Adjourned")
    CANCELLED = "cancelled", _("Cancelled")


class ItemKind(models.TextChoices):
    DECISION = "decision", _("For decision")
    DISCUSSION = "discussion", _("For discussion")
    INFORMATION = "information", _("For information")
    MINUTES = "minutes", _("Minutes approval")
    PAPER_ONLY = "paper_only", _("On paper only")


class ItemState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("agenda item", "Waiting")
    CURRENT = "current", pgettext_lazy("agenda item", "Being discussed")
    DONE = "done", pgettext_lazy("agenda item", "Done")
    POSTPONED = "postponed", pgettext_lazy("agenda item", "Postponed")


class DocumentRole(models.TextChoices):
    STATEMENT = "statement", _("Statement")
    DRAFT = "draft", _("Draft decision")
    OPINIONS = "opinions", _("Agencies' opinions")
    APPENDIX = "appendix", _("Appendix")
    SUMMARY = "summary", pgettext_lazy("document", "Summary")


class Stance(models.TextChoices):
    AGREE = "agree", _("Agree")
    AGREE_COMMENT = "agree_comment", _("Agree, with a comment")
    OBJECT = "object", _("Object")
    SPEAK = "speak", _("Wish to speak")


STANCES_WITH_TEXT = (Stance.AGREE_COMMENT, Stance.OBJECT)


class Presence(models.TextChoices):
    EXPECTED = "expected", _("Expected")
    PRESENT = "present", _("Present")
    REMOTE = "remote", _("Present remotely")
    ABSENT = "absent", _("Absent")


PRESENT_STATES = (Presence.PRESENT, Presence.REMOTE)


class FloorState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("speaker", "Waiting")
    SPEAKING = "speaking", pgettext_lazy("speaker", "Speaking")
    SPOKEN = "spoken", pgettext_lazy("speaker", "Has spoken")
    WITHDRAWN = "withdrawn", pgettext_lazy("speaker", "Withdrawn")


class FloorKind(models.TextChoices):
    """In the order in which the queue takes them: the values sort so."""

    POINT = "point_of_order", _("Point of order")
    REQUEST = "request", _("Request to speak")


class RecusalReason(models.TextChoices):
    """Why a member takes no part in an item; never to be mixed up with an abstention."""

    CONFLICT = "conflict", _("Conflict of interest")
    OTHER = "other", pgettext_lazy("recusal", "Other reason")


class DecisionState(models.TextChoices):
    """From an adopted draft to a record: each step happens once and in this order."""

    NUMBERED = "numbered", _("Number reserved")
    RENDERED = "rendered", _("Waiting for signature")
    RETURNED = "returned", _("Returned unsigned")
    SIGNED = "signed", _("Signed, waiting for the seal")
    SEALED = "sealed", _("Sealed")
    ARCHIVED = "archived", _("Archived")


class DecisionType(models.TextChoices):
    RESOLUTION = "NQ", _("Resolution")
    DECREE = "NĐ", _("Decree")
    DECISION = "QĐ", _("Decision")
    CONCLUSION = "TB", _("Notice of conclusions")
