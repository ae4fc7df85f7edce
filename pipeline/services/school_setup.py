"""Use cases of the school's settings: what is missing, a value given, a file copied in, old values carried over.

All is written to ``etablissement/`` of the workspace, as TOML that can be read and mended by hand.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.checks.readiness import faulty_settings
from pipeline.checks.setting_formats import fault_of
from pipeline.core.errors import ConversionError, NotAllowed
from pipeline.core.formation import Formation, formation_codes, load_formation
from pipeline.core.grammar import closed
from pipeline.core.models import get
from pipeline.core.school import BY_KEY, LOGO, LOGOS, SETTINGS, read_settings, settings_file
from pipeline.core.workspace import Workspace
from pipeline.documents.binding import logo as logos
from pipeline.documents.own_pdfs import inert_pdf, try_binding
from pipeline.documents.school_files import fault_of_pdf, looked_at
from pipeline.services.setting_values import setting_value, settings_as_toml
from pipeline.storage.spool import put_file

_LOGOS = dict(zip((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"), LOGOS, strict=True))
_LOGO = "Logo, fichier PNG ou JPEG"
_MOST_LOGO = 2_000_000  # bytes
_ILL_WRITTEN = "rien ne se signe avec une valeur qui ne convient pas"


@dataclass(frozen=True)
class Question:
    """What is missing: a setting, or with ``piece`` the PDF of one; of one formation, or of the whole school.

    ``fault``: what is wrong, in French, in the value that is there.
    """

    label: str
    key: str
    formation: str | None
    needed: str = ""
    piece: bool = False
    fault: str = ""


def concerned(workspace: Workspace, formation: str | None) -> tuple[str, ...]:
    """The formation that is meant, or all of them; raises NotAllowed for one that there is not."""
    codes = formation_codes(workspace)
    if formation is not None and formation not in codes:
        raise NotAllowed(f"no formation {formation!r}: there are {', '.join(codes)}.")
    return codes if formation is None else (formation,)


def questions(workspace: Workspace, formation: str | None) -> Iterator[Question]:
    """What is missing or does not suit, in the order in which it is asked: what is needed first, the school's before.

    Asked for one formation, the answers are its own; asked for all, what is the school's is asked once.
    """
    loaded = [looked_at(load_formation(workspace, code), workspace) for code in concerned(workspace, formation)]
    every = [(one, _of_settings(one, whole=formation is not None)) for one in loaded]
    school = _of_the_school(every)
    for needed in (True, False):
        yield from _only(school, needed=needed)
        for one, asked in every:
            yield from _only((ask for ask in asked if ask.formation), needed=needed)
            yield from _of_pieces(one) if needed else ()


def _only(asked: Iterable[Question], *, needed: bool) -> Iterator[Question]:
    return (ask for ask in asked if bool(ask.needed) is needed)


def _of_the_school(every: Sequence[tuple[Formation, tuple[Question, ...]]]) -> tuple[Question, ...]:
    """What is asked once, whatever the formation: settings in their order, then a logo that does not open."""
    asked = dict.fromkeys(ask for _, asked in every for ask in asked if ask.formation is None)
    order = list(BY_KEY)
    faults = [one.unfit[LOGO] for one, _ in every if LOGO in one.unfit][:1]
    logo = [Question(_LOGO, LOGO, None, _ILL_WRITTEN, piece=True, fault=fault) for fault in faults]
    return (*sorted(asked, key=lambda ask: order.index(ask.key)), *logo)


def _of_settings(formation: Formation, *, whole: bool) -> tuple[Question, ...]:
    """What one formation lacks: of its own, or with ``whole`` for itself also what is the school's."""
    return tuple(
        Question(
            setting.label,
            setting.key,
            formation.code if whole or setting.of_formation or setting.key in formation.own else None,
            setting.needed or (fault and _ILL_WRITTEN),
            fault=fault,
        )
        for setting, fault in faulty_settings(formation)
    )


def _of_pieces(formation: Formation) -> Iterator[Question]:
    for piece in formation.pieces():
        if piece.pdf in formation.absent:
            label = f"{piece.title}, fichier PDF"
            fault = formation.unfit.get(str(piece.pdf), "")
            yield Question(label, str(piece.pdf), formation.code, "la pièce manque", piece=True, fault=fault)


