"""One-shot converter: Word files in, PDFs out, by one soffice process started and ended for them.

Its exit code means nothing (it is 0 for a file that it could not open): each PDF is looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from pipeline.documents.libreoffice import process_group, program
from pipeline.documents.libreoffice.cage import cage_status, caged
from pipeline.documents.libreoffice.workplace import (
    failure,
    good_pdf,
    noticing_a_full_disk,
    require_room,
    workplace,
    write_new,
)

START_SECONDS = 60
SECONDS_A_DOCUMENT = 20
_FIRST_START = 81  # soffice's answer when it has just made its profile: ask again


def convert_cold(documents: Mapping[str, bytes], *, pdfa: bool = False) -> dict[str, bytes]:
    """Word files by name, made into PDFs by the same names; raises as ``convert`` does."""
    soffice = program.find_soffice()
    with workplace() as place:
        with noticing_a_full_disk(place):
            sources = _write_sources(documents, place)
            code = _run(soffice, place, sources, pdfa=pdfa)
        return {name: _proved(source.with_suffix(".pdf"), name, code) for name, source in sources.items()}


def _write_sources(documents: Mapping[str, bytes], place: Path) -> dict[str, Path]:
    require_room(place, sum(map(len, documents.values())))
    sources = {name: place / f"{number:03d}.docx" for number, name in enumerate(documents)}
    for name, source in sources.items():
        write_new(source, documents[name])
    return sources


def _run(soffice: str, place: Path, sources: Mapping[str, Path], *, pdfa: bool) -> int:
    profile = program.new_profile(place, soffice)
    asked = program.command(soffice, profile, list(sources.values()), place, pdfa=pdfa)
    command = caged(cage_status().cage, asked, place=place, shows=program.folders(soffice))
    seconds = START_SECONDS + SECONDS_A_DOCUMENT * len(sources)
    run = partial(process_group.run, command, place=place, environment=program.environment(place), seconds=seconds)
    code = run()
    return run() if code == _FIRST_START else code


def _proved(pdf: Path, name: str, code: int) -> bytes:
    data = good_pdf(pdf)
    if data is None:
        raise failure(pdf.parent, name, code)
    return data
