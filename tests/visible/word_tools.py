"""Word surgery for forged forms: controls, runs, styles, relationships, drawings."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from xml.sax.saxutils import escape

from lxml import etree
from scenes import Scene

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SPACES = " ".join(
    f'xmlns:{name}="{space}"'
    for name, space in {
        "w": W,
        "w14": W14,
        "r": RELATIONS,
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "v": "urn:schemas-microsoft-com:vml",
        "o": "urn:schemas-microsoft-com:office:office",
    }.items()
)
DOCUMENT, STYLES, TYPES = "word/document.xml", "word/styles.xml", "[Content_Types].xml"
_OWN = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def w(name: str) -> str:
    """A name of WordprocessingML as lxml writes it."""
    return f"{{{W}}}{name}"


def pieces(xml: str) -> list[etree._Element]:
    """Elements of a piece of XML, the usual names known."""
    return list(etree.fromstring(f"<x {_SPACES}>{xml}</x>"))


def run(text: str, look: str = "", size: int | None = 19, colour: str | None = "00005A") -> str:
    """A run, in the look of an answer unless told otherwise; ``look`` is more of its properties."""
    ink = f'<w:color w:val="{colour}"/>' if colour else ""
    letters = f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>' if size else ""
    return f'<w:r><w:rPr>{look}{ink}{letters}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


class WordEditing:
    """A Word file being changed; ``result`` holds its bytes once the block is left."""

    result: bytes

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as source:
            self.parts = {name: source.read(name) for name in source.namelist()}
        self.root = etree.fromstring(self.parts[DOCUMENT])
        self.body = self.root.find(w("body"))

    def control(self, scene: Scene, which: str = "old") -> etree._Element:
        """The content control of the answer."""
        return self.tagged(scene.slots[which])

    def tagged(self, tag: str) -> etree._Element:
        """The content control of a tag."""
        found = next(one for one in self.root.iter(w("tag")) if one.get(w("val")) == tag)
        return found.getparent().getparent()

    def content(self, scene: Scene, xml: str, which: str = "old") -> etree._Element:
        """Put other runs in the control of the answer; returns the control."""
        control = self.control(scene, which)
        place = control.find(w("sdtContent"))
        for old in list(place):
            place.remove(old)
        for one in pieces(xml):
            place.append(one)
        hint = control.find(f"{w('sdtPr')}/{w('showingPlcHdr')}")
        if hint is not None:
            hint.getparent().remove(hint)
        return control

    def around(self, scene: Scene, kind: str, which: str = "old") -> etree._Element:
        """The nearest element of a kind that holds the control: ``p``, ``tc``, ``tr``, ``tbl``."""
        return next(self.control(scene, which).iterancestors(w(kind)))

    def settings(self, element: etree._Element, xml: str, name: str) -> None:
        """Add properties to a paragraph, cell or row (``name``: pPr, tcPr, trPr)."""
        found = element.find(w(name))
        if found is None:
            found = etree.SubElement(element, w(name))
            element.remove(found)
            element.insert(0, found)
        for one in pieces(xml):
            old = found.find(one.tag)
            if old is not None:
                found.remove(old)
            found.append(one)

    def style(self, xml: str) -> None:
        """Add a style."""
        self.parts[STYLES] = self.parts[STYLES].replace(b"</w:styles>", xml.encode() + b"</w:styles>")

    def part(self, name: str, data: bytes, *, content: str, relation: str | None, source: str = DOCUMENT) -> str:
        """Add a part with its content type, related to the document; returns the relation's id."""
        self.parts[name] = data
        kind = f'<Override PartName="/{name}" ContentType="{content}"/>'
        self.parts[TYPES] = self.parts[TYPES].replace(b"</Types>", kind.encode() + b"</Types>")
        if relation is None:
            return ""
        folder, _, file = source.rpartition("/")
        rels = f"{folder}/_rels/{file}.rels"
        number = f"rIdF{len(self.parts)}"
        kind = relation if relation.startswith("http") else f"{RELATIONS}/{relation}"
        one = f'<Relationship Id="{number}" Type="{kind}" Target="/{name}"/>'
        empty = (
            b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
        )
        self.parts[rels] = self.parts.get(rels, empty).replace(
            b"</Relationships>", one.encode() + b"</Relationships>"
        )
        return number

    def story(self, kind: str, body: str) -> str:
        """Add a header, footer, footnotes… part with this body; returns the relation's id."""
        tags = {
            "header": "hdr",
            "footer": "ftr",
            "footnotes": "footnotes",
            "endnotes": "endnotes",
            "comments": "comments",
        }
        data = f"<w:{tags[kind]} {_SPACES}>{body}</w:{tags[kind]}>".encode()
        return self.part(f"word/{kind}99.xml", data, content=f"{_OWN}.{kind}+xml", relation=kind)


