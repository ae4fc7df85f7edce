"""Real programs that save a form again: each takes honest files and gives them back, seen the same."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from forms_filler import print_pdf
from pdf_tools import flatten
from pikepdf import Encryption, ObjectStreamMode, PageCopyWarning, Pdf, Stream
from pypdf import PdfReader, PdfWriter
from scenes import Scene

HERE = Path(__file__).parent
PDFJS = os.environ.get("LIASSE_PDFJS", "")  # the folder of the npm package pdfjs-dist


@dataclass(frozen=True)
class Program:
    """One way in which people's programs make or save a form: many scenes in, their files out, and what is needed."""

    name: str
    suffix: str
    make: Callable[[Sequence[Scene]], list[bytes]]
    needs: str = ""

    @property
    def here(self) -> bool:
        """Whether it can run on this machine."""
        return not self.needs or bool(shutil.which(self.needs)) or Path(self.needs).exists()


PROGRAMS: list[Program] = []
Again = Callable[[bytes], bytes]


def again(name: str, change: Again, base: str = "fillable", needs: str = "") -> None:
    """Enter a program that saves a filled form again (``base``: fillable, printed or flattened)."""

    def make(scenes: Sequence[Scene]) -> list[bytes]:
        return [change(honest_pdf(scene, base)) for scene in scenes]

    PROGRAMS.append(Program(f"{name}, {base}", ".pdf", make, needs))


def honest_pdf(scene: Scene, base: str) -> bytes:
    """The PDF of a person: fillable, printed by cairo, or flattened by qpdf."""
    filled = scene.once("honest", lambda: _ended(scene.fillable("new")))
    if base == "fillable":
        return filled
    return print_pdf(filled) if base == "printed" else flatten(filled)


def _ended(data: bytes) -> bytes:
    """The file without the clip that the library which fills forms here leaves open.

    Viewers, which write none, do not apply it; Ghostscript loses the words of the page with it.
    """
    buffer = io.BytesIO()
    with Pdf.open(io.BytesIO(data)) as pdf:
        for one in pdf.objects:
            if isinstance(one, Stream) and one.get("/Subtype") == "/Form":
                drawn = one.read_bytes()
                if b"\nW\nBT" in drawn:
                    one.write(drawn.replace(b"\nW\nBT", b"\nn\nBT"))
        pdf.save(buffer)
    return buffer.getvalue()


def _by_qpdf(**options: object) -> Again:
    def change(data: bytes) -> bytes:
        buffer = io.BytesIO()
        with Pdf.open(io.BytesIO(data)) as pdf, warnings.catch_warnings():
            warnings.simplefilter("ignore", PageCopyWarning)
            pdf.save(buffer, **options)  # type: ignore[arg-type]
        return buffer.getvalue()

    return change


def _by_pypdf(data: bytes) -> bytes:
    buffer = io.BytesIO()
    PdfWriter(clone_from=PdfReader(io.BytesIO(data))).write(buffer)
    return buffer.getvalue()


def _by_pdfium(data: bytes) -> bytes:
    buffer = io.BytesIO()
    pdf = pypdfium2.PdfDocument(data)
    pdf.save(buffer)
    pdf.close()
    return buffer.getvalue()


def _flat_by_pdfium(data: bytes) -> bytes:
    """Flattened as Chromium does before it prints."""
    buffer = io.BytesIO()
    pdf = pypdfium2.PdfDocument(data)
    pdf.init_forms()
    for page in pdf:
        pypdfium2.raw.FPDFPage_Flatten(page, pypdfium2.raw.FLAT_PRINT)
        page.close()
    pdf.save(buffer)
    pdf.close()
    return buffer.getvalue()


def command(*words: str) -> Again:
    """A program called with ``IN`` and ``OUT`` in its words."""

    def change(data: bytes) -> bytes:
        with tempfile.TemporaryDirectory() as place:
            source, target = Path(place, "in.pdf"), Path(place, "out.pdf")
            source.write_bytes(data)
            names = {"IN": str(source), "OUT": str(target), "PS": str(Path(place, "x.ps")), "PLACE": place}
            called: list[str] = []
            for word in (*words, ";"):
                if word == ";":
                    subprocess.run(called, check=True, capture_output=True, timeout=120, cwd=place)
                    called = []
                else:
                    called.append("".join(names.get(part, part) for part in word.split("|")))
            return target.read_bytes()

    return change


_GS = ("gs", "-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pdfwrite")


def office(documents: Sequence[bytes], *steps: tuple[str, str]) -> list[bytes]:
    """Files converted by LibreOffice, step by step: from a suffix to another, all in one run a step."""
    current = list(documents)
    for before, after in steps:
        with tempfile.TemporaryDirectory() as place:
            names = [f"{number}{before}" for number in range(len(current))]
            for name, data in zip(names, current, strict=True):
                Path(place, name).write_bytes(data)
            profile, out = f"-env:UserInstallation=file://{place}/profile", Path(place, "out")
            words = ["soffice", profile, "--headless", "--convert-to", after.removeprefix("."), "--outdir", str(out)]
            subprocess.run([*words, *names], check=True, capture_output=True, timeout=900, cwd=place)
            current = [(out / name).with_suffix(after).read_bytes() for name in names]
    return current


