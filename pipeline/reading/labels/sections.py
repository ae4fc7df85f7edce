"""Section tracker: the heading that each item stands under, above it or at the head of its column."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from pipeline.reading.labels.items import Item, Row
from pipeline.reading.labels.vocabulary import Vocabulary, Words, label_words

# In order: at the same place of a heading, the earlier phrase wins. An empty section is nobody’s.
HEADINGS: tuple[tuple[str, str], ...] = (
    ("encadrement du stagiaire par organisme d accueil", "tuteur"),
    ("encadrement du stagiaire par etablissement", "referent"),
    ("encadrement dans organisme", "tuteur"),
    ("encadrement par organisme", "tuteur"),
    ("vous suit", ""),
    ("vous encadre", ""),
    ("encadrement", ""),
    ("interlocuteurs", ""),
    ("contacts", ""),
    ("suivi pedagogique", "referent"),
    ("enseignant charge du suivi", "referent"),
    ("enseignant referent", "referent"),
    ("referent pedagogique", "referent"),
    ("tuteur pedagogique", "referent"),
    ("tuteur enseignant", "referent"),
    ("enseignant tuteur", "referent"),
    ("responsable pedagogique", "referent"),
    ("tuteur universitaire", "referent"),
    ("referent dans etablissement", "referent"),
    ("formateur referent", "referent"),
    ("enseignant", "referent"),
    ("referent professionnel", "tuteur"),
    ("maitre de stage", "tuteur"),
    ("tuteur", "tuteur"),
    ("tutrice", "tuteur"),
    ("tuteur dans organisme", "tuteur"),
    ("referent de stage", "tuteur"),
    ("referent", "referent"),
    ("accord pedagogique", "accord_pedagogique"),
    ("avis pedagogique", "accord_pedagogique"),
    ("cadre reserve", "accord_pedagogique"),
    ("reserve administration", "accord_pedagogique"),
    ("representant legal du stagiaire", "stagiaire.representant_legal"),
    ("representant legal stagiaire", "stagiaire.representant_legal"),
    ("representant legal de etudiant", "stagiaire.representant_legal"),
    ("signataire de convention", "organisme.signataire"),
    ("representant de organisme", "organisme.signataire"),
    ("representant legal", "organisme.signataire"),
    ("signataire", "organisme.signataire"),
    ("lieu du stage", "organisme.lieu_stage"),
    ("lieu de stage", "organisme.lieu_stage"),
    ("organisme d accueil", "organisme"),
    ("structure d accueil", "organisme"),
    ("entreprise d accueil", "organisme"),
    ("etablissement d accueil", "organisme"),
    ("lieu d accueil", "organisme"),
    ("site qualifiant", "organisme"),
    ("terrain de stage", "organisme"),
    ("etablissement d enseignement", "etablissement"),
    ("etablissement de formation", "etablissement"),
    ("centre de formation", "etablissement"),
    ("employeur", "employeur"),
    ("gratification", "gratification"),
    ("remuneration", "gratification"),
    ("indemnisation", "gratification"),
    ("indemnite", "gratification"),
    ("assurance", "assurance_rc"),
    ("responsabilite civile", "assurance_rc"),
    ("protection sociale", "stagiaire"),
    ("horaires", "stage.horaires"),
    ("signatures", "signatures"),
    ("etudiant", "stagiaire"),
    ("stagiaire", "stagiaire"),
    ("apprenant", "stagiaire"),
    ("auditeur", "stagiaire"),
    ("eleve", "stagiaire"),
    ("candidat", "stagiaire"),
    ("beneficiaire", "stagiaire"),
    ("etat civil", "stagiaire"),
    ("entreprise", "organisme"),
    ("organisme", "organisme"),
    ("structure", "organisme"),
    ("association", "organisme"),
    ("vous", "stagiaire"),
    ("ecole", "etablissement"),
    ("universite", "etablissement"),
    ("etablissement", "etablissement"),
    ("iut", "etablissement"),
    ("ufr", "etablissement"),
    ("formation suivie", "formation"),
    ("formation", "formation"),
    ("stage", "stage"),
    ("mission", "stage"),
    ("activites", "stage"),
)
_TEXT = """
18 a accueil accueillant accueillante accueille administratif administration agent ans assurances au aux avec
cadre charge civile concernant conditions contenu convention coordonnees d dans dates de deroulement des
description different differente du duree en encadrant encadrement entite et fiche formateur habilite identite
information informations jeune legal lieu mineur mineure modalites moins nature objet ou par partenaire partie
pedagogique pedagogiques periode pour preparee presence presentation prive privee professionnel
professionnelle projet public publique qui relatifs relatives renseignements reserve responsabilite
responsable rubrique sa salarie ses si siege signature signe sociale sociales son stagiaires suit suivi sur
terrain travail un une universitaire visa volet votre
"""
HEADING_WORDS = frozenset(_TEXT.split())


_NUMBERING = re.compile(
    r"^\s*(?:\(?(?:\d{1,2}|[ivxIVX]{1,4}|[a-hA-H])\s?(?:[.)°–/-]|\s[–-])+|[•▪■►➢#]|partie\s\d\s?[:–-])\s*"
)
_MOST_WORDS = 11
_PHRASES = tuple((label_words(phrase), section) for phrase, section in HEADINGS)
_KNOWN = HEADING_WORDS | {word for words, _ in _PHRASES for word in words}


def heading_of(text: str, *, bent: bool = False) -> str | None:
    """The section that a line announces, if every word of it belongs in a heading; ``bent`` allows OCR's letters."""
    bare = _NUMBERING.sub("", text).strip().rstrip(":").strip()
    words = label_words(bare)
    if not words or len(words) > _MOST_WORDS or any(char.isdigit() for char in bare if char != "1") or ":" in bare:
        return None
    if bent:
        words = tuple(_unbent(word) for word in words)
    if set(words) - _KNOWN:
        return None
    found = [(_at(words, phrase), order, section) for order, (phrase, section) in enumerate(_PHRASES)]
    places = [
        (-len(_PHRASES[order][0]) if at == 0 else at, order, section)
        for at, order, section in found
        if at is not None
    ]
    if not places or (len(words) == 1 and words[0] in ("mission", "activites")):
        return None
    return min(places)[2]


