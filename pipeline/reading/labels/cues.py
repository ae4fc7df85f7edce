"""Patterns of French that announce an answer in a sentence; small letters without accents, no ’ but '.

A cue stands before its value. Its target is a path, or the end of one (« .telephone »), which the party that the
sentence speaks of completes. « {e} » is any ending of a feminine or plural, inclusive writing too; « {n} » a « n° ».
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Manner(StrEnum):
    """Extraction mode of a value after its cue."""

    TYPED = "typed"  # the first value of the field's kind
    PERSON = "person"  # a name, after small words only
    BESIDE = "beside"  # a name, right there
    NAME = "name"  # words that begin with a capital, as far as the comma
    WORDS = "words"  # any words, as far as the comma
    PHRASE = "phrase"  # words as far as the end of the sentence, after a colon or with a capital
    ADDRESS = "address"
    BOXES = "boxes"  # an option ticked, or written
    NOTHING = "nothing"  # only keeps what is before it from running on


@dataclass(frozen=True)
class Cue:
    """Cue pattern; ``party`` is whom the sentence speaks of from here on, if the cue says it."""

    pattern: re.Pattern[str]
    target: str
    manner: Manner
    party: str | None = None


_ENDING = r"(?:\s?\(e\)|[.·•]e\b|e)?s?"
_NUMBER = r"(?:numero|num\.?|n\s?[°o]\.?)"
_AT = r"(?: (?:a|au|aux|en|dans|sur)(?= ))?"


def _cue(target: str, manner: Manner, *phrases: str, party: str | None = None) -> Cue:
    words = "|".join(phrases).replace("{e}", _ENDING).replace("{n}", _NUMBER).replace("{at}", _AT)
    return Cue(re.compile(rf"(?<![a-z0-9])(?:{words})(?![a-z0-9])"), target, manner, party)


CUES = (
    # whose the next answers are, and their name
    _cue(
        "tuteur.nom_prenom",
        Manner.PERSON,
        r"(?:tuteur|tutrice|maitre|encadrant{e}|referent{e}) (?:de stage|professionnel(?:le)?|de terrain|entreprise)",
        r"(?:la |le )?(?:tuteur|tutrice)(?: (?:dans|au sein de) l'(?:organisme|entreprise))?",
        r"l'encadrement(?: du stagiaire)?",
        r"encadre{e} par",
        r"sous la (?:responsabilite|direction|conduite) de",
        party="tuteur",
    ),
    _cue(
        "referent.nom_prenom",
        Manner.PERSON,
        r"enseignant{e}[ -](?:referent{e}|tuteur|tutrice)",
        r"(?:tuteur|tutrice|referent{e}|responsable) (?:pedagogique|enseignant{e}|universitaire)",
        r"suivi pedagogique",
        r"format(?:eur|rice) referent{e}",
        r"enseignant{e} charge{e} du suivi",
        party="referent",
    ),
    _cue(
        ".nom_prenom",
        Manner.PERSON,
        r"represente{e}(?: legalement)? par",
        r"en la personne de",
        r"signataire(?: de la convention)?",
        r"representant{e}(?: legal{e})?",
    ),
    # a body’s, a person’s
    _cue(
        "organisme.raison_sociale",
        Manner.NAME,
        r"(?<!ci-apres )(?<!ci apres )denomme{e}",
        r"(?:dont )?(?:la )?raison sociale(?: est)?",
        r"ayant pour nom",
        party="organisme",
    ),
    _cue(
        ".adresse",
        Manner.ADDRESS,
        r"(?:dont )?(?:le |son )?siege(?: social)?(?: est)?(?: (?:situe|etabli|fixe|sis))?{at}",
        r"(?:domicilie|situe|sis){e}{at}",
        r"(?:demeurant|residant){at}",
        r"adresse(?: postale| personnelle| complete)?(?=\s*:)",
    ),
    _cue(".adresse.code_postal", Manner.TYPED, r"code postal", r"c\.?p\.?(?=\s*:?\s*\d)"),
    _cue(".adresse.ville", Manner.TYPED, r"(?:la )?(?:commune|ville) de", r"(?:commune|ville)(?=\s*:)"),
    _cue(
        ".fonction",
        Manner.WORDS,
        r"(?:agissant )?en (?:sa )?qualite de",
        r"qualite(?=\s*:)",
        r"(?:exercant|occupant) (?:la fonction|le poste|les fonctions) de",
        r"fonctions?(?= de | :)",
    ),
    _cue("organisme.service", Manner.NAME, r"(?:au sein|affecte{e}) (?:du|au) service", r"service d'accueil"),
    _cue("stagiaire.date_naissance", Manner.TYPED, r"ne{e} le", party="stagiaire"),
    _cue(
        "stagiaire.numero",
        Manner.TYPED,
        r"inscrit{e}(?: [a-z']+){0,4} sous le {n}",
        r"{n} (?:d'|de )?(?:carte d')?etudiant{e}",
        party="stagiaire",
    ),
    _cue(
        "formation.intitule",
        Manner.PHRASE,
        r"(?:inscrit|etudiant){e} en",
        r"formation (?:suivante|intitulee)",
        r"preparant(?: le diplome de| un| une| le| la)?",
        r"(?:diplome|formation) prepare{e}",
        r"suivant la formation",
        party="stagiaire",
    ),
    # the stage
    _cue(
        "stage.sujet",
        Manner.PHRASE,
        r"sujet(?: (?:suivant|du stage|de stage))?(?=\s+est|\s*:)",
        r"theme du stage",
        r"stage porte(?:ra)? sur",
        r"(?:stage|il) a(?:yant)? pour (?:sujet|theme|intitule)",
    ),
    _cue(
        "stage.activites",
        Manner.PHRASE,
        r"(?:activites|missions|taches)(?: (?:confiees|principales|suivantes|du stagiaire|de la stagiaire))+",
    ),
    _cue("stage.competences", Manner.PHRASE, r"competences (?:a acquerir|visees|a developper|attendues)"),
    _cue(
        "stage.duree_heures",
        Manner.TYPED,
        r"duree (?:totale|effective|globale)(?: du stage)?",
        r"duree du stage",
        r"total(?:isant)? (?:de|:)",
        r"soit(?= une | un | \d)",
    ),
    _cue(
        "stage.heures_hebdo",
        Manner.TYPED,
        r"(?:presence|duree|horaire) hebdomadaire(?: maximale)?",
        r"temps de travail hebdomadaire",
    ),
    _cue("stage.heures_jour", Manner.TYPED, r"(?:presence|duree|horaire) (?:quotidienne?|journaliere?)"),
    _cue("stage.obligatoire", Manner.BOXES, r"(?:titre|caractere) obligatoire", r"stage (?:est )?obligatoire"),
    _cue(
        "gratification.prevue",
        Manner.BOXES,
        r"stage (?:est |sera )?gratifie",
        r"gratification (?:est-elle )?prevue",
    ),
    _cue("gratification.montant", Manner.TYPED, r"gratification", r"indemnite", r"remuneration", r"montant"),
    _cue(
        "gratification.modalite",
        Manner.BOXES,
        r"mode de versement",
        r"(?:verse|paye|regle){e}(?: chaque mois| mensuellement| en fin de mois)? (?:par|en)(?= )",
    ),
    # insurance
    _cue(
        "assurance_rc.compagnie",
        Manner.NAME,
        r"compagnie(?: d'assurances?)?",
        r"societe d'assurances?",
        r"assureur",
        r"assure{e} aupres de",
    ),
    _cue("assurance_rc.contrat", Manner.TYPED, r"(?:sous le )?(?:contrat|police)(?: d'assurance)? {n}"),
    _cue("stagiaire.cpam", Manner.PHRASE, r"caisse (?:primaire )?d'assurance maladie", r"caisse d'affiliation"),
    # what only ends an answer
    _cue(
        "",
        Manner.NOTHING,
        r"ci[- ](?:apres|dessous)",
        r"d'(?:une|autre) part",
        r"il (?:a ete|est) (?:convenu|arrete)",
        r"nom",
        r"prenom{e}",
        r"immatricule{e}",
        r"siret",
        r"siren",
        r"telephone",
        r"tel\b\.?",
        r"joignable",
        r"courriel",
        r"e-?mail",
        r"mel",
        r"adresse electronique",
        r"fax",
        r"{n} de (?:securite|telephone)",
        r"au capital",
    ),
)

# Whom a sentence speaks of: a body or a person that begins a part of it. The first that fits wins.
_AFTER = r"(?:et|entre|avec|rapports de)\s*:?\s*(?:d'une part|d'autre part)?\s*,?\s*"
_BEGINS = rf"(?:^|[.;:,(]\s*|[–•-]\s+|\b{_AFTER})(?:(?:et|entre)\s+)?"
_BODIES = {
    "etablissement": (
        "etablissement(?! d'accueil)",
        "ecole",
        "universite",
        "institut",
        "iut",
        "lycee",
        "faculte",
        "ufr",
        "campus",
        "cnam",
        "organisme de formation",
        "centre de formation",
    ),
    "organisme": (
        "organisme",
        "entreprise",
        "societe",
        "association",
        "structure",
        "etablissement d'accueil",
        "collectivite",
        "administration",
        "service d'accueil",
        "employeur",
    ),
    "stagiaire": ("stagiaire", "etudiant{e}", "eleve", "apprenant{e}", "auditeur", "auditrice", "apprenti{e}"),
}
BODIES = tuple(
    (
        party,
        re.compile(
            rf"{_BEGINS}(?P<here>(?:l'|la |le |un |une )(?:{'|'.join(words).replace('{e}', _ENDING)})"
            r"(?: d'accueil| stagiaire)?)(?![a-z])"
        ),
    )
    for party, words in _BODIES.items()
)
BEGINS = re.compile(rf"(?:{_BEGINS}|\bstage (?:de|d')\s*)$")
# After « M. DUPONT, … »: what tells whose name that is.
ROLES = (
    ("stagiaire", re.compile(r"\bne(?:e|\(e\))? le\b|\bdemeurant\b|\bdomicilie|\betudiant|\bstagiaire\b|\binscrit")),
    ("tuteur", re.compile(r"\btut(?:eur|rice)\b|\bmaitre de stage\b")),
)
CIVILITY = r"(?:M\.|Mr\.?|MM\.|Monsieur|Mme\.?|Madame|Mlle\.?|Mademoiselle|Mx\.?)"
# Signs and small words that lead to a value, or are left behind it.
SIGNS = re.compile(r"[\s:,–-]*")
LEADING = re.compile(
    r"(?:est|sont|sera|etant|de|du|des|d'|a|au|aux|par|le|la|les|l'|suivante?s?|fixee?|egale?|s'eleve|assuree?|"
    r"confiee?|effectif|numero)(?:(?<=')|(?=[\s:']))[\s:,–-]*"
)
TRAILING = re.compile(r"(?<=[\s,])(?:et|sous|le|la|les|l'|dont|de|du|a|au|par|son|sa|ses|en|est|avec|pour|aupres)$")
LIMITS = re.compile(r"depass|exced|superieur|inferieur|au[- ]dela")  # a clause, not an answer
NOT_A_ROLE = re.compile(r"(?:dont|ci|et|en|qui|joignable|demeurant|ne|nee|domicilie|il|agissant|represent|sis|situe)")
