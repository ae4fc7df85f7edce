"""Commands of the months of an internship: presence, attest, due, invite, note."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from pipeline.cli import presence_screens, screens
from pipeline.cli.options import Day, by_option, json_option, today_option, workspace_option
from pipeline.cli.session import open_context, say_json
from pipeline.cli.telling import tell
from pipeline.core.errors import ExitCode
from pipeline.dossier import context as contexts
from pipeline.services import attending, attesting, due_list, inviting, milestones

_DOSSIER = click.argument("id", metavar="DOSSIER")


@click.command()
@_DOSSIER
@click.argument("days", nargs=-1, metavar="[JOUR=CODE]...")
@click.option("--by", envvar="LIASSE_PAR", default="", metavar="NOM", help="Qui le dit (pour dire un jour).")
@workspace_option
@today_option
def presence(*, id: str, days: tuple[str, ...], by: str, root: Path, today: dt.date) -> None:  # noqa: A002
    """Dire ce que furent des jours de stage ; sans jour, montrer ce qui est su.

    Un jour s’écrit 2025-04-14=M (P présence, A absence, J absence justifiée, M maladie, C congé, F férié, - rien),
    P/M le matin puis l’après-midi, ou les heures faites : 2025-04-15=3h30. Une attestation déjà émise qui dit autre
    chose est refaite, et l’ancienne marquée remplacée.

    Exemple : liasse presence 2025-014 2025-04-14=M 2025-04-15=3h30 --by "F. GARÇON"
    """
    with open_context(root, today) as context:
        noted = attending.note_presence(context, id, days, by=by or context.settings.decisions.par)
    for part in presence_screens.presence_screen(noted):
        screens.console().print(part)
    for one in noted.issued:
        tell(presence_screens.issued_line(one))
    for remark in noted.remarks:
        tell(remark)


@click.command()
@click.argument("id", metavar="[DOSSIER]", required=False)
@click.option("--month", default="", metavar="AAAA-MM", help="L’attestation de présence d’un mois.")
@click.option("--end", is_flag=True, help="Celles de la fin : de stage, et de présence sur tout le stage.")
@click.option("--completion", is_flag=True, help="Le certificat de réalisation (formation continue).")
@click.option("--present-as-planned", "as_planned", is_flag=True, help="Ce dont on n’a rien dit fut comme prévu.")
@click.option("--paid", default="", metavar="MONTANT", help="La gratification versée, en euros.")
@click.option("--paid-as-agreed", "as_agreed", is_flag=True, help="Elle l’a été comme convenu.")
@click.option("--due", "all_due", is_flag=True, help="De tous les dossiers, celles qui sont dues et sues.")
@click.option("--week", type=Day(), metavar="DATE", help="Avec --due : celles dues cette semaine-là.")
@by_option("Qui les émet, et confirme ce qui est dit.")
@workspace_option
@today_option
def attest(
    *,
    id: str | None,  # noqa: A002 -- what the user types
    month: str,
    paid: str,
    by: str,
    week: dt.date | None,
    root: Path,
    today: dt.date,
    end: bool,
    completion: bool,
    as_planned: bool,
    as_agreed: bool,
    all_due: bool,
) -> ExitCode:
    """Émettre les attestations d’un dossier, avec leurs brouillons de courriel dans outbox/courrier/.

    Sans rien de plus : celles qui sont dues. Rien n’est attesté que personne n’a confirmé, ni avant la fin du mois ou
    du stage. Redemandée, la même n’est pas refaite ; si quelque chose a changé, une version la remplace.

    Exemple : liasse attest 2025-014 --month 2025-04 --present-as-planned --by "F. GARÇON"
    """
    if all_due == bool(id):
        raise click.UsageError("Nommez un dossier, ou dites --due pour tous.")
    wish = attesting.Wish(month, end, completion, as_planned, paid, as_agreed)
    if all_due and wish != attesting.Wish():
        raise click.UsageError("--due n’émet que ce qui est déjà su : nommez un dossier pour confirmer.")
    if week is not None and not all_due:
        raise click.UsageError("--week va avec --due.")
    with open_context(root, today) as context:
        if id:
            _say_attested(attesting.attest(context, id, wish, by=by))
            return ExitCode.ALL_DELIVERED
        return _attest_due(context, min(due_list.week_end(week), today) if week else today, by)


def _attest_due(context: contexts.Context, day: dt.date, by: str) -> ExitCode:
    """Issue what is due and known; then tell what is left for a person to confirm."""
    dues = [(one.dossier, one.due) for one in due_list.due_list(context, day)]
    for done in attesting.attest_due(context, dues, by=by):
        if isinstance(done, attesting.Attested):
            _say_attested(done)
        else:
            tell(str(done), err=True)
    left = [one for one in due_list.due_list(context, day) if one.due.kind in presence_screens.PAPERS]
    tell(f"Reste à confirmer : {due_list.summary(left)}" if left else "Rien ne reste à confirmer.")
    screens.say(presence_screens.due_screen(left))
    return ExitCode.SOME_WAIT if left else ExitCode.ALL_DELIVERED


@click.command()
@click.option("--week", type=Day(), metavar="DATE", help="Toute la semaine de ce jour (sinon : aujourd’hui).")
@workspace_option
@today_option
@json_option
def due(*, week: dt.date | None, root: Path, today: dt.date, as_json: bool) -> ExitCode:
    """Dire ce qui est à faire pour les stages : attestations, bilans, évaluations, signatures, clôtures.

    Chaque ligne donne la commande entière. Ce qui est fait n’y est plus.

    Exemple : liasse due --week 2025-04-28
    """
    with open_context(root, today) as context:
        lines = due_list.due_list(context, due_list.week_end(week) if week else today)
    if as_json:
        say_json([presence_screens.due_json(one) for one in lines])
    else:
        tell(due_list.summary(lines))
        screens.say(presence_screens.due_screen(lines))
    return ExitCode.SOME_WAIT if lines else ExitCode.ALL_DELIVERED


@click.command()
@click.argument("word", metavar="FORMATION|DOSSIER")
@click.option("--session", metavar="ANNÉE", help="La session de la formation (sinon : la dernière).")
@by_option("Qui invite.")
@workspace_option
@today_option
def invite(*, word: str, session: str | None, by: str, root: Path, today: dt.date) -> None:
    """Préparer les invitations à la réunion des référents : un brouillon et un .ics par personne.

    Ils sont posés dans outbox/courrier/ ; rien n’est envoyé. Qui est déjà invité ne l’est pas deux fois ; si le jour,
    l’heure ou le lieu change, l’invitation suivante remplace la première dans les agendas.

    Exemple : liasse invite coordination-essms --by "F. GARÇON"
    """
    with open_context(root, today) as context:
        made = inviting.invite(context, word, session=session, by=by)
    for one in made:
        address = "" if one.addressed else " (adresse à écrire)"
        tell(f"{one.number} {one.role} : outbox/courrier/{one.draft}{address}")
    if not made:
        tell("Tout le monde est déjà invité.")


@click.command()
@_DOSSIER
@click.argument("what", metavar="QUOI", type=click.Choice(["bilan"]))
@click.option("--on", type=Day(), required=True, metavar="DATE", help="Le jour où il a eu lieu.")
@click.option("--text", required=True, metavar="TEXTE", help="Ce qui y fut dit, en quelques phrases.")
@by_option("Qui le note.")
@workspace_option
@today_option
def note(*, id: str, what: str, on: dt.date, text: str, by: str, root: Path, today: dt.date) -> None:  # noqa: A002
    """Noter un moment du stage : le bilan à mi-parcours.

    Exemple : liasse note 2025-014 bilan --on 2025-05-20 --text "Projet engagé, DPP commencé." --by "F. GARÇON"
    """
    with open_context(root, today) as context:
        new = milestones.note_mid_term(context, id, on=on, text=text, by=by)
    tell(f"Le {what} est noté." if new else f"Ce {what} était déjà noté.")


def _say_attested(done: attesting.Attested) -> None:
    for one in done.issued:
        tell(f"{done.number} {presence_screens.issued_line(one)}")
    for remark in done.remarks:
        tell(f"  {remark}")


COMMANDS = (presence, attest, due, invite, note)
