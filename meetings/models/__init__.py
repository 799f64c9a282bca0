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

__all__ = [
    "AgendaItem",
    "Attendance",
    "Body",
    "ConsentAdoption",
    "ConsentPull",
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
    "PresentedPage",
    "ReadReceipt",
    "Recusal",
    "RollCall",
]
