"""Layout files: blank forms of other schools, annotated in Word, and the ``layout.toml`` that says how to read.

A layout is a folder ``templates/<formation>/formulaires/<layout>/`` (or ``templates/commun/formulaires/``, for
several formations) with ``formulaire.docx`` or ``formulaire.pdf`` and ``layout.toml``. In the blank, a placeholder
stands where the answer goes: ``{{ stagiaire.nom }}``, or ``{{ stage.obligatoire = oui }}`` in place of a tick box.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline.core.errors import ConfigError
from pipeline.core.fields import LINED, Dictionary, FieldKind, Nature
from pipeline.core.models import Severity
from pipeline.core.workspace import COMMON, Workspace

FOLDER = "formulaires"
IGNORED = "ignorer"  # a place that students fill and that nobody needs: {{ ignorer }}
IGNORED_TABLE = "ignorer le tableau"  # typed once in a table of which nobody needs a cell
BLANKS = ("formulaire.docx", "formulaire.pdf")
PLACEHOLDER = re.compile(r"\{\{([^{}]*)\}\}")
_DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
DATE_ORDERS = ("jour-mois", "mois-jour")
_KEYS = frozenset(
    {"version", "titre", "formation", "formations", "pointilles", "dates", "acroform", "libelles", "notes"}
)
_YES_NO = {"oui": "Oui", "non": "Non"}
_TICKED = (FieldKind.BOOLEAN, FieldKind.CHOICE, FieldKind.DAYS)
_WORDED = (FieldKind.LINE, FieldKind.TEXT)


@dataclass(frozen=True)
class Finding:
    """What the lint has to say of a layout, in French: what, where, what to do."""

    severity: Severity
    message: str

    @property
    def refuses(self) -> bool:
        """Whether the layout cannot be read safely until it is mended."""
        return self.severity is Severity.BLOCKING


@dataclass(frozen=True)
class Placeholder:
    """``{{ path }}``, ``{{ path = option }}``, a line of a list ``{{ stage.activites.2 }}``, a day of a calendar.

    A calendar has a place for each day: ``{{ stage.calendrier.2025-04-07 }}``; a week one for each weekday,
    ``{{ stage.semaine.lundi }}``; lines of dates one for each part, ``{{ stage.interruptions.1.debut }}``.
    """

    path: str
    option: str | None = None
    item: int | None = None
    day: dt.date | None = None
    part: str = ""

    @property
    def name(self) -> str:
        """As it is typed between the braces."""
        if self.option is not None:
            return f"{self.path} = {self.option}"
        tail = (self.day.isoformat() if self.day else "", str(self.item or ""), self.part)
        return ".".join((self.path, *filter(None, tail)))

    @property
    def is_piece(self) -> bool:
        """Whether it holds one piece of an answer that has several places to write."""
        return bool(self.item or self.day or self.part)

    @property
    def ignored(self) -> bool:
        """Whether what is written there is read over."""
        return self.path == IGNORED


@dataclass(frozen=True)
class Layout:
    """One school's form. ``id`` is « <formation>/<name> »; ``blank`` its annotated file; ``settings`` the TOML."""

    id: str
    folder: Path
    blank: Path
    settings: Mapping[str, Any]

    @property
    def version(self) -> str:
        """What the school calls this edition."""
        return str(self.settings["version"])

    @property
    def title(self) -> str:
        """The form's name, for people."""
        return str(self.settings.get("titre", self.id))

    @property
    def formations(self) -> tuple[str, ...]:
        """The formations that use it; the folder's own if the file does not say."""
        several = self.settings.get("formations")
        if several:
            return tuple(several)
        one = self.settings.get("formation") or self.id.split("/")[0]
        return () if one == COMMON else (str(one),)

    @property
    def session(self) -> str | None:
        """The session of an edition of our own blank; other forms do not say theirs."""
        return self.settings.get("session")

    @property
    def leaders(self) -> bool:
        """Whether answers are written over dotted lines."""
        return bool(self.settings.get("pointilles", False))

    @property
    def month_first(self) -> bool:
        """Whether the form asks for dates as « mois/jour/année »."""
        return str(self.settings.get("dates", DATE_ORDERS[0])) == DATE_ORDERS[1]

    @property
    def acroform(self) -> Mapping[str, str]:
        """AcroForm field name, or ``name=state``, to placeholder."""
        return dict(self.settings.get("acroform", {}))

    @property
    def synonyms(self) -> Mapping[str, tuple[str, ...]]:
        """Path to the extra labels that this school uses."""
        return {path: tuple(labels) for path, labels in self.settings.get("libelles", {}).items()}

    @cached_property
    def data(self) -> bytes:
        """The annotated blank's bytes; raises ConfigError if it cannot be read."""
        try:
            return self.blank.read_bytes()
        except OSError as error:
            raise ConfigError(f"{self.blank} ne se lit pas : {error}. Remettez le formulaire annoté.") from error

    @cached_property
    def sha256(self) -> str:
        """Hash of the blank and its settings: the key of a compiled layout kept in a cache."""
        settings = (self.folder / "layout.toml").read_bytes() if (self.folder / "layout.toml").is_file() else b""
        return hashlib.sha256(self.data + b"\0" + settings).hexdigest()


