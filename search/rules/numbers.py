"""Numbers and notations of documents (``36/NQ-CP``) as people write, say and type them."""

from __future__ import annotations

import re

from search.rules.text import clean, fold, lower

_PART = re.compile(r"[^\W_]+")
# Abbreviations of document types: Decree 30/2020, appendix III, and of laws, decrees and circulars.
_TYPES = """pl nq nd qd ct tt ttlt lct sl qc qyd tc tb hd ctr kh pa da bc bb ttr cd bgn btt guq gm ggt gnp
pg pc pb cv"""
TYPES = frozenset(re.findall(r"\w+", _TYPES))
# Issuing bodies whose abbreviation could be read as a word; all others have no vowel.
ISSUERS = frozenset(
    re.findall(r"\w+", "byt bca ubnd ubdt ubtvqh ubtvqh13 ubtvqh14 ubtvqh15 ubtvqh16 tandtc vpubnd")
)
_ONE = rf"(?:{'|'.join(sorted(TYPES, key=len, reverse=True))})"
_ISSUER = rf"(?:{'|'.join(sorted(ISSUERS, key=len, reverse=True))}|[bcdfghjklmnpqrstvwxz]{{2,}}\d*)"
_WITH_SLASH = re.compile(
    r"(?<![\w/])\d{1,6}[a-z]?(?:\s*/\s*\d{4})?\s*/\s*[a-z]+\d*(?:\s*-\s*[a-z]+\d*)*(?![\w/])"
)
_SPOKEN = re.compile(rf"(?<![\w/])\d{{1,6}}(?:[\s/.-]+\d{{4}})?[\s.-]+{_ONE}(?:[\s.-]+{_ISSUER})*(?![\w/])")


def ref_norm(text: str) -> str:
    """``36/NQ-CP``, ``36 nq cp`` and ``036/nq-cp`` → ``36-nq-cp``; an empty text stays empty."""
    parts = _PART.findall(fold(lower(clean(text))))
    if parts and parts[0].isdecimal():
        parts[0] = parts[0].lstrip("0") or "0"
    return "-".join(parts)


def ref_keys(text: str) -> list[str]:
    """Every beginning of a number that should find it, with and without its year, shortest first.

    ``112/2024/NĐ-CP`` → 112, 112-2024, 112-2024-nd, 112-2024-nd-cp, 112-nd, 112-nd-cp.
    """
    parts = ref_norm(text).split("-")
    if parts == [""]:
        return []
    keys = ["-".join(parts[:size]) for size in range(1, len(parts) + 1)]
    if len(parts) > 2 and re.fullmatch(r"(19|20)\d\d", parts[1]):
        keys += ["-".join([parts[0], *parts[2:size]]) for size in range(3, len(parts) + 1)]
    return keys


def find_refs(text: str) -> list[tuple[int, int]]:
    """Where document numbers stand in a query (NFC): with a slash, or spoken with a known type."""
    plain = fold(lower(text))
    found = [match.span() for match in _WITH_SLASH.finditer(plain)]
    for match in _SPOKEN.finditer(plain):
        if all(match.end() <= start or match.start() >= end for start, end in found):
            found.append(match.span())
    return sorted(found)
