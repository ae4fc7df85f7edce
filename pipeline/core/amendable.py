"""What an avenant may change: its fields by article of the convention, and its motives, as ``avenant.toml`` says.

A field that it does not name is changed otherwise, or never: by a form, by a setting, by another convention.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from pipeline.core.errors import FormationIll
from pipeline.core.workspace import Workspace

CORRECTION, DATES, OTHER = "correction", "calendrier", "autre"
_FILE = "commun/avenant.toml"
_OTHER_ARTICLE = "La convention"
# Motive by the beginning of the fields that change: the first that fits.
_MOTIVES = (
    ("organisme.signataire", "signataire"),
    ("organisme.second_signataire", "signataire"),
    ("employeur.signataire", "signataire"),
    ("organisme.", "lieu"),
    ("tuteur.", "tuteur"),
    ("referent.", "referent"),
    ("gratification.", "gratification"),
    ("stage.avantages", "gratification"),
    ("stage.sujet", "activites"),
    ("stage.objectifs", "activites"),
    ("stage.activites", "activites"),
    ("stage.competences", "activites"),
    ("stage.projet_collectif", "activites"),
    ("stage.", DATES),
)


@dataclass(frozen=True)
class Article:
    """Where a convention says some fields: ``places`` by the name of its template."""

    fields: Sequence[str]
    places: Mapping[str, str]

    def has(self, path: str) -> bool:
        """Whether a field is said there."""
        return any(path == one or (one.endswith(".*") and path.startswith(one[:-1])) for one in self.fields)

    def of(self, template: str) -> str:
        """How that convention calls the place; « La convention » where nobody said it."""
        return self.places.get(PurePath(template).stem, _OTHER_ARTICLE)


@dataclass(frozen=True)
class Amendable:
    """``avenant.toml``, read: the articles in order, the motives with their French words."""

    articles: Sequence[Article]
    motives: Mapping[str, str]

    @classmethod
    def load(cls, workspace: Workspace) -> Amendable:
        """Read ``commun/avenant.toml``, the school's or ours; raises ConfigError naming what is wrong in it."""
        path = workspace.model(_FILE)
        try:
            said = tomllib.loads(path.read_text(encoding="utf-8"))
            articles = [
                Article(tuple(one["champs"]), {name: str(place) for name, place in one.items() if name != "champs"})
                for one in said["articles"]
            ]
            return cls(tuple(articles), {code: str(words) for code, words in said["motifs"].items()})
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise FormationIll(f"{path} cannot be read: {error}. Restore it or mend that line.") from error
        except (KeyError, TypeError, AttributeError) as error:
            raise FormationIll(f"{path}: {error} is missing or wrong. Compare with the one that came.") from error

    def article(self, path: str) -> Article | None:
        """Where a field is said; ``None`` for one that no avenant changes."""
        return next((one for one in self.articles if one.has(path)), None)

    def motive_of(self, fields: Iterable[str]) -> str:
        """The motive that the fields say, of the first that has one."""
        found = (code for path in fields for start, code in _MOTIVES if path.startswith(start))
        return next(found, OTHER)


def elsewhere(path: str, number: str) -> str:
    """What to do, in French, about a field that no avenant of that dossier changes."""
    section = path.split(".", maxsplit=1)[0]
    if section == "organisme":
        return (
            "une autre structure est une autre convention. Mettez fin à celle-ci (liasse amend "
            f"{number} stage.date_fin=… --from … --motive fin-anticipee), puis faites remplir un nouveau formulaire"
        )
    if section in ("stagiaire", "employeur", "formation", "stage"):
        return (
            "ce n’est pas une clause que change un avenant. Faites renvoyer le formulaire corrigé : « liasse dossier "
            f"add {number} FICHIER » fera une nouvelle version de la convention"
        )
    if section == "accord_pedagogique":
        return "un changement se juge par « liasse amend … --accept »"
    return "ce n’est pas une clause de la convention"
