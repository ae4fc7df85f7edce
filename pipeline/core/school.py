"""Settings of the school: what they are, what a packet cannot be signed without, and where each workspace keeps them.

They stand in ``etablissement/``, apart from ``templates/``, so that an update never touches them: the school's in
``etablissement.toml``, what one formation has of its own in ``<formation>/etablissement.toml``. What a
``formation.toml`` still says in its ``[etablissement]`` holds where neither speaks; in its ``[referent]``, before the
school's. A person is one block: never the name of one with the address of another.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipeline.core.errors import FormationIll
from pipeline.core.french import e164
from pipeline.core.models import get, leaves, put
from pipeline.core.workspace import Workspace

FILE = "etablissement.toml"
LOGO = "logo"  # among the files that cannot be used, beside the names of PDFs
LOGOS = ("logo.png", "logo.jpg")
STUDENT_MENTIONS = "C. éduc., D124-4"


class SettingKind(StrEnum):
    """How a setting is written, which says how it is checked."""

    TEXT = "texte"
    CIVILITY = "civilite"
    SIRET = "siret"
    ACTIVITY_NUMBER = "nda"
    SCHOOL_CODE = "uai"
    EMAIL = "courriel"
    PHONE = "telephone"
    HOURS = "heures"


@dataclass(frozen=True)
class Setting:
    """One setting: its dotted name, its French label, what kind of value.

    ``needed`` says in French why no packet can be signed without it, empty where it is optional: then it is left out
    of the papers. ``mention`` is its number in D124-4, for the conventions of students. ``of_formation``: it is asked
    for each formation, not once for the school.
    """

    key: str
    label: str
    kind: SettingKind = SettingKind.TEXT
    needed: str = ""
    mention: str = ""
    of_formation: bool = False


_PARTY = "l’établissement est partie à la convention"
_SIGNS = "il signe pour l’établissement"
_FOLLOWS = "il suit le stage"
SETTINGS = (
    Setting("etablissement.nom", "Nom de l’établissement", needed=_PARTY),
    Setting("etablissement.adresse", "Adresse de l’établissement", needed=_PARTY),
    Setting("etablissement.siret", "SIRET de l’établissement", SettingKind.SIRET, _PARTY),
    Setting(
        "etablissement.courriel",
        "Courriel de la scolarité",
        SettingKind.EMAIL,
        "les formulaires et les changements de calendrier y sont envoyés",
    ),
    Setting("etablissement.telephone", "Téléphone de la scolarité", SettingKind.PHONE),
    Setting("etablissement.delegue_donnees", "Courriel du délégué à la protection des données", SettingKind.EMAIL),
    Setting("etablissement.nda", "Numéro de déclaration d’activité", SettingKind.ACTIVITY_NUMBER),
    Setting("etablissement.uai", "Code UAI de l’établissement", SettingKind.SCHOOL_CODE),
    Setting("etablissement.signataire.civilite", "Civilité du signataire", SettingKind.CIVILITY),
    Setting("etablissement.signataire.nom", "Nom du signataire de l’établissement", needed=_SIGNS),
    Setting("etablissement.signataire.prenom", "Prénom du signataire de l’établissement", needed=_SIGNS),
    Setting("etablissement.signataire.fonction", "Fonction du signataire de l’établissement", needed=_SIGNS),
    Setting(
        "etablissement.signataire.courriel",
        "Courriel du signataire de l’établissement",
        SettingKind.EMAIL,
        "la demande de signature lui est envoyée",
    ),
    Setting("etablissement.signataire.telephone", "Téléphone portable du signataire", SettingKind.PHONE),
    Setting("referent.civilite", "Civilité du référent", SettingKind.CIVILITY, of_formation=True),
    Setting("referent.nom", "Nom du référent", needed=_FOLLOWS, mention="2°", of_formation=True),
    Setting("referent.prenom", "Prénom du référent", needed=_FOLLOWS, mention="2°", of_formation=True),
    Setting("referent.fonction", "Fonction du référent", of_formation=True),
    Setting("referent.courriel", "Courriel du référent", SettingKind.EMAIL, _FOLLOWS, of_formation=True),
    Setting("referent.telephone", "Téléphone du référent", SettingKind.PHONE, of_formation=True),
    Setting(
        "volume_horaire",
        "Volume horaire de la formation, par an",
        SettingKind.HOURS,
        "la convention le mentionne",
        mention="1°",
        of_formation=True,
    ),
    Setting("certification", "Certification préparée (code, fiche RNCP ou RS)", of_formation=True),
)
ROOTS = frozenset(setting.key.split(".")[0] for setting in SETTINGS)  # what of a formation.toml they stand in
PERSONS = {"etablissement.signataire": "Signataire de l’établissement", "referent": "Référent"}  # each is one block
_POST = ".fonction"
BY_KEY: Mapping[str, Setting] = {setting.key: setting for setting in SETTINGS}


def settings_file(workspace: Workspace, formation: str | None = None) -> Path:
    """The file of the school's settings, or of those that one formation has of its own."""
    return (workspace.school / formation if formation else workspace.school) / FILE


