"""Invitation to a meeting as iCalendar (RFC 5545): one event, in the time of Paris, for one person.

Sixty lines of our own rather than a library: one event of a fixed shape, the same bytes each time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

_LONGEST = 75  # octets of a line, RFC 5545 3.1
_ZONE = (
    "BEGIN:VTIMEZONE",
    "TZID:Europe/Paris",
    "BEGIN:DAYLIGHT",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0200",
    "TZNAME:CEST",
    "DTSTART:19810329T020000",
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "END:DAYLIGHT",
    "BEGIN:STANDARD",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0100",
    "TZNAME:CET",
    "DTSTART:19961027T030000",
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "END:STANDARD",
    "END:VTIMEZONE",
)


@dataclass(frozen=True)
class Event:
    """One meeting: ``uid`` is the same for all who are invited, ``sequence`` goes up when it changes.

    Times are those of Paris; ``stamped`` is the day on which it is written.
    """

    uid: str
    sequence: int
    begins: dt.datetime
    ends: dt.datetime
    title: str
    place: str
    organizer: str
    stamped: dt.date


def invitation(event: Event, attendee: str) -> bytes:
    """The file for one person, who sees no other; without an address, nobody is named in it."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//liasse//FR",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        *_ZONE,
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"DTSTAMP:{event.stamped:%Y%m%d}T000000Z",
        f"SEQUENCE:{event.sequence}",
        f"DTSTART;TZID=Europe/Paris:{event.begins:%Y%m%dT%H%M%S}",
        f"DTEND;TZID=Europe/Paris:{event.ends:%Y%m%dT%H%M%S}",
        f"SUMMARY:{_escaped(event.title)}",
        f"LOCATION:{_escaped(event.place)}",
        *([f"ORGANIZER:mailto:{event.organizer}"] if event.organizer else []),
        *([f"ATTENDEE;ROLE=REQ-PARTICIPANT:mailto:{attendee}"] if attendee else []),
        "STATUS:CONFIRMED",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line)).encode()


def _escaped(text: str) -> str:
    """Text as a value holds it: no line of it begins another."""
    plain = " ".join(text.replace("\u00a0", " ").split())
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> Iterator[str]:
    """The line in parts of 75 octets at most, each after the first begun with a space."""
    part, size = "", 0
    for char in line:
        octets = len(char.encode())
        if size + octets > _LONGEST:
            yield part
            part, size = " ", 1
        part, size = part + char, size + octets
    yield part