def give(workspace: Workspace, formation: str | None, key: str, text: str) -> None:
    """Write one setting, as people write it, for the school or for one formation; an empty text takes it away.

    Raises NotAllowed, in French, for a name that is no setting and a value that does not suit it.
    """
    setting = BY_KEY.get(key)
    if setting is None:
        raise NotAllowed(f"{key} n’est pas un réglage. Il y a : {', '.join(BY_KEY)}.")
    if formation is not None:
        concerned(workspace, formation)
    path = settings_file(workspace, formation)
    kept = read_settings(path)
    kept.pop(key, None)
    if text.strip():
        value = setting_value(setting, text)
        fault = fault_of(setting, value)
        if fault:
            raise NotAllowed(closed(f"{setting.label} ({key}) : {fault}"))
        kept[key] = value
    put_file(path, settings_as_toml(kept).encode())


def give_piece(workspace: Workspace, formation: str, file: Path, name: str = "") -> Path:
    """Copy the PDF of a piece in, the référentiel; ``name`` is its ``pdf`` in formation.toml where there are several.

    Raises NotAllowed for a file that is no PDF, or not the archivable one that the formation asks for.
    """
    concerned(workspace, formation)
    loaded = load_formation(workspace, formation)
    names = sorted({piece.pdf for piece in loaded.pieces() if piece.pdf})
    if not names:
        raise NotAllowed(f"{formation} : aucune de ses pièces n’attend de PDF (clé « pdf » de [[documents]]).")
    if not name and len(names) > 1:
        raise NotAllowed(f"{formation} attend plusieurs PDF : copiez-les à la main, {', '.join(names)}.")
    data = _bytes(file)
    if fault := fault_of_pdf(data, pdfa=loaded.pdfa):
        raise NotAllowed(f"{file} ne convient pas : {fault}.")
    try:
        try_binding(inert_pdf(data, file.name), file.name, pdfa=loaded.pdfa)
    except ConversionError as error:
        raise NotAllowed(f"{file} ne convient pas : {error}") from error
    place = workspace.school / (name or names[0])
    put_file(place, data)
    return place


def give_logo(workspace: Workspace, file: Path) -> Path:
    """Copy the school's logo in, a PNG or a JPEG; the one before is gone. Raises NotAllowed for anything else."""
    data = _bytes(file)
    name = next((name for head, name in _LOGOS.items() if data.startswith(head)), None)
    if name is None or len(data) > _MOST_LOGO or not logos.is_image(data):
        raise NotAllowed(f"{file} ne convient pas : le logo est une image PNG ou JPEG de deux mégaoctets au plus.")
    place = workspace.school / name
    put_file(place, data)  # first: whatever happens, the school has a logo
    for other in _LOGOS.values():
        if other != name:
            (workspace.school / other).unlink(missing_ok=True)
    return place


def carry_over(workspace: Workspace, formation: str | None) -> tuple[str, ...]:
    """Copy what a ``formation.toml`` says of the school into ``etablissement/``, so that no update loses it.

    Its function is a référent's only with a name. What was carried over: « formation : setting » each.
    """
    carried: list[str] = []
    for code in concerned(workspace, formation):
        path = settings_file(workspace, code)
        kept = read_settings(path)
        found = {key: value for key, value in _said_by(workspace, code) if key not in kept}
        if found:
            put_file(path, settings_as_toml(kept | found).encode())
        carried += [f"{code} : {key}" for key in found]
    return tuple(carried)


def _said_by(workspace: Workspace, code: str) -> Iterator[tuple[str, Any]]:
    text = (workspace.templates / code / "formation.toml").read_text(encoding="utf-8-sig")
    written = tomllib.loads(text)
    for setting in SETTINGS:
        value = get(written, setting.key)
        if value in (None, "") or (setting.key == "referent.fonction" and not get(written, "referent.nom")):
            continue
        value = setting_value(setting, str(value))
        if not fault_of(setting, value):
            yield setting.key, value


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise NotAllowed(f"{file} ne peut pas être lu : {error.strerror or error}.") from error
