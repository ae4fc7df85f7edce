"""Word content controls as XML: a place to write, a date, a box to tick. Ids follow the order of the form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import count
from xml.sax.saxutils import escape, quoteattr

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
NAMESPACES = f'xmlns:w="{W}" xmlns:w14="{W14}"'
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ALIAS = 64  # letters that Word accepts in a control's title
_BOXES = {True: "☒", False: "☐"}


@dataclass(frozen=True)
class Look:
    """Run properties: half-points, colour, and whether bold or italic."""

    size: int = 19
    colour: str = "1B1B1B"
    bold: bool = False
    italic: bool = False
    font: str = ""

    @property
    def xml(self) -> str:
        """The run's properties."""
        font = (
            f'<w:rFonts w:ascii="{self.font}" w:hAnsi="{self.font}" w:eastAsia="{self.font}"/>' if self.font else ""
        )
        style = ("<w:b/>" if self.bold else "") + ("<w:i/>" if self.italic else "")
        return (
            f'<w:rPr>{font}{style}<w:color w:val="{self.colour}"/>'
            f'<w:sz w:val="{self.size}"/><w:szCs w:val="{self.size}"/></w:rPr>'
        )


ANSWER = Look(colour="00005A")
HINT = Look(size=17, colour="A6ADB5")
_BOX = Look(size=19, colour="1B1B1B", font="MS Gothic")


def run(text: str, look: Look) -> str:
    """One run; line ends become line breaks, and what XML cannot hold a mark that shows."""
    shown = (escape(_NOT_XML.sub("\ufffd", line)) for line in text.splitlines() or [""])
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{line}</w:t>' for line in shown)
    return f"<w:r>{look.xml}{lines}</w:r>"


class Controls:
    """Content-control writer of one document: gives each its number."""

    def __init__(self) -> None:
        self._ids = count(1000)

    def text(self, tag: str, alias: str, value: str, hint: str, *, lines: int) -> str:
        """A place to write."""
        kind = f'<w:text w:multiLine="{int(lines > 1)}"/>'
        return self._control(tag, alias, value, hint, kind)

    def date(self, tag: str, alias: str, value: str, hint: str) -> str:
        """A place for a date, with Word's calendar."""
        kind = (
            '<w:date><w:dateFormat w:val="dd/MM/yyyy"/><w:lid w:val="fr-FR"/>'
            '<w:storeMappedDataAs w:val="dateTime"/><w:calendar w:val="gregorian"/></w:date>'
        )
        return self._control(tag, alias, value, hint, kind)

    def box(self, tag: str, alias: str, *, ticked: bool) -> str:
        """A box to tick."""
        kind = (
            f'<w14:checkbox><w14:checked w14:val="{int(ticked)}"/>'
            '<w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
            '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox>'
        )
        return self._wrap(tag, alias, kind, run(_BOXES[ticked], _BOX))

    def _control(self, tag: str, alias: str, value: str, hint: str, kind: str) -> str:
        if value:
            return self._wrap(tag, alias, kind, run(value, ANSWER))
        return self._wrap(tag, alias, f"<w:showingPlcHdr/>{kind}", run(hint, HINT))

    def _wrap(self, tag: str, alias: str, kind: str, content: str) -> str:
        title = alias if len(alias) <= _ALIAS else alias[: _ALIAS - 1] + "…"
        return (
            f"<w:sdt><w:sdtPr>{ANSWER.xml}<w:alias w:val={quoteattr(title)}/><w:tag w:val={quoteattr(tag)}/>"
            f'<w:id w:val="{next(self._ids)}"/><w:lock w:val="sdtLocked"/>{kind}</w:sdtPr>'
            f"<w:sdtContent>{content}</w:sdtContent></w:sdt>"
        )
