"""Word forms saved again by other programs are read as they were: by LibreOffice here, by others as imitations.

Google Docs, Pages and OnlyOffice do not run here: what they do to a Word file is imitated from the files that they
are known to write (controls turned to text, styles renamed, properties of their own on every run).
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from shown_word import MAIN, Change, changed, doubts, read, sample, values

from pipeline.blanks.layout_cache import compile_layouts
from pipeline.core.fields import Dictionary
from pipeline.core.models import Kind
from pipeline.forms.layouts import load_layout
from pipeline.reading.known_forms import KnownForms
from pipeline.sandbox.sniff import Container, container_of

pytestmark = pytest.mark.sampled(4)

LAYOUTS = Path(__file__).resolve().parents[2] / "layouts"
_CONTROL = re.compile(
    r"<w:sdt>(?:(?!<w:sdt>).)*?<w:sdtContent>((?:(?!<w:sdt>).)*?)</w:sdtContent></w:sdt>", re.DOTALL
)
_NAMED = re.compile(r'(<w:(?:pStyle|rStyle|tblStyle|basedOn|next|link) w:val="|w:styleId=")([^"]+)"')
_RUN = re.compile(r"<w:rPr>(.*?)</w:rPr>", re.DOTALL)
_MARK = re.compile(r"<cp:keywords>[^<]*</cp:keywords>")


def bare(text: str) -> str:
    """A document without its controls: what they held stays."""
    before = ""
    while before != text:
        before, text = text, _CONTROL.sub(r"\1", text)
    return text


def renamed(text: str) -> str:
    """Every style under another name."""
    return _NAMED.sub(lambda match: f'{match[1]}{"Style" + str(len(match[2])) + match[2].lower()}"', text)


def as_google_docs(text: str) -> str:
    """Runs that say their direction, shading that says « auto », no controls."""
    return _RUN.sub(r'<w:rPr>\1<w:shd w:val="clear" w:fill="auto"/><w:rtl w:val="0"/></w:rPr>', bare(renamed(text)))


def as_pages(text: str) -> str:
    """Runs cut anywhere, with a language and an outline of nothing."""
    cut = re.sub(
        r"(<w:r>)(<w:rPr>(?:(?!</w:r>).)*?</w:rPr>)<w:t([^>]*)>([^<]{4,})</w:t></w:r>",
        lambda m: f"<w:r>{m[2]}<w:t{m[3]}>{m[4][:3]}</w:t></w:r><w:r>{m[2]}<w:t{m[3]}>{m[4][3:]}</w:t></w:r>",
        bare(renamed(text)),
    )
    return _RUN.sub(r'<w:rPr>\1<w:outline w:val="0"/><w:vanish w:val="0"/><w:lang w:val="fr-FR"/></w:rPr>', cut)


def as_onlyoffice(text: str) -> str:
    """Shading of no pattern, marks of no colour, text effects of a plain ink; boxes lose their controls."""
    effects = '<w:highlight w:val="none"/><w:shd w:val="nil" w:color="000000"/>'
    return _RUN.sub(rf"<w:rPr>\1{effects}</w:rPr>", bare(text))


PROGRAMS: dict[str, Callable[[str], str]] = {
    "Google Docs": as_google_docs,
    "Pages": as_pages,
    "OnlyOffice": as_onlyoffice,
}


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("number", [2, 5])
def test_forms_saved_by_imitated_programs_are_read(given_out: KnownForms, program: str, number: int) -> None:
    """By their cells and labels, with the values of the original and no doubt; without properties too."""
    parts: dict[str, Change] = {
        MAIN: PROGRAMS[program],
        "word/styles.xml": renamed if program != "OnlyOffice" else lambda text: text,
        "docProps/core.xml": lambda text: _MARK.sub("", text),
    }
    saved = changed(sample(number), parts)
    assert "<w:sdt>" not in PROGRAMS[program](f"<w:sdt><w:sdtContent>{'x'}</w:sdtContent></w:sdt>")
    reading = read(saved, given_out)
    assert (doubts(reading), reading.strays) == ({}, ())
    assert values(reading) == values(read(sample(number), given_out))


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice saves the files")
def test_forms_saved_by_libreoffice_are_read(given_out: KnownForms, dictionary: Dictionary, tmp_path: Path) -> None:
    """As Word and as OpenDocument, ours and a school’s: the same values, and no more doubts."""
    names = ["tableau", "colonnes"]
    folders = [LAYOUTS / name for name in names]
    layouts = compile_layouts([load_layout(folder) for folder in folders], dictionary, tmp_path)
    known = replace(given_out, layouts=layouts)
    sources = {f"propre-{number}": sample(number) for number in (2, 5)}
    sources |= {
        f"{name}-{one}": (LAYOUTS / name / f"{one}.docx").read_bytes() for name in names for one in ("00", "01")
    }
    for name, data in sources.items():
        (tmp_path / f"{name}.docx").write_bytes(data)
    saved = _saved(tmp_path, [f"{name}.docx" for name in sources])
    assert len(saved) == 2 * len(sources)
    for (name, suffix), data in saved.items():
        original, again = read(sources[name], known), read(data, known)
        assert again.kind is (Kind.ODT if suffix == "odt" else Kind.DOCX)
        assert doubts(again).keys() <= doubts(original).keys(), (name, suffix)
        assert values(again).items() >= values(original).items(), (name, suffix)


def _saved(folder: Path, names: list[str]) -> dict[tuple[str, str], bytes]:
    """The files as LibreOffice saves them, by name and suffix."""
    found: dict[tuple[str, str], bytes] = {}
    for suffix in ("odt", "docx"):
        profile = f"-env:UserInstallation=file://{folder}/profil"
        command = ["soffice", profile, "--headless", "--convert-to", suffix, "--outdir", f"{folder}/{suffix}", *names]
        subprocess.run(command, check=True, capture_output=True, timeout=300, cwd=folder)
        found |= {(path.stem, suffix): path.read_bytes() for path in (folder / suffix).glob(f"*.{suffix}")}
    assert all(container_of(data) is Container(suffix) for (_, suffix), data in found.items())
    return found
