"""Closing of a dossier: what its formation and the law ask before it is over, and what of that is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from pipeline.core.french import long_date
from pipeline.core.life import FactKind, PaperKind
from pipeline.core.models import get
from pipeline.dossier.life import life_rules
from pipeline.dossier.life.changing import judge_command
from pipeline.dossier.life.holding import Life
from pipeline.dossier.life.life_rules import asked, last_day
from pipeline.dossier.life.signing import evaluation_of, of_packet, of_paper
from pipeline.dossier.life.signing import to_sign as all_to_sign

_STUDENT = "FI_ETUDIANT"
_OWN_MEANS = "FPC_AUTOFINANCE"  # nobody asks for a certificat de réalisation
_CERTIFIES = "commun/attestation.docx"  # the template of the attestation de stage, whatever a formation calls it


def missing(life: Life, today: dt.date) -> tuple[str, ...]:
    """What keeps a dossier from being closed on a day, in French, each with what to do; nothing if all is there."""
    found = (line for look in _LOOKS for line in look(life, today))
    return tuple(dict.fromkeys(found))


def _ended(life: Life, today: dt.date) -> Iterator[str]:
    end = last_day(life)
    if end is not None and today <= end:
        yield (
            f"Le stage dure jusqu’au {long_date(end)} : il se clôt après. S’il a pris fin avant : "
            f"liasse amend {life.dossier.number} stage.date_fin=DATE --from DATE --motive fin-anticipee "
            "--reason MOTIF --by NOM"
        )


def _signed(life: Life, _today: dt.date) -> Iterator[str]:
    yield from (asked(life, one) for one in of_packet(life) if one.missing)


def _avenants(life: Life, _today: dt.date) -> Iterator[str]:
    number = life.dossier.number
    for change in life.facts.of(FactKind.ASKED):
        judged = life.facts.last(FactKind.JUDGED, change.key)
        if judged is None:
            yield (
                f"Modification {change.key} : sans avis du référent pédagogique. "
                f"{judge_command(number, change.key)} le note, ou --refuse."
            )
        elif judged.body["avis"] == "favorable" and life.paper(PaperKind.AVENANT, change.key) is None:
            yield (
                f"Avenant {change.key} : accepté, il n’est pas établi. "
                f"{judge_command(number, change.key)} le reprend."
            )
    yield from (
        asked(life, one)
        for one in all_to_sign(life)
        if one.paper and one.paper.kind is PaperKind.AVENANT and one.missing
    )


def _attendance(life: Life, today: dt.date) -> Iterator[str]:
    number, end = life.dossier.number, of_paper(life, PaperKind.END)
    if life.paper(PaperKind.END) is not None:
        if end is not None and end.missing:
            yield asked(life, end)
    elif _certifies(life):
        yield f"L’attestation de stage n’est pas établie : liasse attest {number} --by NOM"
    else:
        yield from (
            f"Présence de {month} : ni feuille relue, ni attestation : liasse attest {number} --by NOM"
            for month in _months(life, today)
            if life.paper(PaperKind.PRESENCE, month) is None
        )


def _evaluation(life: Life, _today: dt.date) -> Iterator[str]:
    """The day of closing is after the last: the rule is asked as of then."""
    end = last_day(life)
    if evaluation_of(life) is not None and end is not None:
        yield from life_rules.evaluated(life, end + dt.timedelta(days=1))


def _questionnaire(life: Life, _today: dt.date) -> Iterator[str]:
    asks = life.programme.formation.settings.get("evaluation", {}).get("questionnaire")
    if asks and _regime(life) == _STUDENT and life.facts.last(FactKind.QUESTIONNAIRE) is None:
        yield (
            "Le questionnaire de l’étudiant sur l’accueil n’est pas revenu (C. éduc., L124-4) : déposez-le dans "
            "inbox/, ou clôturez sans lui : "
            f"liasse close {life.dossier.number} --by NOM --reason MOTIF"
        )


def _completion(life: Life, _today: dt.date) -> Iterator[str]:
    """Whoever pays a person in formation continue is sent a certificat de réalisation."""
    paid = _regime(life).startswith("FPC_") and (
        _regime(life) != _OWN_MEANS or get(life.data, "employeur.financeur") is not None
    )
    if paid and life.paper(PaperKind.COMPLETION) is None:
        yield f"Le certificat de réalisation n’est pas établi : liasse attest {life.dossier.number} --by NOM"


def _rules(life: Life, today: dt.date) -> Iterator[str]:
    """What a rule of its life finds that keeps it open, as of the day after the last."""
    end = last_day(life)
    day = max(today, end + dt.timedelta(days=1)) if end else today
    closing = {rule.id for rule in life_rules.rules_of(life) if rule.control.closes}
    for verdict in life_rules.verdicts(life, day):
        yield from (one.message for one in verdict.problems if verdict.rule in closing)


_LOOKS: tuple[Callable[[Life, dt.date], Iterator[str]], ...] = (
    _ended,
    _signed,
    _avenants,
    _attendance,
    _evaluation,
    _questionnaire,
    _completion,
    _rules,
)


def _certifies(life: Life) -> bool:
    """Whether an attestation de stage is due: the law's for a student (D124-9), or one of its formation's papers."""
    regime = _regime(life)
    pieces = life.programme.formation.pieces()
    return regime == _STUDENT or any(one.template == _CERTIFIES and one.belongs_to(regime) for one in pieces)


def _months(life: Life, today: dt.date) -> list[str]:
    days = life.terms.days(life.programme.session)
    return sorted({f"{day:%Y-%m}" for day in days.hours if day <= today}) if days else []


def _regime(life: Life) -> str:
    return str(get(life.data, "stagiaire.regime") or "")
