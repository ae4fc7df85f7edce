"""Notices printed on our own form: how to fill and return it, by when, and what becomes of personal data (RGPD).

They say what the settings say; what a setting does not give is left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.core.formation import Formation, Session
from pipeline.core.french import long_date
from pipeline.core.paper_kinds import PaperForm
from pipeline.forms import paper_notices

PRIVACY = "Protection des données personnelles"
_AGREEING = {  # the law's words, for a formation that has no other
    "stagiaire": "le stagiaire",
    "organisme": "l’organisme d’accueil",
    "tuteur": "le tuteur",
    "referent": "l’enseignant référent",
    "employeur": "l’employeur",
    "etablissement": "l’établissement",
}


def logo_text(formation: Formation) -> str:
    """What stands where the logo goes: the establishment's name, once it is known."""
    return _school(formation, "nom") or "Logo de l’établissement"


def session_line(formation: Formation, session: Session) -> str:
    """The line under the title: year, dates and hours."""
    start, end = session.start, session.end
    dates = f" – stages du {long_date(start)} au {long_date(end)}" if start and end else ""
    hours = formation.settings["stage"].get("duree_heures") or formation.length.told(unit=False)
    return _plain(f"Session {session.annee}{dates} – {hours} heures de stage")


def advice(formation: Formation, session: Session, paper: PaperForm = PaperForm.FORMULAIRE) -> tuple[str, ...]:
    """What whoever fills it is told. That nothing starts before the signatures: articles L124-1 and D124-4."""
    courriel = _school(formation, "courriel")
    where = f"la scolarité ({courriel})" if courriel else "la scolarité"
    if paper is not PaperForm.FORMULAIRE:
        told = {"where": where, "who": _agreeing(formation)}
        return tuple(_plain(line.format(**told)) for line in paper_notices.TOLD[paper].split("\n"))
    filling = (
        "Le stagiaire remplit ce formulaire avec son tuteur, à l’écran de préférence. "
        "* : réponse obligatoire ; (*) : obligatoire selon le statut du stagiaire."
    )
    return (
        filling,
        _plain(f"Une fois complet, daté et signé, il est renvoyé à {where}, {_deadline(formation, session)}."),
        "Il ne remplace pas la convention : le stage ne commence qu’une fois la convention signée par tous.",
    )


def _agreeing(formation: Formation) -> str:
    """Who must accept a change, as the conventions say it: « l’auditeur, le tuteur et le responsable du tutorat »."""
    roles = formation.settings.get("changement", {}).get("accord", ["referent"])
    words = _AGREEING | formation.settings.get("vocabulaire", {})
    *others, last = (words[role] for role in roles)
    return f"{', '.join(others)} et {last}" if others else str(last)


def _deadline(formation: Formation, session: Session) -> str:
    """By when the form must be back: the rule on the delay of edition, and the session's first day."""
    delay = _rule(formation, "delai_avant_debut")
    if delay:
        open_days = " ouvrés" if delay.get("jours_ouvres") else ""
        return (
            f"au plus tard {delay['jours']} jours{open_days} avant le début du stage : la convention doit être "
            "établie dans ce délai"
        )
    first = min((day for day in (*session.settings.get("jours_formation", ()), session.start) if day), default=None)
    if first and _rule(formation, "recu_avant_formation"):
        return f"avant le {long_date(first)}, premier jour de la session"
    return "avant le début du stage"


def privacy(formation: Formation, paper: PaperForm = PaperForm.FORMULAIRE) -> tuple[str, ...]:
    """What the RGPD (art. 13) has people told: who, what for, on what ground, how long, which rights, whom to ask.

    A paper of a dossier that is open says what it serves, and sends back to what the formulaire told.
    """
    if paper is not PaperForm.FORMULAIRE:
        name = _school(formation, "nom") or "L’établissement d’enseignement qui remet ce document"
        return (_plain(f"{name} est responsable du traitement. {paper_notices.SERVES[paper]} {_rights(formation)}"),)
    return tuple(map(_plain, (_purpose(formation), _duration(formation), _rights(formation))))


def _purpose(formation: Formation) -> str:
    name, address = _school(formation, "nom"), _school(formation, "adresse")
    known = f"{name}, {address}," if name and address else name
    return (
        f"{known or 'L’établissement d’enseignement qui remet ce formulaire'} est responsable du traitement des "
        "réponses. Elles servent à établir, à faire signer et à suivre la convention de stage et ses annexes ; sans "
        "les réponses obligatoires, la convention ne peut pas être établie. Fondement : pour un étudiant, "
        "l’obligation légale d’une convention (C. éduc., L124-1 et D124-4 ; RGPD, art. 6.1.c) ; pour les autres "
        "stagiaires, l’exécution de leur contrat ou convention de formation (art. 6.1.b). Destinataires : "
        "l’établissement, l’organisme d’accueil, l’employeur s’il y en a un, et ceux qui signent."
    )


def _duration(formation: Formation) -> str:
    kept = " ; ".join(_kept(formation))
    return f"Conservation : {kept}. La convention signée est archivée à part par l’établissement."


def _rights(formation: Formation) -> str:
    contact = _school(formation, "delegue_donnees") or _school(formation, "courriel")
    asked = f"à {contact}" if contact else "auprès de la scolarité"
    return (
        "Chacune des personnes nommées ici, que le stagiaire informe, peut demander l’accès à ses données, leur "
        "rectification et, selon les cas, leur effacement, la limitation de leur traitement ou s’y opposer (RGPD, "
        f"art. 15 à 21), {asked}. Elle peut saisir la CNIL (www.cnil.fr)."
    )


def _kept(formation: Formation) -> Iterator[str]:
    """How long each class of data is kept: ``[conservation]`` of ``liasse.toml``, in days; 0 is for ever."""
    kept = formation.retention
    for what, days, since in (
        ("le formulaire et ses réponses", kept.formulaires, "après la remise des documents ou l’abandon du dossier"),
        ("les documents préparés", kept.liasses, "après leur remise"),
        ("le nom au registre", kept.registre, "après cette remise ou cet abandon"),
    ):
        yield f"{what}, {days} jours {since}" if days else f"{what}, sans limite de durée"


def _rule(formation: Formation, controle: str) -> dict[str, object]:
    return dict(next((rule for rule in formation.rules if rule["controle"] == controle), {}))


def _school(formation: Formation, name: str) -> str:
    return str(formation.settings["etablissement"].get(name) or "").strip()


def _plain(text: str) -> str:
    """Ordinary spaces: the form's text is compared word by word when it comes back."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")
