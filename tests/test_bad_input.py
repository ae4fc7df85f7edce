"""Bad files, walked to their end in one run: each gets its own French letter, nothing is lost, nothing else stops."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from pathlib import Path

import walking
from pypdf import PdfReader

from pipeline.cli.session import exit_code
from pipeline.core.outcomes import Delivered, ToComplete
from pipeline.documents.proof import page_texts
from pipeline.dossier.context import Context

sys.path.insert(0, str(Path(__file__).parent / "intake"))
import bad_files

SAMPLES = Path(__file__).parent / "samples"
GOOD = (SAMPLES / "1-cnam-etudiante.pdf").read_bytes()


def bomb() -> bytes:
    """A Word file of a few hundred kilobytes that unfolds to forty million bytes in one part."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(bad_files.docx())) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z,
    ):
        for name in source.namelist():
            z.writestr(name, source.read(name))
        with z.open("word/media.xml", "w") as part:
            for _ in range(15):
                part.write(bytes(1_000_000))
    return out.getvalue()


BAD = {
    "autre-ecole.pdf": (bad_files.pdf(bad_files.OTHER_SCHOOL), "FORMULAIRE_INCONNU"),
    "bombe.docx": (bomb(), "WORD_BOMBE"),
    "chiffre.pdf": (bad_files.pdf_encrypted(bad_files.pdf(), user="secret", owner="secret"), "PDF_CHIFFRE"),
    "livre.pdf": (bad_files.pdf(pages=500), "PDF_TROP_DE_PAGES"),
    "photo.pdf": (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(4000), "IMAGE_ENDOMMAGEE"),
    "renomme.docx": (bad_files.OLE + "WordDocument".encode("utf-16-le"), "WORD_ANCIEN"),
    "tronque.pdf": (GOOD[: len(GOOD) // 2], "PDF_ENDOMMAGE"),
    "vide.pdf": (b"", "FICHIER_VIDE"),
}


def test_bad_files_go_back_each_with_its_reason_and_stop_nothing(context: Context) -> None:
    """Eight bad files before a good one: eight letters in French, the files kept, the good one delivered."""
    for name, (data, _) in BAD.items():
        (context.workspace.inbox / name).write_bytes(data)
    (context.workspace.inbox / "z-bon.docx").write_bytes((SAMPLES / "5-essms-emploi.docx").read_bytes())

    reports = list(walking.run(sorted(context.workspace.inbox.iterdir()), context))

    assert exit_code(reports) == 1
    assert isinstance(reports[-1].outcome, Delivered)
    assert [path.name for path in context.workspace.inbox.iterdir()] == [".traites"]
    messages = set()
    for report, (name, (data, reason)) in zip(reports, BAD.items(), strict=False):
        assert isinstance(report.outcome, ToComplete)
        folder = context.workspace.outbox / report.outcome.folder
        told = json.loads((folder / "rapport.json").read_text())
        letter = (folder / "lettre-de-complement.pdf").read_bytes()
        words = " ".join(" ".join(page_texts(letter)).split())
        assert (told["formulaire"], told["motif"]) == (name, reason)
        assert [path.read_bytes() for path in folder.glob("formulaire-recu.*")] == [data]
        assert told["problems"][0]["message"][:40] in words
        assert len(PdfReader(io.BytesIO(letter)).pages) == 1
        messages.add(told["problems"][0]["message"])
    assert len(messages) == len(BAD)