def load_layouts(workspace: Workspace, dictionary: Dictionary) -> tuple[Layout, ...]:
    """Every layout of the workspace, sorted by id.

    Raises ConfigError naming the file when a ``layout.toml`` is broken or names what the schema does not have.
    """
    layouts = tuple(load_layout(folder) for folder in layout_folders(workspace))
    for layout in layouts:
        wrong = [finding.message for finding in lint_settings(layout, dictionary) if finding.refuses]
        if wrong:
            raise ConfigError(" ".join(wrong))
    return layouts


def layout_folders(workspace: Workspace) -> tuple[Path, ...]:
    """The folders that hold a ``layout.toml``, sorted."""
    return tuple(path.parent for path in workspace.models(f"*/{FOLDER}/*/layout.toml"))


def load_layout(folder: Path) -> Layout:
    """The layout of that folder; raises ConfigError when a file is missing or the TOML cannot be followed."""
    path = folder / "layout.toml"
    settings = read_settings(path)
    if not str(settings.get("version", "")).strip():
        raise ConfigError(f'{path} n’a pas de version. Ajoutez une ligne comme version = "2025-09".')
    found = [folder / name for name in BLANKS if (folder / name).is_file()]
    found = found or [path for path in sorted(folder.iterdir()) if path.suffix.lower() in (".docx", ".pdf")]
    if len(found) != 1:
        what = "deux formulaires vierges" if found else "aucun formulaire vierge"
        raise ConfigError(f"{folder} contient {what} : gardez-y {' ou '.join(BLANKS)}, un seul.")
    formation = folder.parent.parent.name if folder.parent.name == FOLDER else folder.parent.name
    return Layout(f"{formation}/{folder.name}", folder, found[0], settings)


