"""Configuration of a formation: a folder with a ``formation.toml``, of ``templates/`` or of the school.

Adding one takes no code. The file says the hours, the sessions, the rules with their severities, the documents in
order and who signs.
What is the school's (its name, who signs, the référent…) stands in ``etablissement/``: see ``core/school.py``.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.core.errors import FormationIll, InvalidRequest
from pipeline.core.formation_file import said_by
from pipeline.core.models import get
from pipeline.core.school import LOGO, SETTINGS, Setting, logo_file, own_settings, with_school
from pipeline.core.settings import Retention, Settings
from pipeline.core.stage_length import StageLength
from pipeline.core.units import Piece, Unit, pieces_of, units_of
from pipeline.core.workspace import Workspace

PARTIES = (
    "stagiaire",
    "tuteur",
    "referent",
    "organisme.signataire",
    "organisme.second_signataire",
    "employeur.signataire",
    "etablissement.signataire",
    "stagiaire.representant_legal",
    "stagiaire.second_representant_legal",
)  # who may sign: the paths of persons, in the record or among the settings
TO_COMPLETE = "À COMPLÉTER"  # printed in a projet where a party or a mention is missing; never on what is signed
_SCHOOL_YEAR = 9  # September: the month in which a school year begins
_YEARS_TO_COME = 2  # school years after the last session of which a form may speak in earnest


@dataclass(frozen=True)
class Session:
    """One year's run of a formation: its window of dates, and what happens in it."""

    annee: str
    settings: Mapping[str, Any]

    @property
    def begins(self) -> int:
        """The year in which its school year begins: 2024 for 2024-2025."""
        return int(self.annee[:4])

    @property
    def start(self) -> dt.date | None:
        """First day on which a stage may take place, if the formation says so."""
        return self.settings.get("date_debut")

    @property
    def end(self) -> dt.date | None:
        """Last day on which a stage may take place, if the formation says so."""
        return self.settings.get("date_fin")


@dataclass(frozen=True)
class Signataire:
    """A party who signs: ``person`` is the path of their name, in the record or in the formation's settings.

    ``minor`` is whose convention they sign: of a stagiaire under age, of one of age; ``None``: of both.
    """

    role: str
    title: str
    person: str
    mention: str
    regimes: frozenset[str]
    minor: bool | None = None

    def signs_under(self, regime: str, *, minor: bool | None = None) -> bool:
        """Whether this party signs for a stagiaire of this régime and age; of an age not known, whoever may sign."""
        of_age = None in (minor, self.minor) or minor == self.minor
        return of_age and (not self.regimes or regime in self.regimes)


