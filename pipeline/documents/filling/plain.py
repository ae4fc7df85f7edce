"""Template renderer by docxtpl itself: the document opened, compiled and saved anew each time.

It defines what a template means: compiled templates are held to it by tests, and hand over to it what they do not
take. docxtpl's defaults print a missing field as nothing and silently cut a value at ``&`` or ``<``; here every
expression is escaped, an unknown name or a missing value is an error, and each value printed is noted.
"""

from __future__ import annotations

import copy
import datetime as dt
import html
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.part import Part
from docxtpl import DocxTemplate, InlineImage
from jinja2 import Environment
from lxml import etree
from markupsafe import Markup

from pipeline.core.errors import TemplateError
from pipeline.documents.filling.archive import deflate, sort_key, write_archive
from pipeline.documents.filling.language import ENVIRONMENT, Filled, Notes, blaming, with_notes

_STRICT = etree.XMLParser(recover=False, resolve_entities=False, no_network=True)
_WRITTEN = re.compile(r"<w:t(?: [^>]*)?>(.*?)</w:t>", re.DOTALL)
_IN_ATTRIBUTE = re.compile(r'(?<=[:\w])="\{\{((?:(?!\}\}).)*)\}\}"')
_BRACES = re.compile(r"(?<={)(?:<[^>]*>)+(?=[{%#])|(?<=[%}#])(?:<[^>]*>)+(?=})")
_TAG = re.compile(r"{%(?:(?!%}).)*|{#(?:(?!#}).)*|{{(?:(?!}}).)*", re.DOTALL)
_CUT = re.compile(r"</w:t>.*?<w:t(?: [^>]*)?>", re.DOTALL)
_PARAGRAPH = re.compile(r"<w:p[ >](?:(?!<w:p[ >]).)*?</w:p>", re.DOTALL)
_OF_PARAGRAPH = re.compile(r"{{p\s+((?:(?!}}).)*?)\s*}}")
_OF_RUN = re.compile(r"{{r\s+((?:(?!}}).)*?)\s*}}")
_RELATION = re.compile(rb'\br:(?:id|embed|link)="([^"]+)"')
_ID = re.compile(rb'\bId="([^"]+)"')
_RUNS = (  # what writes its own runs, instead of the run; the text of anything else, in it
    r'{% if (\1) is riche %}</w:t></w:r>{{ \1 }}<w:r><w:t xml:space="preserve">'
    r"{% else %}{{ (\1) | lignes }}{% endif %}"
)
_NO_DAY = dt.datetime(1980, 1, 1)  # noqa: DTZ001 -- core properties are written without a zone


class OpenTemplate(DocxTemplate):  # type: ignore[misc] # docxtpl ships no types
    """docxtpl's template, that reads from bytes and never renders a note twice."""

    def __init__(self, docx: bytes) -> None:
        super().__init__(io.BytesIO(docx))
        self.init_docx()
        package = self.docx.part.package
        if not any(rel.reltype == RELATIONSHIP_TYPE.CORE_PROPERTIES for rel in package.rels.values()):
            self.docx.core_properties.modified = _NO_DAY  # made on this call, with the time of now

    def patch_xml(self, src_xml: str) -> str:
        """As docxtpl; what is printed in an attribute (``cellbg``, ``colspan``) is told from what is on the paper."""
        return _IN_ATTRIBUTE.sub(r'="{{ (\1) | attribut }}"', super().patch_xml(_several_lines(_whole_tags(src_xml))))

    def footnotes(self) -> Iterator[Part]:
        """The parts that docxtpl renders as they are, without reading them as XML."""
        if len(self.docx.sections):
            yield from (
                part for part in self.docx.part.package.parts if part.content_type == CONTENT_TYPE.WML_FOOTNOTES
            )

    def render_footnotes(self, context: Mapping[str, Any], jinja_env: Environment) -> None:
        """As docxtpl, once: it goes over them for each section, and would obey a value that looks like a tag."""
        for part in self.footnotes():
            xml = self.render_xml_part(self.patch_xml(part.blob.decode("utf-8")), part, context, jinja_env)
            part._blob = xml.encode("utf-8")  # noqa: SLF001 -- as docxtpl does


