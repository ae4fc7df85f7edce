"""The sixty files that a morning brings to the scolarité: invented people, forms of every kind, right and wrong."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import people
from forms_filler import fill_acroform, fill_word, print_pdf
from layout_people import siret
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject
from reportlab.pdfgen.canvas import Canvas
from sent_files import zipped

from pipeline.core.fields import Dictionary
from pipeline.core.formation import load_formation
from pipeline.core.workspace import Workspace
from pipeline.forms.blank import Blank, plan_blank
from pipeline.forms.drawing.blank_docx import draw_docx
from pipeline.forms.drawing.blank_pdf import draw_pdf
from pipeline.forms.prefill import slot_texts

ROOT = Path(__file__).parent.parent.parent
_FIRST = ("Léa", "Noé", "Inès", "Jules", "Zoé", "Malo", "Théo", "Aya", "Luc", "Rim")
_LAST = ("MARTIN", "LE GALL", "DIALLO", "NGUYEN", "PETIT", "HADDAD", "SILVA", "KERN", "MÜLLER", "ROUSSEL")
_SYLLABLES = ("ba", "ke", "di", "lo", "mu", "na", "ri", "so", "ta", "ve")
HOST = "organisme.raison_sociale"
HOST_SHOWN = "Association « Les Pieds sur Terre »"


@dataclass(frozen=True)
class Sent:
    """A file as it is dropped: name, bytes, and what its sender would write if a letter asked (by path)."""

    name: str
    data: bytes
    answers: Mapping[str, str] = field(default_factory=dict)
    again: bytes = b""  # the whole form, for a file that could not be read


def person(number: int, code: str, **changes: Any) -> dict[str, Any]:
    """One invented person of a formation, with a host and a tuteur of their own."""
    spelt = "".join(_SYLLABLES[int(digit)] for digit in f"{number:02d}")
    own = {
        "stagiaire__nom": f"{_LAST[number % 10]}-{spelt.upper()}",
        "stagiaire__prenom": _FIRST[number * 7 % 10],
        "stagiaire__courriel": f"personne{number}@example.org",
        "stagiaire__telephone": f"+336{20_000_000 + number}",
        "stagiaire__numero": f"N{number:06d}",
        "stagiaire__date_naissance": f"{1985 + number % 15}-{1 + number % 12:02d}-{1 + number % 28:02d}",
        "organisme__siret": siret(f"{10_000_000 + number * 7919:08d}000{10 + number:02d}"),
        "organisme__courriel": f"accueil{number}@example.org",
        "organisme__signataire__courriel": f"direction{number}@example.org",
        "organisme__signataire__nom": f"DIRECTEUR-{spelt.upper()}",
        "tuteur__nom": f"TUTEUR-{spelt.upper()}",
        "tuteur__courriel": f"tuteur{number}@example.org",
        "tuteur__telephone": f"+337{60_000_000 + number}",
    }
    own["organisme__raison_sociale"] = f"Foyer {spelt.capitalize()}"
    return (people.cnam if code == people.CNAM else people.coordination)(**{**own, **changes})


@cache
def _blank(code: str) -> tuple[Blank, bytes, bytes]:
    workspace = Workspace.at(ROOT)
    formation = load_formation(workspace, code)
    blank = plan_blank(Dictionary.load(workspace), formation, formation.session("2024-2025"))
    return blank, draw_pdf(blank), draw_docx(blank)


def typed(data: dict[str, Any], code: str) -> bytes:
    """The fillable PDF with these answers."""
    blank, pdf, _ = _blank(code)
    return fill_acroform(pdf, blank, slot_texts(blank, data))


def in_word(data: dict[str, Any], code: str) -> bytes:
    """The Word form with these answers."""
    blank, _, docx = _blank(code)
    return fill_word(docx, slot_texts(blank, data))


def corrected(pdf: bytes, answers: Mapping[str, str]) -> bytes:
    """A fillable PDF in which these answers, by path, were written over what stood there."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    values = {path.replace(".", "/"): value for path, value in answers.items()}
    for page in writer.pages:
        if "/Annots" in page:
            writer.update_page_form_field_values(page, values, auto_regenerate=False)
    return _bytes(writer)


