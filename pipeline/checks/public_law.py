"""Rule L-23: the kind of organisme d’accueil and « de droit public » agree."""

from __future__ import annotations

from pipeline.checks.case import Case, Findings, NotApplicable, known
from pipeline.checks.registry import legal
from pipeline.core.models import Severity

_PUBLIC = frozenset({"administration", "collectivite", "etablissement_public"})
_PRIVATE = frozenset({"association", "entreprise_privee", "mutuelle_cooperative"})


@legal(
    "L-23",
    "Nature juridique de l’organisme",
    Severity.BLOCKING,
    "C. éduc., D124-8 ; convention, articles 5 bis et 5 ter",
    overridable=True,
)
def public_or_private(case: Case) -> Findings:
    """The kind of organisme and « de droit public » agree: they choose the articles printed and the cap of L-05.

    A public enterprise and « autre » may be either. A person may lift it (an établissement public of commerce whose
    staff is under private law, a GIP under another kind).
    """
    kind, public = case.text("organisme.type"), known(case.get("organisme.droit_public"))
    if kind not in _PUBLIC | _PRIVATE or not isinstance(public, bool):
        raise NotApplicable
    if public is not (kind in _PUBLIC):
        label = case.dictionary.fields["organisme.type"].choices.get(kind, kind)
        yield case.finding(
            "organisme.droit_public",
            f"« {'Oui' if public else 'Non'} », or le type coché est « {label} », qui est de droit "
            f"{'public' if kind in _PUBLIC else 'privé'}. La convention en dépend (gratification plafonnée, droits "
            "du stagiaire) : corrigez l’une des deux réponses.",
        )
