"""Agreement of a proposal with the words around it: a name that says « Date » is no place, an amount no telephone.

What a field's answer is comes from the schema (its kind and ``x-nature``) and from the school's settings.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.core.fields import Dictionary, FieldKind, Nature

_DATE, _PLACE, _MAIL, _PHONE, _AMOUNT, _COUNT = "date", "lieu", "courriel", "telephone", "montant", "nombre"
_PERSON, _BODY, _ROLE, _CODE = "personne", "organisme", "fonction", "numero"
_OF_KIND = {
    FieldKind.DATE: _DATE,
    FieldKind.EUROS: _AMOUNT,
    FieldKind.HOURS: _COUNT,
    FieldKind.WHOLE: _COUNT,
    FieldKind.SIRET: _CODE,
    FieldKind.NIR: _CODE,
    FieldKind.PHONE: _PHONE,
    FieldKind.EMAIL: _MAIL,
    FieldKind.POSTCODE: _PLACE,
}
_OF_NATURE = {
    **dict.fromkeys((Nature.SURNAME, Nature.GIVEN_NAME, Nature.BIRTH_NAME, Nature.FULL_NAME), _PERSON),
    **dict.fromkeys((Nature.STREET, Nature.POSTCODE, Nature.PLACE, Nature.ADDRESS), _PLACE),
    Nature.BIRTH: _DATE,
    Nature.BODY: _BODY,
    Nature.ROLE: _ROLE,
    Nature.CODE: _CODE,
    Nature.ACTIVITY_CODE: _CODE,
}
_OF_SETTING = {  # by the last name of the path
    **dict.fromkeys(("siret", "nda", "uai", "numero"), _CODE),
    **dict.fromkeys(("prenom", "nom_prenom"), _PERSON),
    "nom": _BODY,
    "adresse": _PLACE,
    "courriel": _MAIL,
    "delegue_donnees": _MAIL,
    "telephone": _PHONE,
    "fonction": _ROLE,
    "date": _DATE,
    "volume_horaire": _COUNT,
}
_SAID = {
    _DATE: "date",
    _PLACE: "lieu adresse ville voie rue commune localite pays postal domicile",
    _MAIL: "courriel",
    _PHONE: "telephone portable mobile gsm",
    _AMOUNT: "montant euros salaire",
    _COUNT: "heures duree nombre nb volume effectif",
    _PERSON: "nom prenom",
    _BODY: "nom raison denomination",
    _ROLE: "fonction qualite",
    _CODE: "numero siret siren nda uai ape naf nir matricule ine",
}
_HOURS = frozenset(("heure", "heures", "h"))
_UNITS = {"jour": "jour", "jours": "jour", "semaine": "semaine", "semaines": "semaine", "mois": "mois"}


def nature_of(path: str, dictionary: Dictionary) -> str | None:
    """What the answer to a field, or a setting of the school, is; ``None`` for words that may be anything."""
    field, nature = dictionary.fields.get(path), dictionary.nature(path)
    if nature is not None:
        return _OF_NATURE.get(nature)
    if field is not None:
        return _OF_KIND.get(field.kind)
    if path.endswith(".signataire.nom"):
        return _PERSON
    return _OF_SETTING.get(path.rpartition(".")[2])


def asked(words: Iterable[str]) -> frozenset[str]:
    """The natures that these words say: « date », « lieu » of a birth; none of « stagiaire »."""
    said = frozenset(words)
    return frozenset(nature for nature, names in _SAID.items() if said & frozenset(names.split()))


def agrees(words: Iterable[str], path: str, dictionary: Dictionary) -> bool:
    """Whether a field may be what these words ask for: they say its nature, or one of the two says none."""
    words = frozenset(words)
    said, nature = asked(words), nature_of(path, dictionary)
    return (not said or nature is None or nature in said) and _in_its_unit(words, path, dictionary)


def _in_its_unit(words: frozenset[str], path: str, dictionary: Dictionary) -> bool:
    """Whether hours are not asked for by weeks: « durée en semaines » is no number of hours."""
    field = dictionary.fields.get(path)
    if field is None or field.kind is not FieldKind.HOURS or words & _HOURS:
        return True
    units = {_UNITS[word] for word in words if word in _UNITS}
    return not units or field.unit in units
