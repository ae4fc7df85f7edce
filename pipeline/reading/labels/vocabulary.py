"""Label index: which field a label names, within which section, from the schema and the usual synonyms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapidfuzz import fuzz, process

from pipeline.core.fields import Dictionary
from pipeline.core.folding import fold
from pipeline.reading.labels.synonyms import EXACT, GENERIC, WEAK

Words = tuple[str, ...]
_ENDINGS = re.compile(
    r"\((?:e|s|es|le|la|ne|nes|trice|rice|ere|fs|ve|ves|euse)\)|(?<=[a-z])[·•‧∙](?:[a-z]{1,5}\b)(?:[·•‧∙]s\b)?"
)
_NUMBER = re.compile(r"\bn\s?[°ºo]\.?(?![a-z])|№|\bnum\b\.?|\bnumeros?\b")
_TELEPHONE = re.compile(r"[☎✆📞]|\btel(?:ephones?)?\b\.?|\bphone\b")
_COURRIEL = re.compile(
    r"[✉📧]|(?:\badresse\s+)?(?:\be[-. ]?mails?\b|\bmails?\b|\bmels?\b|\bcourriels?\b|\belectronique\b)"
)
_POSTCODE = re.compile(r"\bc\.?\s?p\b\.?|\bcode\s+post\b\.?")
_PLURALS = {"noms": "nom", "prenoms": "prenom", "fonctions": "fonction", "dates": "date", "missions": "mission"}
POSSESSIVES = frozenset({"son", "sa", "ses"})
_ARTICLES = frozenset({"l", "le", "la", "les", "votre", "vos", "notre"})
_WORDS = re.compile(r"[a-z0-9]+|€|%")


@lru_cache(maxsize=8192)
def label_words(text: str) -> Words:
    """« N° de tél. de l’étudiant(e) : » is (numero, de, telephone, de, etudiant): what labels are matched by."""
    plain = fold(text)
    plain = _ENDINGS.sub("", plain)
    plain = _POSTCODE.sub(" code postal ", plain)
    plain = _NUMBER.sub(" numero ", plain)
    plain = _COURRIEL.sub(" courriel ", plain)
    plain = _TELEPHONE.sub(" telephone ", plain)
    words = [_PLURALS.get(word, word) for word in _WORDS.findall(plain)]
    kept = [word for word in words if word not in _ARTICLES]
    return tuple(kept or words)


def without_brackets(text: str) -> str:
    """A label without what it says in brackets; as it is if nothing would be left."""
    bare = re.sub(r"\((?![a-zé]{1,5}\))[^()]*\)?", " ", text).strip()
    return bare if label_words(bare) else text


LONGEST = 12  # words in a label
_ALIKE = 90.0  # rapidfuzz ratio from which an optical reading is taken for the label
_SHORTEST_FUZZY = 6  # letters
_WHOLE_NAMES = frozenset(
    {
        ("nom",),
        ("nom", "de", "famille"),
        ("nom", "d", "usage"),
        ("nom", "patronymique"),
        ("nom", "usuel"),
    }
)
# « de l’entreprise », « du tuteur »: a label may carry its own section.
_OWNERS = {
    "stagiaire": "stagiaire",
    "etudiant": "stagiaire",
    "etudiante": "stagiaire",
    "apprenant": "stagiaire",
    "auditeur": "stagiaire",
    "eleve": "stagiaire",
    "entreprise": "organisme",
    "organisme": "organisme",
    "structure": "organisme",
    "tuteur": "tuteur",
    "tutrice": "tuteur",
    "maitre": "tuteur",
    "referent": "referent",
    "enseignant": "referent",
    "representant": "organisme.signataire",
    "signataire": "organisme.signataire",
    "employeur": "employeur",
    "assureur": "assurance_rc",
    "assurance": "assurance_rc",
}

# Words of the schema that another field asks by more often.
_NOT = frozenset({("stage.presence_exceptionnelle", ("teletravail",))})
# Sections whose labels also stand in another: « Formation » among the student's lines.
_NEAR = {
    "stagiaire": ("formation", "assurance_rc"),
    "formation": ("stagiaire",),
    "stage": ("gratification",),
    "gratification": ("assurance_rc", "stage"),
    "assurance_rc": ("gratification",),
    "etablissement": ("referent",),
}


@dataclass(frozen=True)
class Vocabulary:
    """Label index: label words to the paths that they may name."""

    entries: Mapping[Words, frozenset[str]]

    @classmethod
    def build(cls, dictionary: Dictionary, extra: Mapping[str, Iterable[str]]) -> Vocabulary:
        """From the titles and synonyms of the schema, the usual other wordings, and those of one layout."""
        entries: dict[Words, set[str]] = {}
        for path, label in _labels(dictionary, extra):
            for text in {label, without_brackets(label)}:
                words = label_words(text)
                if words and len(words) <= LONGEST and (path, words) not in _NOT:
                    entries.setdefault(words, set()).add(_combined(path, words))
        return cls({words: frozenset(paths) for words, paths in entries.items()})

    def find(self, words: Words, section: str | None, *, weak: bool = False) -> str | None:
        """The path of exactly these words within a section; ``None`` if none, or if several would do.

        ``weak``: nothing sets the words apart (no colon, no border), so a common word alone is not a label.
        """
        if words and words[0] in POSSESSIVES:  # « sa fonction » follows somebody's name, or says nothing
            someone = section is not None and f"{section}.nom_prenom" in self.paths
            return self._within(words[1:], section, weak=weak) if someone else None
        direct = self._within(words, section, weak=weak)
        if direct is not None:
            return direct
        for cut in range(1, len(words) - 1):  # « téléphone du tuteur », « nom de l’entreprise »
            owner = next((_OWNERS[word] for word in words[cut + 1 :] if word in _OWNERS), None)
            if owner and words[cut] in ("de", "du", "d") and not set(words[cut + 1 :]) - _OWNER_WORDS:
                return self._within(words[:cut], owner, weak=False)
        return None

    def _within(self, words: Words, section: str | None, *, weak: bool) -> str | None:
        paths = self.entries.get(words, frozenset())
        if section == "etablissement":  # the school's own name and address are not asked
            paths = frozenset(path for path in paths if path.startswith("formation.") or len(paths) == 1 < len(words))
        scope = "formation" if section == "etablissement" else section
        for near in (_here(paths, scope), _below(paths, scope), _above(paths, scope)):
            if near:
                return min(near) if len(near) == 1 and not (weak and " ".join(words) in WEAK) else None
        if len(paths) != 1:
            return None
        only = next(iter(paths))
        common = len(words) == 1 and words[0] in WEAK
        akin = not weak and only.split(".")[0] in _NEAR.get(section or "", ())
        return only if not common or akin else None

    def closest(self, words: Words, section: str | None) -> tuple[str, Words] | None:
        """The path whose label looks like these words, as an optical reading may have bent them."""
        text = " ".join(words)
        if len(text) < _SHORTEST_FUZZY:
            return None
        found = process.extract(text, self._texts, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=5)
        best = [(self.find(key, section), key) for _, _, key in found]
        paths = {path for path, _ in best if path}
        return next((path, label) for path, label in best if path) if len(paths) == 1 else None

    def path_of(self, party: str | None, tail: str) -> str:
        """« .fonction » of the organisme is its signataire’s; what nobody asks of a party has no path."""
        addresses = {f"{name}.adresse" for name in ("stagiaire", "organisme", "employeur")}
        paths = (f"{party}{tail}", f"{party}.signataire{tail}") if party is not None else ()
        return next((path for path in paths if path in self.paths | addresses), "")

    @cached_property
    def paths(self) -> frozenset[str]:
        """Every path that some label names."""
        return frozenset(path for paths in self.entries.values() for path in paths)

    @cached_property
    def _texts(self) -> dict[Words, str]:
        return {words: " ".join(words) for words in self.entries}


_OWNER_WORDS = frozenset(_OWNERS) | frozenset(
    {"de", "d", "du", "stage", "accueil", "legal", "referent", "convention", "professionnel"}
)


def _labels(dictionary: Dictionary, extra: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, str]]:
    people = {field.group for field in dictionary.fields.values() if field.path.endswith(".prenom")}
    for path, field in dictionary.fields.items():
        yield from ((path, label) for label in (field.title, *field.synonyms, *EXACT.get(path, ())))
        for tail, labels in GENERIC.items():
            if path.endswith(tail):
                yield from ((path, label) for label in labels)
    for person in sorted(people):
        path = f"{person}.nom_prenom"
        yield from ((path, label) for label in (*GENERIC[".nom_prenom"], *EXACT.get(path, ())))
    for path, own in extra.items():
        yield from ((path, label) for label in own)


def _combined(path: str, words: Words) -> str:
    """« Tuteur professionnel » asks for a whole name, though the schema keeps it beside the surname."""
    group, _, last = path.rpartition(".")
    return f"{group}.nom_prenom" if last == "nom" and words not in _WHOLE_NAMES else path


def _here(paths: Iterable[str], section: str | None) -> set[str]:
    """Paths of the section itself; its address counts as its own."""
    found = {path for path in paths if path.rpartition(".")[0] == section}
    return found or {path for path in paths if section and path.startswith(f"{section}.adresse.")}


def _below(paths: Iterable[str], section: str | None) -> set[str]:
    return {path for path in paths if section and path.startswith(f"{section}.")}


def _above(paths: Iterable[str], section: str | None) -> set[str]:
    """Paths of the section around: « SIRET » under « Représentant légal » is still the organisme's."""
    around = section.rpartition(".")[0] if section else ""
    return {path for path in paths if around and path.rpartition(".")[0] in (around, f"{around}.adresse")}


_KEPT: dict[tuple[int, tuple[tuple[str, tuple[str, ...]], ...]], tuple[Dictionary, Vocabulary]] = {}


def vocabulary_of(dictionary: Dictionary, extra: Mapping[str, Iterable[str]] | None = None) -> Vocabulary:
    """The vocabulary of a schema and a layout’s own labels (``extra``), kept: making it takes longer than a form."""
    own = tuple((path, tuple(labels)) for path, labels in sorted((extra or {}).items()))
    key = (id(dictionary), own)
    if key not in _KEPT or _KEPT[key][0] is not dictionary:
        _KEPT[key] = (dictionary, Vocabulary.build(dictionary, dict(own)))
    return _KEPT[key][1]
