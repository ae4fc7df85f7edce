"""Walk of a returned paper: its dossier is found and held against what it says, then it is filed there.

A demande de modification, an évaluation, a questionnaire or a feuille d’émargement is no formulaire: no rule of a
convention is asked of it, and no packet is made. Whatever is not sure waits for the scolarité, as on any form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.messages import doubt_message
from pipeline.core.decisions import Decisions
from pipeline.core.errors import NotAllowed, Transient
from pipeline.core.fields import ALWAYS, Dictionary
from pipeline.core.folding import fold
from pipeline.core.models import Problem, Reading, Refused, Severity, Verdict, Who, get
from pipeline.core.outcomes import Closed
from pipeline.core.paper_kinds import PaperForm
from pipeline.core.remarks import STRAY_RULE
from pipeline.dossier.context import Context
from pipeline.dossier.endings import Report, Task, name_of, wait
from pipeline.dossier.life.holding import Life, life_of
from pipeline.dossier.taken_papers import TAKERS, changes_asked, emptied, unsigned
from pipeline.forms.paper_notices import TITLES
from pipeline.forms.paper_plans import NUMBER, PERSON
from pipeline.ledger.entries import Entry, State
from pipeline.ledger.filing import Filing
from pipeline.ledger.form_rows import Ending
from pipeline.ledger.journal import MACHINE
from pipeline.storage.kill_points import passing

DOUBTS, MISSING, HOME, NOTHING = "L-19", "F-01", "P-01", "P-02"
RULES = {
    DOUBTS: "Réponses lisibles et exactes",
    MISSING: "Réponses obligatoires du document",
    STRAY_RULE: "Texte hors des cases",
    HOME: "Le dossier du document est connu, et c’est bien le sien.",
    NOTHING: "La demande de modification change quelque chose.",
}
_TRIES = 5  # facts of a dossier that are told at the same moment


def file_away(task: Task, reading: Reading, decisions: Decisions) -> Report:
    """File a paper whose answers are sure in the dossier that it names, else have it wait for the scolarité."""
    context, formation = task.context, reading.formation
    for _ in range(_TRIES):
        refused = held_paper(task.entry, reading, decisions, context)
        if refused.blocking:
            return wait(task, refused.blocking, formation, reading.values)
        life = _home(task.entry, reading, context)
        told = TAKERS[reading.paper](life, reading)
        detail = _detail(life, reading)
        ending = Ending(State.FILED, detail, formation, name_of(reading.values))
        filing = Filing(life.dossier.id, told, task.claim.day, life.facts.seen)
        if context.ledger.file(task.claim, ending, filing):
            passing("settled")
            return task.refreshed().report(
                Closed("versé", detail, done=reading.paper is not PaperForm.MODIFICATION), formation, reading.values
            )
    raise Transient("the dossier of a paper is being told of by others all the time; it is tried again.")


def held_paper(entry: Entry, reading: Reading, decisions: Decisions, context: Context) -> Refused:
    """A paper held against its own answers and the dossier that it names; nothing blocks one that can be filed."""
    alone = held_alone(reading, decisions, context.dictionary, entry.form.id)
    if alone.blocking:
        return alone
    problems = tuple(_away_from_home(entry, reading, context))
    verdicts = (*alone.verdicts, *(_verdict(rule, problems) for rule in (HOME, NOTHING)))
    return Refused(reading.values, verdicts, reading)


def held_alone(reading: Reading, decisions: Decisions, dictionary: Dictionary, form_id: str) -> Refused:
    """A paper held against its own answers only: doubts, remarks of its pages, what must be answered."""
    fields = dictionary.on(reading.paper)
    problems = (
        *_doubts(reading, fields),
        *_remarks(reading, decisions),
        *_missing(reading, dictionary, form_id),
    )
    return Refused(reading.values, tuple(_verdict(rule, problems) for rule in (DOUBTS, STRAY_RULE, MISSING)), reading)


def _verdict(rule: str, problems: tuple[Problem, ...]) -> Verdict:
    mine = tuple(one for one in problems if one.rule == rule)
    return Verdict(rule, RULES[rule], "document du dossier", applies=True, problems=mine)


def _waits(rule: str, message: str, field: str | None = None, *, overridable: bool = False) -> Problem:
    return Problem(rule, Severity.BLOCKING, field, message, Who.SCOLARITE, overridable=overridable, waits=True)


def _doubts(reading: Reading, fields: Dictionary) -> Iterator[Problem]:
    for one in reading.doubts:
        if not one.combined:
            yield _waits(DOUBTS, doubt_message(one, fields.label(one.path), private=False), one.path)


def _remarks(reading: Reading, decisions: Decisions) -> Iterator[Problem]:
    if reading.remarks and decisions.lifting(STRAY_RULE) is None:
        quoted = ", ".join(f"« {one.text} »" for one in reading.remarks[:5])
        message = (
            f"Du texte ou une page que le document n’explique pas : {quoted}. Relisez-le : si cela change une "
            "réponse, corrigez-la par « confirm » ; puis levez cette règle."
        )
        yield _waits(STRAY_RULE, message, overridable=True)


def _missing(reading: Reading, dictionary: Dictionary, form_id: str) -> Iterator[Problem]:
    """What everyone must answer on that paper; terms that a demande leaves empty are not changed."""
    fields = dictionary.on(reading.paper)
    for one in reading.fields:
        own = one.path not in dictionary.fields or one.path in PERSON
        if own and one.value is None and one.doubt is None and ALWAYS in fields.fields[one.path].required:
            message = (
                f"{fields.label(one.path)} : sans réponse. Si elle est connue, donnez-la (liasse confirm {form_id} "
                f"{one.path}=VALEUR --by NOM), sinon faites compléter le document."
            )
            yield _waits(MISSING, message, one.path)


def _away_from_home(entry: Entry, reading: Reading, context: Context) -> Iterator[Problem]:
    """Why a paper cannot be filed where it says, or changes nothing there."""
    number = _number(reading)
    elsewhere = (
        f"regardez le document, puis mettez-le dans le bon dossier (liasse dossier join {entry.form.id} NUMÉRO --by "
        f"NOM --reason MOTIF), ou écartez-le (liasse discard)."
    )
    if not _is_placed(entry, context) and not context.ledger.dossiers.named(number):
        yield _waits(HOME, f"Le dossier « {number} » n’existe pas ici : {elsewhere}", NUMBER)
        return
    try:
        life = _home(entry, reading, context)
    except NotAllowed as refusal:
        yield _waits(HOME, f"{refusal} Le document attend : {elsewhere}", NUMBER)
        return
    if not _is_placed(entry, context) and not _is_theirs(life, reading):
        names = " ".join(str(get(reading.values, path)) for path in PERSON)
        message = f"Le dossier {number} n’est pas celui de « {names} », ou pas de cette formation : {elsewhere}"
        yield _waits(HOME, message, NUMBER)
        return
    if reading.paper is PaperForm.MODIFICATION and not changes_asked(life, reading):
        message = (
            f"La demande ne change rien de ce qui est en vigueur au dossier {life.dossier.number}. Faites-la "
            "compléter, ou écartez-la (liasse discard)."
        )
        yield _waits(NOTHING, message)


def _number(reading: Reading) -> str:
    return re.sub(r"\s", "", str(get(reading.values, NUMBER) or "")).lower()


def _is_placed(entry: Entry, context: Context) -> bool:
    """Whether a person put it in the dossier where it is."""
    moves = context.ledger.dossiers.moves(entry.form.sha256)
    return bool(moves) and moves[-1].by != MACHINE


def _home(entry: Entry, reading: Reading, context: Context) -> Life:
    """The dossier of a paper: where a person put it, else the one whose number it bears. Raises NotAllowed."""
    if _is_placed(entry, context):
        return life_of(context, entry.dossier)
    return life_of(context, context.ledger.dossiers.named(_number(reading))[0])


def _is_theirs(life: Life, reading: Reading) -> bool:
    """Whether names and formation are those of the dossier, accents and case aside."""
    same = all(fold(str(get(life.data, path) or "")) == fold(str(get(reading.values, path) or "")) for path in PERSON)
    return same and reading.formation == life.programme.formation.code


def _detail(life: Life, reading: Reading) -> str:
    """What is told of a filed paper; of a demande, how much it changes."""
    told = f"{TITLES[reading.paper]} : versé au dossier {life.dossier.number}"
    if reading.paper is PaperForm.EMARGEMENT and (left_out := unsigned(reading)):
        return f"{told} ; elle n’atteste rien tant que {' et '.join(left_out)} ne l’a pas datée et signée"
    if reading.paper is not PaperForm.MODIFICATION:
        return told
    labels = [one.label for one in changes_asked(life, reading)]
    left = [life.programme.dictionary.label(path) for path in emptied(life, reading)]
    kept = f" ; laissé vide, donc inchangé : {', '.join(left)}" if left else ""
    return f"{told} ; à changer : {', '.join(labels)}{kept}"
