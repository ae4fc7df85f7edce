"""Linter of annotated blanks: what cannot be read safely, said before any student fills it, with what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.blanks.compiling import compile_layout
from pipeline.core.errors import ConfigError, FormRejected
from pipeline.core.fields import ALWAYS, Dictionary
from pipeline.core.models import Severity
from pipeline.forms.layouts import (
    IGNORED,
    PLACEHOLDER,
    Finding,
    Layout,
    covers,
    lint_settings,
    options_of,
    parse_placeholder,
    refusal,
)
from pipeline.reading.alignment.atoms import Mark
from pipeline.reading.alignment.compiled_layout import Compiled, placeholder_of
from pipeline.reading.alignment.recognition import ACCEPTED, likeness
from pipeline.reading.alignment.template import Item, Template
from pipeline.reading.streams.docx import docx_stream
from pipeline.reading.tokens import TokenKind
from pipeline.reading.widgets import widgets
from pipeline.sandbox.gates import open_docx, open_pdf

FEWEST_WORDS = 25
_KNOWN = frozenset({"formation.code", "formation.annee"})  # the layout itself says them


def lint(
    layout: Layout, dictionary: Dictionary, rendered: bytes | None = None, others: Sequence[Compiled] = ()
) -> list[Finding]:
    """Everything there is to say of a layout, refusals first. A layout without refusals can be read safely.

    ``rendered`` is the PDF of ``for_printing(layout)``: without it the print is not looked at. ``others`` are the
    layouts that a form must not be mistaken for.
    """
    found = [*lint_settings(layout, dictionary), *_unknown(layout, dictionary)]
    if not any(finding.refuses for finding in found):
        try:
            compiled = compile_layout(layout, dictionary, rendered)
        except (ConfigError, FormRejected) as error:
            found.append(refusal(f"{layout.blank} : le formulaire vierge ne s’ouvre pas : {error}"))
        else:
            found += (*_blank(layout, compiled, dictionary), *unsafe_places(compiled, dictionary))
            found += _twins(layout, compiled, others)
    return sorted(found, key=lambda finding: not finding.refuses)


def _unknown(layout: Layout, dictionary: Dictionary) -> Iterator[Finding]:
    """Every placeholder of a Word blank that names nothing, and braces that are not closed."""
    if layout.blank.suffix != ".docx":
        return
    try:
        stream = docx_stream(open_docx(layout.data))
    except FormRejected as error:
        yield refusal(f"{layout.blank} : le formulaire vierge ne s’ouvre pas : {error}")
        return
    for token in stream:
        match = PLACEHOLDER.fullmatch(token.text)
        if match is None:
            if token.kind is TokenKind.WORD and ("{{" in token.text or "}}" in token.text):
                yield refusal(
                    f"{layout.blank}, {token.place} : « {token.text} » ouvre ou ferme seul des accolades. "
                    "Retapez le repère, {{ champ }}, sur une ligne."
                )
            continue
        try:
            parse_placeholder(match.group(1), dictionary)
        except ConfigError as error:
            yield refusal(f"{layout.blank}, {token.place} : {error}")


def _blank(layout: Layout, compiled: Compiled, dictionary: Dictionary) -> Iterator[Finding]:
    template = compiled.template
    if not template.slots:
        yield refusal(f"{layout.blank} : aucun repère. Tapez {{{{ stagiaire.nom }}}} là où s’écrit le nom.")
    if len(template.words) < FEWEST_WORDS:
        yield refusal(
            f"{layout.blank} : {len(template.words)} mots imprimés, il en faut {FEWEST_WORDS} pour reconnaître le "
            "formulaire. Laissez-y son titre, ses consignes et ses libellés."
        )
    if compiled.names:
        yield from _fields(layout, compiled)
    yield from _absent(layout, template, dictionary)


def unsafe_places(compiled: Compiled, dictionary: Dictionary) -> Iterator[Finding]:
    """What in a blank leaves in doubt where an answer ends, or whether a box is ticked."""
    layout, template = compiled.layout, compiled.template
    if not compiled.names:
        yield from _adjacent(layout, template)
    yield from _repeated(layout, template)
    yield from _lonely_boxes(layout, template, dictionary)
    yield from _print(layout, compiled)


def _adjacent(layout: Layout, template: Template) -> Iterator[Finding]:
    """Two slots to write in with no word and no border between: where the first answer ends cannot be told."""
    for first, second in pairwise(template.slots):
        one, other = template.items[first], template.items[second]
        between = template.items[first + 1 : second]
        if not (one.is_text and other.is_text) or any(item.literal or _border(item) for item in between):
            continue
        names = f"{_name(one)} et {_name(other)}"
        if any(item.atom.mark is Mark.WORD for item in between):
            yield _warning(
                f"{layout.blank} : entre {names}, rien qu’un signe de ponctuation ; une réponse qui en contient sera "
                "douteuse. Un mot ou une case de tableau entre les deux est plus sûr."
            )
        else:
            yield refusal(
                f"{layout.blank} : rien ne sépare {names}. "
                "Mettez entre eux un libellé ou une case de tableau, ou un seul repère ({{ tuteur.nom_prenom }})."
            )


def _border(item: Item) -> bool:
    return item.placeholder is None and item.atom.mark in (Mark.CELL, Mark.ROW, Mark.TICK, Mark.LINE)


def _name(item: Item) -> str:
    return f"{{{{ {item.placeholder.name} }}}}" if item.placeholder else ""


def _repeated(layout: Layout, template: Template) -> Iterator[Finding]:
    names = [placeholder for index in template.slots if (placeholder := template.items[index].placeholder)]
    for placeholder, count in Counter(names).items():
        if count > 1 and placeholder.path != IGNORED:
            make = _warning if placeholder.option is None else refusal
            yield make(
                f"{layout.blank} : {{{{ {placeholder.name} }}}} y est {count} fois. "
                "Gardez-en un, et {{ ignorer }} aux autres endroits."
            )
    written = {name.path for name in names if name.option is None}
    for path in sorted({name.path for name in names if name.option is not None} & written):
        yield refusal(
            f"{layout.blank} : {path} s’écrit et se coche. Mettez {{{{ ignorer }}}} à l’un des deux endroits."
        )


def _lonely_boxes(layout: Layout, template: Template, dictionary: Dictionary) -> Iterator[Finding]:
    """A tick box left beside its placeholder, and a choice with one box that the schema gives several."""
    for index in template.slots:
        beside = template.items[index + 1 : index + 2] + template.items[max(index - 1, 0) : index]
        if template.items[index].is_box and any(
            item.placeholder is None and item.atom.mark is Mark.TICK for item in beside
        ):
            yield _warning(
                f"{layout.blank} : une case à cocher reste à côté de {_name(template.items[index])}. "
                "Le repère tient la place de la case : supprimez-la."
            )
    boxes = [name for index in template.slots if (name := template.items[index].placeholder) and name.option]
    for path, count in Counter(name.path for name in boxes).items():
        if count == 1 and len(options_of(path, dictionary)) > 1:
            yield _warning(f"{layout.blank} : {path} n’a qu’une case ; « non » et « pas répondu » s’y confondent.")


def _absent(layout: Layout, template: Template, dictionary: Dictionary) -> Iterator[Finding]:
    asked = {
        path
        for index in template.slots
        if (placeholder := template.items[index].placeholder)
        for path in covers(placeholder.path, dictionary)
    }
    absent = [
        field.path
        for field in dictionary.fields.values()
        if ALWAYS in field.required and field.path not in asked and field.path not in _KNOWN
    ]
    if absent:
        yield _warning(
            f"{layout.blank} : obligatoires, et nulle part sur le formulaire : {', '.join(absent)}. "
            "Ils seront demandés à chaque étudiant ; ajoutez leurs lignes au formulaire si vous le pouvez."
        )


def _fields(layout: Layout, compiled: Compiled) -> Iterator[Finding]:
    """Names of the map that the PDF does not have, and its fields that the map does not have."""
    present = list(widgets(open_pdf(layout.data)))
    known = {widget.name for widget in present} | {f"{widget.name}={widget.state}" for widget in present}
    where = layout.folder / "layout.toml"
    for name in compiled.names:
        if name not in known:
            yield refusal(
                f"{where}, [acroform] : le PDF n’a pas de champ « {name} ». Corrigez le nom, ou ôtez la ligne."
            )
    for widget in {widget.name: widget for widget in present}.values():
        if placeholder_of(widget, compiled.names) is None and not any(
            name.partition("=")[0] == widget.name for name in compiled.names
        ):
            yield _warning(
                f"{where}, [acroform] : le champ « {widget.name} » du PDF (page {widget.page}) n’y est pas ; un "
                f'formulaire où il est rempli sera douteux. Ajoutez "{widget.name}" = "{IGNORED}" s’il ne sert pas.'
            )


def _print(layout: Layout, compiled: Compiled) -> Iterator[Finding]:
    if compiled.word is None or compiled.printed is None:
        return
    wanted = Counter(_name(compiled.word.items[index]) for index in compiled.word.slots)
    printed = Counter(_name(compiled.printed.items[index]) for index in compiled.printed.slots)
    for name in wanted - printed:
        yield refusal(
            f"{layout.blank} : {name} ne se retrouve pas une fois imprimé : sa case est trop étroite, ou il est dans "
            "une zone de texte ou derrière une image. Élargissez la case, ou déplacez le repère dans le texte."
        )
    for first, second in pairwise(compiled.printed.slots):
        between = compiled.printed.items[first + 1 : second]
        one, other = compiled.printed.items[first], compiled.printed.items[second]
        apart = any(item.literal or _border(item) for item in between)
        if one.is_text and other.is_text and not apart and _ruled_apart(compiled, one, other):
            yield _warning(
                f"{layout.blank} : sur le papier, rien ne sépare {_name(one)} de {_name(other)} (cases sans filets). "
                "Les copies imprimées y seront douteuses ; tracez les bordures de ce tableau."
            )


def _ruled_apart(compiled: Compiled, one: Item, other: Item) -> bool:
    """Whether the Word blank has a border between two slots."""
    if compiled.word is None:
        return False
    names = {compiled.word.items[index].placeholder: index for index in compiled.word.slots}
    first, second = names.get(one.placeholder), names.get(other.placeholder)
    between = compiled.word.items[first + 1 : second] if first is not None and second is not None else ()
    return any(map(_border, between))


def _twins(layout: Layout, compiled: Compiled, others: Sequence[Compiled]) -> Iterator[Finding]:
    for other in others:
        if other.layout.id == layout.id:
            continue
        alike = min(likeness(compiled.template, other.template), likeness(other.template, compiled.template))
        if alike >= ACCEPTED:
            yield _warning(
                f"{layout.blank} : {alike:.0%} de ses mots sont ceux de {other.layout.id}. Un formulaire n’est pris "
                "pour l’un des deux que s’il y répond exactement ; supprimez l’édition qui ne sert plus."
            )


def _warning(message: str) -> Finding:
    return Finding(Severity.WARNING, message)
