"""Classifier of our own forms: the mark that every blank carries, found again in what came back.

The mark « liasse/<formation>/<année>/<version> » stands in the document's keywords and at the foot of each page.
A form without it is another school's; with another session's or an unknown version it has to be asked again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pypdf
import pypdfium2
from lxml import etree

from pipeline.core.errors import ConfigError, FormRejected
from pipeline.forms.blank import MARK, Blank
from pipeline.reading.catalogue import Catalogue

_MARK = re.compile(rf"{MARK}/([a-z0-9][a-z0-9-]{{1,39}})/(\d{{4}}-\d{{4}})/([0-9a-f]{{8}})(?![0-9a-z])")
MIN_WORDS = 20  # fewer words than this on all the pages: a scan, whose text is a picture
AGAIN = "Téléchargez le formulaire de l’année auprès de la scolarité, remplissez-le, puis renvoyez-le."


@dataclass(frozen=True)
class Recognised:
    """Recognised plan of a form. ``same_version`` is false when it was made from an older plan."""

    blank: Blank
    same_version: bool


def find_form(texts: Iterable[str], catalogue: Catalogue) -> Recognised | None:
    """The form named by the marks of these texts, or ``None`` without a mark.

    Raises FormRejected for two different marks, an unknown formation or session; ConfigError when our own
    settings of that formation are broken.
    """
    marks = sorted({match.groups() for text in texts for match in _MARK.finditer(text)})
    if not marks:
        return None
    if len(marks) > 1:
        raise FormRejected(
            "PLUSIEURS_FORMULAIRES",
            f"Ce fichier réunit {len(marks)} formulaires différents. "
            "Envoyez chaque formulaire dans son propre fichier.",
        )
    code, annee, version = marks[0]
    if code in catalogue.broken:
        raise ConfigError(catalogue.broken[code])
    blank = catalogue.blanks.get(f"{code}/{annee}")
    if blank is not None:
        return Recognised(blank, same_version=blank.version == version)
    if code in catalogue.codes:
        raise FormRejected("SESSION_INCONNUE", f"Ce formulaire est celui d’une autre année ({annee}). {AGAIN}")
    raise FormRejected(
        "FORMATION_INCONNUE",
        f"Ce formulaire est celui d’une formation qui n’est pas traitée ici ({code}). {AGAIN}",
    )


def modified(where: str) -> FormRejected:
    """The refusal of a form whose boxes are not those of this year's blank."""
    return FormRejected("VERSION_MODIFIEE", f"Ce formulaire est d’une version modifiée ({where}). {AGAIN}")


def require_boxes(missing: Sequence[str]) -> None:
    """Raise FormRejected (VERSION_MODIFIEE) if any box of this year's blank is missing."""
    if missing:
        raise modified(f"il y manque {len(missing)} case{'s' if len(missing) > 1 else ''}, dont « {missing[0]} »")


def unknown() -> FormRejected:
    """The refusal of a readable document that is not one of our forms."""
    return FormRejected(
        "FORMULAIRE_INCONNU",
        "Ce document n’est pas notre formulaire préalable : c’est peut-être le formulaire d’un autre établissement, "
        f"ou une copie sans le repère imprimé au pied de chaque page. {AGAIN}",
    )


def keywords(reader: pypdf.PdfReader) -> str:
    """The keywords of a PDF, where our blanks write their mark; empty if there are none."""
    info = reader.metadata
    value = info.get("/Keywords") if info else None
    return str(value.get_object()) if value is not None else ""


def page_texts(data: bytes) -> tuple[str, ...]:
    """The text of each page of a PDF; raises FormRejected (ILLISIBLE) for a scan, which has none."""
    with pypdfium2.PdfDocument(data) as pdf:
        texts = tuple(page.get_textpage().get_text_range() for page in pdf)
    if sum(len(text.split()) for text in texts) < MIN_WORDS:
        raise FormRejected(
            "ILLISIBLE",
            "Ce PDF est un document numérisé ou une photo : ses pages sont des images, sans texte à lire. "
            "Remplissez le formulaire à l’ordinateur et envoyez le PDF ou le document Word obtenu, sans le scanner.",
        )
    return texts


def word_texts(parts: Mapping[str, bytes]) -> tuple[str, ...]:
    """The texts of a DOCX that may hold the mark: its keywords and its footers."""
    core = [parts[name] for name in parts if name == "docProps/core.xml"]
    footers = [parts[name] for name in sorted(parts) if re.fullmatch(r"word/footer\d*\.xml", name)]
    properties = ("\n".join(map(str, parse_xml(part).itertext())) for part in core)
    words = ("".join(map(str, parse_xml(part).itertext())) for part in footers)  # Word may cut the mark in runs
    return (*properties, *words)


def parse_xml(part: bytes) -> etree._Element:
    """An XML part as a tree: no entity is resolved, nothing is fetched; raises FormRejected if it is not XML."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(part, parser)
    except etree.XMLSyntaxError as error:
        raise FormRejected(
            "WORD_ENDOMMAGE", f"Ce document Word est endommagé : une de ses parties est illisible. {AGAIN}"
        ) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise FormRejected("WORD_DOCTYPE", f"Ce document Word contient une déclaration interdite. {AGAIN}")
    return root
