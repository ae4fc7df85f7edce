"""One Word template on trial: what is wrong with it by itself, then with each invented dossier."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE

from pipeline.core.errors import TemplateError
from pipeline.core.fields import Dictionary, FieldKind
from pipeline.core.folding import fold
from pipeline.core.units import Piece
from pipeline.documents.filling import Filled, fill
from pipeline.documents.filling.composing import composed, nearby
from pipeline.documents.filling.language import FAULTS
from pipeline.documents.filling.plain import OpenTemplate
from pipeline.documents.rehearsal.invented import Invented, invented_logo
from pipeline.documents.rehearsal.naming import chains
from pipeline.documents.rehearsal.printing import Source, unknown_names
from pipeline.documents.rehearsal.written import (
    Paragraph,
    foreign_places,
    paragraphs,
    place_of,
    structure_tags,
    tracked,
)
from pipeline.documents.template_context import Context

_LINED = (FieldKind.TEXT, FieldKind.LIST)


@dataclass(frozen=True)
class Tried:
    """A template filled for one dossier: what it printed, each text with the place and expression it came from."""

    template: str
    piece: Piece
    dossier: Invented
    signing: Sequence[Context]
    filled: Filled
    printed: tuple[tuple[str, str, str], ...]  # place, expression, text


@dataclass
class Trial:
    """A template opened to be tried: its paragraphs, its sources, and what was found wrong so far, in French."""

    template: str
    path: Path
    beside: tuple[Path, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()
    sources: tuple[Source, ...] = ()
    _faults: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, template: str, path: Path, beside: tuple[Path, ...] = ()) -> Trial:
        """Open it; one that cannot be opened has that fault alone."""
        trial = cls(template, path, beside or nearby(path))
        try:
            document = OpenTemplate(composed(path.read_bytes(), trial.beside, invented_logo()))
            parts = dict(_parts(document))
            trial.paragraphs = tuple(one for name, xml in parts.items() for one in paragraphs(name, xml))
            trial.sources = tuple(Source.of(name, document.patch_xml(xml.decode())) for name, xml in parts.items())
            trial._faults += [
                f"{template} : le suivi des modifications est resté : acceptez-les ou refusez-les dans Word."
                for _ in filter(tracked, [xml for name, xml in parts.items() if name.endswith("document.xml")])
            ]
        except OSError:
            trial._faults.append(f"{template} : ce fichier manque dans templates/.")
        except TemplateError as error:
            trial._faults.append(f"{template} : {error}.")
        except FAULTS as error:
            trial._faults.append(f"{template} : ce fichier ne s’ouvre pas comme un document Word ({error}).")
        return trial

    @property
    def faults(self) -> tuple[str, ...]:
        """All that was found wrong, each with its place, in the order of the template."""
        found = [
            (
                source.part,
                fault.line,
                f"{self.template}, {place_of(source.part, source.words(fault.line))} : {fault.said}.",
            )
            for source in self.sources
            for fault in source.faults
        ]
        return tuple(dict.fromkeys((*self._faults, *(told for *_, told in sorted(found)))))

    def examine(self, dictionary: Dictionary, contexts: list[Mapping[str, Any]]) -> None:
        """What no dossier is needed for: places of another system, tags without effect, unknown names."""
        labels = frozenset(fold(field.title.split()[0]) for field in dictionary.fields.values())
        for paragraph in self.paragraphs:
            self._faults += [
                f"{self.template}, {paragraph.place} : {said}."
                for said in (*_foreign(paragraph, labels), *_without_effect(paragraph, dictionary))
            ]
        for source in self.sources:
            tree = source.tree()
            if tree is not None:
                unknown_names(source, chains(tree), contexts)

    def run(self, dossier: Invented, piece: Piece, context: Context) -> Tried | None:
        """Fill it for one dossier; ``None`` where something was found wrong."""
        printed: list[tuple[str, str, str]] = []
        for source in self.sources:
            log = source.render(context)
            for fault in log.faults:
                source.tell(fault)
            printed += [(place_of(source.part, source.words(line)), name, text) for line, name, text in log.printed]
        if self.faults:
            return None
        try:
            filled = fill(self.path, context, title=piece.title, beside=self.beside)
        except TemplateError as error:
            self._faults.append(f"{error} ({dossier.said})")
            return None
        self._faults += [
            f"{self.template} n’imprime pas la marque {party['ancre']} : mettez {{{{ s.ancre }}}} dans la case où "
            f"signe « {party['titre']} »."
            for party in context["signataires"]
            if party["ancre"] not in filled.printed
        ]
        return Tried(self.template, piece, dossier, context["signataires"], filled, tuple(printed))


def _parts(document: OpenTemplate) -> Iterator[tuple[str, bytes]]:
    """The parts that are rendered, by name: body, headers, footers, notes."""
    main = document.docx.part
    yield main.partname.membername, document.get_xml().encode()
    for relation in main.rels.values():
        if relation.reltype in (RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER, RELATIONSHIP_TYPE.FOOTNOTES):
            yield relation.target_part.partname.membername, relation.target_part.blob


def _foreign(paragraph: Paragraph, labels: Collection[str]) -> Iterator[str]:
    for found in dict.fromkeys(foreign_places(paragraph, labels)):
        if set(found) <= set("{}"):
            yield f"une accolade « {found} » reste seule : une balise s’écrit {{{{ stagiaire.nom }}}}"
        else:
            yield (
                f"« {found} » est une place d’un autre logiciel, qui serait imprimée telle quelle : écrivez "
                "{{ un.champ }} (« liasse templates convert » le propose)"
            )


def _without_effect(paragraph: Paragraph, dictionary: Dictionary) -> Iterator[str]:
    for letter, expression in structure_tags(paragraph.words):
        stem = expression.partition("|")[0].strip()
        kind = dictionary.kind(stem)
        if letter in ("r", "p") and kind in _LINED:
            continue
        yield (
            f"« {{{{{letter} {expression} }}}} » n’est fait que pour un champ de plusieurs lignes, et {stem} n’en a "
            f"pas : écrivez {{{{ {expression} }}}}"
        )
