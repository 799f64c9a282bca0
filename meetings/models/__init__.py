from meetings.models.agenda import AgendaItem, Meeting
from meetings.models.bodies import Body, Membership
from meetings.models.decisions import Decision
from meetings.models.distribution import (
    Distribution,
    DistributionItem,
    DistributionRecipient,
    PositionStatement,
    ReadReceipt,
)
from meetings.models.dossiers import Document, DocumentVersion, Dossier
from meetings.models.live import Attendance, FloorRequest, ItemPoll, LiveEvent
from meetings.models.written import WrittenAnswer, WrittenBallot, WrittenPaper, WrittenReminder

__all__ = [
    "AgendaItem",
    "Attendance",
    "Body",
    "Decision",
    "Distribution",
    "DistributionItem",
    "DistributionRecipient",
    "Document",
    "DocumentVersion",
    "Dossier",
    "FloorRequest",
    "ItemPoll",
    "LiveEvent",
    "Meeting",
    "Membership",
    "PositionStatement",
    "ReadReceipt",
    "WrittenAnswer",
    "WrittenBallot",
    "WrittenPaper",
    "WrittenReminder",
]
