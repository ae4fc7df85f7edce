"""The avenant on paper: article by article, the parties and who is new, the calendar redrawn, attestations again."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path

import people
from amend_kit import BY, REFERENT, WHY, at, begun, day, files, papers_of
from pypdf import PdfReader

from pipeline.core.done_days import Mark, body_of
from pipeline.core.life import FactKind, PaperKind, Told
from pipeline.core.models import get
from pipeline.core.text import displayable
from pipeline.dossier.context import Context
from pipeline.dossier.life import life_rules as rules
from pipeline.dossier.life.holding import Life, life_of
from pipeline.dossier.life.issuing import REPLACED, issue
from pipeline.dossier.life.makers import MAKERS
from pipeline.services.amends import Ruled, ask_change, judge_change
from pipeline.services.signed_papers import note_signed

FC, FI = people.COORDINATION, people.CNAM
TODAY = day(5, 20)


def accepted(context: Context, life: Life, words: Sequence[str], **more: str) -> Ruled:
    """Asked on 20 May for the day after, or ``since``, and accepted by the référent on that day."""
    desk, number = at(context, TODAY), life.dossier.number
    since = day(*map(int, more.pop("since", "5 21").split()))
    motive = more.pop("motive", "")
    shown = ask_change(desk, number, words, effect_on=since, reason=WHY, by=BY, motive_code=motive)
    by = REFERENT[str(get(life.data, "formation.code"))]
    return judge_change(desk, number, shown.number, by=by, favorable=True)


def place_of(context: Context, ruled: Ruled) -> Path:
    """The folder of the avenant."""
    assert ruled.paper is not None
    return context.workspace.outbox / ruled.paper.folder


def words_of(pdf: Path) -> tuple[str, ...]:
    """The text of each page, on one line."""
    pages = PdfReader(io.BytesIO(pdf.read_bytes())).pages
    return tuple(" ".join(displayable(page.extract_text()).replace("\xa0", " ").split()) for page in pages)


def signers(place: Path) -> list[tuple[str, str]]:
    """Role and family name of each who signs, in order."""
    (unit,) = json.loads((place / "signature.json").read_bytes())["unites"]
    return [(box["role"], one["nom"]) for one in unit["signataires"] for box in one["boites"]]


def fields(pdf: Path) -> set[str]:
    """The names of the signature fields."""
    return set(PdfReader(io.BytesIO(pdf.read_bytes())).get_fields() or {})


def test_a_calendar_changed_is_printed_with_annexe_1(context: Context) -> None:
    """A salariée, one day moved: who changes what, from when, the annexe redrawn in the same PDF; four sign."""
    life = begun(context)

    ruled = accepted(context, life, ("stage.calendrier-=2025-05-27", "stage.calendrier+=2025-06-11=7"))

    place = place_of(context, ruled)
    first, *_, annexe = words_of(place / "avenant-1.pdf")
    assert files(place) == {
        "avenant-1.pdf",
        "avenant.docx",
        "annexe-1.docx",
        "signature.json",
        "record.json",
        "manifest.json",
    }
    for said in (
        f"Avenant n° 1 à la convention de stage n° {life.packet.id[:12]}",
        f"Entre les parties à la convention de stage n° {life.packet.id[:12]} (dossier {life.dossier.number})",
        "mercredi 21 mai 2025",
        "Demandé le 20 mai 2025, par F. GARÇON",
        "Accepté le 20 mai 2025, par Anaïk BÖHM",
        "« Le stage » et article 3 – Durée, horaires et calendrier",
        "mardi 27 mai 2025 (7 h) mercredi 11 juin 2025 (7 h)",
        "Les autres articles restent inchangés.",
    ):
        assert said in first
    assert "Présence hebdomadaire 11 h 40 par semaine en moyenne 12 h 44 en moyenne par semaine de stage" in first
    assert WHY not in first  # why is for the school: it may be somebody's health
    assert f"convention n° {life.packet.id[:12]} (dossier {life.dossier.number})" in annexe
    assert "mai 2025 — 35 h, 5 jours" in annexe
    assert "juin 2025 — 56 h, 8 jours" in annexe
    assert signers(place) == [
        ("stagiaire", "LE GOFF"),
        ("organisme", "NGUYEN-VAN"),
        ("employeur", "MÜLLER"),
        ("etablissement", "KERVELLA"),
    ]
    assert fields(place / "avenant-1.pdf") == {
        "sign1-stagiaire",
        "sign2-organisme",
        "sign3-employeur",
        "sign4-etablissement",
    }
    assert get(json.loads((place / "record.json").read_bytes()), "stage.duree_heures") == 140
    assert context.ledger.readings.record(life.entry.form.sha256) == life.terms.convention  # the convention stays


def test_a_student_changes_tuteur_both_sign(context: Context) -> None:
    """The tuteur is a party of the convention: the one before signs, and the new one; no calendar is joined."""
    life = begun(context, FI)
    words = (
        "tuteur.civilite=Mme",
        "tuteur.nom=ROSSI",
        "tuteur.prenom=Ada",
        "tuteur.fonction=Coordinatrice",
        "tuteur.telephone=01 45 67 89 10",
        "tuteur.courriel=ada.rossi@example.org",
    )

    place = place_of(context, accepted(context, life, words))

    assert "annexe-1.docx" not in files(place)
    assert signers(place) == [
        ("stagiaire", "LEFÈVRE"),
        ("organisme", "O’CONNOR"),
        ("precedent_tuteur", "D’ALMEIDA"),
        ("tuteur", "ROSSI"),
        ("referent", "GARÇON"),
        ("etablissement", "KERVELLA"),
    ]
    text = " ".join(words_of(place / "avenant-1.pdf"))
    assert "Le tuteur de stage, jusqu’alors" in text
    assert "La tutrice de stage" in text
    assert "vaut aussi pour ce qui a été signé avec elle ou avant elle (Contrat pédagogique et calendrier)" in text


def test_a_salariee_changes_tuteur_who_is_no_party(context: Context) -> None:
    """No party of the convention in formation continue: the same four sign, neither the new one nor the former."""
    life = begun(context)
    words = (
        "tuteur.civilite=M.",
        "tuteur.nom=ROSSI",
        "tuteur.prenom=Ugo",
        "tuteur.fonction=Chef de service",
        "tuteur.telephone=02 98 00 11 24",
        "tuteur.courriel=ugo.rossi@example.org",
    )

    place = place_of(context, accepted(context, life, words))

    roles = [role for role, _ in signers(place)]
    assert roles == ["stagiaire", "organisme", "employeur", "etablissement"]
    first, *_, annexe = words_of(place / "avenant-1.pdf")
    assert "Changement de référent de stage" in first
    assert "Tuteur dans l’organisme d’accueil" not in first
    assert "M. Ugo ROSSI" in annexe  # annexe 1 names him: it is redrawn and bound


def test_a_change_is_accepted_once_all_whom_the_convention_names_have(context: Context) -> None:
    """S1-27, article 13 of the Cnam: the word is the responsable’s, the tuteur and the auditrice agree by signing."""
    life = begun(context, FI)
    accepted(context, life, ("stage.sujet=Un autre atelier collectif de mobilité",))
    number = life.dossier.number

    found = []
    for roles in ((), ("organisme",), ("tuteur",), ("stagiaire",)):
        if roles:
            note_signed(at(context, TODAY), number, piece="avenant-1", on=TODAY, by=BY, roles=roles)
        verdicts = {one.rule: one for one in rules.verdicts(life_of(context, life.dossier.id), TODAY)}
        found.append([one.message.partition(". ")[0] for one in verdicts["S1-27"].problems])

    said = "Changement 1 : accepté par François GARÇON, pas encore par "
    both = [f"{said}l’auditeur ni par le tuteur"]
    assert found == [both, both, [f"{said}l’auditeur"], []]


def test_a_gratification_and_an_end_before_term(context: Context) -> None:
    """Two avenants of a student: each month at the rate of its days, then what the school decides (L124-15).

    4,50 € from 21 May: May 2, 5, 6, 7, 9, 12 to 16, 19, 20 = 12 days, 84 h × 4,35 = 365,40 €; 7 days, 49 h × 4,50 =
    220,50 €: 585,90 €. In all 517,65 + 585,90 + 630 + 693 + 63 = 2 489,55 €. Until 13 June: June 9 days, 63 h,
    283,50 €: 1 387,05 € for 315 h.
    """
    life = begun(context, FI)
    one = place_of(context, accepted(context, life, ("gratification.montant=4,50",)))
    two = place_of(
        context,
        accepted(context, life, ("stage.date_fin=13/06/2025",), since="6 2", motive="fin-anticipee"),
    )

    first, second = words_of(one / "avenant-1.pdf")[0], " ".join(words_of(two / "avenant-2.pdf"))
    assert "4,35 € par heure, virement 4,50 € par heure, virement" in first
    assert "2 436,00 € 2 489,55 €" in first
    assert "Mai 2025 133 h 585,90 €" in first
    assert "2 489,55 € 1 387,05 €" in second
    assert "560 h, en 80 jours 315 h, en 45 jours" in second
    assert "valide le stage malgré sa durée réduite" in second
    assert "juin 2025 — 63 h, 9 jours" in second
    assert papers_of(context, life) == [("avenant-1", 1, "en-cours"), ("avenant-2", 1, "en-cours")]


def test_a_salariee_ends_before_term(context: Context) -> None:
    """Article 11 of the convention, no code de l’éducation; the mean of the weeks is told anew.

    140 h in 12 weeks are 11 h 40; until 12 June 17 days less 27 May, 119 h in 10 weeks: 11 h 54.
    """
    life = begun(context)
    place = place_of(
        context, accepted(context, life, ("stage.date_fin=2025-06-12",), since="6 13", motive="fin-anticipee")
    )

    text = " ".join(words_of(place / "avenant-1.pdf"))
    assert "Le centre de formation dit alors si le stage est validé ou comment il peut être complété." in text
    assert "code de l’éducation" not in text
    assert "Présence hebdomadaire 11 h 40 par semaine en moyenne" in text
    assert "aucun jour" not in text


def test_an_attestation_is_issued_again(context: Context) -> None:
    """S2-12: April was attested for 49 h; a correction takes the 29th away: 42 h, the old one marked."""
    life = begun(context)
    days = life_of(context, life.dossier.id).days
    assert days is not None
    told = [
        Told(FactKind.PRESENCE, one.isoformat(), body_of(Mark.PRESENT, Mark.PRESENT, hours, as_planned=True))
        for one, hours in days.hours.items()
        if one < TODAY
    ]
    assert context.ledger.life.tell(life.dossier.id, told, by=BY, day=TODAY, seen=0)
    desk = at(context, TODAY)
    now = life_of(context, life.dossier.id)
    order = MAKERS[PaperKind.PRESENCE](desk, now, "2025-04")
    assert order is not None
    before = issue(desk, now, order)

    words = ("stage.calendrier-=2025-04-29", "stage.calendrier+=2025-06-11=7")
    ruled = accepted(context, life, words, since="4 29", motive="correction")

    (again,) = ruled.again
    assert (again.name, again.version, again.replaces) == ("attestation-de-presence-2025-04", 2, before.paper.id)
    assert (before.paper.body["heures"], again.body["heures"]) == ("49", "42")
    assert (context.workspace.outbox / before.paper.folder / REPLACED).is_file()
    assert "Attestation de présence – avril 2025" in words_of(place_of(context, ruled) / "avenant-1.pdf")[0]
    verdicts = {one.rule: one for one in rules.verdicts(life_of(context, life.dossier.id), TODAY)}
    assert verdicts["S2-12"].problems == ()
    assert list(context.workspace.mail.glob("*attestation-de-presence-2025-04-v2*"))


def test_the_word_given_again_prints_nothing_twice(context: Context) -> None:
    """Accepted twice: the same avenant, one version, one folder."""
    life = begun(context)
    first = accepted(context, life, ("stage.sujet=Un autre sujet de coordination",))
    again = judge_change(at(context, TODAY), life.dossier.number, 1, by=REFERENT[FC], favorable=True)

    assert (again.paper, bool(again.already)) == (first.paper, True)
    assert papers_of(context, life) == [("avenant-1", 1, "en-cours")]


def test_a_school_may_have_its_own_avenant(context: Context) -> None:
    """A template of the formation is taken before the common one."""
    own = context.workspace.templates / FC / "avenant.docx"
    own.write_bytes((context.workspace.templates / "commun" / "avenant.docx").read_bytes())
    life = begun(context)

    place = place_of(context, accepted(context, life, ("stage.sujet=Un autre sujet de coordination",)))

    (piece,) = json.loads((place / "manifest.json").read_bytes())["pieces"]
    assert piece["modele"] == f"{FC}/avenant.docx"
