"""What a check of a file says: a verdict, the reasons in words, and every signature."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

# Raised whenever the rules of this package change what a report says: kept reports are made again then.
POLICY = "urn:ecabinet:validation:2026-11"
# What a reason may be; each has its sentence.
Code = Literal[
    "intact", "trusted", "longterm", "demo", "timestamp_pending", "unsigned", "not_pdf", "unreadable",
    "encrypted", "limits",
    "digest", "bytes_after", "padding", "container", "objects", "coverage", "structure", "token",
    "signer_unknown", "revoked", "issuer_revoked", "expired", "revocation_unknown", "not_proven",
]  # fmt: skip


class Verdict(StrEnum):
    GENUINE = "genuine"
    CHANGED = "changed"
    UNKNOWN = "unknown"
    UNSIGNED = "unsigned"


class Role(StrEnum):
    PERSON = "person"
    SEAL = "seal"
    TIMESTAMP = "timestamp"


@dataclass(frozen=True)
class Reason:
    """One finding: a stable code and what its sentence needs."""

    code: Code
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """In the language of the screen; needs Django's translations."""
        from signing.validation.sentences import sentence

        return sentence(self)


@dataclass(frozen=True)
class SignatureReport:
    """One signature or document timestamp of the file, in the order of the file."""

    name: str  # of the field
    role: Role
    signer: str
    title: str
    organisation: str
    issuer: str
    serial: str  # hexadecimal
    time: datetime | None
    time_proven: bool  # by a timestamp, not only said by the signer
    level: str  # B-B, B-T, B-LT, B-LTA; empty for a timestamp
    intact: bool  # bytes and signature value agree
    trusted: bool  # passed against the trust anchors
    allowed: bool  # what came after it is what may come after it
    covers: int  # bytes from the start of the file, the signature itself included
    covers_all: bool
    indication: str  # ETSI EN 319 102-1 name
    demo: bool
    detail: Mapping[str, Any] = field(default_factory=dict)  # signing.validation.detail: for experts

    @property
    def unanswered(self) -> bool:
        """All is well but that the file does not say whether a certificate was revoked."""
        return self.indication == "TRY_LATER"


@dataclass(frozen=True)
class ValidationReport:
    verdict: Verdict
    reasons: tuple[Reason, ...]
    signatures: tuple[SignatureReport, ...]
    sha256: str
    size: int
    pages: int
    bytes_after: int  # after what the last signature or timestamp covers

    @property
    def sentences(self) -> list[str]:
        return [reason.sentence for reason in self.reasons]

    @property
    def level(self) -> str:
        """The lowest level among the signatures of people and organisations."""
        order = ("B-B", "B-T", "B-LT", "B-LTA")
        levels = [each.level for each in self.signatures if each.role != Role.TIMESTAMP]
        return min(levels, key=order.index, default="")

    def as_data(self) -> dict[str, Any]:
        """Plain values for JSON: kept with the record and answered by the API."""
        return {
            "standard": "ETSI EN 319 102-1",
            "policy": POLICY,
            "verdict": self.verdict.value,
            "reasons": [{"code": each.code, "params": dict(each.params)} for each in self.reasons],
            "signatures": [
                {**vars(each), "role": each.role.value, "time": each.time.isoformat() if each.time else None}
                for each in self.signatures
            ],
            "sha256": self.sha256,
            "size": self.size,
            "pages": self.pages,
            "bytes_after": self.bytes_after,
            "level": self.level,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> ValidationReport:
        """The report that ``as_data`` wrote. Raises ValueError, KeyError or TypeError for anything else."""
        return cls(
            verdict=Verdict(data["verdict"]),
            reasons=tuple(Reason(**each) for each in data["reasons"]),
            signatures=tuple(_signature(each) for each in data["signatures"]),
            sha256=data["sha256"],
            size=data["size"],
            pages=data["pages"],
            bytes_after=data["bytes_after"],
        )


def _signature(data: Mapping[str, Any]) -> SignatureReport:
    time = datetime.fromisoformat(data["time"]) if data["time"] else None
    return SignatureReport(**{**data, "role": Role(data["role"]), "time": time})