def read_settings(path: Path) -> dict[str, Any]:
    """The settings of a layout, or of a draft; raises ConfigError when they cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} n’est pas du TOML : {error}. Corrigez cette ligne.") from error


def parse_placeholder(text: str, dictionary: Dictionary) -> Placeholder:
    """The placeholder written between the braces; raises ConfigError saying what is unknown and what is known."""
    path, equals, option = (part.strip() for part in text.strip().partition("="))
    if path == IGNORED or " ".join(path.split()) == IGNORED_TABLE:
        return Placeholder(IGNORED)
    if equals:
        return Placeholder(path, _option(path, option, dictionary))
    stem, _, last = path.rpartition(".")
    kind = dictionary.fields[stem].kind if stem in dictionary.fields else None
    if last.isdigit() and kind is FieldKind.LIST:
        return Placeholder(stem, item=int(last))
    if kind is FieldKind.CALENDAR and _DAY.fullmatch(last):
        return Placeholder(stem, day=dt.date.fromisoformat(last))
    if (part := _part(stem, last, dictionary)) is not None:
        return part
    if path not in dictionary.fields and not is_combined(path, dictionary):
        raise ConfigError(f"{{{{ {text.strip()} }}}} n’est pas un champ.{_closest(path, dictionary)}")
    return Placeholder(path)


def _part(stem: str, part: str, dictionary: Dictionary) -> Placeholder | None:
    """A weekday of a week, or a part of a numbered line."""
    path, _, number = stem.rpartition(".")
    item = int(number) if number.isdecimal() else None
    field = dictionary.fields.get(path if item else stem)
    if field is None or field.kind not in (LINED if item else (FieldKind.WEEK,)) or part not in field.parts:
        return None
    return Placeholder(field.path, item=item, part=part)


def options_of(path: str, dictionary: Dictionary) -> Mapping[str, str]:
    """What the boxes of a path may stand for, code to French; a question answered in words may have oui and non."""
    field = dictionary.fields.get(path)
    if field is None:
        return {}
    return field.choices if field.kind in _TICKED else _YES_NO if field.kind in _WORDED else {}


def is_combined(path: str, dictionary: Dictionary) -> bool:
    """Whether the path stands for several fields written together: ``tuteur.nom_prenom``, ``organisme.adresse``."""
    return path not in dictionary.fields and dictionary.nature(path) is not None


def covers(path: str, dictionary: Dictionary) -> tuple[str, ...]:
    """The fields that a placeholder answers: itself, or the parts of a combined one."""
    if path in dictionary.fields:
        return (path,)
    if dictionary.nature(path) is Nature.FULL_NAME:
        person = path.rpartition(".")[0]
        return (f"{person}.nom", f"{person}.prenom")
    return tuple(name for name in dictionary.fields if name.startswith(f"{path}."))


def lint_settings(layout: Layout, dictionary: Dictionary) -> Iterator[Finding]:
    """What is wrong with ``layout.toml`` itself; the blank is looked at by ``pipeline.reading.alignment.lint``."""
    where = layout.folder / "layout.toml"
    for key in sorted(set(layout.settings) - _KEYS):
        message = f"{where} : {key} n’est pas un réglage. Il y a : {', '.join(sorted(_KEYS))}."
        yield Finding(Severity.WARNING, message)
    if layout.settings.get("dates", DATE_ORDERS[0]) not in DATE_ORDERS:
        yield refusal(f'{where} : dates vaut "{DATE_ORDERS[0]}" ou "{DATE_ORDERS[1]}".')
    if not layout.formations:
        yield refusal(f'{where} : un formulaire de {COMMON}/ dit formations = ["…"], les codes concernés.')
    for name, text in layout.acroform.items():
        try:
            parse_placeholder(_bare(text), dictionary)
        except ConfigError as error:
            yield refusal(f'{where}, [acroform] "{name}" : {error}')
    for path in layout.synonyms:
        if path not in dictionary.fields and not is_combined(path, dictionary):
            yield refusal(f'{where}, [libelles] "{path}" n’est pas un champ.{_closest(path, dictionary)}')


def mapped(layout: Layout, dictionary: Dictionary) -> Mapping[str, Placeholder]:
    """The AcroForm map, read; raises ConfigError for what the schema does not have."""
    return {name: parse_placeholder(_bare(text), dictionary) for name, text in layout.acroform.items()}


def _bare(text: str) -> str:
    found = PLACEHOLDER.fullmatch(text.strip())
    return found.group(1) if found else text


def _option(path: str, option: str, dictionary: Dictionary) -> str:
    options = options_of(path, dictionary)
    if not options:
        known = path in dictionary.fields
        what = "ne se coche pas : ôtez le « = »" if known else "n’est pas un champ"
        raise ConfigError(
            f"{{{{ {path} = {option} }}}} : {path} {what}.{'' if known else _closest(path, dictionary)}"
        )
    for code, label in options.items():
        if option.casefold() in (code.casefold(), label.casefold()):
            return code
    raise ConfigError(f"{{{{ {path} = {option} }}}} : pas de tel choix. {path} a {', '.join(options)}.")


def _closest(path: str, dictionary: Dictionary) -> str:
    last = path.rpartition(".")[2]
    near = [name for name in dictionary.fields if name.rpartition(".")[2] == last][:3]
    return f" Serait-ce {' ou '.join(near)} ?" if near else " Choisissez un champ de docs/modeles.md."


def refusal(message: str) -> Finding:
    """What keeps a layout from being read safely."""
    return Finding(Severity.BLOCKING, message)
