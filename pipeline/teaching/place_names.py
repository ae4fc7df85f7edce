"""Names of places: which field « Nom_stagiaire », « studentLastname » or the words before some dots mean.

The words are those by which forms are read (``x-libelles``, ``libelles.toml``), in any order and without the small
ones; those of the school's own settings; and the English ones that other systems write.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from pipeline.core.fields import FULL_NAME, PERSON_NAMES, Dictionary
from pipeline.core.folding import fold
from pipeline.core.school import SETTINGS
from pipeline.reading.labels.vocabulary import Vocabulary, label_words
from pipeline.teaching.place_natures import agrees

_SHORTEST = 4  # letters of a party's name that may be stuck to another word
_SMALL = frozenset(
    word
    for words in ("de du d des la le l les un une et ou", "a au aux en par pour s il y dans ci apres qui lui sont")
    for word in words.split()
)
_CUES = frozenset(("du", "au"))  # « Stage du », the end of a label that announces a date: no name of it
_SIGNING = ("organisme", "employeur", "etablissement")
_BY_PARTY = (frozenset(("nom",)), frozenset(("represente",)), frozenset(("adresse",)))  # of whom the line speaks
_SPLIT = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"(?<![^\W_])n[°º]", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_ENGLISH = {
    "student": "stagiaire",
    "intern": "stagiaire",
    "trainee": "stagiaire",
    "company": "organisme",
    "host": "organisme",
    "tutor": "tuteur",
    "supervisor": "tuteur",
    "teacher": "referent",
    "school": "etablissement",
    "university": "etablissement",
    "internship": "stage",
    "lastname": "nom",
    "surname": "nom",
    "firstname": "prenom",
    "fullname": "nom prenom",
    "name": "nom",
    "phone": "telephone",
    "mail": "courriel",
    "email": "courriel",
    "tel": "telephone",
    "address": "adresse",
    "street": "voie",
    "zip": "code postal",
    "zipcode": "code postal",
    "city": "ville",
    "birthdate": "date naissance",
    "birth": "naissance",
    "start": "debut",
    "end": "fin",
    "duration": "duree",
    "hours": "heures",
    "subject": "sujet",
    "job": "fonction",
    "signatory": "signataire",
    "year": "annee",
    "function": "fonction",
    "cp": "code postal",
    "ddn": "date naissance",
    "rs": "raison sociale",
}
_PARTIES = {
    "stagiaire": "stagiaire etudiant etudiante apprenant auditeur eleve",
    "organisme": "organisme entreprise structure association societe accueil ent",
    "tuteur": "tuteur tutrice maitre",
    "referent": "referent enseignant enseignante",
    "etablissement": "etablissement ecole universite universitaire centre iut cfa lycee",
    "employeur": "employeur",
    "assurance_rc": "assurance assureur responsabilite",
}
_OWNERS = {word: party for party, words in _PARTIES.items() for word in words.split()}
_ALSO = {"organisme": ("employeur",), "employeur": ("organisme",), "etablissement": ("organisme",)}
_OWNER_WORDS = frozenset(_OWNERS)
_SIGNS = frozenset(("represente", "representee", "representant", "representante", "signataire", "dirigeant"))
_MORE = {  # what conventions call things that no form asks so
    "stagiaire.adresse": ("adresse",),
    "organisme.adresse": ("adresse",),
    "employeur.adresse": ("adresse",),
    "stage.date_debut": ("debut stage", "date debut", "stage debut"),
    "stage.date_fin": ("fin stage", "date fin", "stage fin"),
    "stage.conges_modalites": ("conges", "conges absences", "autorisations absence"),
    "stage.modalites_encadrement": ("encadrement", "modalites encadrement"),
    "stage.temps": ("temps plein partiel", "temps complet partiel"),
    "stage.sujet": ("sujet", "theme", "intitule stage", "mission"),
    "stage.duree_heures": ("duree", "duree stage", "duree heures", "nb heures", "nombre heures", "duree totale"),
    "stage.activites": ("activites", "activites confiees", "missions"),
    "stage.competences": ("competences", "competences acquerir"),
    "organisme.lieu_stage": ("lieu stage", "adresse lieu stage", "adresse stage"),
    "organisme.reglement_interieur": ("reglement interieur", "clauses reglement interieur"),
    "gratification.montant": ("gratification", "montant gratification"),
    "formation.intitule": ("formation", "diplome", "intitule formation", "cursus", "filiere"),
    "formation.annee": ("annee universitaire", "annee scolaire", "annee"),
    "formation.volume_horaire": ("volume horaire", "volume horaire formation"),
    "etablissement.nom": ("etablissement", "nom etablissement", "etablissement enseignement", "ecole", "universite"),
    "etablissement.signataire.nom_prenom": ("represente etablissement", "nom prenom signataire etablissement"),
    "organisme.signataire.nom_prenom": ("represente", "represente organisme", "represente entreprise"),
    "organisme.raison_sociale": ("organisme", "entreprise", "structure", "denomination", "nom"),
    "stagiaire.cpam": ("cpam", "caisse", "caisse primaire"),
    "convention.numero": ("numero convention",),
    "convention.date": ("date convention", "date edition", "date jour"),
    "etablissement.logo": ("logo", "logo etablissement", "logo ecole", "logo universite", "logo lycee", "logo iut"),
}


class PlaceNames:
    """Index of what fields are called, by sets of words."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    @property
    def dictionary(self) -> Dictionary:
        """The fields."""
        return self._vocabulary.dictionary

    def agrees(self, words: Iterable[str], path: str) -> bool:
        """Whether a field may be what these words ask for."""
        return agrees(words, path, self.dictionary)

    def shares(self, path: str, words: Iterable[str]) -> bool:
        """Whether one of these words, other than a party's, is of what a field is called."""
        bare = frozenset(words) - _SMALL
        said = bare - _OWNER_WORDS or bare
        return any(said & key for key, paths in self._entries.items() if path in paths)

    def find(self, words: Sequence[str], section: str | None = None) -> str | None:
        """The one path that these words mean, of that section if there is one; ``None`` where none or several do."""
        bare = frozenset(words) - _SMALL
        if bare in self._usual:
            return self._usual[bare]
        owner = next((_OWNERS[word] for word in words if word in _OWNERS), section)
        if bare & _SIGNS:
            return self._of_signatory(bare, owner if owner in _SIGNING else "organisme")
        exact, loose = (self._entries.get(key, frozenset()) for key in (bare, bare - _OWNER_WORDS))
        return (
            _nearest([path for path in exact if _of(path, owner)])
            or _only(exact)
            or _nearest([path for path in loose if _of(path, owner)])
            or (_only(loose) if owner is None else None)
        )

    def _of_signatory(self, bare: frozenset[str], owner: str | None) -> str | None:
        stem, rest = f"{owner}.signataire", bare - _OWNER_WORDS - _SIGNS
        every = {path for key in (bare, rest) for path in self._entries.get(key, ()) if path.startswith(f"{stem}.")}
        if f"{stem}.{FULL_NAME}" in every:
            every.discard(f"{stem}.nom")  # it is the surname where the given name has a place of its own
        return _nearest(every) or (None if rest else f"{stem}.{FULL_NAME}")

    @cached_property
    def _usual(self) -> Mapping[frozenset[str], str]:
        """What words mean of themselves, where conventions mean one thing by them."""
        every = [(frozenset(label.split()), path) for path, labels in _MORE.items() for label in labels]
        keys = [key for key, _ in every]
        return {key: path for key, path in every if keys.count(key) == 1 and key not in _BY_PARTY}

    @cached_property
    def _entries(self) -> Mapping[frozenset[str], frozenset[str]]:
        entries: dict[frozenset[str], set[str]] = {}
        for words, paths in self._vocabulary.entries.items():
            if words[-1] not in _CUES:
                _add(entries, words, paths)
        for path, field in self.dictionary.fields.items():
            if field.nature not in PERSON_NAMES:  # « nom tuteur » asks for a whole name
                _add(entries, re.split(r"[._]", path), [path])
        for path, labels in _MORE.items():
            for label in labels:
                _add(entries, label.split(), [path])
        for setting in SETTINGS:
            path = setting.key if "." in setting.key else f"formation.{setting.key}"
            _add(entries, label_words(setting.label), [path])
            if path.startswith("etablissement."):
                _add(entries, [word for word in label_words(setting.label) if word not in _OWNERS], [path])
        return {key: frozenset(paths) for key, paths in entries.items()}


