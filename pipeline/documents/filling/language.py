"""Jinja environment of the templates: a sandbox, strict about names, with a log of what was printed.

One environment serves every template, thread and document: what belongs to one rendering travels in its context.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from zipfile import BadZipFile

from jinja2 import StrictUndefined, pass_context
from jinja2 import TemplateError as JinjaError
from jinja2.runtime import Context
from lxml import etree
from markupsafe import Markup

from pipeline.core import french, grammar
from pipeline.core.errors import TemplateError
from pipeline.documents.filling.bounded import FUEL, BoundedSandbox, join, light, numbers, replace
from pipeline.documents.filling.expressions import COUNTS
from pipeline.documents.filling.fuel import SHORT, Fuel, TooMuch
from pipeline.documents.printable import Hidden, Year, lines, paragraphs, show

_FILTERS = ("default", "first", "last", "length")
_OF_TEXT = ("lower", "upper", "title", "trim")
_NOTES = "the notes"  # no template can spell a name with a space in it
_OF_EVERY_DICT = frozenset(dir(dict))
# What a template can bring about: wrong names, sums that cannot be done, a zip or XML that cannot be read.
FAULTS = (
    JinjaError,
    TemplateError,
    LookupError,
    RecursionError,
    MemoryError,
    SyntaxError,  # Python's own, of loops in loops twenty deep
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    OSError,
    BadZipFile,
    etree.LxmlError,
)
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Filled:
    """Rendered Word file, and every text that was printed into it, in order."""

    docx: bytes
    printed: tuple[str, ...]
    own_logo: bool = False  # the template has a place for the school's logo


class NotText(Exception):
    """A rich text or a picture is printed: more than text in its place, so not for a compiled template."""


@dataclass
class Notes:
    """Print log of one rendering."""

    values: list[str] = field(default_factory=list)
    ready_made: bool = False  # a value came as XML and was not escaped: nothing is sure any more
    fuel: Fuel = field(init=False)

    def __post_init__(self) -> None:
        self.fuel = Fuel(printed=self.values)

    @property
    def printed(self) -> tuple[str, ...]:
        """Every text that must be found on the paper, in order."""
        return tuple(value for value in self.values if type(value) is not Hidden)

    def legal(self, start: int) -> bool:
        """Whether XML can hold every value printed since the first ``start`` ones."""
        return _NOT_XML.search("".join(self.values[start:])) is None

    def take_rich(self, value: Any) -> Markup:  # noqa: ANN401 -- docxtpl's own kinds of values
        """What to print for a value that writes its own XML."""
        raise NotText(type(value).__name__)


class _Sandbox(BoundedSandbox):
    def __init__(self, **options: Any) -> None:  # noqa: ANN401 -- Jinja's own
        super().__init__(**options)
        self._verdicts: dict[tuple[type, str], bool] = {}

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401 -- whatever a template reaches for
        """As in Jinja, without its detours: a key of a dict, or a plain value of a type asked about before."""
        if attribute == "year" and isinstance(obj, dt.date):
            return Year(obj.year)
        if type(obj) is dict:
            if attribute in obj and attribute not in _OF_EVERY_DICT:
                return obj[attribute]
        elif self._verdicts.get((type(obj), attribute)):
            value = getattr(obj, attribute, None)
            if value is not None and not callable(value):
                return value
        return super().getattr(obj, attribute)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ANN401
        """As in Jinja, asked once for a type: its verdict depends on nothing else."""
        key = (type(obj), attr)
        known = self._verdicts.get(key)
        if known is None:
            known = self._verdicts[key] = super().is_safe_attribute(obj, attr, value)
        return known


@pass_context  # so that Jinja calls it when a value is printed, not when the template is compiled
def _finalize(context: Context, value: Any) -> str:  # noqa: ANN401 -- whatever a template prints
    notes: Notes = context.parent[_NOTES]
    if type(value) is str:
        if len(value) > SHORT:
            notes.fuel.print(value)
        written = grammar.nobreak(value)
        notes.values.append(written)
        return written
    if isinstance(value, Markup):
        notes.fuel.print(value)
        notes.ready_made = True
        return value
    if type(value) is Hidden:
        notes.values.append(value)
        return str(value)
    if hasattr(value, "__html__"):
        return notes.take_rich(value)
    if isinstance(value, StrictUndefined):
        str(value)  # raises what says its name
    if isinstance(value, list | tuple | set | frozenset | range | Mapping):
        notes.fuel.hold(notes.fuel.size(value, "une valeur"), "une valeur")
    text = grammar.nobreak(show(value))
    if len(text) > SHORT:
        notes.fuel.print(text)
    notes.values.append(text)
    return text


def _accord(word: str, person: Mapping[str, Any], feminine: str | None = None) -> str:
    civility: str | None = person.get("civilite")
    return grammar.agree(word, civility, feminine)


def _compte(amount: float | Decimal, noun: str, plural: str | None = None) -> str:
    return grammar.count(Decimal(str(amount)), noun, plural)


def _genre(value: object, person: Mapping[str, Any]) -> str:
    label = show(value).partition(" (")[0]  # what stands in parentheses helps to fill the form
    return grammar.gendered(label, person.get("civilite"))


def _attribute(value: Any) -> Hidden:  # noqa: ANN401 -- whatever a template prints
    """A colour or a width: it is in the document, not on the paper."""
    return value if isinstance(value, Hidden) else Hidden(show(value))


_OWN_FILTERS: dict[str, Callable[..., Any]] = {
    "accord": _accord,
    "attribut": _attribute,
    "compte": _compte,
    "court": french.short_date,
    "genre": _genre,
    "jour": grammar.full_date,
    "lignes": lines,
    "majuscule": lambda value: grammar.capital(show(value)),
    "paragraphes": paragraphs,
    "point": lambda value: grammar.closed(show(value)),
}


def _environment() -> BoundedSandbox:
    environment = _Sandbox(autoescape=True, undefined=StrictUndefined, finalize=_finalize)
    ready = environment.filters
    environment.filters = {name: ready[name] for name in (*_FILTERS, *COUNTS)}
    environment.filters |= {name: light(ready[name]) for name in _OF_TEXT}
    environment.filters |= {name: light(work) for name, work in _OWN_FILTERS.items()}
    environment.filters |= {"join": join, "replace": replace}
    environment.tests["riche"] = lambda value: hasattr(value, "__html__")
    environment.globals = {"range": numbers}
    return environment


ENVIRONMENT = _environment()


def with_notes(context: Mapping[str, Any], notes: Notes) -> dict[str, Any]:
    """The context of one rendering, whose printed values go to ``notes``."""
    return {**context, _NOTES: notes, FUEL: notes.fuel}


@contextmanager
def blaming(place: str) -> Iterator[None]:
    """Whatever goes wrong with a template is told as a TemplateError that names it by ``place``."""
    try:
        yield
    except TooMuch as error:
        raise TooMuch(f"{place} : {error}. Corrigez le modèle dans Word.") from error
    except RecursionError as error:
        raise TooMuch(f"{place} : une macro ou un bloc s’appelle sans fin. Corrigez le modèle dans Word.") from error
    except MemoryError as error:
        raise TooMuch(
            f"{place} : le modèle demande plus de mémoire qu’il n’y en a. Corrigez-le dans Word."
        ) from error
    except (JinjaError, TemplateError) as error:
        raise TemplateError(f"{place} : {error}. Corrigez le modèle dans Word.") from error
    except FAULTS as error:
        raise TemplateError(f"{place} ne s’ouvre ou ne se remplit pas comme un document Word : {error}.") from error
