"""Use cases of the school's settings: what is missing, a value given, a file copied in, old values carried over.

All is written to ``etablissement/`` of the workspace, as TOML that can be read and mended by hand.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline.checks.readiness import faulty_settings
from pipeline.checks.setting_formats import fault_of
from pipeline.core.errors import ConversionError, NotAllowed
from pipeline.core.formation import Formation, formation_codes, load_formation
from pipeline.core.grammar import closed
from pipeline.core.school import (
    BY_KEY,
    LOGO,
    LOGOS,
    PERSONS,
    SETTINGS,
    Said,
    Setting,
    block_of,
    names,
    read_settings,
    said_to,
    settings_file,
)
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
        raise NotAllowed(f"« {formation} » n’est pas une formation. Il y a : {', '.join(codes)}.")
    return codes if formation is None else (formation,)


def questions(workspace: Workspace, formation: str | None) -> Iterator[Question]:
    """What is missing or does not suit, in the order in which it is asked: what is needed first, the school's before.

    Asked for one formation, the answers are its own; asked for all, what is the school's is asked once. What lacks of
    a person is asked of who names them.
    """
    loaded = [looked_at(load_formation(workspace, code), workspace) for code in concerned(workspace, formation)]
    every = [(one, tuple(_of_settings(one, workspace, whole=formation is not None))) for one in loaded]
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
    found = [ask for _, asked in every for ask in asked if ask.formation is None]
    asked = {
        ask.key: ask for ask in sorted(found, key=lambda ask: bool(ask.fault))
    }  # what is wrong, where it is said
    logo = [
        Question(_LOGO, LOGO, None, _ILL_WRITTEN, piece=True, fault=one.unfit[LOGO])
        for one, _ in every
        if LOGO in one.unfit
    ]
    return (*(asked[key] for key in BY_KEY if key in asked), *logo[:1])


def _of_settings(formation: Formation, workspace: Workspace, *, whole: bool) -> Iterator[Question]:
    """What one formation lacks: of its own, or with ``whole`` for itself also what is the school's."""
    for setting, fault in faulty_settings(formation):
        own = whole or setting.of_formation or setting.key in formation.own
        home = _home(workspace, setting, formation.code, formation.code if own else None)
        needed = "" if formation.asks(setting.key) else setting.needed
        why = needed or (fault and _ILL_WRITTEN)
        yield Question(setting.label, setting.key, home, why, fault=fault)


def _of_pieces(formation: Formation) -> Iterator[Question]:
    for piece in formation.pieces():
        if piece.pdf in formation.absent:
            label = f"{piece.title}, fichier PDF"
            fault = formation.unfit.get(str(piece.pdf), "")
            yield Question(label, str(piece.pdf), formation.code, "la pièce manque", piece=True, fault=fault)


def _home(workspace: Workspace, setting: Setting, code: str, otherwise: str | None) -> str | None:
    """For whom a setting is given: of a person, for the formation or the school (``None``) that names them."""
    block = block_of(setting.key)
    for home in (code, None) if block != setting.key else ():
        if names(read_settings(settings_file(workspace, home)), block):
            return home
    return otherwise


def give(workspace: Workspace, formation: str | None, key: str, text: str) -> None:
    """Write one setting, as people write it, for the school or for one formation; an empty text takes it away.

    A person whose name is taken away goes whole. Raises NotAllowed, in French, for a name that is no setting, a value
    that does not suit it, and one for a formation that would not hold: it is of a person whom the formation does not
    name itself.
    """
    setting = BY_KEY.get(key)
    if setting is None:
        raise NotAllowed(f"{key} n’est pas un réglage. Il y a : {', '.join(BY_KEY)}.")
    if formation is not None:
        concerned(workspace, formation)
    path = settings_file(workspace, formation)
    kept = read_settings(path)
    block = block_of(key)
    gone = {one for one in kept if block_of(one) == block} if key == f"{block}.nom" and not text.strip() else {key}
    kept = {one: value for one, value in kept.items() if one not in gone}
    if text.strip():
        value = setting_value(setting, text)
        fault = fault_of(setting, value)
        if fault:
            raise NotAllowed(closed(f"{setting.label} ({key}) : {fault}"))
        kept[key] = value
        if formation is not None:
            _require_heard(workspace, formation, setting, kept)
    put_file(path, settings_as_toml(kept).encode())


