"""Health check: is this machine ready? Each thing is really tried; what is missing is named, with how to get it."""

from __future__ import annotations

import datetime as dt
import importlib.util
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pipeline.checks.readiness import missing_of
from pipeline.core.errors import ExitCode, FormRejected, LiasseError, ToolMissing
from pipeline.core.fields import Dictionary
from pipeline.core.formation import formation_codes, load_formation
from pipeline.core.models import packet_number
from pipeline.core.modes import make_folder
from pipeline.core.settings import Settings
from pipeline.core.workspace import SCHOOL, Workspace
from pipeline.documents.health import answers, stays
from pipeline.documents.libreoffice import Cage, cage_status, find_soffice, jemalloc
from pipeline.documents.school_files import looked_at
from pipeline.forms.edition_files import damaged_editions, edition_files
from pipeline.forms.fonts import font_file
from pipeline.forms.wording import faults_of_words
from pipeline.ledger.admission import copy_faults, require_whole
from pipeline.ledger.store import FILE, Ledger
from pipeline.maintenance.named_files import files_gone, joined_gone, packets_gone, papers_changed, papers_gone
from pipeline.maintenance.reader_trial import read_a_blank
from pipeline.sandbox.confinement import status as confinement_status
from pipeline.storage.access import INBOX, advice, is_loose, look_over
from pipeline.storage.durable import sync_folder
from pipeline.storage.inbox import Why, left_in
from pipeline.storage.shares import is_share
from pipeline.storage.temporary import own_prefix

_OCR = ("cv2", "numpy", "onnxruntime", "rapidocr")
_OLDEST = (3, 11)


class Level(StrEnum):
    """What a finding means for the work."""

    GOOD = "ok"
    POORER = "warning"  # it works, less well or less safely
    BAD = "error"  # it does not work


@dataclass(frozen=True)
class Finding:
    """One thing that was tried: what, how it is, and what to do where it is not good."""

    what: str
    level: Level
    said: str
    tool: bool = False  # a program or a font is missing


def examine(workspace: Workspace) -> Iterator[Finding]:
    """Try everything that the work needs on this machine and in this workspace; an error found is a finding too."""
    for examination in (
        _python,
        _libreoffice,
        _warm,
        _font,
        _cage,
        _jail,
        _readers,
        _scans,
        _settings,
        _school,
        _access,
        _inbox,
        _places,
        _words,
        _editions,
        _space,
        _clock,
        _ledger,
    ):
        try:
            yield from examination(workspace)
        except LiasseError as error:
            yield Finding(examination.__name__.strip("_"), Level.BAD, str(error), isinstance(error, ToolMissing))
        except OSError as error:
            yield Finding(examination.__name__.strip("_"), Level.BAD, f"{error}. Mend its owner or its access.")


def exit_code(findings: list[Finding]) -> ExitCode:
    """0 when nothing is bad, 4 when a tool is missing, 3 otherwise."""
    bad = [finding for finding in findings if finding.level is Level.BAD]
    if any(finding.tool for finding in bad):
        return ExitCode.TOOL_MISSING
    return ExitCode.OURS_TO_MEND if bad else ExitCode.ALL_DELIVERED


def _python(_: Workspace) -> Iterator[Finding]:
    level = Level.GOOD if sys.version_info >= _OLDEST else Level.BAD
    yield Finding("python", level, ".".join(map(str, sys.version_info[:3])), tool=True)


def _libreoffice(_: Workspace) -> Iterator[Finding]:
    program = find_soffice()
    if answers():
        yield Finding("libreoffice", Level.GOOD, f"{program} made a PDF")
    else:
        yield Finding("libreoffice", Level.BAD, f"{program} makes no PDF. Install libreoffice-writer-nogui again.")


def _warm(_: Workspace) -> Iterator[Finding]:
    why = stays()
    faster = "with jemalloc" if jemalloc() else "a tenth slower than with jemalloc: apt-get install libjemalloc2"
    said = f"started for each packet: {why}" if why else f"kept running between packets, {faster}"
    yield Finding("LibreOffice, warm", Level.POORER if why else Level.GOOD, said)


