"""Label index: which field a label names, within which section, from the schema and the words of forms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapidfuzz import fuzz, process

from pipeline.core.fields import FULL_NAME, OWN, Dictionary, Field, Nature
from pipeline.core.folding import fold
from pipeline.core.words import Lexicon
from pipeline.reading.labels.cues import Cue, Party, bodies_of, cues_of, roles_of

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
# Fields some of whose labels are also everyday answers: « Directeur », « Association », « Formation ».
_ANSWERS = frozenset({Nature.FULL_NAME, Nature.BODY, Nature.PHRASE, Nature.HEADLINE, Nature.SERVICE})


@dataclass(frozen=True)
class Vocabulary:
    """Label index: label words to the paths that they may name, beside the fields and the other words of forms."""

    dictionary: Dictionary
    entries: Mapping[Words, frozenset[str]]

    @classmethod
    def build(cls, dictionary: Dictionary, extra: Mapping[str, Iterable[str]]) -> Vocabulary:
        """From the titles and synonyms of the schema, the usual other wordings, and those of one layout."""
        excluded = dictionary.lexicon.tables["libelles_exclus"]
        no_labels = {(path, label_words(label)) for path, labels in excluded.items() for label in labels}
        surnames = worded(dictionary.lexicon, "noms")
        entries: dict[Words, set[str]] = {}
        for path, label in _labels(dictionary, extra):
            whole = dictionary.nature(path) is Nature.SURNAME  # « Tuteur professionnel » asks for a whole name
            for words in map(label_words, {label, without_brackets(label)}):
                if words and len(words) <= LONGEST and (path, words) not in no_labels:
                    name = f"{path.rpartition('.')[0]}.{FULL_NAME}" if whole and words not in surnames else path
                    entries.setdefault(words, set()).add(name)
        return cls(dictionary, {words: frozenset(paths) for words, paths in entries.items()})

    def find(self, words: Words, section: str | None, *, weak: bool = False) -> str | None:
        """The path of exactly these words within a section; ``None`` if none, or if several would do.

        ``weak``: nothing sets the words apart (no colon, no border), so a common word alone is not a label.
        """
        if words and words[0] in POSSESSIVES:  # « sa fonction » follows somebody's name, or says nothing
            someone = section is not None and f"{section}.{FULL_NAME}" in self.paths
            return self._within(words[1:], section, weak=weak) if someone else None
        direct = self._within(words, section, weak=weak)
        if direct is not None:
            return direct
        for cut in range(1, len(words) - 1):  # « téléphone du tuteur », « nom de l’entreprise »
            owner = next((self._owners[word] for word in words[cut + 1 :] if word in self._owners), None)
            if owner and words[cut] in ("de", "du", "d") and not set(words[cut + 1 :]) - self._owner_words:
                return self._within(words[:cut], owner, weak=False)
        return None

    def _within(self, words: Words, section: str | None, *, weak: bool) -> str | None:
        school = section == "etablissement"
        paths = self._asked_at_school(words) if school else self.entries.get(words, frozenset())
        scope = "formation" if school else section
        near = _here(paths, scope) or _below(paths, scope) or _above(paths, scope)
        common = words in self._weak
        if near:
            return min(near) if len(near) == 1 and not (weak and common) else None
        only = next(iter(paths)) if len(paths) == 1 else None
        return only if only and (not common or (not weak and self._is_near(only, section))) else None

    def _asked_at_school(self, words: Words) -> frozenset[str]:
        """What words name under the school's own heading: its name and address are not asked."""
        paths = self.entries.get(words, frozenset())
        return frozenset(path for path in paths if path.startswith("formation.") or len(paths) == 1 < len(words))

    def _is_near(self, path: str, section: str | None) -> bool:
        """Whether labels of a field's section also stand in another: « Formation » among the student's lines."""
        near = self.dictionary.lexicon.tables["voisins"].get(section or "", ())
        return path.split(".", maxsplit=1)[0] in near

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
        paths = (f"{party}{tail}", f"{party}.signataire{tail}") if party is not None else ()
        known = (path for path in paths if path in self.paths or self.dictionary.nature(path) is Nature.ADDRESS)
        return next(known, "")

    def may_answer(self, path: str, words: Words) -> bool:
        """Whether words that label a field are also what people answer to another."""
        return (
            self.dictionary.nature(path) in _ANSWERS and not set(words) & self.dictionary.lexicon.folded["demandent"]
        )

    @cached_property
    def paths(self) -> frozenset[str]:
        """Every path that some label names."""
        return frozenset(path for paths in self.entries.values() for path in paths)

    @cached_property
    def headings(self) -> tuple[tuple[Words, str], ...]:
        """The words of each heading and the section that it opens, in order."""
        return tuple(
            (label_words(text), section) for text, section in self.dictionary.lexicon.tables["titres"].items()
        )

    @cached_property
    def heading_words(self) -> frozenset[str]:
        """Every word that may stand in a heading."""
        others = worded(self.dictionary.lexicon, "accessoires")
        return frozenset(word for words in (*others, *(words for words, _ in self.headings)) for word in words)

    @cached_property
    def cues(self) -> tuple[Cue, ...]:
        """What announces an answer in a sentence."""
        return cues_of(self.dictionary.lexicon)

    @cached_property
    def bodies(self) -> tuple[Party, ...]:
        """What says of whom a sentence speaks."""
        return bodies_of(self.dictionary.lexicon)

    @cached_property
    def roles(self) -> tuple[Party, ...]:
        """What says, after a name, whose it is."""
        return roles_of(self.dictionary.lexicon)

    @cached_property
    def _weak(self) -> frozenset[Words]:
        return worded(self.dictionary.lexicon, "faibles")

    @cached_property
    def _owners(self) -> Mapping[str, str]:
        owners = self.dictionary.lexicon.tables["proprietaires"]
        return {word: section for section, words in owners.items() for text in words for word in label_words(text)}

    @cached_property
    def _owner_words(self) -> frozenset[str]:
        others = worded(self.dictionary.lexicon, "suites")
        return frozenset(self._owners) | {word for words in others for word in words}

    @cached_property
    def _texts(self) -> dict[Words, str]:
        return {words: " ".join(words) for words in self.entries}


def worded(lexicon: Lexicon, name: str) -> frozenset[Words]:
    """One list of words, as labels are compared."""
    return frozenset(map(label_words, lexicon.tables["mots"][name]))


def _asked_by_others(dictionary: Dictionary) -> dict[str, Field]:
    """The fields that any school's form may ask for: not those that only a blank of ours has."""
    return {path: field for path, field in dictionary.fields.items() if field.on_form != OWN}


def _labels(dictionary: Dictionary, extra: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, str]]:
    """Path and label: those of the schema, those of ``[libelles]`` by path or by the end of one, and a layout's."""
    usual: Mapping[str, list[str]] = dictionary.lexicon.tables["libelles"]
    asked = _asked_by_others(dictionary)
    people = [field.group for field in asked.values() if field.nature is Nature.GIVEN_NAME]
    for path in (*asked, *(f"{person}.{FULL_NAME}" for person in sorted(people))):
        field = dictionary.fields.get(path)
        shared = (
            label for tail, labels in usual.items() if tail[0] == "." and path.endswith(tail) for label in labels
        )
        own = (field.title, *field.synonyms) if field else ()
        yield from ((path, label) for label in (*own, *usual.get(path, ()), *shared))
    yield from ((path, label) for path, labels in extra.items() for label in labels)


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
