"""Refusals: every reason for which a received file is not read as a form, each with what makes it true.

A reason is said of a file only when its condition holds: the table (``refus.toml``) is printed in
``docs/refus.md``, and a test has each reason given by a file that shows it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from pipeline.core.errors import FormRejected
from pipeline.core.models import Problem, Severity
from pipeline.core.who import Who


class Refusal(StrEnum):
    """Code of a reason for which a file is not read."""

    EMPTY = "FICHIER_VIDE"
    TOO_BIG = "FICHIER_TROP_GROS"
    UNKNOWN_TYPE = "FORMAT_INCONNU"
    WEB_PAGE = "PAGE_WEB"
    MESSAGE = "COURRIEL_RECU"
    RTF = "FICHIER_RTF"
    ODT = "FICHIER_ODT"
    PAGES = "FICHIER_PAGES"
    OTHER_OFFICE = "OFFICE_AUTRE"
    OLD_OFFICE = "OFFICE_ANCIEN"
    OTHER_IMAGE = "PHOTO_RECUE"
    OTHER_ARCHIVE = "ARCHIVE_AUTRE"
    ARCHIVE_DAMAGED = "ARCHIVE_ENDOMMAGEE"
    ARCHIVE_ENCRYPTED = "ARCHIVE_CHIFFREE"
    ARCHIVE_HUGE = "ARCHIVE_TROP_GROSSE"
    ARCHIVE_CROWDED = "ARCHIVE_TROP_PLEINE"
    ARCHIVE_EMPTY = "ARCHIVE_VIDE"
    ARCHIVE_NESTED = "ARCHIVE_DANS_ARCHIVE"
    OLD_WORD = "WORD_ANCIEN"
    WORD_PASSWORD = "WORD_PROTEGE"  # noqa: S105 -- a code
    WORD_DAMAGED = "WORD_ENDOMMAGE"
    WORD_MACROS = "WORD_MACRO"
    WORD_ACTIVE = "WORD_ACTIF"
    WORD_CROWDED = "WORD_TROP_DE_PARTIES"
    WORD_TWINS = "WORD_DOUBLONS"
    WORD_HUGE = "WORD_TROP_GROS"
    WORD_BOMB = "WORD_BOMBE"
    WORD_PATH = "WORD_CHEMIN"
    WORD_ENCRYPTED = "WORD_CHIFFRE"
    WORD_DECLARATION = "WORD_DOCTYPE"
    ODT_DAMAGED = "ODT_ENDOMMAGE"
    ODT_PASSWORD = "ODT_PROTEGE"  # noqa: S105 -- a code
    ODT_MACROS = "ODT_MACRO"
    ODT_ACTIVE = "ODT_ACTIF"
    ODT_CROWDED = "ODT_TROP_DE_PARTIES"
    ODT_TWINS = "ODT_DOUBLONS"
    ODT_HUGE = "ODT_TROP_GROS"
    ODT_BOMB = "ODT_BOMBE"
    ODT_PATH = "ODT_CHEMIN"
    ODT_ENCRYPTED = "ODT_CHIFFRE"
    ODT_DECLARATION = "ODT_DOCTYPE"
    PDF_HUGE = "PDF_TROP_GROS"
    PDF_DAMAGED = "PDF_ENDOMMAGE"
    PDF_FOLLOWED = "PDF_SUITE"
    PDF_PASSWORD = "PDF_CHIFFRE"  # noqa: S105 -- a code
    PDF_CERTIFICATE = "PDF_CERTIFICAT"
    PDF_LONG = "PDF_TROP_DE_PAGES"
    PDF_DYNAMIC = "PDF_XFA"
    PDF_PORTFOLIO = "PDF_PORTFOLIO"
    PDF_HEAVY = "PDF_TROP_LOURD"
    PDF_LAYERS = "PDF_CALQUES"
    PDF_SHEET = "PDF_FEUILLE"
    PDF_ENDLESS = "PDF_SANS_FIN"
    NOT_A_PDF = "PIECE_PAS_PDF"
    UNFIT = "PIECE_INAPTE"
    IMAGE_DAMAGED = "IMAGE_ENDOMMAGEE"
    IMAGE_SMALL = "IMAGE_TROP_PETITE"
    IMAGE_LARGE = "IMAGE_TROP_GRANDE"
    IMAGES_MANY = "IMAGES_TROP_NOMBREUSES"
    NO_OCR = "OCR_ABSENT"
    ILLEGIBLE = "ILLISIBLE"
    UNKNOWN_FORM = "FORMULAIRE_INCONNU"
    REVIEW_SHEET = "FEUILLE_A_RENDRE"
    EMPTIED = "FORMULAIRE_EFFACE"
    MISSING_PAGE = "PAGE_MANQUANTE"
    SEVERAL = "PLUSIEURS_FORMULAIRES"
    BUNDLE = "PLUSIEURS_FICHIERS"
    UNKNOWN_SESSION = "SESSION_INCONNUE"
    UNKNOWN_FORMATION = "FORMATION_INCONNUE"
    SLOW = "CALCUL_EXCESSIF"
    WORDY = "TEXTE_EXCESSIF"
    STOPPED = "FICHIER_REFUSE"


class Told(NamedTuple):
    """What the sender is told (French, with facts in braces), and who can act."""

    says: str
    who: Who


def _told() -> Mapping[Refusal, Told]:
    table = tomllib.loads(Path(__file__).with_name("refus.toml").read_text(encoding="utf-8"))
    return {code: Told(table[code]["dit"], Who(table[code].get("qui", Who.STAGIAIRE))) for code in Refusal}


REFUSALS = _told()  # at once: the jailed child that refuses a file opens none


def refused(reason: Refusal, **facts: object) -> FormRejected:
    """The rejection of a file for a reason of the table, with the facts that its sentence names."""
    return FormRejected(reason.value, REFUSALS[reason].says.format(**facts))


_OF_ODT = {
    Refusal.WORD_DAMAGED: Refusal.ODT_DAMAGED,
    Refusal.WORD_MACROS: Refusal.ODT_MACROS,
    Refusal.WORD_ACTIVE: Refusal.ODT_ACTIVE,
    Refusal.WORD_CROWDED: Refusal.ODT_CROWDED,
    Refusal.WORD_TWINS: Refusal.ODT_TWINS,
    Refusal.WORD_HUGE: Refusal.ODT_HUGE,
    Refusal.WORD_BOMB: Refusal.ODT_BOMB,
    Refusal.WORD_PATH: Refusal.ODT_PATH,
    Refusal.WORD_ENCRYPTED: Refusal.ODT_ENCRYPTED,
    Refusal.WORD_DECLARATION: Refusal.ODT_DECLARATION,
}


def of_odt(rejection: FormRejected) -> FormRejected:
    """The same refusal of an OpenDocument text, whose archive must be what a Word document's is."""
    code = _OF_ODT.get(Refusal(rejection.reason), Refusal(rejection.reason))
    message = rejection.message.replace("document Word", "document OpenDocument").replace("Word", "LibreOffice")
    return FormRejected(code.value, message)


def rejected(reason: str, message: str) -> Problem:
    """The problem that stands for a file which could not be read at all."""
    who = REFUSALS[Refusal(reason)].who if reason in set(Refusal) else Who.STAGIAIRE
    return Problem(reason, Severity.BLOCKING, None, message, who)
