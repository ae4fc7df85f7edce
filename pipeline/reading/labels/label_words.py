"""How a printed label is compared: its words without accents, case, signs or the endings of inclusive writing."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.core.folding import fold

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
_WORD = re.compile(r"[a-z0-9]+|€|%")


@lru_cache(maxsize=8192)
def label_words(text: str) -> Words:
    """« N° de tél. de l’étudiant(e) : » is (numero, de, telephone, de, etudiant): what labels are matched by."""
    plain = fold(text)
    plain = _ENDINGS.sub("", plain)
    plain = _POSTCODE.sub(" code postal ", plain)
    plain = _NUMBER.sub(" numero ", plain)
    plain = _COURRIEL.sub(" courriel ", plain)
    plain = _TELEPHONE.sub(" telephone ", plain)
    words = [_PLURALS.get(word, word) for word in _WORD.findall(plain)]
    kept = [word for word in words if word not in _ARTICLES]
    return tuple(kept or words)


def without_brackets(text: str) -> str:
    """A label without what it says in brackets; as it is if nothing would be left."""
    bare = re.sub(r"\((?![a-zé]{1,5}\))[^()]*\)?", " ", text).strip()
    return bare if label_words(bare) else text
