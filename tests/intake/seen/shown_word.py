"""Word forms for what the page shows: a sample with one thing changed, and small documents made on the spot."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from pipeline.core.models import FieldReading
from pipeline.reading.digital import read_form
from pipeline.reading.exchange import FormReading
from pipeline.reading.known_forms import KnownForms

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
DAY = dt.date(2025, 3, 17)
MAIN = "word/document.xml"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SPACES = (
    f'xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
)
Change = Callable[[str], str] | str


def sample(number: int = 2) -> bytes:
    """A filled Word form of ours."""
    return next(SAMPLES.glob(f"{number}-*.docx")).read_bytes()


def changed(data: bytes, changes: Mapping[str, Change]) -> bytes:
    """The archive with these parts changed by a function, or put in."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            change = changes.get(name)
            part = source.read(name)
            if change is not None:
                part = (change if isinstance(change, str) else change(part.decode())).encode()
            target.writestr(name, part)
        for name in changes.keys() - set(source.namelist()):
            text = changes[name]
            assert isinstance(text, str)
            target.writestr(name, text)
    return made.getvalue()


def part_of(data: bytes, name: str) -> str:
    """A part of an archive, as text."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


def content(tag: str, xml: str, settings: str = "") -> Callable[[str], str]:
    """A change that puts this XML in a control, with settings of its own."""
    pattern = re.compile(
        rf'<w:sdtPr>((?:(?!</w:sdtPr>).)*?<w:tag w:val="{re.escape(tag)}"/>.*?)</w:sdtPr>'
        r"<w:sdtContent>(.*?)</w:sdtContent>",
        re.DOTALL,
    )

    def change(text: str) -> str:
        found, count = pattern.subn(
            lambda match: (
                f"<w:sdtPr>{settings}{match[1].replace('<w:showingPlcHdr/>', '')}</w:sdtPr>"
                f"<w:sdtContent>{xml.replace('OLD', match[2])}</w:sdtContent>"
            ),
            with_spaces(text),
        )
        assert count == 1, tag
        return found

    return change


def around(tag: str, name: str, put: str, into: str) -> Callable[[str], str]:
    """A change of the paragraph, cell or row that holds a control: this XML at the head of its settings."""

    def change(text: str) -> str:
        place = text.index(f'<w:tag w:val="{tag}"/>')
        start = max(text.rfind(f"<w:{name}>", 0, place), text.rfind(f"<w:{name} ", 0, place))
        end = text.index(">", start) + 1
        own = re.match(rf"<w:{into}(/>|>)", text[end:])
        if own is None:
            return with_spaces(f"{text[:end]}<w:{into}>{put}</w:{into}>{text[end:]}")
        rest = text[end + own.end() :]
        return with_spaces(f"{text[:end]}<w:{into}>{put}{f'</w:{into}>' if own[1] == '/>' else ''}{rest}")

    return change


def run(words: str, look: str = "") -> str:
    """A run of text."""
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def with_spaces(text: str) -> str:
    """A document that declares every namespace that these tests write in."""
    spaces = " ".join(one for one in SPACES.split() if one.partition("=")[0] not in text[:4000])
    return text.replace("<w:document ", f"<w:document {spaces} ", 1)


def document(body: str, **parts: str) -> bytes:
    """A small Word document with this body, and styles or the like."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        types = "application/vnd.openxmlformats-officedocument.wordprocessingml"
        names = "".join(f'<Override PartName="/word/{name}.xml" ContentType="{types}.{name}+xml"/>' for name in parts)
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/{MAIN}" ContentType="{types}.document.main+xml"/>{names}</Types>',
        )
        office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        archive.writestr("_rels/.rels", relations(f"{office}/officeDocument", MAIN))
        archive.writestr(
            "word/_rels/document.xml.rels", relations(*(x for n in parts for x in (f"{office}/{n}", f"{n}.xml")))
        )
        archive.writestr(MAIN, f"<w:document {SPACES}><w:body>{body}</w:body></w:document>")
        for name, text in parts.items():
            archive.writestr(f"word/{name}.xml", text)
    return made.getvalue()


def relations(*pairs: str) -> str:
    """A part of relationships: kinds and targets in turn."""
    found = (
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(zip(pairs[::2], pairs[1::2], strict=True), start=1)
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{space}">{"".join(found)}</Relationships>'


def read(data: bytes, known: KnownForms) -> FormReading:
    """What is decided of a form."""
    return read_form(data, known, DAY)


def doubts(reading: FormReading) -> dict[str, str]:
    """Path to the code of its doubt; the pages' under « page »."""
    fields: list[FieldReading] = [field for field in reading.fields if field.doubt]
    found = {field.path: field.doubt.code.value for field in fields if field.doubt}
    return found | {one.path: one.doubt.code.value for one in reading.strays if one.doubt}


def values(reading: FormReading) -> dict[str, object]:
    """Path to value, of what is accepted."""
    return {field.path: field.value for field in reading.fields if field.doubt is None and field.value is not None}