def name_words(name: str) -> tuple[str, ...]:
    """The words of a name that a program gave: « Nom_stagiaire », « studentLastname », « ETUDIANTNOM »."""
    spelt = _NUMBER.sub("numero ", name)
    pieces = [fold(piece) for part in _SPLIT.findall(spelt) for piece in _CAMEL.split(part)]
    words: list[str] = []
    for piece in pieces:
        bare = piece.rstrip("0123456789") or piece
        owner = next((one for one in sorted(_OWNERS, key=len, reverse=True) if _glued(bare, one)), None)
        split = [bare] if owner is None else [owner, bare.removeprefix(owner).removesuffix(owner)]
        words += [word for one in split for word in _ENGLISH.get(one, one).split()]
    return label_words(" ".join(words))


def owners_in(words: Iterable[str]) -> frozenset[str]:
    """The parties that these words name."""
    return frozenset(_OWNERS[word] for word in words if word in _OWNERS)


def of_them(path: str, owners: Collection[str]) -> bool:
    """Whether a field may be of one of these parties: « entreprise » is the host or the employer, no school."""
    party = path.partition(".")[0]
    allowed = {*owners, *(other for owner in owners for other in _ALSO.get(owner, ()))}
    return not owners or party not in _PARTIES or party in allowed


def telling(words: Sequence[str]) -> Sequence[str]:
    """These words without the small ones, which no name is told by."""
    return [word for word in words if word not in _SMALL]