def _require_heard(workspace: Workspace, formation: str, setting: Setting, own: Mapping[str, Any]) -> None:
    said = replace(_said(workspace, formation), own=own)
    if said.heard(setting)[1] is not own:
        block = block_of(setting.key)
        raise NotAllowed(
            f"{setting.label} ({setting.key}) : {formation} n’a pas de {PERSONS[block].lower()} à elle, et celui qui "
            f"y vaut est nommé ailleurs. Donnez d’abord le sien (liasse setup {formation} --set {block}.nom=NOM), ou "
            f"changez celui de l’établissement (liasse setup --set {setting.key}=…)."
        )


def unheard(workspace: Workspace, keys: Iterable[str]) -> Iterator[str]:
    """Where what was given for the whole school does not hold: a formation has its own, how to drop it.

    A person is told once, whole.
    """
    for block in dict.fromkeys(map(block_of, keys)):
        for code in formation_codes(workspace):
            said = _said(workspace, code)
            lost = [one for one in SETTINGS if block_of(one.key) == block and _is_lost(said, one)]
            if lost:
                key = f"{block}.nom" if block in PERSONS else block
                value, where = said.heard(BY_KEY[key])
                own = where is said.own
                path = settings_file(workspace, code) if own else workspace.model(f"{code}/formation.toml")
                drop = f"liasse setup {code} --set {key}=" if own else "ôtez-le de ce fichier"
                yield (
                    f"{PERSONS.get(block, lost[0].label)}, donné pour tout l’établissement, ne vaut pas pour {code}, "
                    f"qui a le sien : « {value} » ({path}). Pour que celui de l’établissement y vaille : {drop}"
                )


def _is_lost(said: Said, setting: Setting) -> bool:
    given = said.school.get(setting.key)
    return given not in (None, "") and said.heard(setting)[0] != given


def now_said(workspace: Workspace, formation: str | None, keys: Iterable[str]) -> Iterator[str]:
    """What was given, as it now stands, a person whole: « Signataire… : Mme Ana NEUF, Directrice »."""
    kept = read_settings(settings_file(workspace, formation))
    for block in dict.fromkeys(map(block_of, keys)):
        if block in PERSONS:
            parts = [str(kept.get(f"{block}.{name}", "")) for name in ("civilite", "prenom", "nom")]
            rest = [str(kept.get(f"{block}.{name}", "")) for name in ("fonction", "courriel", "telephone")]
            said = ", ".join(filter(None, (" ".join(filter(None, parts)), *rest)))
            yield f"{PERSONS[block]} : {said or 'personne'}"
        else:
            yield f"{BY_KEY[block].label} : {kept.get(block, 'sans valeur')}"


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


def give_logo(workspace: Workspace, file: Path, formation: str | None = None) -> Path:
    """Copy in the logo of the school, or of a formation, a PNG or a JPEG; the one before is gone.

    Raises NotAllowed for anything else, ConfigError for a formation that is not there.
    """
    home = workspace.school / load_formation(workspace, formation).code if formation else workspace.school
    data = _bytes(file)
    name = next((name for head, name in _LOGOS.items() if data.startswith(head)), None)
    if name is None or len(data) > _MOST_LOGO or not logos.is_image(data):
        raise NotAllowed(f"{file} ne convient pas : le logo est une image PNG ou JPEG de deux mégaoctets au plus.")
    place = home / name
    put_file(place, data)  # first: whatever happens, the school has a logo
    for other in _LOGOS.values():
        if other != name:
            (home / other).unlink(missing_ok=True)
    return place


def _said(workspace: Workspace, code: str) -> Said:
    return said_to(written_in(workspace, code), workspace, code)


def written_in(workspace: Workspace, code: str) -> dict[str, Any]:
    """What stands in a ``formation.toml``."""
    return tomllib.loads(workspace.model(f"{code}/formation.toml").read_text(encoding="utf-8-sig"))


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise NotAllowed(f"{file} ne peut pas être lu : {error.strerror or error}.") from error