def logo_file(workspace: Workspace, formation: str) -> Path | None:
    """Where the logo of a formation lies: its own, else the school's; ``None`` where nobody gave one."""
    places = (workspace.school / formation, workspace.school)
    return next((path for place in places for name in LOGOS if (path := place / name).is_file()), None)


def read_settings(path: Path) -> dict[str, Any]:
    """What a file of settings says, by dotted name; nothing where there is no file.

    Raises ConfigError naming the file for what cannot be read and for a name that is no setting.
    """
    if not path.is_file():
        return {}
    try:
        written = dict(_leaves_of(path.read_text(encoding="utf-8-sig")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise FormationIll(f"{path} cannot be read: {error}. Mend that line, or remove the file.") from error
    unknown = sorted(written.keys() - BY_KEY.keys())
    if unknown:
        raise FormationIll(f"{path}: {', '.join(unknown)} is no setting. There are {', '.join(BY_KEY)}.")
    return written


@lru_cache(maxsize=64)
def _leaves_of(text: str) -> Mapping[str, Any]:
    return dict(leaves(tomllib.loads(text)))


@dataclass(frozen=True)
class Said:
    """What is said of the school to one formation, by dotted name: in its own file, the school's, formation.toml."""

    own: Mapping[str, Any]
    school: Mapping[str, Any]
    formation: Mapping[str, Any]

    def heard(self, setting: Setting) -> tuple[Any, Mapping[str, Any] | None]:
        """The value that holds, and who says it; « » and ``None`` where nobody does.

        Of a person all is taken from the first that names one. Only a function may come from one that names nobody:
        it is the post's.
        """
        last = (self.formation, self.school) if setting.of_formation else (self.school, self.formation)
        asked: tuple[Mapping[str, Any], ...] = (self.own, *last)
        block = block_of(setting.key)
        if block != setting.key:
            naming = [one for one in asked if names(one, block)][:1]
            posts = [one for one in asked if not names(one, block)] if setting.key.endswith(_POST) else []
            asked = (*naming, *posts) if naming else asked
        return next(((one[setting.key], one) for one in asked if one.get(setting.key) not in (None, "")), ("", None))


def block_of(key: str) -> str:
    """What a setting is given with: the person that it is of, or itself."""
    return next((person for person in PERSONS if key.startswith(f"{person}.")), key)


def names(said: Mapping[str, Any], person: str) -> bool:
    """Whether somebody is named there."""
    return said.get(f"{person}.nom") not in (None, "")


def said_to(formation: Mapping[str, Any], workspace: Workspace, code: str) -> Said:
    """What the files of the school and a ``formation.toml`` say to that formation; raises ConfigError."""
    own, school = (read_settings(settings_file(workspace, part)) for part in (code, None))
    return Said(own, school, {key: get(formation, key) for key in BY_KEY})


def with_school(formation: Mapping[str, Any], workspace: Workspace, code: str) -> dict[str, Any]:
    """The settings of a ``formation.toml`` with those of the school: each is there, empty where nobody gave it.

    Which holds where several speak: ``Said.heard``. Whether a value suits is for rule F-05 to say.
    """
    said = said_to(formation, workspace, code)
    settings = _copied(formation)
    for setting in SETTINGS:
        value, _ = said.heard(setting)
        phone = setting.kind is SettingKind.PHONE and isinstance(value, str)
        put(settings, setting.key, (phone and e164(value)) or value)
    return settings


def own_settings(formation: Mapping[str, Any], workspace: Workspace, code: str) -> frozenset[str]:
    """The settings that a formation says for itself, in its own file: those of the school do not hold for it."""
    said = said_to(formation, workspace, code)
    return frozenset(setting.key for setting in SETTINGS if said.heard(setting)[1] is said.own)


def _copied(node: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _copied(value) if isinstance(value, Mapping) else value for name, value in node.items()}
