"""What prints a field in a template, whatever a dossier says of it, and fits in the sentence where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from pipeline.core.fields import ALWAYS, FULL_NAME, Dictionary, FieldKind, Nature
from pipeline.core.school import SETTINGS
from pipeline.documents.sentences import FULL_STOP, closes
from pipeline.reading.streams.ooxml import W

_UNTESTED = (FieldKind.BOOLEAN, FieldKind.WHOLE, FieldKind.HOURS, FieldKind.EUROS)  # a value may be false, or nought
_DRAWN = (FieldKind.CALENDAR, FieldKind.WEEK, FieldKind.CHANGES, FieldKind.PERIODS, FieldKind.NIR)
_LOGO = "etablissement.logo"  # where there is none, the template has nothing there
_NEEDED = frozenset(
    (
        *(setting.key for setting in SETTINGS if setting.needed and setting.key.startswith("etablissement.")),
        _LOGO,
        "convention.numero",
        "convention.date",
        "formation.annee",
    )
)


@dataclass(frozen=True)
class Around:
    """Where an expression stands: words printed around a value that is there, and what follows it.

    ``goes_on``: words follow in the paragraph, so a list is said in the line. ``stops``: the first is a full stop.
    """

    before: str = ""
    after: str = ""
    goes_on: bool = False
    stops: bool = False


def around_of(node: etree._Element, before: str, after: str) -> Around:
    """What is around a place of a paragraph."""
    following = "".join(text.text or "" for text in _following(node))
    return Around(before, after, bool(following.strip()), not after and FULL_STOP.match(following) is not None)


def take_stop(node: etree._Element) -> None:
    """Take out the full stop that follows a place: the value prints one."""
    text = next(text for text in _following(node) if text.text)
    text.text = (text.text or "")[1:]


def expression_of(path: str, dictionary: Dictionary, around: Around | None = None) -> str | None:
    """What prints a field in a template, whatever a dossier says of it; ``None`` for what takes a table or a loop."""
    stem, _, option = path.partition(" = ")
    field = dictionary.fields.get(stem)
    kind = field.kind if field else None
    around = around or Around()
    if kind in _DRAWN or set("{}") & set(around.before + around.after):
        return None
    if kind is FieldKind.DAYS:
        return None if option else '{{ jours_presence | join(", ") or "—" }}'
    if option:
        test = {"oui": stem, "non": f"{stem} == false"}.get(option, f'{stem} == "{option}"')
        return f'{{{{ "☒" if {test} else "☐" }}}}' if kind in (FieldKind.CHOICE, FieldKind.BOOLEAN) else None
    return _printed(re.sub(r"\.\d+$", "", stem), dictionary, around)


def _printed(path: str, dictionary: Dictionary, around: Around) -> str:
    """A value with the words around it; where a dossier may have none, a dash, or nothing if there are such words."""
    test, value = _test(path, dictionary), path
    if dictionary.kind(path) is FieldKind.LIST:
        value = f'{path} | join(", ")' if around.goes_on else f"{path} | lignes"
    if around.stops and closes(path, dictionary):
        value = f"{value} | point"
    if not test:
        return f"{around.before}{{{{ {value} }}}}{around.after}"
    if around.before or around.after:
        return f"{{% if {test} %}}{around.before}{{{{ {value} }}}}{around.after}{{% endif %}}"
    return f'{{{{ {value} or "—" }}}}' if value == test else f'{{{{ {value} if {test} else "—" }}}}'


def _test(path: str, dictionary: Dictionary) -> str:
    """What tells whether a dossier has a value there; nothing where all have."""
    field = dictionary.fields.get(re.sub(rf"\.{FULL_NAME}$", ".nom", path))
    if path in _NEEDED or (field is not None and ALWAYS in field.required and not path.startswith("referent.")):
        return ""
    if field and field.kind in _UNTESTED:
        return f"{path} is not none"
    group = path.rpartition(".")[0]
    return f"{group} and {path}" if dictionary.nature(group) is Nature.ADDRESS else path


def _following(node: etree._Element) -> list[etree._Element]:
    """The texts of a paragraph after one of them."""
    texts = list(next(node.iterancestors(f"{W}p")).iter(f"{W}t"))
    return texts[texts.index(node) + 1 :]
