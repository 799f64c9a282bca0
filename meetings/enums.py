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


class PollKind(models.TextChoices):
    """What is put to the vote on an item."""

    MOTION = "motion", pgettext_lazy("poll", "The text itself")
    AMENDMENT = "amendment", pgettext_lazy("poll", "Amendment")
    OPTIONS = "options", pgettext_lazy("poll", "Several options")


# Amendments change the text; these decide the item.
DECIDING_POLLS = (PollKind.MOTION, PollKind.OPTIONS)


class DecisionState(models.TextChoices):
    """From an adopted draft to a record: each step happens once and in this order."""

    NUMBERED = "numbered", _("Number reserved")
    RENDERED = "rendered", _("Waiting for signature")
    RETURNED = "returned", _("Returned unsigned")
    REFUSED = "refused", _("Signature refused")  # the end: nothing is issued under this number
    SIGNED = "signed", _("Signed, waiting for the seal")
    SEALED = "sealed", _("Sealed")
    ARCHIVED = "archived", _("Archived")


# What the signer did not sign.
UNSIGNED = (DecisionState.RETURNED, DecisionState.REFUSED)


class MinutesState(models.TextChoices):
    """From the draft to a record. A signer who returns the file sends it back to the draft."""

    DRAFTED = "drafted", pgettext_lazy("minutes", "Being drafted")
    CIRCULATED = "circulated", pgettext_lazy("minutes", "Circulated to members")
    APPROVED = "approved", pgettext_lazy("minutes", "Approved")
    RENDERED = "rendered", pgettext_lazy("minutes", "Waiting for signatures")
    SIGNED = "signed", pgettext_lazy("minutes", "Signed, waiting for the seal")
    SEALED = "sealed", pgettext_lazy("minutes", "Sealed")
    ARCHIVED = "archived", pgettext_lazy("minutes", "Archived")


OPEN_MINUTES = (MinutesState.DRAFTED, MinutesState.CIRCULATED)


class AssignmentState(models.TextChoices):
    """A report that is not accepted opens the task again."""

    OPEN = "open", pgettext_lazy("assignment", "Open")
    REPORTED = "reported", pgettext_lazy("assignment", "Reported")
    ACCEPTED = "accepted", pgettext_lazy("assignment", "Done")
    CLOSED = "closed", pgettext_lazy("assignment", "Closed")


RUNNING_ASSIGNMENTS = (AssignmentState.OPEN, AssignmentState.REPORTED)


class ReportState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("report", "Waiting")
    ACCEPTED = "accepted", pgettext_lazy("report", "Accepted")
    RETURNED = "returned", pgettext_lazy("report", "Sent back")


class ExtensionState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("extension", "Waiting")
    GRANTED = "granted", pgettext_lazy("extension", "Granted")
    REFUSED = "refused", pgettext_lazy("extension", "Refused")


class DecisionType(models.TextChoices):
    RESOLUTION = "NQ", _("Resolution")
    DECREE = "NĐ", _("Decree")
    DECISION = "QĐ", _("Decision")
    CONCLUSION = "TB", _("Notice of conclusions")


class WrittenState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("written ballot", "Being prepared")
    OPEN = "open", pgettext_lazy("written ballot", "Answers wanted")
    CLOSED = "closed", pgettext_lazy("written ballot", "Closed")
    CANCELLED = "cancelled", pgettext_lazy("written ballot", "Called off")


class ReminderStage(models.TextChoices):
    """Who is told that an answer is missing (the values of ``meetings.rules.working_days.Stage``)."""

    MEMBER = "member", pgettext_lazy("reminder", "The member")
    DEPUTY = "deputy", pgettext_lazy("reminder", "The member's deputy")
    SECRETARIAT = "secretariat", pgettext_lazy("reminder", "The secretariat")


class WrittenSilence(models.TextChoices):
    """What no answer to a written ballot counts as; empty: as the body's voting rules say."""

    NONE = "none", _("No answer: it counts for neither side")
    AGREE = "agree", _("Agreement")
    ABSTAIN = "abstain", _("Abstention")
