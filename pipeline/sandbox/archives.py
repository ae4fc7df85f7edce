"""ZIP archives of forms, in the jailed child: what lies in one, and one file of it at a time.

Names are shown to people and are never a path. An archive is refused whole, by its directory, when it is locked,
swells beyond measure or holds more than a person sends; its files are then received one by one, as if each
came alone.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import NamedTuple

from pipeline.core.refusals import Refusal, refused
from pipeline.sandbox import gates
from pipeline.sandbox.sniff import open_archive

MOST_FILES = 40
MAX_FILE = 25_000_000  # bytes of one file: no form is larger
MAX_FILES = 120_000_000  # bytes of all
_LEFT_BY_SYSTEMS = re.compile(r"(?:^|/)(?:__MACOSX/.*|\.[^/]*|~\$[^/]*|thumbs\.db|desktop\.ini)$", re.IGNORECASE)
_UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_LONGEST = 120  # letters of a name that are kept


class Member(NamedTuple):
    """A file of an archive: its rank in the directory, and its name as it is shown, without its folders."""

    rank: int
    name: str


def members(data: bytes) -> tuple[Member, ...]:
    """The files of an archive that people put there; raises FormRejected for an archive that is not opened."""
    with open_archive(data) as archive:
        entries = archive.infolist()
    if len(entries) > 20 * MOST_FILES:
        raise refused(Refusal.ARCHIVE_CROWDED, count=len(entries), limit=MOST_FILES)
    found = list(_files(entries))
    if not found:
        raise refused(Refusal.ARCHIVE_EMPTY)
    if len(found) > MOST_FILES:
        raise refused(Refusal.ARCHIVE_CROWDED, count=len(found), limit=MOST_FILES)
    total = sum(entry.file_size for _, entry in found)
    for _, entry in found:
        if entry.flag_bits & gates.ENCRYPTED:
            raise refused(Refusal.ARCHIVE_ENCRYPTED)
        size = entry.file_size
        if size > MAX_FILE or gates.swells(entry) or total > MAX_FILES:
            raise refused(Refusal.ARCHIVE_HUGE, size=size // 1_000_000, total=total // 1_000_000)
    return tuple(Member(rank, shown(entry.filename)) for rank, entry in found)


def extracted(data: bytes, rank: int) -> bytes:
    """The bytes of one file, by its rank; raises FormRejected when it is not what the directory says."""
    with open_archive(data) as archive:
        entry = archive.infolist()[rank]
        with archive.open(entry) as file:
            found = file.read(MAX_FILE + 1)  # bounded: the directory's word on sizes is not to be trusted
    if len(found) > MAX_FILE:
        raise refused(Refusal.ARCHIVE_HUGE, size=len(found) // 1_000_000, total=len(found) // 1_000_000)
    return found


def _files(entries: list[zipfile.ZipInfo]) -> Iterator[tuple[int, zipfile.ZipInfo]]:
    for rank, entry in enumerate(entries):
        name = entry.filename.replace("\\", "/")
        if not name.endswith("/") and not _LEFT_BY_SYSTEMS.search(name):
            yield rank, entry


def shown(name: str) -> str:
    """A name as people are told it: its last part, without what does not show, its end kept if it is long."""
    last = re.split(r"[/\\]", name)[-1]
    return _UNSHOWN.sub("", last)[-_LONGEST:].strip() or "fichier"
