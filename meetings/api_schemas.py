"""What commands of the live room carry, and what they answer."""

from __future__ import annotations

from ninja import Field, Schema

from meetings.poll_view import moment
from voting.receipts import Receipt


class Done(Schema):
    """The event a command became. A repeated Idempotency-Key gets the first event again."""

    seq: int
    kind: str
    id: int | None = None  # of what was made: floor request, poll or proxy


class Refusal(Schema):
    code: str
    message: str
    details: dict[str, object] = Field(default_factory=dict)


class PresenceIn(Schema):
    presence: str  # present, remote, absent, expected
    membership_ids: list[int] | None = None  # the desk only; without: my own
    reason: str = Field("", max_length=200)
    substitute: str = Field("", max_length=160)


class ConclusionIn(Schema):
    text: str = Field(max_length=20_000)


class ReasonIn(Schema):
    reason: str = Field("", max_length=200)


class MinutesIn(Schema):
    minutes: int | None = Field(None, ge=1, le=120)  # without: what the body allots


class FloorIn(Schema):
    kind: str = Field("request", max_length=20)  # request, point_of_order
    membership_id: int | None = None  # the desk only; without: my own


class PollIn(Schema):
    item_id: int
    question: str = Field("", max_length=400)  # without: adopt the item
    question_en: str = Field("", max_length=400)


class BallotIn(Schema):
    choice: str = Field(max_length=20)
    comment: str = Field("", max_length=2_000)
    mandate: int | None = None  # membership for which I hold a proxy; without: my own


class CloseIn(Schema):
    chair_choice: str | None = None  # on a tie when the chair has not voted


class ReceiptOut(Schema):
    poll_id: int
    choice: str
    revision: int
    cast_at: str
    receipt: str

    @classmethod
    def of(cls, receipt: Receipt) -> ReceiptOut:
        return cls(
            poll_id=receipt.poll_id,
            choice=receipt.choice,
            revision=receipt.revision,
            cast_at=moment(receipt.cast_at),
            receipt=receipt.code,
        )


class OptionIn(Schema):
    text: str = Field(max_length=200)
    text_en: str = Field("", max_length=200)


class OptionsIn(PollIn):
    options: list[OptionIn] = Field(min_length=2, max_length=8)


class AmendmentIn(Schema):
    item_id: int
    clause: str = Field(max_length=120)
    text: str = Field(max_length=4_000)
    text_en: str = Field("", max_length=4_000)


class ProxyIn(Schema):
    acting: int  # membership that is to vote
    represented: int | None = None  # the desk only; without: my own mandate
    note: str = Field("", max_length=200)  # what the desk was shown