@contextmanager
def edited(data: bytes) -> Iterator[WordEditing]:
    """A Word file to change in a block; once that is left, ``result`` holds the new bytes."""
    word = WordEditing(data)
    yield word
    word.parts[DOCUMENT] = etree.tostring(word.root, xml_declaration=True, encoding="UTF-8", standalone=True)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, part in word.parts.items():
            target.writestr(name, part)
    word.result = buffer.getvalue()


def shape(
    text: str, *, width: int = 2_400_000, height: int = 240_000, across: int = 0, down: int = 0, fill: str = "FFFFFF"
) -> str:
    """A run with a text box over the text, placed from its paragraph, in English metric units."""
    inner = f"<wps:txbx><w:txbxContent><w:p>{run(text)}</w:p></w:txbxContent></wps:txbx>" if text else ""
    return _anchored(
        f'<wps:wsp><wps:cNvSpPr/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:srgbClr val="{fill}"/></a:solidFill>'
        "</wps:spPr>"
        f"{inner}<wps:bodyPr lIns='0' tIns='0' rIns='0' bIns='0'/></wps:wsp>",
        "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        width,
        height,
        across=across,
        down=down,
    )


def line_shape(width: int = 2_000_000, down: int = 80_000) -> str:
    """A run with a straight line over the text."""
    return _anchored(
        f'<wps:wsp><wps:cNvCnPr/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="12700"/></a:xfrm>'
        '<a:prstGeom prst="line"><a:avLst/></a:prstGeom><a:ln w="15875"><a:solidFill><a:srgbClr val="C00000"/>'
        "</a:solidFill></a:ln></wps:spPr><wps:bodyPr/></wps:wsp>",
        "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        width,
        12_700,
        down=down,
    )


def picture(relation: str, width: int = 2_400_000, height: int = 220_000, *, inline: bool = False) -> str:
    """A run with a picture over the text, or in its line."""
    space = "http://schemas.openxmlformats.org/drawingml/2006/picture"
    return _anchored(
        f'<pic:pic xmlns:pic="{space}"><pic:nvPicPr><pic:cNvPr id="91" name="image"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>',
        space,
        width,
        height,
        inline=inline,
    )


def _anchored(
    graphic: str, space: str, width: int, height: int, *, across: int = 0, down: int = 0, inline: bool = False
) -> str:
    size = f'<wp:extent cx="{width}" cy="{height}"/>'
    drawn = f'<a:graphic><a:graphicData uri="{space}">{graphic}</a:graphicData></a:graphic>'
    named = '<wp:docPr id="90" name="Forme"/>'
    if inline:
        return f"<w:r><w:drawing><wp:inline>{size}{named}{drawn}</wp:inline></w:drawing></w:r>"
    return (
        '<w:r><w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="99999" '
        'behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        f'<wp:positionH relativeFrom="column"><wp:posOffset>{across}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="paragraph"><wp:posOffset>{down}</wp:posOffset></wp:positionV>'
        f"{size}<wp:wrapNone/>{named}<wp:cNvGraphicFramePr/>{drawn}</wp:anchor></w:drawing></w:r>"
    )
