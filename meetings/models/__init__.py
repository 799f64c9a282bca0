from meetings.models.agenda import AgendaItem, Meeting
from meetings.models.assignments import Assignment, AssignmentReport, Extension
from meetings.models.bodies import Body, Membership
from meetings.models.decisions import Decision, DecisionAppendix
from meetings.models.distribution import (
    Distribution,
    DistributionItem,
    DistributionRecipient,
    PositionStatement,
    ReadReceipt,
)
from meetings.models.dossiers import Document, DocumentVersion, Dossier
from meetings.models.live import (
    Attendance,
    ConsentAdoption,
    ConsentPull,
    FloorRequest,
    ItemPoll,
    LiveEvent,
    PresentedPage,
    Recusal,
    RollCall,
)
from meetings.models.minutes import Minutes, MinutesComment, MinutesVersion
from meetings.models.proxies import Proxy
from meetings.models.written import WrittenAnswer, WrittenBallot, WrittenPaper, WrittenReminder

__all__ = [
    "AgendaItem",
    "Assignment",
    "AssignmentReport",
    "Attendance",
    "Body",
    "ConsentAdoption",
    "ConsentPull",
    "Decision",
    "DecisionAppendix",
    "Distribution",
    "DistributionItem",
    "DistributionRecipient",
    "Document",
    "DocumentVersion",
    "Dossier",
    "Extension",
    "FloorRequest",
    "ItemPoll",
    "LiveEvent",
    "Meeting",
    "Membership",
    "Minutes",
    "MinutesComment",
    "MinutesVersion",
    "PositionStatement",
    "PresentedPage",
    "Proxy",
    "ReadReceipt",
    "Recusal",
    "RollCall",
    "WrittenAnswer",
    "WrittenBallot",
    "WrittenPaper",
    "WrittenReminder",
]
