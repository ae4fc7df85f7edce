"""Filling Word templates: docxtpl, behind a sandbox and with nothing left to chance.

docxtpl's defaults print a missing field as nothing and silently cut a value at ``&`` or ``<``. Here every
expression is escaped, an unknown name or a missing value is an error, and each value printed is noted so that
it can be looked for in the PDF afterwards.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, pass_context
from jinja2 import TemplateError as JinjaError
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree
from markupsafe import Markup

from pipeline import french
from pipeline.documents.printable import Hidden, show
from pipeline.errors import TemplateError

_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_FILTERS = ("default", "first", "join", "last", "length", "lower", "upper", "title", "trim", "replace")


@dataclass(frozen=True)
class Filled:
    """A Word file, and every text that was printed into it, in order."""

    docx: bytes
    printed: tuple[str, ...]


def fill(template: Path, context: Mapping[str, Any], *, title: str) -> Filled:
    """Fill a Word template; raises TemplateError naming the template and what it asked for."""
    printed: list[str] = []
    buffer = io.BytesIO()
    try:
        document = DocxTemplate(template)
        document.render(dict(context), jinja_env=_environment(printed))
        document.docx.core_properties.title = title  # get_docx() would load the unfilled template again
        document.save(buffer)
    except (JinjaError, SecurityError, TemplateError) as error:
        raise TemplateError(f"{_place(template)}: {error}. Mend the {{{{ field }}}} in Word.") from error
    except (KeyError, ValueError, OSError, zipfile.BadZipFile, etree.XMLSyntaxError) as error:
        raise TemplateError(f"{_place(template)} cannot be opened or filled as a Word document: {error}.") from error
    return Filled(_settle(buffer.getvalue(), template), tuple(printed))


def _environment(printed: list[str]) -> ImmutableSandboxedEnvironment:
    @pass_context  # so that Jinja calls it when a value is printed, not when the template is compiled
    def finalize(_: Context, value: Any) -> str:  # noqa: ANN401 -- whatever a template prints
        if isinstance(value, Markup):
            return value
        text = show(value)
        if not isinstance(value, Hidden):
            printed.append(text)
        return text

    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined, finalize=finalize)
    environment.filters = {name: environment.filters[name] for name in _FILTERS}
    environment.filters["court"] = french.short_date
    environment.globals = {"range": environment.globals["range"]}
    return environment


def _settle(docx: bytes, template: Path) -> bytes:
    """The same parts with fixed dates and order, each XML part proved to be well formed."""
    out = io.BytesIO()
    parser = etree.XMLParser(recover=False, resolve_entities=False, no_network=True)
    with zipfile.ZipFile(io.BytesIO(docx)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            part = source.read(name)
            if name.endswith((".xml", ".rels")):
                try:
                    etree.fromstring(part, parser)
                except etree.XMLSyntaxError as error:
                    raise TemplateError(f"{_place(template)}: {name} came out broken: {error}.") from error
            target.writestr(zipfile.ZipInfo(name, _ZIP_DATE), part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _place(template: Path) -> str:
    return f"{template.parent.name}/{template.name}"