def _font(_: Workspace) -> Iterator[Finding]:
    yield Finding("fonts", Level.GOOD, str(font_file()))


def _cage(_: Workspace) -> Iterator[Finding]:
    status = cage_status()
    level = Level.GOOD if status.cage is Cage.BWRAP else Level.POORER
    yield Finding("cage of LibreOffice", level, f"{status.cage.value}. {status.why}".rstrip(". "))


def _jail(_: Workspace) -> Iterator[Finding]:
    for layer in confinement_status():
        level, said = (Level.GOOD, "in use") if layer.usable else (Level.POORER, layer.how)
        yield Finding(f"jail of readers, {layer.what}", level, said)


def _readers(workspace: Workspace) -> Iterator[Finding]:
    try:
        code = read_a_blank(workspace)
    except FormRejected as refusal:
        said = f"they refuse our own blank ({refusal.reason}): every form would be sent back. Install liasse again."
        yield Finding("readers", Level.BAD, said)
        return
    if code is not None:
        yield Finding("readers", Level.GOOD, f"a blank of {code} was drawn and read in the jail")


def _scans(_: Workspace) -> Iterator[Finding]:
    absent = [name for name in _OCR if importlib.util.find_spec(name) is None]
    if absent:
        yield Finding("scans", Level.POORER, "sent back: install liasse[ocr] to read them")
    elif shutil.which("tesseract") is None:
        yield Finding("scans", Level.POORER, "sent back: apt-get install tesseract-ocr tesseract-ocr-fra", tool=True)
    else:
        yield Finding("scans", Level.GOOD, "read by two engines")


def _settings(workspace: Workspace) -> Iterator[Finding]:
    Settings.load(workspace)
    yield Finding("settings", Level.GOOD, "liasse.toml" if (workspace.root / "liasse.toml").exists() else "defaults")


def _school(workspace: Workspace) -> Iterator[Finding]:
    place = os.environ.get(SCHOOL) or workspace.school.name
    whole = True
    for code in formation_codes(workspace):
        missing = tuple(missing_of(looked_at(load_formation(workspace, code), workspace)))
        if missing:
            whole = False
            said = f"packets are projets: {', '.join(missing)}. 'liasse setup' asks for it."
            yield Finding(f"settings of {code}", Level.POORER, said)
    if whole:
        yield Finding("settings of the school", Level.GOOD, f"all that is signed is given, in {place}")


def _access(workspace: Workspace) -> Iterator[Finding]:
    """Who may enter: what is open is closed here and now, or it is said how."""
    make_folder(workspace.memory)
    name = Settings.load(workspace).acces.groupe
    found = [one for one in look_over(workspace, name) if one.mended or one.refused or one.foreign]
    for one in found:
        how = advice(one.place, workspace)
        if one.mended:
            said = f"{one.place}: folders and files had not the access that they should: {one.mended}. Set right now."
            yield Finding("access", Level.POORER, said)
        if one.refused:
            yield Finding("access", Level.BAD, f"{one.place}: open to others: {one.refused}. {how}")
        if one.foreign:
            yield Finding("access", Level.POORER, f"{one.place}: of another account: {one.foreign}. {how}")
    if not found:
        yield Finding("access", Level.GOOD, f"this account, and the group {name}" if name else "this account alone")


def _inbox(workspace: Workspace) -> Iterator[Finding]:
    """Whether liasse's own folder in the inbox is its own, and stays so."""
    for place in (one.name for one in left_in(workspace.inbox) if one.why is Why.REPLACED):
        said = f"{place}: another account gave it the name of liasse's own folder. It is not used: look at it"
        yield Finding("inbox", Level.BAD, f"{said}, drop again what is to be read, then remove it.")
    if Settings.load(workspace).acces.groupe and is_loose(workspace):
        said = f"{workspace.inbox}: members may rename what others dropped, and liasse's own folder in it"
        yield Finding("inbox", Level.POORER, f"{said}. sudo chmod {INBOX:o} {workspace.inbox}")