def by_office(name: str, *steps: tuple[str, str], base: Callable[[Scene], bytes]) -> None:
    """Enter a way through LibreOffice."""

    def make(scenes: Sequence[Scene]) -> list[bytes]:
        return office([base(scene) for scene in scenes], *steps)

    PROGRAMS.append(Program(name, steps[-1][1], make, "soffice"))


def _by_pdfjs(scenes: Sequence[Scene]) -> list[bytes]:
    return [_filled_by_pdfjs(scene) for scene in scenes]


def _filled_by_pdfjs(scene: Scene) -> bytes:
    texts = scene.texts["new"]
    values = {
        slot.pdf_name: texts[slot.name] for slot in scene.blank.slots() if slot.option is None and slot.name in texts
    }
    kinds = {cell.field.path: cell.field.kind.value for cell in scene.blank.cells()}
    for slot in scene.blank.slots():
        if slot.option is not None and texts.get(slot.name):
            days = kinds[slot.path] == "days"
            values[slot.pdf_name if days else slot.path.replace(".", "/")] = "Oui" if days else slot.option
    with tempfile.TemporaryDirectory() as place:
        Path(place, "in.pdf").write_bytes(scene.base)
        Path(place, "values.json").write_text(json.dumps(values), encoding="utf-8")
        files = [str(Path(place, name)) for name in ("in.pdf", "values.json", "out.pdf")]
        subprocess.run(
            ["node", HERE / "fill_by_pdfjs.mjs", PDFJS, *files], check=True, capture_output=True, timeout=120
        )
        return Path(place, "out.pdf").read_bytes()


again("original", lambda data: data)
again("original", lambda data: data, "printed")
again("original", lambda data: data, "flattened")
PROGRAMS.append(Program("original, docx", ".docx", lambda scenes: [scene.word("new") for scene in scenes]))
for _base in ("fillable", "printed"):
    again("qpdf linearized", _by_qpdf(linearize=True), _base)
    again("qpdf object streams", _by_qpdf(object_stream_mode=ObjectStreamMode.generate), _base)
    again("qpdf plain text", _by_qpdf(qdf=True, object_stream_mode=ObjectStreamMode.disable), _base)
    again(
        "qpdf encrypted AES-256, empty user password",
        _by_qpdf(encryption=Encryption(owner="secret", user="", R=6)),
        _base,
    )
    again(
        "qpdf encrypted AES-128, empty user password",
        _by_qpdf(encryption=Encryption(owner="secret", user="", R=4)),
        _base,
    )
    again("pypdf", _by_pypdf, _base)
    again("pdfium", _by_pdfium, _base)
    again("poppler cairo", print_pdf, _base)
    again("Ghostscript pdfwrite", command(*_GS, "-sOutputFile=|OUT", "IN"), _base, "gs")
    again(
        "poppler pdftops, Ghostscript (a printer)",
        command("pdftops", "IN", "PS", ";", *_GS, "-sOutputFile=|OUT", "PS"),
        _base,
        "gs",
    )
    again(
        "Ghostscript PDF/A",
        command(*_GS, "-dPDFA=2", "-sColorConversionStrategy=RGB", "-sOutputFile=|OUT", "IN"),
        _base,
        "gs",
    )
    again("poppler pdfunite", command("pdfunite", "IN", "OUT"), _base, "pdfunite")
    again("mupdf clean", command("mutool", "clean", "-gggz", "IN", "OUT"), _base, "mutool")
again("Chromium's flattening (pdfium)", _flat_by_pdfium)
again(
    "Ghostscript pdfwrite twice",
    command(*_GS, "-sOutputFile=|PLACE|/a.pdf", "IN", ";", *_GS, "-sOutputFile=|OUT", "PLACE|/a.pdf"),
    needs="gs",
)
again("qpdf linearized", _by_qpdf(linearize=True), "flattened")
again("Ghostscript pdfwrite", command(*_GS, "-sOutputFile=|OUT", "IN"), "flattened", "gs")
again("poppler cairo", print_pdf, "flattened")
PROGRAMS.append(Program("filled by Firefox's pdf.js", ".pdf", _by_pdfjs, f"{PDFJS}/legacy/build/pdf.mjs"))
by_office("LibreOffice, Word again", (".docx", ".docx"), base=lambda scene: scene.word("new"))
by_office("LibreOffice, by way of .odt", (".docx", ".odt"), (".odt", ".docx"), base=lambda scene: scene.word("new"))
by_office("LibreOffice, .odt", (".docx", ".odt"), base=lambda scene: scene.word("new"))
by_office("LibreOffice, Word printed", (".docx", ".pdf"), base=lambda scene: scene.word("new"))
by_office("LibreOffice, by way of .doc", (".docx", ".doc"), (".doc", ".docx"), base=lambda scene: scene.word("new"))