def _whole_tags(xml: str) -> str:
    """The XML with each tag in one piece, as docxtpl puts it together."""
    return _TAG.sub(lambda tag: _CUT.sub("", tag[0]), _BRACES.sub("", xml))


def _several_lines(xml: str) -> str:
    """``{{p …}}``: its paragraph once for each entry or line; ``{{r …}}``: all of them, a line each, in its run."""
    return _OF_RUN.sub(_RUNS, _PARAGRAPH.sub(_each_line, xml))


def _each_line(paragraph: re.Match[str]) -> str:
    if (found := _OF_PARAGRAPH.search(paragraph[0])) is None:
        return paragraph[0]
    one = _OF_PARAGRAPH.sub("{{ ligne_ }}", paragraph[0], count=1)
    return f"{{% for ligne_ in ({found[1]}) | paragraphes %}}{one}{{% endfor %}}"


@dataclass
class _RichNotes(Notes):
    """Notes that also take rich texts and pictures, on behalf of a document that can hold them."""

    document: OpenTemplate | None = None

    def take_rich(self, value: Any) -> Markup:  # noqa: ANN401 -- docxtpl's own kinds of values
        """The value's own XML; the words in it are noted."""
        if isinstance(value, InlineImage):
            value = copy.copy(value)
            value.tpl = self.document  # the caller could not know which document is being filled
            return Markup(value.__html__())  # noqa: S704 -- XML made by docxtpl
        xml = value.__html__()
        self.values.append(words_in(xml))
        return Markup(xml)  # noqa: S704 -- XML made by docxtpl


def words_in(xml: str) -> str:
    """The words of a value that writes its own XML."""
    return html.unescape("".join(_WRITTEN.findall(xml) if "<w:t" in xml else [xml]))


def fill_plainly(docx: bytes, context: Mapping[str, Any], *, title: str, name: str) -> Filled:
    """Fill a Word template with docxtpl; raises TemplateError that names the template by ``name``."""
    with blaming(name):
        document = OpenTemplate(docx)
        notes = _RichNotes(document=document)
        document.render(with_notes(context, notes), jinja_env=ENVIRONMENT)
        document.docx.core_properties.title = title  # get_docx() would load the unfilled template again
        parts = saved(document)
        prove(parts)
        prove_relations(parts)
    return Filled(write_archive(deflate(part, parts[part]) for part in sorted(parts, key=sort_key)), notes.printed)


def saved(document: OpenTemplate) -> dict[str, bytes]:
    """Every part of the document by its name in the zip, as python-docx saves it."""
    buffer = io.BytesIO()
    document.docx.save(buffer)
    with zipfile.ZipFile(buffer) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def prove(parts: Mapping[str, bytes]) -> None:
    """Raises TemplateError if a part is not well-formed XML though its name says so."""
    for name in sorted(parts, key=sort_key):
        if name.endswith((".xml", ".rels")):
            try:
                etree.fromstring(parts[name], _STRICT)
            except etree.XMLSyntaxError as error:
                reason = str(error).partition(", line ")[0]  # the place is of no use to who has Word
                raise TemplateError(f"{name} came out broken: {reason}") from error


def prove_relations(parts: Mapping[str, bytes]) -> None:
    """Raises TemplateError if a part names a picture or a link that the document does not have."""
    for name, data in parts.items():
        folder, _, file = name.rpartition("/")
        if folder == "word" and name.endswith(".xml"):
            held = set(_ID.findall(parts.get(f"word/_rels/{file}.rels", b"")))
            if lost := set(_RELATION.findall(data)) - held:
                named = ", ".join(one.decode() for one in sorted(lost))
                raise TemplateError(f"{name} nomme une image ou un lien que le document n’a pas ({named})")
