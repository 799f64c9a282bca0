"""What happened to a record's files, as PREMIS 3 (Library of Congress)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol
from xml.etree import ElementTree as ET

from archive.models import Record

NAMESPACE = "http://www.loc.gov/premis/v3"
XSI = "http://www.w3.org/2001/XMLSchema-instance"


class File(Protocol):
    """What PREMIS asks of a file."""

    @property
    def path(self) -> str: ...
    @property
    def sha256(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def media_type(self) -> str: ...


def premis_xml(record: Record, files: Sequence[File]) -> bytes:
    """Files as objects, signing, sealing and deposit as events. The same record gives the same bytes."""
    ET.register_namespace("premis", NAMESPACE)
    ET.register_namespace("xsi", XSI)
    root = ET.Element(_name("premis"), {"version": "3.0"})
    for file in files:
        _object(root, file)
    events = [*record.events, _deposit(record), *_renewals(record)]
    for number, event in enumerate(events, 1):
        _event(root, number, event, files[0])
    for agent in dict.fromkeys(event["agent"] for event in events if event["agent"]):
        _agent(root, agent)
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="UTF-8", xml_declaration=True)) + b"\n"


def _deposit(record: Record) -> dict[str, str]:
    return {
        "type": "ingestion",
        "at": record.deposited_at.isoformat(),
        "detail": f"ledger entry {record.ledger_entry.index}",
        "agent": record.agency_name,
    }


def _renewals(record: Record) -> Iterator[dict[str, str]]:
    for row in record.versions.filter(number__gt=0).order_by("number"):
        detail = f"archive timestamp {row.number}, SHA-256 {row.sha256}"
        yield {
            "type": "digital signature generation",
            "at": row.made_at.isoformat(),
            "detail": detail,
            "agent": record.agency_name,
        }


def _object(root: ET.Element, file: File) -> None:
    node = ET.SubElement(root, _name("object"), {f"{{{XSI}}}type": "premis:file"})
    _identifier(node, "object", "path", file.path)
    traits = _add(node, "objectCharacteristics")
    fixity = _add(traits, "fixity")
    _add(fixity, "messageDigestAlgorithm", "SHA-256")
    _add(fixity, "messageDigest", file.sha256)
    _add(traits, "size", str(file.size))
    _add(_add(_add(traits, "format"), "formatDesignation"), "formatName", file.media_type)


def _event(root: ET.Element, number: int, event: dict[str, str], main: File) -> None:
    node = _add(root, "event")
    _identifier(node, "event", "local", str(number))
    _add(node, "eventType", event["type"])
    _add(node, "eventDateTime", event["at"])
    if event["detail"]:
        _add(_add(node, "eventDetailInformation"), "eventDetail", event["detail"])
    if event["agent"]:
        _identifier(node, "linkingAgent", "name", event["agent"])
    _identifier(node, "linkingObject", "path", main.path)


def _agent(root: ET.Element, name: str) -> None:
    node = _add(root, "agent")
    _identifier(node, "agent", "name", name)
    _add(node, "agentName", name)


def _identifier(parent: ET.Element, what: str, kind: str, value: str) -> None:
    node = _add(parent, f"{what}Identifier")
    _add(node, f"{what}IdentifierType", kind)
    _add(node, f"{what}IdentifierValue", value)


def _add(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    node = ET.SubElement(parent, _name(name))
    node.text = text
    return node


def _name(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
