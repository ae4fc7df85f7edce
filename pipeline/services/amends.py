"""Use case of avenants: a change is asked, shown before it is, judged by the référent, printed; who and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.core.amendable import Amendable
from pipeline.core.decisions import Override
from pipeline.core.errors import InvalidRequest, NotAllowed, NotFound
from pipeline.core.french import long_date
from pipeline.core.life import Fact, Paper, PaperKind
from pipeline.core.models import Problem
from pipeline.documents import rewording
from pipeline.documents.nouns import nouns
from pipeline.dossier.context import Context
from pipeline.dossier.life.amending import AGAINST, Established, ask, establish, hold, judge
from pipeline.dossier.life.avenants import convention_of
from pipeline.dossier.life.change_rules import FAVORABLE, whom_of
from pipeline.dossier.life.changing import Request, amended, asked_of, judged, next_number, request_of
from pipeline.dossier.life.holding import Life, life_of
from pipeline.services.authors import author, motive
from pipeline.services.life_seen import life_as_seen
from pipeline.services.typed_changes import wanted_of


@dataclass(frozen=True)
class Shown:
    """A change as people are shown it: its number, what it changes by article, which rules speak, who judges it.

    ``problems`` stop nothing but on a trial (``--dry-run``), which keeps nothing.
    """

    dossier: str
    number: int
    request: Request
    articles: Sequence[dict[str, Any]]
    problems: tuple[Problem, ...]
    judge: str
    stopped: bool = False
    already: bool = False


@dataclass(frozen=True)
class Ruled:
    """What became of a judgement: the avenant that counts, the attestations issued again, who had said it before."""

    dossier: str
    number: int
    favorable: bool
    paper: Paper | None = None
    again: tuple[Paper, ...] = ()
    already: str = ""


def ask_change(
    context: Context,
    word: str,
    words: Sequence[str],
    *,
    effect_on: dt.date,
    reason: str,
    by: str,
    on: dt.date | None = None,
    motive_code: str = "",
    lifts: Sequence[str] = (),
    dry_run: bool = False,
    seen: int | None = None,
) -> Shown:
    """Ask for a change of a dossier's convention from a day on; ``on`` is the day on which it was asked.

    ``words`` are changes as ``wanted_of`` reads them, ``lifts`` rules that ``by`` lifts for ``reason``. With
    ``dry_run`` it is held against the rules and shown, and nothing is kept. What waits already is asked once.

    ``seen`` is as ``life_as_seen`` has it.
    Raises NotFound, Ambiguous; InvalidRequest, NotAllowed for a change that cannot be; ChangedMeanwhile.
    """
    by, reason = author(by), motive(reason)
    life = life_as_seen(context, word, seen)
    amendable = Amendable.load(context.workspace)
    _require_motive(motive_code, amendable)
    on = on or context.today
    _require_past(on, context, "la demande")
    wanted = wanted_of(words, life.terms.current, life.programme.dictionary, context.today)
    said = {"effect_on": effect_on, "motive": motive_code, "reason": reason, "asked_by": by, "asked_on": on}
    request = request_of(life, wanted, amendable, **said)
    lifted = _overrides(lifts, by, reason, context.today)
    if dry_run:
        held = hold(context, life, request, number=next_number(life), lifted=lifted)
        return _shown(context, life, held.number, request, (*held.stops, *held.told), stopped=bool(held.stops))
    done = ask(context, life, request, by=by, lifted=lifted)
    told = done.held.told if done.held else ()
    return _shown(context, life, done.number, request, told, already=done.already)


def asked_change(context: Context, life: Life, asked: Fact) -> Shown:
    """A change that was asked and waits, as people are shown it before they judge."""
    return _shown(context, life, int(asked.key), Request.of(asked), ())


def judge_change(
    context: Context,
    word: str,
    number: int,
    *,
    by: str,
    favorable: bool,
    on: dt.date | None = None,
    reason: str = "",
    lifts: Sequence[str] = (),
    seen: int | None = None,
) -> Ruled:
    """Note the word of the référent on a change that was asked: accepted, it becomes an avenant; ``on`` is its day.

    A refusal has a reason; so has a word given for the référent by somebody else, and a rule that is lifted. Said
    again, what was left undone is taken up. Raises as ``ask_change``; as ``issue``.
    """
    by = author(by)
    reason = motive(reason) if reason or not favorable or lifts else ""
    life = life_as_seen(context, word, seen)
    asked = _asked(life, number)
    said, before = FAVORABLE if favorable else AGAINST, judged(life, asked.key)
    if before is not None:
        return _again(context, life, asked, before, said, by=by)
    on = on or context.today
    _require_past(on, context, "l’avis")
    if on < Request.of(asked).asked_on:
        raise InvalidRequest(
            f"--on {on.isoformat()} : avant la demande ({long_date(Request.of(asked).asked_on)}). Corrigez le jour."
        )
    word_said = {"avis": said, "par": by, "le": on.isoformat(), "raison": reason}
    judge(context, life, asked, word_said, by=by, lifted=_overrides(lifts, by, reason, context.today))
    if not favorable:
        return Ruled(life.dossier.number, number, favorable)
    return _ruled(context, life_of(context, life.dossier.id), number, by=by)


def _again(context: Context, life: Life, asked: Fact, before: Fact, said: str, *, by: str) -> Ruled:
    """The same word a second time: what it began is brought to its end."""
    told = f"{before.body['avis']} déjà donné par {before.body['par']} le {long_date(before.day)}"
    if before.body["avis"] != said:
        raise NotAllowed(
            f"Changement {asked.key} : avis {told}. Un avis ne se reprend pas : demandez un nouveau changement "
            f"(liasse amend {life.dossier.number} …)."
        )
    if said == AGAINST:
        return Ruled(life.dossier.number, int(asked.key), favorable=False, already=f"avis {told}")
    return _ruled(context, life, int(asked.key), by=by, already=f"avis {told}")


def _ruled(context: Context, life: Life, number: int, *, by: str, already: str = "") -> Ruled:
    done: Established = establish(context, life, str(number), by=by)
    paper = done.avenant.paper if done.avenant else life.paper(PaperKind.AVENANT, str(number))
    again = tuple(one.paper for one in done.again)
    return Ruled(life.dossier.number, number, favorable=True, paper=paper, again=again, already=already)


def _asked(life: Life, number: int) -> Fact:
    found = next((one for one in asked_of(life) if one.key == str(number)), None)
    if found is None:
        known = ", ".join(one.key for one in asked_of(life))
        hint = f"Il a : {known}." if known else "Aucun n’y a été demandé (liasse amend … champ=valeur)."
        raise NotFound(f"Le dossier {life.dossier.number} n’a pas de changement {number}. {hint}")
    return found


def _shown(
    context: Context,
    life: Life,
    number: int,
    request: Request,
    problems: tuple[Problem, ...],
    *,
    stopped: bool = False,
    already: bool = False,
) -> Shown:
    articles = rewording.articles(
        request.changes,
        life.terms.current,
        amended(life, number, request).current,
        amendable=Amendable.load(context.workspace),
        template=str(convention_of(life).template),
        dictionary=life.programme.dictionary,
        words=nouns(life.programme.formation, amended(life, number, request).current),
    )
    number_of = life.dossier.number
    return Shown(number_of, number, request, articles, problems, whom_of(life), stopped=stopped, already=already)


def _require_motive(code: str, amendable: Amendable) -> None:
    if code and code not in amendable.motives:
        raise InvalidRequest(f"--motive {code} : choisissez parmi {', '.join(amendable.motives)}.")


def _require_past(on: dt.date, context: Context, what: str) -> None:
    if on > context.today:
        raise InvalidRequest(f"--on {on.isoformat()} : {what} n’a pas encore eu lieu. Corrigez le jour.")


def _overrides(lifts: Sequence[str], by: str, reason: str, on: dt.date) -> tuple[Override, ...]:
    return tuple(Override(rule.strip().upper(), by, reason, on) for rule in dict.fromkeys(lifts))