def _at(words: Words, phrase: Words) -> int | None:
    span = len(phrase)
    return next((i for i in range(len(words) - span + 1) if words[i : i + span] == phrase), None)


def _unbent(word: str) -> str:
    if word in _KNOWN or len(word) < 5:
        return word
    near = [known for known in _KNOWN if abs(len(known) - len(word)) <= 1 and fuzz.ratio(known, word) >= 88]
    return near[0] if len(near) == 1 else word


@dataclass
class Sections:
    """Section state as the rows go by: one for the whole width, or one for each column."""

    vocabulary: Vocabulary
    titles: Mapping[Words, str]
    bent: bool = False
    _columns: list[tuple[float, str | None]] = field(default_factory=list)
    _section: str | None = None
    _table: int = 0
    _beside: str | None = None

    def place(self, row: Row) -> tuple[str | None, ...] | None:
        """The section of each item of a row; ``None`` when the row is itself a heading."""
        filled = [item for item in row.items if not item.empty]
        if row.table != self._table and any(item.box is None for item in row.items):
            self._columns = []
        self._table = row.table
        alone = all(heading_of(item.text, bent=self.bent) for item in filled)
        heads = {id(item): self._heading(item, alone=alone or len(filled) == 1) for item in filled}
        if len(filled) == 1 and heads[id(filled[0])] is None and self._unknown(filled[0]):
            self._columns, self._section = [], None
            return None
        if filled and all(head is not None for head in heads.values()):
            self._open(row, [item for item in row.items if not item.empty], heads)
            return None
        return tuple(self._of(item, index, row) for index, item in enumerate(row.items))

    def _unknown(self, item: Item) -> bool:
        """A numbered or bold line alone, without an answer: another part begins, whatever it is about."""
        bold = all(atom.token.emphasis for atom in item.atoms) and len(item.atoms) > 1
        numbered = bool(_NUMBERING.match(item.text)) and item.text[-1:] not in ".;,"
        plain = not item.has_tick and not any(atom.typed or atom.leader for atom in item.atoms)
        short = 1 < len(item.words) <= _MOST_WORDS and len({atom.line for atom in item.atoms}) == 1
        digits = any(char.isdigit() for char in _NUMBERING.sub("", item.text))
        return (bold or numbered) and plain and short and not digits and not self._asks(item)

    def _asks(self, item: Item) -> bool:
        return ":" in item.text or self.vocabulary.find(item.words, self._section) is not None

    def _heading(self, item: Item, *, alone: bool) -> str | None:
        if item.has_tick or any(atom.typed for atom in item.atoms) or len({atom.line for atom in item.atoms}) > 2:
            return None
        section = self.titles.get(label_words(item.text)) or heading_of(item.text, bent=self.bent)
        if section is None or (section == "" and not alone):
            return None
        path = self.vocabulary.find(item.words, self._section)
        same = path is not None and self._section is not None and path.split(".")[0] == self._section.split(".")[0]
        asks = same and section.split(".")[0] == path.split(".")[0] if path else False
        return None if asks or (path is not None and not alone) else section

    def _open(self, row: Row, heads: list[Item], sections: Mapping[int, str | None]) -> None:
        self._beside = None
        if len(heads) == 1:
            section = sections[id(heads[0])]
            section = self._inner(section)
            if len(self._columns) > 1 and len(row.items) == 1 and heads[0].box is not None:
                self._one_column(heads[0], section)
            elif len(self._columns) > 1 and len(row.items) == len(self._columns):
                index = row.items.index(heads[0])
                self._columns[index] = (self._columns[index][0], section)
            else:
                self._columns, self._section = [], section
            return
        self._columns = [
            (item.box[0] if item.box else float(index), sections[id(item)] or None)
            for index, item in enumerate(row.items if len(heads) == len(row.items) else heads)
        ]
        self._section = None

    def _inner(self, section: str | None) -> str | None:
        """« Adresse » and « Signataire » headings stay inside the body that they belong to."""
        root = (self._section or "").split(".")[0]
        if not section:
            return None
        if section in ("organisme.signataire", "organisme.lieu_stage") and root == "employeur":
            return "employeur.signataire" if section.endswith("signataire") else None
        if section == "organisme.signataire" and root == "stagiaire":
            return "stagiaire.representant_legal"
        return section

    def _one_column(self, item: Item, section: str | None) -> None:
        """A heading under two columns: its own column's; from the left margin it may be of the whole width."""
        x = item.box[0] if item.box else 0.0
        index = max((i for i, (left, _) in enumerate(self._columns) if left <= x + 12), default=0)
        self._columns = [
            (left, section if i == index else None if index == 0 else old)
            for i, (left, old) in enumerate(self._columns)
        ]

    def _of(self, item: Item, index: int, row: Row) -> str | None:
        if len(self._columns) < 2:
            return self._section
        if item.box is not None and row.items[0].box is not None:
            left = [section for x, section in self._columns if x <= item.box[0] + 12]
            return left[-1] if left else self._columns[0][1]
        if len(row.items) % len(self._columns):
            return None
        return self._columns[index * len(self._columns) // len(row.items)][1]
