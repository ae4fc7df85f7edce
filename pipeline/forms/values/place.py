"""Place of an answer: the field, or the fields written together, and what its words can be."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.core.fields import PERSON_NAMES, Field, FieldKind, Nature
from pipeline.core.words import Lexicon

_TITLES = (Nature.BODY, Nature.SERVICE, Nature.HEADLINE)
_BODIES = ("assurance_rc.compagnie", "stagiaire.cpam")  # organisations, beside those of that nature


@dataclass(frozen=True)
class Place:
    """Where something is written. ``kind`` is that of a line for fields written together (``tuteur.nom_prenom``)."""

    path: str
    kind: FieldKind
    nature: Nature | None
    lexicon: Lexicon

    @classmethod
    def of(cls, field: Field) -> Place:
        """The place of one field."""
        return cls(field.path, field.kind, field.nature, field.lexicon)

    @property
    def prose(self) -> bool:
        """Whether whole sentences may stand there."""
        return self.kind in (FieldKind.TEXT, FieldKind.LIST) or self.nature is Nature.PHRASE

    @property
    def titled(self) -> bool:
        """Whether a name or a title stands there that may be made of any words."""
        return self.nature in _TITLES

    @property
    def organised(self) -> bool:
        """Whether an organisation is named there."""
        return self.nature is Nature.BODY or self.path in _BODIES

    @property
    def wordy(self) -> bool:
        """Whether words stand there, not a figure, a number or an address."""
        return self.kind in (FieldKind.LINE, FieldKind.TEXT, FieldKind.LIST)

    @property
    def named(self) -> bool:
        """Whether a person is named there."""
        return self.nature in PERSON_NAMES

    @property
    def numbered(self) -> bool:
        """Whether « aucun » and « - » say nought, or rest, there."""
        return self.kind in (FieldKind.EUROS, FieldKind.WHOLE, FieldKind.CALENDAR)