@dataclass(frozen=True)
class Formation:
    """One ``formation.toml``, checked against ``formation.schema.json``, with the settings of the school.

    ``absent`` are the PDFs of pieces that are nowhere: the school has not given them yet. ``retention`` is the
    workspace's, which the form tells those who fill it. ``own`` are the settings that it says for itself.
    ``unfit``: files of the school that cannot be used, by name of the PDF or as the logo, each with why in French.
    """

    code: str
    folder: Path
    settings: Mapping[str, Any]
    absent: frozenset[str] = frozenset()
    retention: Retention = field(default_factory=Retention)
    own: frozenset[str] = frozenset()
    unfit: Mapping[str, str] = field(default_factory=dict)
    logo_path: Path | None = None

    @property
    def logo(self) -> bytes | None:
        """The logo of its papers: its own or the school's; none where nobody gave one that opens."""
        return self.logo_path.read_bytes() if self.logo_path and LOGO not in self.unfit else None

    @property
    def title(self) -> str:
        """The full title of the formation."""
        return str(self.settings["intitule"])

    @property
    def sessions(self) -> tuple[Session, ...]:
        """The sessions, in the order of the file."""
        return tuple(Session(item["annee"], item) for item in self.settings["sessions"])

    @property
    def rules(self) -> tuple[Mapping[str, Any], ...]:
        """The lines ``[[regles]]``, as written."""
        return tuple(self.settings.get("regles", ()))

    @property
    def length(self) -> StageLength:
        """How many hours its stages have."""
        return StageLength.of(self.settings["stage"])

    @property
    def accord_required(self) -> bool:
        """Whether a packet waits for the accord pédagogique."""
        return bool(self.settings["accord"]["requis"])

    @property
    def pdfa(self) -> bool:
        """Whether packets are made to be archived, as PDF/A-2b."""
        return bool(self.settings.get("archivage", {}).get("pdfa", False))

    def session(self, annee: str | None = None) -> Session:
        """The session of that year, or the last one; raises ConfigError if there is none such."""
        for session in reversed(self.sessions):
            if annee in (None, session.annee):
                return session
        raise FormationIll(
            f"{self.code} has no session {annee} (it has {', '.join(session.annee for session in self.sessions)}). "
            f"Copy the last [[sessions]] block of {self.folder.name}/formation.toml and change its dates.",
            self.code,
            f"La formation « {self.code} » n’a pas de session {annee}. Que faire : prévenez la personne qui veille "
            "sur liasse, qui l’ajoute aux réglages de la formation.",
        )

    def session_of(self, day: dt.date | None) -> Session:
        """The session of a stage that begins that day: by its window, else by its school year.

        Raises ConfigError for a school year that should be there and is not: between the first and the last, or one
        of the two after. Without a day, or for one that no session can be meant to hold (a slip, a stage long past),
        it is the last session: its rules say what is wrong with the dates.
        """
        if day is None:
            return self.session()
        latest = self.sessions[::-1]
        around = [one for one in latest if one.start and one.end and one.start <= day <= one.end]
        named = [one for one in latest if one.begins == school_year(day)]
        found = [*around, *named]
        if found:
            return found[0]
        years = [one.begins for one in latest]
        if min(years) <= school_year(day) <= max(years) + _YEARS_TO_COME:
            return self.session(f"{school_year(day)}-{school_year(day) + 1}")
        return self.session()

    def signataires(self, regime: str, *, minor: bool | None = None) -> tuple[Signataire, ...]:
        """Who signs for a stagiaire of this régime, under age or not, in signing order."""
        return tuple(party for party in self.parties if party.signs_under(regime, minor=minor))

    @property
    def parties(self) -> tuple[Signataire, ...]:
        """Every party of the file, in signing order."""
        return tuple(
            Signataire(
                role=item["role"],
                title=item["titre"],
                person=item["personne"],
                mention=item.get("mention", ""),
                regimes=frozenset(item.get("regimes", ())),
                minor=item["age"] == "mineur" if "age" in item else None,
            )
            for item in self.settings["signataires"]
        )

    @property
    def units(self) -> tuple[Unit, ...]:
        """What is signed at one moment each, in the order of the signatures."""
        return units_of(self.settings)

    def pieces(self) -> tuple[Piece, ...]:
        """Every document that a packet may hold, in order."""
        return pieces_of(self.settings)

    def asks(self, path: str) -> bool:
        """Whether its own blank asks for a field that others do not ask for."""
        return path in self.settings["formulaire"].get("avec", ())

    def leaves_out(self, path: str) -> bool:
        """Whether its own blank does without a field: by the field's name, or by that of a group it stands in."""
        return any(path == one or path.startswith(f"{one}.") for one in self.settings["formulaire"].get("sans", ()))

    def takes(self, regime: str) -> bool:
        """Whether its rules admit a status (``statuts_admis``): its blank offers no other."""
        listed = (line["statuts"] for line in self.rules if line["controle"] == "statuts_admis")
        return all(regime in statuses for statuses in listed)

    def empty_settings(self) -> tuple[Setting, ...]:
        """The settings that nobody has given yet, optional ones too."""
        return tuple(setting for setting in SETTINGS if get(self.settings, setting.key) in (None, ""))

    def asked_by(self, setting: Setting) -> str:
        """The command that asks for a setting: once for the school, unless it is this formation's own."""
        return f"liasse setup {self.code}" if setting.of_formation or setting.key in self.own else "liasse setup"

    @property
    def sha256(self) -> str:
        """Hash of what is set: part of a packet's identity."""
        unfit = [sorted(self.unfit)] if self.unfit else []
        text = json.dumps(
            [self.settings, sorted(self.absent), *unfit], sort_keys=True, default=str, ensure_ascii=False
        )
        return hashlib.sha256(text.encode()).hexdigest()


def school_year(day: dt.date) -> int:
    """The year in which the school year of a day began: 2024 for March 2025."""
    return day.year if day.month >= _SCHOOL_YEAR else day.year - 1


def require_typed(workspace: Workspace, code: str, annee: str | None = None) -> None:
    """Raise InvalidRequest where a person typed a code that is no formation, or a year that is none of its sessions.

    Raises ConfigError for a formation that is broken.
    """
    codes = formation_codes(workspace)
    if code not in codes:
        raise InvalidRequest(f"« {code} » n’est pas une formation. Il y a : {', '.join(codes) or 'aucune'}.")
    years = [session.annee for session in load_formation(workspace, code).sessions] if annee is not None else []
    if annee is not None and annee not in years:
        raise InvalidRequest(f"{code} n’a pas de session « {annee} ». Il y a : {', '.join(years)}.")


def load_formation(workspace: Workspace, code: str) -> Formation:
    """The formation of that folder name; raises ConfigError naming the file, the place and the mend."""
    path = workspace.model(f"{code}/formation.toml")
    if not path.is_file():
        raise FormationIll(
            f"no formation {code!r}: {path} is missing. "
            f"The formations here are: {', '.join(formation_codes(workspace)) or 'none'}.",
            code,
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormationIll(f"{path} is not valid TOML: {error}. Mend that line.", code) from error
    settings = said_by(path, text, (workspace.schemas / "formation.schema.json").read_text(encoding="utf-8"), PARTIES)
    if settings["code"] != code:
        raise FormationIll(
            f"{path} says code = {settings['code']!r}, its folder is {code!r}. Make them the same.", code
        )
    names = {piece["pdf"] for piece in settings["documents"] if "pdf" in piece and "modele" not in piece}
    absent = frozenset(name for name in names if not workspace.model(name).is_file())
    retention = Settings.load(workspace).conservation
    whole, own = with_school(settings, workspace, code), own_settings(settings, workspace, code)
    return Formation(code, path.parent, whole, absent, retention, own, logo_path=logo_file(workspace, code))


def formation_codes(workspace: Workspace) -> tuple[str, ...]:
    """The folders that hold a ``formation.toml``, sorted: the product's and the school's."""
    return tuple(path.parent.name for path in workspace.models("*/formation.toml"))
