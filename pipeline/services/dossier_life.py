"""Read model of a dossier's life, for whoever looks at it: signatures, papers, verdicts, what is missing."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.core.amendable import Amendable
from pipeline.core.errors import ConfigError, NotAllowed
from pipeline.core.life import Fact, Facts, Paper
from pipeline.core.models import Verdict
from pipeline.dossier.context import Context
from pipeline.dossier.life import closing, life_rules
from pipeline.dossier.life.holding import Life, life_of
from pipeline.dossier.life.signing import ToSign, to_sign
from pipeline.services.dossier_changes import Standing, standing_of


@dataclass(frozen=True)
class LifeView:
    """What is shown of a life: ``alarms`` are the signatures that are missing, ``missing`` what keeps it open."""

    to_sign: tuple[ToSign, ...]
    papers: tuple[Paper, ...]
    facts: Facts
    verdicts: tuple[Verdict, ...]
    alarms: tuple[life_rules.Alarm, ...]
    missing: tuple[str, ...]
    changes: tuple[Standing, ...] = ()

    @property
    def closed(self) -> Fact | None:
        """The word that closed it."""
        return self.facts.closed


def living(context: Context, dossier: str) -> Life | None:
    """The life of a dossier; ``None`` before it has a packet, without its values, or with an ill formation."""
    try:
        return life_of(context, dossier)
    except (NotAllowed, ConfigError):
        return None


def changes_of(life: Life) -> tuple[Standing, ...]:
    """The changes of its convention that were asked."""
    motives = Amendable.load(life.workspace).motives
    return tuple(standing_of(life.facts, life.papers, life.dossier.number, motives))


def view_unless_ill(life: Life, context: Context) -> LifeView | None:
    """The same; ``None`` where what the formations share cannot be read."""
    try:
        return view_of(life, context)
    except ConfigError:
        return None


def view_of(life: Life, context: Context) -> LifeView:
    """A life as it stands today."""
    workdays = context.settings.vie.signatures
    return LifeView(
        to_sign(life),
        life.papers,
        life.facts,
        life_rules.verdicts(life, context.today),
        tuple(life_rules.alarm(life, context.today, workdays)),
        () if life.facts.closed else closing.missing(life, context.today),
        changes_of(life),
    )