def _places(workspace: Workspace) -> Iterator[Finding]:
    for place in (workspace.inbox, workspace.outbox, workspace.memory):
        yield _place(place)
    if is_share(workspace.memory):
        yield Finding(
            ".liasse", Level.BAD, "lies on a network share, where SQLite loses data: move the workspace to a disk."
        )
    if workspace.outbox.stat().st_dev != workspace.memory.stat().st_dev:
        yield Finding("outbox", Level.POORER, "is not on the ledger's disk: a backup must take both at one moment.")


def _words(workspace: Workspace) -> Iterator[Finding]:
    faults = tuple(faults_of_words(Dictionary.load(workspace)))
    yield from (Finding("words", Level.BAD, fault) for fault in faults)
    if not faults:
        yield Finding("words", Level.GOOD, "each can be followed")


def _editions(workspace: Workspace) -> Iterator[Finding]:
    damaged = tuple(damaged_editions(workspace))
    yield from (Finding("editions of blanks", Level.BAD, fault) for fault in damaged)
    if not damaged:
        yield Finding("editions of blanks", Level.GOOD, f"{len(list(edition_files(workspace)))} can be opened")


def _place(place: Path) -> Finding:
    """Write, sync and rename there, as a packet is."""
    try:
        work = Path(tempfile.mkdtemp(dir=place, prefix=own_prefix()))
    except OSError as error:
        return Finding(place.name, Level.BAD, f"cannot be written: {error}. Mend its owner or its access.")
    renamed = work.with_name(f"{work.name}.b")
    try:
        with (work / "essai").open("wb") as file:
            file.write(b"liasse")
            os.fsync(file.fileno())
        work.rename(renamed)
        sync_folder(place)
    except OSError as error:
        return Finding(place.name, Level.BAD, f"does not keep what is written: {error}.")
    finally:
        for left in (work, renamed):
            with suppress(OSError):
                shutil.rmtree(left)
    share = "a network share: scanned without events" if is_share(place) else "writes, syncs and renames"
    return Finding(place.name, Level.GOOD, share)


def _space(workspace: Workspace) -> Iterator[Finding]:
    free = shutil.disk_usage(workspace.root).free
    least = Settings.load(workspace).surveillance.libre
    level = Level.GOOD if free >= least else Level.BAD
    yield Finding("disk", level, f"{free // 1_000_000} MB free, {least // 1_000_000} MB are kept")


def _clock(workspace: Workspace) -> Iterator[Finding]:
    newest = max((path.stat().st_mtime for path in workspace.root.glob("*")), default=0.0)
    ahead = newest - dt.datetime.now(dt.UTC).timestamp()
    if ahead > 86_400:
        yield Finding("clock", Level.BAD, "files of the workspace are of a later day: set the machine's clock.")
    else:
        yield Finding("clock", Level.GOOD, dt.datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %Z"))


def _ledger(workspace: Workspace) -> Iterator[Finding]:
    if not (workspace.memory / FILE).exists():
        require_whole(workspace)
        yield Finding("ledger", Level.GOOD, "none yet")
        return
    with Ledger.open(workspace) as ledger:
        faults = [*ledger.faults(), *copy_faults(ledger.database, workspace)]
        missing, unjoined = files_gone(ledger), joined_gone(ledger, workspace)
        unmade, papers = packets_gone(ledger, workspace), papers_gone(ledger, workspace)
        changed = papers_changed(ledger, workspace)
        known = ledger.entries.counts()
    lost = (
        *(("ledger", fault) for fault in faults),
        *(("spool", f"the file of form {entry.form.id} is gone") for entry in missing),
        *(("outbox", f"packet {packet_number(line.id)} is gone") for line in unmade),
        *(("outbox", f"paper {one.name} ({packet_number(one.id)}) is gone") for one in papers),
        *(("outbox", f"paper {one.name} ({packet_number(one.id)}) is not as it was published") for one in changed),
        *(("joined", f"the file {sha256[:12]} that was joined to a dossier is gone") for sha256 in unjoined),
    )
    advice = "'liasse recover' takes it up where it can; else 'liasse restore' from a backup."
    yield from (Finding(what, Level.BAD, f"{said}. {advice}") for what, said in lost)
    if not lost:
        said = f"whole ({sum(known.values())} forms), its journal's chain unbroken, its sealed copy that of it"
        yield Finding("ledger", Level.GOOD, said)
