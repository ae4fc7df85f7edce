"""Commands of who looks after it: doctor, purge, export, erase; bilan; blank and check of formations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from pipeline.cli.options import by_option, json_option, reason_option, today_option, workspace_option
from pipeline.cli.session import open_context, say_json
from pipeline.core import formation as kinds
from pipeline.core import paper_kinds
from pipeline.core.errors import ExitCode
from pipeline.core.french import counted
from pipeline.core.settings import Settings
from pipeline.core.text import visible
from pipeline.core.workspace import Workspace
from pipeline.ledger import store
from pipeline.maintenance import doctor as machine
from pipeline.maintenance import formations, retention
from pipeline.regeneration import impact as impacts
from pipeline.regeneration import impact_report
from pipeline.reports import papers, summary
from pipeline.services import blank_forms, personal_data


@click.command()
@workspace_option
@json_option
def doctor(root: Path, *, as_json: bool) -> ExitCode:
    """Say whether this machine and this workspace are ready: everything is really tried, a few seconds.

    Example: liasse doctor
    """
    findings = list(machine.examine(Workspace.at(root)))
    if as_json:
        say_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            click.echo(f"{finding.level.value:<8} {finding.what:<32} {finding.said}")
    return machine.exit_code(findings)


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@workspace_option
@today_option
@json_option
def purge(root: Path, today: dt.date, *, dry_run: bool, as_json: bool) -> None:
    """Remove what is older than the days of [conservation] in liasse.toml; never a packet that was signed.

    Example: liasse purge --dry-run
    """
    workspace = Workspace.at(root)
    days = Settings.load(workspace).conservation
    with store.Ledger.open(workspace) as ledger:
        found = list(retention.due(ledger, workspace, days, today))
        if not dry_run:
            retention.purge(found, ledger, workspace, today, days)
    if as_json:
        say_json([asdict(one) for one in found])
        return
    for one in found:
        click.echo(f"{one.of.value:<12} {one.id:<9} depuis le {one.since:%d/%m/%Y}  {one.what}")
    done = "à supprimer" if dry_run else "supprimés"
    click.echo(f"{len(found)} éléments {done}." if found else "Rien à supprimer.")


@click.command()
@click.argument("id")
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), default=Path(), metavar="DIR")
@workspace_option
def export(id: str, to: Path, root: Path) -> None:  # noqa: A002 -- what the user types
    """Mettre dans un dossier tout ce qui est gardé d’une personne : fichiers, valeurs, décisions, liasses, journal.

    Exemple : liasse export 2025-014 --to /media/cle
    """
    workspace = Workspace.at(root)
    with store.Ledger.open(workspace) as ledger:
        click.echo(personal_data.export(ledger, workspace, id, to))


@click.command()
@click.argument("id")
@by_option("Qui le fait.")
@reason_option
@click.option(
    "--signed-too", is_flag=True, help=("Aussi ce qui fut retiré ou signé : sur la parole de l’archiviste seulement.")
)
@workspace_option
def erase(*, id: str, by: str, reason: str, root: Path, signed_too: bool) -> None:  # noqa: A002 -- what the user types
    """Effacer tout ce qui est gardé d’une personne ; empreintes, états et dates restent, sans nom.

    Dit ensuite où la personne peut encore se trouver : formulaires illisibles, noms écrits presque de même,
    registres et dossiers mis de côté, archives déjà faites.

    Exemple : liasse erase 2025-014 --by "Déléguée à la protection des données" --reason "demande du 3 mars"
    """
    workspace = Workspace.at(root)
    with store.Ledger.open(workspace) as ledger:
        beside = personal_data.beside(ledger, workspace, id)
        count = personal_data.erase(ledger, workspace, id, by=by, reason=reason, signed_too=signed_too)
    click.echo(f"{counted(count, 'formulaire')} effacé{'s' if count > 1 else ''}.")
    for what, named in (
        ("Sans nom lu, à regarder", [f"{one.form.id} ({one.form.name})" for one in beside.unread]),
        ("Noms proches, gardés", [f"{one.form.id} ({one.stagiaire or one.form.name})" for one in beside.alike]),
        ("Encore dans inbox/", beside.inbox),
        ("Mis de côté par une reprise ou une restauration, à supprimer une fois vérifié", beside.aside),
        ("Archives qui le contiennent, à traiter là où elles sont, avec l’archiviste", beside.archives),
    ):
        if named:
            click.echo(visible(f"{what} : {', '.join(named)}."))


@click.command()
@click.argument("folder", required=False, metavar="[DIR]", type=click.Path(file_okay=False, path_type=Path))
@workspace_option
@today_option
def bilan(folder: Path | None, root: Path, today: dt.date) -> None:
    """Écrire bilan.xlsx, bilan.pdf et bordereau.pdf de tout ce qui fut reçu dans DIR (sinon : outbox/bilan/).

    Ils nomment des personnes : seul leur propriétaire les lit.

    Exemple : liasse bilan
    """
    with open_context(root, today) as context:
        for path in papers.write_papers(summary.summarise(context), folder or context.workspace.bilan):
            click.echo(path)


@click.command()
@click.argument("formation", required=False)
@click.option("--session", "annee", metavar="ANNÉE", help="Par exemple 2024-2025 (sinon : la dernière session).")
@click.option(
    "--paper",
    type=click.Choice([one.value for one in paper_kinds.PaperForm]),
    default=paper_kinds.PaperForm.FORMULAIRE.value,
    help="Un papier de la vie d’un dossier, au lieu du formulaire préalable.",
)
@click.option("--for", "dossier", metavar="DOSSIER", help="Le papier d’un dossier, rempli de ce qui en est connu.")
@click.option("--month", default="", metavar="MOIS", help="D’une feuille d’émargement : 2025-04 (sinon : tous).")
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), help="Où écrire (sinon : ici).")
@workspace_option
@today_option
def blank(
    *,
    formation: str | None,
    annee: str | None,
    paper: str,
    dossier: str | None,
    month: str,
    folder: Path | None,
    root: Path,
    today: dt.date,
) -> None:
    """Écrire un formulaire vierge d’une FORMATION, en PDF à remplir et en Word.

    Avec --for DOSSIER et --paper : la demande de modification, l’évaluation, le questionnaire ou la feuille
    d’émargement de ce dossier, à rendre remplie ; déposée dans inbox/, elle y est versée.

    Exemple : liasse blank --for 2025-014 --paper emargement --month 2025-04
    """
    kind = paper_kinds.PaperForm(paper)
    place = folder or Path()
    if dossier:
        if formation or annee or kind is paper_kinds.PaperForm.FORMULAIRE:
            raise click.UsageError("--for va avec --paper, sans FORMATION ni --session : le dossier les dit.")
        place.mkdir(parents=True, exist_ok=True)
        with open_context(root, today) as context:
            paths = blank_forms.hand_out(context, dossier, kind, place, month=month)
    elif formation is None or month:
        raise click.UsageError("Dites une FORMATION, ou --for DOSSIER avec --paper ; --month va avec --for.")
    else:
        place.mkdir(parents=True, exist_ok=True)
        paths = blank_forms.write_blanks(Workspace.at(root), formation, annee, place, kind)
    for path in paths:
        click.echo(path)


@click.command()
@click.argument("formation", required=False)
@click.option("--quick", is_flag=True, help="Sans imprimer les modèles : ce qui déborde ou se perd n’est pas vu.")
@click.option(
    "--impact", is_flag=True, help=("Dire plutôt quelles liasses délivrées ne seraient plus les mêmes aujourd’hui.")
)
@workspace_option
@json_option
def check(formation: str | None, root: Path, *, quick: bool, impact: bool, as_json: bool) -> ExitCode:
    """Dire si modèles, schémas et règles s’accordent, et ce qui manque avant qu’une liasse puisse être signée.

    Chaque modèle est rempli avec des dossiers inventés, un complet et un minimal par statut, imprimé et relu : toutes
    les fautes sont dites d’un coup, avec le passage et le champ. Avec une FORMATION : la sienne seulement.

    Code 3 si quelque chose est faux, 1 si quelque chose manque : « liasse setup » le demande.

    Dit aussi ce qu’un lecteur d’écran perdrait dans les papiers ; cela ne change pas le code.

    Avec --impact, compare chaque liasse que personne n’a retirée à ce qu’elle serait avec les modèles, règles et
    réglages d’aujourd’hui : code 0 si toutes seraient les mêmes, 1 sinon.

    Exemple : liasse check --impact
    """
    if impact:
        if formation or quick:
            raise click.UsageError("--impact ne va ni avec une FORMATION ni avec --quick.")
        return _impact(root, as_json=as_json)
    if as_json:
        raise click.UsageError("--json va avec --impact.")
    found = []
    workspace = Workspace.at(root)
    if formation:
        kinds.require_typed(workspace, formation)
    for one in formations.inspect(workspace, formation, on_paper=not quick):
        click.echo("\n".join(_inspected(one)))
        found.append(one)
    if missing := sum(len(one.missing) for one in found):
        click.echo(
            f"Il manque {counted(missing, 'réglage')} : jusqu’à « liasse setup », les liasses sont des projets."
        )
    if any(one.faults for one in found):
        return ExitCode.OURS_TO_MEND
    return ExitCode.SOME_WAIT if missing else ExitCode.ALL_DELIVERED


def _inspected(found: formations.Inspection) -> Iterator[str]:
    """What ``check`` says of one formation, line by line."""
    yield f"{found.formation} : {counted(len(found.faults), 'faute') if found.faults else 'rien à corriger'}"
    yield from (f"  faute : {one}" for one in found.faults)
    yield from (f"  manque avant que rien puisse être signé : {one}" for one in found.missing)
    yield from (f"  accessibilité : {one}" for one in found.accessibility)
    yield from (f"  rédaction : {one}" for one in found.wording)
    if found.optional:
        yield f"  absent des papiers, facultatif : {', '.join(found.optional)}"


def _impact(root: Path, *, as_json: bool) -> ExitCode:
    with open_context(root, dt.date.today()) as context:  # noqa: DTZ011 -- each packet has its own day
        found = list(impacts.survey(context))
        listed = [one for one in found if one.changed or one.unknown]
        if as_json:
            changed = [impact_report.as_json(one, context.dictionary) for one in listed]
            say_json({"liasses": len(found), "changees": changed})
        else:
            for one in listed:
                click.echo("\n".join(impact_report.lines(one, context.dictionary)) + "\n")
            click.echo(impact_report.summary(found))
    return ExitCode.SOME_WAIT if listed else ExitCode.ALL_DELIVERED


COMMANDS = (doctor, purge, export, erase, bilan, blank, check)
