"""A change of a convention is asked and judged: held against every rule, clear when it cannot be, and told once."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import people
import pytest
from amend_kit import BY, REFERENT, WHY, at, begun, day, plain

from pipeline.core.done_days import Mark, body_of
from pipeline.core.errors import InvalidRequest, NotAllowed, NotFound, RequestRefused
from pipeline.core.life import FactKind, Told
from pipeline.core.models import get
from pipeline.dossier.context import Context
from pipeline.dossier.life import life_rules
from pipeline.dossier.life.amending import hold, judge
from pipeline.dossier.life.changing import Request, asked_of
from pipeline.dossier.life.holding import Life, life_of
from pipeline.dossier.life.stays import places_of
from pipeline.services.amends import Shown, ask_change, judge_change
from pipeline.services.dossier_changes import waiting
from pipeline.services.dossier_life import view_of

FC, FI = people.COORDINATION, people.CNAM
MOVED = ("stage.calendrier-=2025-05-27", "stage.calendrier+=2025-06-11=7")
TUTOR = (
    "tuteur.civilite=M.",
    "tuteur.nom=ROSSI",
    "tuteur.prenom=Ugo",
    "tuteur.fonction=Chef de service",
    "tuteur.telephone=02 98 00 11 24",
    "tuteur.courriel=ugo.rossi@example.org",
)
PUT_OFF = ("stage.date_fin=08/08/2025", "stage.interruptions+=2025-06-23..2025-06-26")
SHORTER_FRIDAYS = (
    "stage.semaine=lundi : 7 ; mardi : 7 ; mercredi : 7 ; jeudi : 7 ; vendredi : 6",
    "stage.date_fin=05/08/2025",
)
ANOTHER_REFERENT = (
    "referent.nom=PETIT",
    "referent.prenom=Lou",
    "referent.fonction=Formatrice",
    "referent.telephone=0145678999",
    "referent.courriel=lou.petit@example.org",
)
SIGNATORY = (
    "organisme.signataire.nom=ROUX",
    "organisme.signataire.prenom=Anne",
    "organisme.signataire.fonction=Directrice",
    "organisme.signataire.courriel=a.roux@example.org",
)
AWAY = ("stage.interruptions+=2025-05-26..2025-06-06",)
TODAY, SINCE = day(5, 20), day(5, 21)


def ask(context: Context, life: Life, *words: str, since: dt.date = SINCE, **more: Any) -> Shown:
    """Asked on 20 May, from the day after."""
    desk = at(context, more.pop("today", TODAY))
    said = {"effect_on": since, "reason": WHY, "by": BY, "motive_code": more.pop("motive", "")}
    return ask_change(desk, life.dossier.number, words, **said, **more)


def word(context: Context, life: Life, key: str, **more: Any) -> None:
    """A favourable word kept, without the paper: by the référent of the formation, unless it says otherwise."""
    now = life_of(context, life.dossier.id)
    asked = next(one for one in asked_of(now) if one.key == key)
    by = more.get("by") or REFERENT[str(get(now.data, "formation.code"))]
    said = {"avis": "favorable", "par": by, "le": TODAY.isoformat(), "raison": more.get("reason", "")}
    judge(at(context, TODAY), now, asked, said, by=by)


def present(context: Context, life: Life, on: dt.date, hours: str) -> None:
    """So many hours were there on a day."""
    mark = Mark.PRESENT if Decimal(hours) else Mark.ABSENT
    told = [Told(FactKind.PRESENCE, on.isoformat(), body_of(mark, mark, Decimal(hours)))]
    seen = context.ledger.life.facts(life.dossier.id).seen
    assert context.ledger.life.tell(life.dossier.id, told, by=BY, day=on, seen=seen)


@pytest.mark.parametrize(
    ("code", "words", "more", "told"),
    [
        (FC, MOVED, {}, ("calendrier", "« Le stage » et article 3 – Durée, horaires et calendrier")),
        (FI, PUT_OFF, {}, ("calendrier", "article 3")),
        (FI, SHORTER_FRIDAYS, {"lifts": ("S1-03",)}, ("calendrier", "article 3")),
        (FC, ("organisme.lieu_stage.voie=7 rue Haute",), {}, ("lieu", "Désignation des parties, 2")),
        (FC, TUTOR, {}, ("tuteur", "article 5 – Accueil et encadrement")),
        (FI, TUTOR, {}, ("tuteur", "article 4 – Accueil et encadrement")),
        (FI, ANOTHER_REFERENT, {}, ("referent", "article 4")),
        (FC, SIGNATORY, {}, ("signataire", "parties, 2")),
        (FI, ("gratification.montant=4,50",), {}, ("gratification", "Article 5 – Gratification et avantages")),
        (FC, AWAY, {"motive": "suspension"}, ("suspension", "article 3")),
        (FI, ("stage.date_fin=13/06/2025",), {"motive": "fin-anticipee"}, ("fin-anticipee", "article 3")),
    ],
)
def test_each_change_of_the_trade_is_asked(
    context: Context, code: str, words: tuple[str, ...], more: dict[str, Any], told: tuple[str, str]
) -> None:
    """Dates, calendar, hours, place, tuteur, référent, signatory, gratification, interruption, end before term."""
    life = begun(context, code)

    motive, place = told

    shown = ask(context, life, *words, **more)

    (fact,) = asked_of(life_of(context, life.dossier.id))
    assert (shown.number, shown.request.motive) == (1, motive)
    assert place in " ".join(one["place"] for one in shown.articles)
    assert Request.of(fact) == shown.request
    assert life_of(context, life.dossier.id).terms.avenants == ()  # it does not hold yet


@pytest.mark.parametrize(
    ("words", "more", "said"),
    [
        (("stage.date_fin=24/06/2025",), {}, "stage.date_fin a déjà cette valeur"),
        (("stage.sujet=Autre sujet", "stage.sujet=Encore"), {}, "est donné deux fois"),
        (("stage.sujet=Autre sujet",), {"since": day(4, 7)}, "avant le début du stage (8 avril 2025)"),
        (("stage.sujet=Autre sujet",), {"since": day(6, 26)}, "après la fin du stage (24 juin 2025)"),
        (("stagiaire.nom=MARTIN",), {}, "liasse dossier add"),
        (("organisme.siret=81234560100007",), {}, "une autre structure est une autre convention"),
        (("organisme.raison_sociale=Autre association",), {}, "--motive fin-anticipee"),
        (("formation.annee=2025-2026",), {}, "n’est pas une clause que change un avenant"),
        (("accord_pedagogique.decision=favorable",), {}, "--accept"),
        (("stage.sujets=Autre",), {}, "Est-ce stage.sujet"),
        (("stage.sujet",), {}, "écrivez champ=valeur"),
        (("stage.date_fin=bientôt",), {}, "Écrivez une date"),
        (("stage.sujet+=Autre",), {}, "n’est pas une liste"),
        (("stage.calendrier-=2025-05-28",), {}, "28 mai 2025 n’y est pas"),
        (("stage.calendrier+=2025-05-27=7",), {}, "27 mai 2025 y est déjà"),
        (
            ("stage.calendrier-=2025-05-22", "stage.calendrier+=2025-06-11=7"),
            {"since": day(5, 26)},
            "avant la date d’effet",
        ),
        (("stage.date_fin=2025-06-05",), {"since": day(6, 13), "motive": "fin-anticipee"}, "avant la date d’effet"),
        (
            ("stage.calendrier-=2025-05-13", "stage.calendrier+=2025-06-11=7"),
            {"since": day(5, 13)},
            "13 mai 2025 : passé",
        ),
        (("stage.sujet=Autre sujet",), {"motive": "humeur"}, "choisissez parmi"),
        (("stage.sujet=Autre sujet",), {"on": day(5, 21)}, "n’a pas encore eu lieu"),
        (MOVED, {"lifts": ("S2-04",)}, "S2-04 n’arrête pas ce changement"),
        (("stage.calendrier-=2025-05-27",), {}, "S2-01"),
        (("stage.calendrier-=2025-05-27", "stage.calendrier+=2025-07-08=7"), {}, "S2-02"),
        (
            ("stage.calendrier-=2025-05-27", "stage.calendrier+=2025-06-08=7"),
            {},
            "un dimanche n’est pas un jour de stage",
        ),
        (("stage.calendrier-=2025-05-27", "stage.calendrier+=2025-06-11=8"), {}, "S2-04"),
        (("stage.calendrier-=2025-05-27",), {"lifts": ("S2-01",)}, "S2-01 ne se lève pas"),
        (("stage.date_fin=2025-06-12",), {}, "--motive fin-anticipee"),
        (("tuteur.nom=MARTIN",), {}, "F-01 : Tuteur dans l’organisme d’accueil, Téléphone"),
        ((*TUTOR[:3], "tuteur.fonction=Secrétaire", *TUTOR[4:]), {}, "--lift S2-13"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_kept(
    context: Context, words: tuple[str, ...], more: dict[str, Any], said: str
) -> None:
    """Wrong, late, contradictory, against a rule: what is wrong and what to do, and no fact is told."""
    life = begun(context)

    with pytest.raises(RequestRefused) as refused:
        ask(context, life, *words, **more)

    assert said in plain(refused.value)
    assert context.ledger.life.facts(life.dossier.id).told == ()


def test_a_place_is_named_whole(context: Context) -> None:
    """What the convention names stays beside another street; where it names no place, a street alone is none."""
    known = begun(context)
    bare = begun(context, FI, organisme__lieu_stage={})
    words = ("organisme.lieu_stage.voie=9 rue Haute",)

    ask(context, known, *words)
    with pytest.raises(InvalidRequest, match="adresse incomplète : donnez le code postal et la ville"):
        ask(context, bare, *words)
    whole = (*words, "organisme.lieu_stage.code_postal=29200", "organisme.lieu_stage.ville=Brest")

    word(context, known, "1")
    now = life_of(context, known.dossier.id)
    assert places_of(now.terms, day(6, 1), day(6, 24)) == ["9 rue Haute, 29200 Brest"]
    assert ask(context, bare, *whole).number == 1


def test_tried_it_is_shown_and_not_kept(context: Context) -> None:
    """With --dry-run: what would change, which rules stop it."""
    life = begun(context)

    shown = ask(context, life, "stage.calendrier-=2025-05-27", dry_run=True)

    assert shown.stopped
    assert {one.rule for one in shown.problems if one.severity.value == "blocking"} == {"S2-01"}
    assert context.ledger.life.facts(life.dossier.id).told == ()


def test_asked_again_it_is_the_same(context: Context) -> None:
    """What waits for its word is not asked twice; another change is the second."""
    life = begun(context)

    ask(context, life, *MOVED)
    again = ask(context, life, *MOVED)
    other = ask(context, life, "stage.sujet=Un autre sujet de coordination")

    assert (again.number, again.already, other.number) == (1, True, 2)
    assert [one.number for one in waiting(at(context, TODAY))] == [1, 2]


def test_a_day_that_was_an_absence_may_move(context: Context) -> None:
    """13 May is past; told to be an absence it was not done, and is made up in June."""
    life = begun(context)
    present(context, life, day(5, 13), "0")

    shown = ask(context, life, "stage.calendrier-=2025-05-13", "stage.calendrier+=2025-06-11=7", since=day(5, 13))

    assert shown.number == 1


def test_a_correction_may_change_days_that_are_past(context: Context) -> None:
    """The calendar was wrong from the beginning, and somebody says so."""
    life = begun(context)
    words = ("stage.calendrier-=2025-04-29", "stage.calendrier+=2025-04-30=7")

    shown = ask(context, life, *words, since=day(4, 29), motive="correction")

    assert shown.request.motive == "correction"


def test_the_end_before_term_warns_of_the_hours(context: Context) -> None:
    """The school decides, of a student by L124-15, else as the convention says; nothing stops it."""
    for code, rule, by_law in ((FC, "S2-01", False), (FI, "S1-03", True)):
        life = begun(context, code)
        shown = ask(context, life, "stage.date_fin=2025-06-12", motive="fin-anticipee")
        (told,) = [one for one in shown.problems if one.rule == rule]
        assert (told.severity.value, "L124-15" in told.message) == ("warning", by_law)
        assert ("s’il est validé ou comment il peut être complété" in told.message) is not by_law


def test_a_rule_lifted_is_kept_with_who_and_why(context: Context) -> None:
    """--lift, with the reason of the change, is in the fact; judged, it is not asked again."""
    life = begun(context)
    words = (*TUTOR[:3], "tuteur.fonction=Secrétaire", *TUTOR[4:])

    ask(context, life, *words, lifts=("s2-13",))
    word(context, life, "1")

    now = life_of(context, life.dossier.id)
    (fact,) = asked_of(now)
    assert fact.body["levees"] == [{"regle": "S2-13", "par": BY, "raison": WHY, "le": "2025-05-20"}]
    assert get(now.data, "tuteur.nom") == "ROSSI"


def test_what_the_convention_had_already_is_not_the_avenants(context: Context) -> None:
    """A rule that says the same of the terms in force stops no other change; what it says anew does."""
    life = begun(context, tuteur__fonction="Secrétaire")

    shown = ask(context, life, *MOVED)

    assert "S2-13" not in {one.rule for one in shown.problems}


def test_rules_of_a_first_reception_are_not_asked_again(context: Context) -> None:
    """In the middle of the stage, nobody asks for twelve days before it, nor for a form that came in before."""
    life = begun(context, FI)

    shown = ask(context, life, "stage.sujet=Un autre atelier collectif de mobilité", dry_run=True)

    assert {one.rule for one in shown.problems} & {
        "L-18",
        "L-21",
        "S1-22",
        "S1-23",
        "S1-25",
        "S2-21",
        "F-03",
    } == set()


def test_an_hour_that_makes_it_due_makes_it_due_from_the_first(context: Context) -> None:
    """301 h and no gratification; 8 days more are above 308 h: granted from then on only, L-04 stops it."""
    pay = {"prevue": False}
    life = begun(context, FI, gratification=pay, stage__date_fin="2025-06-11", stage__duree_heures=301)
    words = (
        "stage.date_fin=2025-06-23",
        "gratification.prevue=oui",
        "gratification.montant=4,35",
        "gratification.unite=heure",
        "gratification.modalite=virement",
    )

    shown = ask(context, life, *words, since=day(6, 12), today=day(6, 10), dry_run=True)
    first = ask(context, life, *words, since=day(4, 7), today=day(6, 10), dry_run=True)

    assert next(one.message for one in shown.problems if one.rule == "L-04").endswith(
        "gratification.montant=MONTANT --from PREMIER-JOUR --motive correction."
    )
    assert "L-04" not in {one.rule for one in first.problems if one.severity.value == "blocking"}


def test_the_word_is_the_referents(context: Context) -> None:
    """Somebody else is refused; for the référent, with a reason, they may; in both formations."""
    for code, rule in ((FC, "S2-10"), (FI, "S1-27")):
        life = begun(context, code, tuteur__anciennete="2 ans")
        ask(context, life, "stage.sujet=Un autre sujet de coordination")

        with pytest.raises(NotAllowed) as refused:
            word(context, life, "1", by="Zoé DUPUIS")
        assert rule in str(refused.value)
        assert life_of(context, life.dossier.id).terms.avenants == ()

        word(context, life, "1", by="Zoé DUPUIS", reason="par délégation, en son absence")
        assert len(life_of(context, life.dossier.id).terms.avenants) == 1


def test_a_refusal_has_a_reason_and_ends_it(context: Context) -> None:
    """Refused, the convention stays; said again it is the same; it is not taken back."""
    life, desk = begun(context), at(context, TODAY)
    ask(context, life, *MOVED)
    number = life.dossier.number

    with pytest.raises(InvalidRequest):
        judge_change(desk, number, 1, by=REFERENT[FC], favorable=False)
    first = judge_change(desk, number, 1, by=REFERENT[FC], favorable=False, reason="l’équipe est absente")
    again = judge_change(desk, number, 1, by=REFERENT[FC], favorable=False, reason="l’équipe est absente")
    with pytest.raises(NotAllowed, match="Un avis ne se reprend pas"):
        judge_change(desk, number, 1, by=REFERENT[FC], favorable=True)

    now = life_of(context, life.dossier.id)
    assert (first.already, again.already.startswith("avis defavorable déjà donné")) == ("", True)
    assert (now.terms.avenants, len(list(now.facts.of(FactKind.JUDGED)))) == ((), 1)


def test_a_word_on_nothing_or_before_it_was_asked(context: Context) -> None:
    """No such change, a day before it was asked, a day to come."""
    life, desk = begun(context), at(context, TODAY)
    number = life.dossier.number
    with pytest.raises(NotFound, match="n’a pas de changement 1"):
        judge_change(desk, number, 1, by=REFERENT[FC], favorable=True)
    ask(context, life, *MOVED)
    for on, said in ((day(5, 19), "avant la demande"), (day(5, 21), "n’a pas encore eu lieu")):
        with pytest.raises(InvalidRequest, match=said):
            judge_change(desk, number, 1, by=REFERENT[FC], favorable=True, on=on)
    assert next(life_of(context, life.dossier.id).facts.of(FactKind.JUDGED), None) is None


def test_a_change_of_what_has_changed_since_is_not_accepted(context: Context) -> None:
    """Two ask to move the same day; the first is accepted, the second speaks of a calendar that is no more."""
    life = begun(context)
    ask(context, life, *MOVED)
    ask(context, life, "stage.calendrier-=2025-05-27", "stage.calendrier+=2025-06-18=7")
    word(context, life, "1")

    with pytest.raises(NotAllowed, match="n’est plus ce qu’il était"):
        word(context, life, "2")


def test_what_became_past_while_it_waited_is_not_accepted(context: Context) -> None:
    """Asked on 20 May for 27 May, judged in June: that day is done."""
    life = begun(context)
    ask(context, life, *MOVED)
    now = life_of(context, life.dossier.id)
    (asked,) = asked_of(now)
    said = {"avis": "favorable", "par": REFERENT[FC], "le": "2025-06-02", "raison": ""}

    with pytest.raises(NotAllowed) as refused:
        judge(at(context, day(6, 2)), now, asked, said, by=REFERENT[FC])

    assert plain(refused.value).startswith("27 mai 2025 : passé")


def test_a_presence_that_the_calendar_does_not_have_asks_for_an_avenant(context: Context) -> None:
    """S2-11: 30 April is no day of the convention; once a correction says it is, the rule is content."""
    life = begun(context)
    present(context, life, day(4, 30), "7")
    found = {one.rule: one for one in life_rules.verdicts(life_of(context, life.dossier.id), TODAY)}["S2-11"]
    assert ["30 avril 2025" in plain(one.message) for one in found.problems] == [True]

    ask(
        context,
        life,
        "stage.calendrier-=2025-06-24",
        "stage.calendrier+=2025-04-30=7",
        since=day(4, 30),
        motive="correction",
    )
    word(context, life, "1")

    now = {one.rule: one for one in life_rules.verdicts(life_of(context, life.dossier.id), TODAY)}["S2-11"]
    assert now.problems == ()


def test_a_change_without_its_day_or_who_asks_is_told(context: Context) -> None:
    """S2-09, a warning: a form that came in without them may be kept."""
    life = begun(context)
    fact = {
        "effet": "2025-05-21",
        "changements": [],
        "motif": "calendrier",
        "raison": "",
        "demande_par": "",
        "demande_le": "",
    }
    context.ledger.life.tell(life.dossier.id, [Told(FactKind.ASKED, "1", fact)], by=BY, day=TODAY, seen=0)

    found = {one.rule: one for one in life_rules.verdicts(life_of(context, life.dossier.id), TODAY)}["S2-09"]

    assert [one.severity.value for one in found.problems] == ["warning"]
    assert "qui le demande et le jour manque" in found.problems[0].message


def test_a_form_and_the_command_line_ask_the_same(context: Context) -> None:
    """A request read from a form is held and judged as one that was typed."""
    life = begun(context)
    typed = ask(context, life, *MOVED, dry_run=True).request
    read = Request(typed.effect_on, typed.changes, typed.motive, typed.reason, "Maëlle LE GOFF", TODAY, "ab" * 32)

    held = hold(at(context, TODAY), life, read, number=1)

    assert (held.stops, held.request.body()["formulaire"]) == ((), "ab" * 32)


def test_a_dossier_says_where_its_changes_are(context: Context) -> None:
    """Asked, with the command; judged, on its way to be printed."""
    life = begun(context)
    ask(context, life, *MOVED)
    before = view_of(life_of(context, life.dossier.id), at(context, TODAY)).changes
    word(context, life, "1")
    after = view_of(life_of(context, life.dossier.id), at(context, TODAY)).changes

    command = f"liasse amend {life.dossier.number} --accept 1 --by NOM"
    assert [(one.where, one.command) for one in before] == [
        ("attend son avis, demandé le 20\xa0mai\xa02025", command)
    ]
    assert [(one.where, one.command) for one in after] == [("accepté, l’avenant n’est pas établi", command)]
