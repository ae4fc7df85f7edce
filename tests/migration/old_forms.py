"""The forms of the old workspace, byte for byte: files of ``samples``, some with answers typed over by pypdf.

Nothing of ``pipeline`` is used: the bytes depend on the samples and on pypdf only.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject


def refilled(pdf: bytes, texts: Mapping[str, str], hidden: Mapping[str, str] | None = None) -> bytes:
    """A filled form with these answers typed over; ``hidden`` ones are held and not shown (VALEUR_CACHEE)."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    for page in writer.pages:
        writer.update_page_form_field_values(page, dict(texts), auto_regenerate=False)
        for annotation in page.get("/Annots", ()):
            widget = annotation.get_object()
            if hidden and str(widget.get("/T", "")) in hidden:
                widget[NameObject("/V")] = TextStringObject(hidden[str(widget["/T"])])
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def person(nom: str, prenom: str, number: int, born: str, **more: str) -> dict[str, str]:
    """What makes another person, with a tuteur of their own."""
    mail = f"{prenom}.{nom}".lower().replace(" ", "").encode("ascii", "ignore").decode()
    return {
        "stagiaire/nom": nom,
        "stagiaire/prenom": prenom,
        "stagiaire/date_naissance": born,
        "stagiaire/courriel": f"{mail}.{number}@example.org",
        "stagiaire/numero": f"OLD{number:06d}",
        "stagiaire/telephone": f"06 00 00 00 {number:02d}",
        "stagiaire/contact_urgence": f"Jo {nom}, 06 00 00 01 {number:02d}",
        "tuteur/nom": f"TUTEUR{chr(64 + number)}",
        "tuteur/prenom": "Dominique",
        "tuteur/courriel": f"tuteur{number}@example.org",
        **{key.replace("__", "/"): value for key, value in more.items()},
    }


ELISE, MAELLE, CHLOE, ANAIS = (
    "1-cnam-etudiante.pdf",
    "4-essms-salariee.pdf",
    "7-essms-erreurs.pdf",
    "3-cnam-attente.pdf",
)
SECRETAIRE = {"tuteur/fonction": "Secrétaire"}
_C = person("BLANC", "Jules", 8, "02/02/1990")
_B = person("DIALLO", "Rim", 3, "11/05/1991")
_HOST = {
    "organisme/raison_sociale": "Les Jardins Exemple",
    "organisme/siret": "732 829 320 00074",
    "organisme/courriel": "jardins@example.org",
    "organisme/signataire/courriel": "direction.jardins@example.org",
    "organisme/adresse/voie": "2 chemin Vert",
    "organisme/adresse/code_postal": "94200",
    "organisme/adresse/ville": "Ivry-sur-Seine",
    "tuteur/nom": "TUTEURZ",
    "tuteur/courriel": "tuteurz@example.org",
    "stage/date_debut": "01/09/2025",
    "stage/date_fin": "19/12/2025",
}
# name of the file → (sample, answers typed over)
REFILLED: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "purge.pdf": (MAELLE, person("KERN", "Gaël", 1, "05/06/1985")),
    "refuse.pdf": (ANAIS, person("SILVA", "Inès", 2, "24/09/1999")),
    "ecarte.pdf": (ANAIS, person("MARTIN", "Noé", 4, "14/02/1998")),
    "second-stage.pdf": (ELISE, _HOST),
    "signee-v1.pdf": (MAELLE, _B),
    "signee-v2.pdf": (MAELLE, {**_B, "tuteur/telephone": "02 98 00 11 77"}),
    "efface.pdf": (MAELLE, person("PERDU", "Ugo", 5, "30/12/1980")),
    "homonyme.pdf": (MAELLE, {**person("LE GOFF", "Maëlle", 6, "03/12/1991"), **SECRETAIRE}),
    "faux.pdf": (MAELLE, {**_C, **SECRETAIRE}),
    "juste.pdf": (MAELLE, _C),
    "essms-v2.pdf": (MAELLE, {"tuteur/telephone": "02 98 00 11 99"}),
    "cnam-v2.pdf": (ELISE, {"tuteur/telephone": "01 45 67 89 99"}),
    "quarantaine.pdf": (MAELLE, person("POISON", "Théo", 7, "09/09/1989")),
    "lot-1.pdf": (MAELLE, person("LOT", "Léa", 10, "01/01/1987")),
    "lot-2.pdf": (ELISE, person("LOT", "Malo", 11, "02/01/2001")),
    "lot-3.pdf": (ANAIS, person("LOT", "Aya", 12, "03/01/2001")),
    "panne.pdf": (MAELLE, person("PANNE", "Luc", 13, "04/01/1983")),
    "notee.pdf": (ANAIS, person("NOTE", "Rim", 16, "07/01/2001")),
    "publiee.pdf": (MAELLE, person("PUBLIE", "Zoé", 14, "05/01/1984")),
    "prevue.pdf": (ELISE, person("PREVU", "Anna", 15, "06/01/2000")),
}
DOUBT, SHOWN, HELD = "organisme.raison_sociale", "Résidence Les Tilleuls", "Structure cachée"


def _sheet(nom: str, prenom: str, courriel: str) -> tuple[str, ...]:
    return (
        "Fiche de renseignements - Convention de stage",
        "LE STAGIAIRE",
        f"Nom : {nom}",
        f"Prénom : {prenom}",
        "Date de naissance : 12/08/2001",
        f"Courriel : {courriel}",
        "Téléphone : 06 00 00 02 20",
        "Code postal : 75011",
        "Ville : Paris",
        "L'ORGANISME D'ACCUEIL",
        "Raison sociale : Maison Exemple",
        "SIRET : 732 829 320 00074",
        "LE TUTEUR",
        "Nom : ARNAUD",
        "Prénom : Camille",
        "Fonction : Cheffe de service",
        "LE STAGE",
        "Sujet : Accueil du public",
        "Date de début : 05/05/2025",
        "Date de fin : 27/06/2025",
        "Durée totale en heures : 140",
    )


def unknown(lines: tuple[str, ...]) -> bytes:
    """A form of no known kind: a page of text, a PDF without compression."""
    shown = "\n".join(f"({line}) Tj 0 -28 Td" for line in lines)
    stream = f"BT /F1 12 Tf 60 780 Td\n{shown}\nET\n"
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            "/Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        f"<< /Length {len(stream)} >>\nstream\n{stream}endstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    made, at = "%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        at.append(len(made))
        made += f"{number} 0 obj\n{one}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in at)
    size = len(objects) + 1
    made += (
        f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\n"
        f"startxref\n{len(made)}\n%%EOF\n"
    )
    return made.encode("cp1252")


def forms(samples: Path) -> dict[str, bytes]:
    """Every form by the name of its file."""
    made = {path.name: path.read_bytes() for path in sorted(samples.iterdir())}
    made |= {name: refilled((samples / base).read_bytes(), texts) for name, (base, texts) in REFILLED.items()}
    made["doute.pdf"] = refilled(
        (samples / MAELLE).read_bytes(), person("DOUTE", "Éva", 9, "07/07/1986"), {DOUBT.replace(".", "/"): HELD}
    )
    made["inconnu.pdf"] = unknown(_sheet("NGUYEN", "Bao", "bao.nguyen@example.org"))
    made["inconnu-situe.pdf"] = unknown(_sheet("KEITA", "Awa", "awa.keita@example.org"))
    made["note.txt"] = b"Bonjour, voici mon formulaire de stage. Merci !\n"
    return made