def hiding(pdf: bytes, path: str, value: str) -> bytes:
    """A filled PDF of which one field holds another value than the one that it shows."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    for page in writer.pages:
        for annotation in page["/Annots"]:
            widget = annotation.get_object()
            if str(widget.get("/T", "")).replace("/", ".") == path:
                widget[NameObject("/V")] = TextStringObject(value)
    return _bytes(writer)


def page_of(*lines: str) -> bytes:
    """One printed page."""
    drawn = io.BytesIO()
    canvas = Canvas(drawn)
    for at, line in enumerate(lines):
        canvas.drawString(72, 720 - 20 * at, line)
    canvas.save()
    return drawn.getvalue()


def stapled(pdf: bytes, other: bytes) -> bytes:
    """Two files in one."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    writer.append(PdfReader(io.BytesIO(other)), import_outline=False)
    return _bytes(writer)


def stamped(pdf: bytes, words: str) -> bytes:
    """A form with words typed at the foot of its last page, beside every answer."""
    drawn = io.BytesIO()
    canvas = Canvas(drawn)
    canvas.drawString(60, 12, words)
    canvas.save()
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    writer.pages[-1].merge_page(PdfReader(io.BytesIO(drawn.getvalue())).pages[0])
    return _bytes(writer)


def locked(pdf: bytes) -> bytes:
    """The same behind a password."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    writer.encrypt("secret", algorithm="AES-256")
    return _bytes(writer)


def _bytes(writer: PdfWriter) -> bytes:
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def morning() -> list[Sent]:
    """What lies in the inbox when the day begins, by name; the last ones are not taken as they lie there."""
    return [*_good(), *_to_decide(), *_to_complete(), *_not_forms(), *_bundles(), *_left_alone()]


def _good() -> Iterator[Sent]:
    """Twenty-five that ask nothing of anybody: fields, Word, printed."""
    ways: tuple[tuple[str, Callable[[dict[str, Any], str], bytes]], ...] = (
        ("pdf", typed),
        ("docx", in_word),
        ("pdf", typed),
        ("pdf", lambda data, code: print_pdf(typed(data, code))),
    )
    for number in range(25):
        suffix, make = ways[number % 8 if number % 8 < 4 else number % 2]
        code = people.CNAM if number % 3 == 0 else people.COORDINATION
        yield Sent(f"{number + 1:02d}-formulaire.{suffix}", make(person(number, code), code))


def _to_decide() -> Iterator[Sent]:
    """Eleven on which the school decides."""
    none: dict[str, Any] = {"accord_pedagogique": {}}
    for number in (30, 31):
        yield Sent(f"accord-{number}.pdf", typed(person(number, people.CNAM, **none), people.CNAM))
    yield Sent("accord-refuse.docx", in_word(person(33, people.CNAM, **none), people.CNAM))
    shown = {"organisme__raison_sociale": HOST_SHOWN}
    for number, name in ((34, "doute-feuille"), (35, "doute-ecran")):
        whole = typed(person(number, people.COORDINATION, **shown), people.COORDINATION)
        yield Sent(f"{name}.pdf", hiding(whole, HOST, "Structure cachée"))
    two = hiding(typed(person(36, people.COORDINATION, **shown), people.COORDINATION), HOST, "Structure cachée")
    yield Sent("deux-doutes.pdf", hiding(two, "stage.sujet", "Autre sujet"))
    insured = page_of("Attestation d’assurance", "La compagnie certifie que la personne est assurée en 2025.")
    yield Sent("agrafe.pdf", stapled(typed(person(37, people.COORDINATION), people.COORDINATION), insured))
    yield Sent("tampon.pdf", stamped(typed(person(38, people.COORDINATION), people.COORDINATION), "remis le 3 mars"))
    abroad = {"voie": "3 rue du Midi", "code_postal": "1000", "ville": "Bruxelles", "pays": "Belgique"}
    away = person(
        39, people.CNAM, organisme__lieu_stage=abroad, stage__date_fin="2025-07-25"
    )  # our holidays are not theirs
    yield Sent("bruxelles.pdf", typed(away, people.CNAM))
    for number, name in ((1, "double-stage"), (2, "deux-mi-temps")):  # those of two good ones, at another host
        data = person(number, people.COORDINATION, organisme__raison_sociale=f"Maison des Lilas {number}")
        data["organisme"]["siret"] = siret(f"{90_000_000 + number * 7919:08d}00011")
        yield Sent(f"{name}.pdf", typed(data, people.COORDINATION))


def _to_complete() -> Iterator[Sent]:
    """Seven that go back to their senders, each with what it will answer."""
    wrong: tuple[tuple[str, str, Any, str], ...] = (
        ("siret", "organisme.siret", "73282932000079", siret("4200000000013")),
        ("sujet", "stage.sujet", None, "Accompagner un projet d’accueil"),
        ("assurance", "assurance_rc.compagnie", None, "MAIF"),
        ("telephone", "tuteur.telephone", "12", "02 98 00 11 23"),
        ("courriel", "stagiaire.courriel", "sans-arobase.example.org", "personne@example.org"),
        ("heures", "stage.duree_heures", 12, "140"),
        ("naissance", "stagiaire.date_naissance", None, "17/03/1990"),
    )
    for at, (name, path, value, right) in enumerate(wrong):
        data = person(40 + at, people.COORDINATION, **{path.replace(".", "__"): value})
        yield Sent(f"a-revoir-{name}.pdf", typed(data, people.COORDINATION), {path: right})


def _not_forms() -> Iterator[Sent]:
    """Six that are no form of this year, or are not read; their senders have the right one."""
    other = page_of("Menu de la cantine : salade, gratin, compote.")
    unread: tuple[tuple[str, bytes], ...] = (
        ("menu.pdf", other),
        ("mot-de-passe.pdf", locked(typed(person(50, people.COORDINATION), people.COORDINATION))),
        ("notes.txt", b"Bonjour, voici mon formulaire."),
        ("page.html", b"<!DOCTYPE html><html><body>connexion</body></html>"),
        ("fiche.rtf", rb"{\rtf1\ansi formulaire}"),
        ("autre-formation.pdf", _of_another_formation()),
    )
    for at, (name, data) in enumerate(unread):
        yield Sent(name, data, again=typed(person(50 + at, people.COORDINATION), people.COORDINATION))


def _of_another_formation() -> bytes:
    """A form that bears the mark of a formation of another school."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(typed(person(55, people.COORDINATION), people.COORDINATION))))
    writer.add_metadata({"/Keywords": "liasse/cuisine/2024-2025/0123abcd"})
    return _bytes(writer)