def apart(paths: Sequence[str | None]) -> Iterator[str | None]:
    """A whole name is a surname, where the given name of that person has a place of its own."""
    for path in paths:
        stem = (path or "").removesuffix(f".{FULL_NAME}")
        yield f"{stem}.nom" if path and path != stem and f"{stem}.prenom" in paths else path


def section_of(words: Iterable[str], before: str | None) -> str | None:
    """The party that a line speaks of: the last that it names, else the one before."""
    return next((_OWNERS[word] for word in reversed(list(words)) if word in _OWNERS), before)


def _glued(word: str, owner: str) -> bool:
    """Whether a party's name is stuck to another word: « etudiantnom »."""
    if word in _OWNERS or word in _ENGLISH or len(owner) < _SHORTEST:
        return False
    return word.startswith(owner) or word.endswith(owner)


def _add(entries: dict[frozenset[str], set[str]], words: Iterable[str], paths: Iterable[str]) -> None:
    key = frozenset(word for word in words if word not in _SMALL)
    if key:
        entries.setdefault(key, set()).update(paths)


def _of(path: str, owner: str | None) -> bool:
    return owner is not None and path.startswith(f"{owner}.") and ".signataire." not in path


def _nearest(paths: Collection[str]) -> str | None:
    """The path that stands highest, if one does: the stagiaire's first name before their representative's."""
    highest = min((path.count(".") for path in paths), default=0)
    held = {path for path in paths if path.count(".") == highest}
    return _only(held) or _only({path for path in held if ".adresse." in path})


def _only(paths: Collection[str]) -> str | None:
    """The path, if they are one, or one and what is below it: an address before its parts."""
    first = min(paths, key=lambda path: (path.count("."), path), default=None)
    return first if first and all(path == first or path.startswith(f"{first}.") for path in paths) else None
