"""Changes inside the signature itself: the CMS container in its hexadecimal place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from asn1crypto import cms, core

from signing.authority import identities
from signing.authority.identities import Identity
from tests.signing.attacks.kit import Kit, as_asn1, reader, unsigned
from tests.signing.attacks.raw import gap

SEQUENCE, SET, FIRST = 0x30, 0x31, 0xA0  # FIRST: [0], constructed


@dataclass
class Parts:
    """A container taken apart into encoded pieces: asn1crypto writes a deep one that changed only in ages."""

    head: dict[str, bytes]  # of SignedData: version, digest_algorithms, encap_content_info, certificates
    info: dict[str, bytes]  # of the one SignerInfo
    serial: int
    infos: int = 1
    swapped: list[tuple[bytes, bytes]] = field(default_factory=list)  # in the finished bytes

    def dump(self) -> bytes:
        info = tlv(SEQUENCE, self.info.values())
        signed = tlv(SEQUENCE, [*self.head.values(), tlv(SET, [info] * self.infos)])
        out = tlv(SEQUENCE, [cms.ContentType("signed_data").dump(), tlv(FIRST, [signed])])
        for old, new in self.swapped:
            assert old in out
            out = out.replace(old, new)
        return out


Change = Callable[[Parts, Kit], None]


def tlv(tag: int, pieces: Iterable[bytes]) -> bytes:
    inside = b"".join(pieces)
    count = len(inside)
    octets = (count.bit_length() + 7) // 8
    length = bytes([count]) if count < 0x80 else bytes([0x80 + octets]) + count.to_bytes(octets, "big")
    return bytes([tag]) + length + inside


def taken_apart(der: bytes) -> Parts:
    signed = cms.ContentInfo.load(der)["content"]
    info = signed["signer_infos"][0]
    head = ("version", "digest_algorithms", "encap_content_info", "certificates")
    inside = ("version", "sid", "digest_algorithm", "signed_attrs", "signature_algorithm", "signature")
    return Parts(
        {each: signed[each].dump() for each in head},
        {each: info[each].dump() for each in (*inside, "unsigned_attrs")},
        int(info["sid"].chosen["serial_number"].native),
    )


def changed(data: bytes, kit: Kit, change: Change) -> bytes:
    """The last signature of ``data`` after ``change``, in the same place."""
    start, resume, _end = gap(data)
    parts = taken_apart(reader(data).embedded_signatures[-1].pkcs7_content)
    change(parts, kit)
    digits = parts.dump().hex().encode().ljust(resume - start - 2, b"0")
    assert len(digits) == resume - start - 2
    return data[: start + 1] + digits + data[resume - 1 :]


def _attributes(parts: Parts) -> list[cms.CMSAttribute]:
    plain = b"\x31" + parts.info["signed_attrs"][1:]
    return list(cms.CMSAttributes.load(plain))


def _set_attributes(parts: Parts, attributes: Iterable[cms.CMSAttribute]) -> None:
    parts.info["signed_attrs"] = tlv(FIRST, sorted(each.dump() for each in attributes))


def _replace(parts: Parts, kind: str, value: cms.CMSAttribute) -> None:
    _set_attributes(parts, [value if each["type"].native == kind else each for each in _attributes(parts)])


def another_digest(parts: Parts, _kit: Kit) -> None:
    values = [core.OctetString(bytes(32))]
    _replace(parts, "message_digest", cms.CMSAttribute({"type": "message_digest", "values": values}))


def another_content_type(parts: Parts, _kit: Kit) -> None:
    values = [cms.ContentType("signed_data")]
    _replace(parts, "content_type", cms.CMSAttribute({"type": "content_type", "values": values}))


def an_attribute_more(parts: Parts, _kit: Kit) -> None:
    moment = cms.Time({"utc_time": core.UTCTime(datetime(2020, 1, 1, tzinfo=UTC))})
    more = cms.CMSAttribute({"type": "signing_time", "values": [moment]})
    _set_attributes(parts, [*_attributes(parts), more])


def an_attribute_less(parts: Parts, _kit: Kit) -> None:
    kept = [each for each in _attributes(parts) if each["type"].native != "signing_certificate_v2"]
    assert len(kept) < len(_attributes(parts))
    _set_attributes(parts, kept)


def another_value(parts: Parts, _kit: Kit) -> None:
    value = parts.info["signature"]
    parts.info["signature"] = value[:-1] + bytes([value[-1] ^ 1])


def no_value(parts: Parts, _kit: Kit) -> None:
    """ECDSA with r = s = 0, which a careless library takes for right."""
    parts.info["signature"] = tlv(0x04, [bytes.fromhex("3006020100020100")])


def no_signer(parts: Parts, _kit: Kit) -> None:
    parts.infos = 0


def two_signers(parts: Parts, _kit: Kit) -> None:
    parts.infos = 2


def a_weaker_digest(parts: Parts, _kit: Kit) -> None:
    weak = cms.DigestAlgorithm({"algorithm": "sha1"}).dump()
    parts.info["digest_algorithm"] = weak
    parts.head["digest_algorithms"] = tlv(SET, [weak])


def no_certificate(parts: Parts, _kit: Kit) -> None:
    parts.head["certificates"] = tlv(FIRST, [])


def the_certificate_of_another(parts: Parts, kit: Kit) -> None:
    _become(parts, kit.organisation)


def another_certificate_of_the_same_key(parts: Parts, kit: Kit) -> None:
    """The value still verifies; the name is another one. Only the bound certificate tells."""
    name = identities.subject_name("Người Khác")
    key = kit.person.key
    _become(parts, Identity(key, kit.authority.issue_signer(key.public_key(), name)))


def _become(parts: Parts, who: Identity) -> None:
    certificate = as_asn1(who)
    parts.head["certificates"] = tlv(FIRST, [certificate.dump()])
    named = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    parts.info["sid"] = cms.IssuerAndSerialNumber(named).dump()


def the_timestamp_of_another_signature(parts: Parts, kit: Kit) -> None:
    other = reader(kit.sign(unsigned(), "Other", kit.organisation)).embedded_signatures[-1]
    parts.info["unsigned_attrs"] = taken_apart(other.pkcs7_content).info["unsigned_attrs"]


def a_timestamp_with_another_time(parts: Parts, _kit: Kit) -> None:
    """The year in the token alone: its length stays."""
    token = cms.ContentInfo.load(_unsigned(parts)[0]["values"][0].dump())
    info = token["content"]["encap_content_info"]["content"].parsed
    moment = bytes(info["gen_time"].contents)
    parts.swapped.append((moment, b"2020" + moment[4:]))


def _unsigned(parts: Parts) -> cms.CMSAttributes:
    return cms.CMSAttributes.load(b"\x31" + parts.info["unsigned_attrs"][1:])


ATTACKS: dict[str, Change] = {
    each.__name__: each
    for each in (
        another_digest,
        another_content_type,
        an_attribute_more,
        an_attribute_less,
        another_value,
        no_value,
        no_signer,
        two_signers,
        a_weaker_digest,
        no_certificate,
        the_certificate_of_another,
        another_certificate_of_the_same_key,
        the_timestamp_of_another_signature,
        a_timestamp_with_another_time,
    )
}