def _bundles() -> Iterator[Sent]:
    """An archive of three forms, two forms in one PDF, and two files that were sent twice."""
    forms = [typed(person(number, people.COORDINATION), people.COORDINATION) for number in range(60, 65)]
    yield Sent("classe.zip", zipped({f"fiche-{at}.pdf": form for at, form in enumerate(forms[:3], 1)}))
    pair = stapled(print_pdf(forms[3]), print_pdf(forms[4]))
    yield Sent("deux-en-un.pdf", pair)
    first = next(iter(_good()))
    yield Sent("encore.pdf", first.data)
    yield Sent("encore-une-fois.pdf", first.data)


def _left_alone() -> Iterator[Sent]:
    """What is not taken as it lies there: hidden, half copied, cut; and a form in a folder."""
    forms = [typed(person(number, people.COORDINATION), people.COORDINATION) for number in range(70, 74)]
    yield Sent("promotion B/formulaire.pdf", forms[0])
    yield Sent(".cache.pdf", forms[1])
    yield Sent("en-cours.pdf.part", forms[2][:9000], again=forms[2])
    yield Sent("coupe.pdf", forms[3][: len(forms[3]) // 2], again=forms[3])


def second_thoughts() -> Sent:
    """A good form sent again with another tuteur, once its packet was taken to be signed."""
    data = person(5, people.COORDINATION, tuteur__prenom="Aïcha", tuteur__courriel="aicha@example.org")
    return Sent("change-de-tuteur.pdf", typed(data, people.COORDINATION))
