"""Mentions of D124-4 that the papers signed for a student must print: which field bears each, and who prints it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from jinja2 import nodes

from pipeline.core.fields import Dictionary, FieldKind
from pipeline.core.law import STUDENTS
from pipeline.core.programme import Programme
from pipeline.core.school import SETTINGS
from pipeline.documents.rehearsal.naming import chained_nodes

# Other names that say the same: of a person the whole name, of the stage what its days come to.
_SAME = {
    "stage.duree_heures": ("droit.duree", "presence.total", "calendrier.total"),
    "stage.heures_hebdo": ("presence.hebdo", "presence.rythme"),
    "gratification.prevue": ("gratification.montant", "droit.gratification_totale"),
}
_WHOLE_NAMES = ("nom", "nom_prenom", "identite")


def required_mentions(dictionary: Dictionary) -> Iterator[tuple[str, str, str]]:
    """Each field or setting that D124-4 asks for: its path in templates, what it is called, its number."""
    for path, field in dictionary.fields.items():
        if field.mention and not path.startswith("referent."):
            yield path, dictionary.label(path), field.mention
    for setting in SETTINGS:
        if setting.mention and not setting.key.endswith(".prenom"):
            path = setting.key if "." in setting.key else f"formation.{setting.key}"
            yield path, setting.label, setting.mention


def printed_names(tree: nodes.Template, dictionary: Dictionary) -> set[str]:
    """The names whose value a template prints or goes through; a oui-non is said by what is chosen by it."""
    asked = [one.test for one in tree.find_all(nodes.If)] + [one.test for one in tree.find_all(nodes.CondExpr)]
    tests = {id(one) for test in asked for one in (test, *test.find_all(nodes.Node))}
    return {
        path
        for node, path in chained_nodes(tree)
        if id(node) not in tests or dictionary.kind(path) is FieldKind.BOOLEAN
    }


def faults_of_mentions(said: Collection[str], programme: Programme, papers: Iterable[str]) -> Iterator[str]:
    """What no paper that a student signs prints, of what a convention must; not what the formation does not ask."""
    dictionary, formation = programme.dictionary, programme.formation
    names = ", ".join(dict.fromkeys(papers))
    for path, label, number in required_mentions(dictionary):
        stem, _, last = path.rpartition(".")
        same = {path, *_SAME.get(path, ()), *(f"{stem}.{one}" for one in _WHOLE_NAMES if last == "nom")}
        if not formation.leaves_out(path) and not same & set(said):
            yield (
                f"{names} : aucun n’imprime « {label} », que la convention doit mentionner (code de l’éducation, "
                f"D124-4, {number}) : écrivez-y {{{{ {path} }}}}."
            )


def students(regime: str) -> bool:
    """Whether D124-4 holds for this régime."""
    return regime in STUDENTS
