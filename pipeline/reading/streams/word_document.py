"""What every part of a Word document is read with: styles, notes, bound data, prompts of controls, page colour."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from pipeline.core.doubts import Doubt, Reason
from pipeline.core.folding import fold
from pipeline.reading.streams.colours import RGB, WHITE, parsed
from pipeline.reading.streams.ooxml import VALUE, Notes, W, checkbox_state, is_true, is_unchosen, note_texts, text_in
from pipeline.reading.streams.run_styles import Stylesheet, Theme
from pipeline.reading.streams.word_bindings import Bindings
from pipeline.reading.streams.word_numbering import Numbering
from pipeline.reading.streams.word_package import Package

_PROMPT = Doubt(Reason.HIDDEN, "le texte de cette case y est donné comme une invite, et non comme une réponse")
_USUAL_FONTS = frozenset(
    {
        *("arial", "calibri", "cambria", "candara", "consolas", "courier new", "georgia", "marianne", "roboto"),
        *("segoe ui", "tahoma", "times new roman", "trebuchet ms", "verdana", "aptos", "open sans", "garamond"),
    }
)
# How prompts begin: what is asked of the reader.
_ASKS = re.compile(
    r"(?:\W*)(?:cliqu|tap|touch|choisi|select|saisi|entre[rz]|indiqu|ecri[rv]|precis|renseign|rempli|complet|click|choose|"
    r"enter |type |jj|dd/mm)"
)


@dataclass(frozen=True)
class WordDocument:
    """Word document: its styles, its notes, the data and the prompts of its controls."""

    sheet: Stylesheet
    notes: Notes
    bindings: Bindings
    prompts: frozenset[str]

    @classmethod
    def of(cls, package: Package) -> WordDocument:
        """What the parts of a package say; raises FormRejected for one that is not XML."""
        theme = Theme.of(package.tree("theme"), package.tree("settings"))
        sheet = Stylesheet(
            package.tree("styles"), theme, Numbering(package.tree("numbering")), _embedded(package.tree("fontTable"))
        )
        trees = [tree for kind in ("comments", "footnotes", "endnotes") if (tree := package.tree(kind)) is not None]
        glossary = package.tree("glossaryDocument")
        bodies = glossary.iter(f"{W}docPartBody") if glossary is not None else ()
        prompts = frozenset("".join(text_in(body).split()) for body in bodies)
        return cls(sheet, note_texts(trees), Bindings(package.parts), prompts)

    def control(
        self, node: etree._Element, content: etree._Element
    ) -> tuple[str | None, bool, bool | None, Doubt | None]:
        """Of a content control: its tag, whether it shows its prompt, its state if it is a box, and a doubt."""
        settings = node.find(f"{W}sdtPr")
        if settings is None:
            return None, False, checkbox_state(node), None
        tag = settings.find(f"{W}tag")
        name = tag.get(VALUE) if tag is not None else None
        prompt, written = settings.find(f"{W}showingPlcHdr") is not None, text_in(content)
        if "{{" in written:  # our own annotation, typed inside the control
            return name, False, None, None
        doubt = self.bindings.doubt_of(settings, "" if prompt else written)
        if prompt and not doubt and not self.is_prompt(content, written):
            doubt = _PROMPT
        unchosen = not doubt and is_unchosen(node, written)
        return name, (prompt or unchosen) and not doubt, checkbox_state(node), doubt

    def is_prompt(self, content: etree._Element, written: str) -> bool:
        """Whether a control that says that it shows its prompt does: a known one, or set as prompts are."""
        if asks(written):
            return True
        if "".join(written.split()) in self.prompts:
            return True
        named = [one.get(VALUE) or "" for one in content.iter(f"{W}rStyle")]
        return any("placeholder" in name.lower() or "espacer" in name.lower() for name in named)


def _embedded(fonts: etree._Element | None) -> frozenset[str]:
    """The fonts that the file brings, but for those that machines have, which win over them."""
    brought = fonts.iter(f"{W}font") if fonts is not None else ()
    names = {one.get(f"{W}name") or "" for one in brought for part in one if "embed" in str(part.tag)}
    return frozenset(name for name in names if name.lower() not in _USUAL_FONTS)


def asks(written: str) -> bool:
    """Whether a text reads as the prompt of a place to write in."""
    return _ASKS.match(fold(written)) is not None or not written.strip(" ._…·<>")


def page_ground(package: Package) -> RGB:
    """The colour of the pages, if the document asks that it be shown."""
    settings, ground = package.tree("settings"), package.body.find(f"{W}background")
    shown = settings.find(f"{W}displayBackgroundShape") if settings is not None else None
    if shown is None or ground is None or not is_true(shown.get(VALUE)):
        return WHITE
    return parsed(ground.get(f"{W}color")) or WHITE
