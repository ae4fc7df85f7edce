"""Files that the school drops in by hand, its PDFs and its logo: looked at before anything is made of them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pikepdf

from pipeline.core.errors import ConversionError
from pipeline.core.formation import Formation, formation_codes, load_formation
from pipeline.core.school import FILE, LOGO, LOGOS
from pipeline.core.workspace import COMMON, Workspace
from pipeline.documents.binding import logo as logos
from pipeline.documents.binding.metadata import open_in_memory, require_pdfa
from pipeline.documents.own_pdfs import inert_pdf

_OURS = frozenset({".toml", ".docx", ".pdf", ".png", ".jpg", ".jpeg"})
_HEAD = 1024  # bytes in which a PDF says that it is one
_UNUSED = "S’il ne sert plus, supprimez-le."
_NO_IMAGE = "ce n’est pas une image PNG ou JPEG qui s’ouvre"


def looked_at(formation: Formation, workspace: Workspace) -> Formation:
    """The formation, knowing which of its school's files cannot be used: those PDFs are as good as absent."""
    unfit = dict(_unfit(formation, workspace))
    return replace(formation, unfit=unfit, absent=formation.absent | unfit.keys() - {LOGO}) if unfit else formation


def strays(workspace: Workspace) -> Iterator[str]:
    """What lies in ``etablissement/`` and is never looked at, in French: a misspelt folder or file."""
    codes = formation_codes(workspace)
    for path in sorted(workspace.school.glob("*")):
        if path.is_dir() and path.name not in (*codes, COMMON):
            near = difflib.get_close_matches(path.name, codes, n=1)
            meant = f"vouliez-vous dire {near[0]} ?" if near else f"il y a {', '.join((*codes, COMMON))}."
            said = f"aucune formation ne porte ce nom, {meant}"
            yield f"{_told(path, workspace)}/ n’est pas lu : {said} {_UNUSED}"
        elif path.is_file() and path.suffix.lower() in _OURS and path.name not in (FILE, *LOGOS):
            yield f"{_told(path, workspace)} n’est pas lu : ici se lisent {', '.join((FILE, *LOGOS))}. {_UNUSED}"
    known = _known(workspace, codes)
    for folder in (*codes, COMMON):
        here = sorted(name for name in known if name.startswith(f"{folder}/"))
        for path in sorted((workspace.school / folder).glob("*")):
            if path.suffix.lower() in _OURS and f"{folder}/{path.name}" not in known:
                said = f"n’est pas lu{_of_ours(path, workspace)} : ici se lisent {', '.join(here)}."
                yield f"{_told(path, workspace)} {said} {_UNUSED}"


def _of_ours(path: Path, workspace: Workspace) -> str:
    """What is said of a copy of a common template, which ``formation new`` made and no document uses any more."""
    common = workspace.templates / COMMON / path.name
    if common.is_file() and common.read_bytes() == path.read_bytes():
        return ", c’est une copie du modèle commun que plus aucun document n’emploie"
    return ""


def _known(workspace: Workspace, codes: Iterable[str]) -> frozenset[str]:
    """The names of the files that formations and letters are made of, and those of settings."""
    pieces = [piece for code in codes for piece in load_formation(workspace, code).pieces()]
    used = {name for piece in pieces for name in (piece.pdf, piece.template) if name}
    common = {f"{COMMON}/{path.name}" for path in (workspace.templates / COMMON).glob("*") if path.is_file()}
    own = {f"{code}/{name}" for code in codes for name in (FILE, *LOGOS, "formation.toml")}
    return frozenset(used | common | own)


def fault_of_pdf(data: bytes, *, pdfa: bool) -> str:
    """What keeps a PDF from being bound, in French; empty for one that can be."""
    if b"%PDF-" not in data[:_HEAD]:
        return "ce n’est pas un PDF"
    try:
        with open_in_memory(data) as pdf:
            return _of_pages(data, pdf, pdfa=pdfa) if len(pdf.pages) else "il n’a aucune page"
    except pikepdf.PasswordError:
        return "il est protégé par un mot de passe"
    except pikepdf.PdfError:
        return "il est endommagé"


def _of_pages(data: bytes, pdf: pikepdf.Pdf, *, pdfa: bool) -> str:
    try:
        if pdfa:
            require_pdfa(pdf, "")
    except ConversionError:
        return "il ne se dit pas PDF/A-2 aux couleurs RVB, que la formation demande : enregistrez-le en PDF/A-2b"
    try:
        inert_pdf(data, "")
    except ConversionError:
        return "il ne peut pas être relié à la liasse : imprimez-le dans un nouveau PDF"
    return ""


def _unfit(formation: Formation, workspace: Workspace) -> Iterator[tuple[str, str]]:
    """Each file that cannot be used, by its ``pdf`` or as the logo: where it lies, and why, in French."""
    for name in sorted({piece.pdf for piece in formation.pieces() if piece.pdf}):
        path = workspace.model(name)
        if fault := _looked(path, pdfa=formation.pdfa):
            yield name, f"{_told(path, workspace)} ne convient pas, {fault}"
    picture = formation.logo_path
    if picture and not _drawable(*_state(picture)):
        yield LOGO, f"{_told(picture, workspace)} ne convient pas, {_NO_IMAGE}"


def _looked(path: Path, *, pdfa: bool) -> str:
    return _fault(*_state(path), pdfa) if path.is_file() else ""


def _state(path: Path) -> tuple[Path, int, int]:
    """What tells that a file was changed: looked at once as it is."""
    found = path.stat()
    return path, found.st_mtime_ns, found.st_size


@lru_cache(maxsize=32)
def _fault(path: Path, _changed: int, _size: int, pdfa: bool) -> str:  # noqa: FBT001 -- a key of the cache
    try:
        return fault_of_pdf(path.read_bytes(), pdfa=pdfa)
    except OSError:
        return "il ne peut pas être lu"


@lru_cache(maxsize=4)
def _drawable(path: Path, _changed: int, _size: int) -> bool:
    try:
        return logos.is_image(path.read_bytes())
    except OSError:
        return False


def _told(path: Path, workspace: Workspace) -> str:
    return str(path.relative_to(workspace.root)) if path.is_relative_to(workspace.root) else str(path)
