"""What documents are called in both languages."""

from __future__ import annotations


def minutes_title(meeting: str, meeting_en: str) -> tuple[str, str]:
    """“Biên bản Phiên họp …”, “Minutes of …”; no English one when the meeting has none."""
    return f"Biên bản {meeting}", f"Minutes: {meeting_en}" if meeting_en else ""
