"""Inspection of a formation: whether its templates, rules and settings agree."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from zipfile import BadZipFile

from lxml.etree import XMLSyntaxError

from pipeline.checks import check_rules
from pipeline.checks.readiness import missing_of
from pipeline.checks.settled import faults_of_omissions, faults_of_settings
from pipeline.core.errors import ConfigError, ConversionError, ToolMissing
from pipeline.core.fields import Dictionary
from pipeline.core.formation import Formation, formation_codes, load_formation
from pipeline.core.law import STUDENTS, Law
from pipeline.core.own_choices import choices_of
from pipeline.core.programme import Programme
from pipeline.core.toml_faults import near
from pipeline.core.units import COUNTRY_SHEET
from pipeline.core.workspace import Workspace
from pipeline.documents.accessible import inaccessible
from pipeline.documents.drafts import CONTROL
from pipeline.documents.letters import LETTER
from pipeline.documents.own_pdfs import inert_pdf, try_binding
from pipeline.documents.rehearsal import rehearse
from pipeline.documents.school_files import looked_at, strays
from pipeline.documents.sentences import broken_sentences
from pipeline.forms.edition_files import FOLDER, damaged_editions
from pipeline.forms.wording import faults_of_words

SCHEMAS = "schemas"


@dataclass(frozen=True)
class Inspection:
    """What ``liasse check`` found of a formation, ``schemas/`` or editions.

    ``missing`` is what its packets cannot be signed without, in French; ``optional`` are settings that are empty.
    ``accessibility`` is what a screen reader would miss in its papers, ``wording`` what reads badly in them: they are
    made all the same.
    """

    formation: str
    faults: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    accessibility: tuple[str, ...] = ()
    wording: tuple[str, ...] = ()


def inspect(workspace: Workspace, only: str | None = None, *, on_paper: bool = False) -> Iterator[Inspection]:
    """Inspect fields, words, kept editions and formations; what cannot be loaded is a fault, not an exception.

    Nothing can be said of formations where the fields themselves cannot be followed. ``only`` one formation, and what
    all share; ``on_paper``: templates are printed too. Raises ConfigError for a formation that is not there.
    """
    if only is not None and only not in formation_codes(workspace):
        raise ConfigError(f"« {only} » n’est pas une formation{near(only, formation_codes(workspace))}")
    dictionary, law = Dictionary.load(workspace), Law.load(workspace)
    try:
        wrong = tuple(faults_of_words(dictionary))
    except ConfigError as error:
        yield Inspection(SCHEMAS, (str(error),))
        return
    if wrong:
        yield Inspection(SCHEMAS, wrong)
    damaged = tuple(damaged_editions(workspace))
    if damaged:
        yield Inspection(FOLDER, damaged)
    ignored = _strays(workspace)
    if ignored:
        yield Inspection(workspace.school.name, ignored)
    for code in (only,) if only else formation_codes(workspace):
        try:
            formation = looked_at(load_formation(workspace, code), workspace)
        except ConfigError as error:
            yield Inspection(code, (str(error),))
            continue
        own = dictionary.of(formation.settings)
        faults = (
            *_unknown_fields(formation, dictionary),
            *_unknown_choices(formation, dictionary, own),
            *check_rules(formation, dictionary),
            *_unknown_pieces(formation),
            *faults_of_settings(Programme(own, law, formation, formation.sessions[-1])),
            *_unfit_pdfs(formation, workspace),
            *_rehearsed(formation, dictionary, law, workspace, on_paper=on_paper),
        )
        optional = tuple(one.key for one in formation.empty_settings() if not one.needed)
        yield Inspection(
            code,
            tuple(dict.fromkeys(faults)),
            tuple(missing_of(formation)),
            optional,
            tuple(_linted(formation, workspace, inaccessible)),
            tuple(_linted(formation, workspace, partial(broken_sentences, dictionary=dictionary))),
        )


def _rehearsed(
    formation: Formation, dictionary: Dictionary, law: Law, workspace: Workspace, *, on_paper: bool
) -> Iterator[str]:
    """What is wrong with the templates, in any session; they are printed for the last one."""
    for session in formation.sessions:
        printed = on_paper and session == formation.sessions[-1]
        programme = Programme(dictionary.of(formation.settings), law, formation, session)
        try:
            yield from rehearse(programme, workspace, on_paper=printed)
        except ToolMissing as error:
            yield f"les modèles n’ont pas pu être imprimés pour être vérifiés : {error}"


def _unknown_fields(formation: Formation, dictionary: Dictionary) -> Iterator[str]:
    yield from (
        f"formation.toml, [formulaire] {key} : {path} n’est pas un champ de formulaire.schema.json"
        f"{near(path, dictionary.fields)}."
        for key, paths in formation.settings["formulaire"].items()
        for path in paths
        if path not in dictionary.fields and not (key == "sans" and path in dictionary.titles)
    )
    yield from faults_of_omissions(formation, dictionary)
    roles = {item["role"] for item in formation.settings["signataires"]}
    yield from (
        f"formation.toml, document {piece.code} : aucun [[signataires]] n’a le rôle « {role} »{near(role, roles)}."
        for piece in formation.pieces()
        for role in piece.signataires
        if role not in roles
    )


def _unknown_choices(formation: Formation, dictionary: Dictionary, own: Dictionary) -> Iterator[str]:
    """Values of a rule that its form does not offer, and values that another formation gives other words."""
    for key, path in (("secteurs", "organisme.secteur"), ("statuts", "stagiaire.regime")):
        known = own.fields[path].choices
        yield from (
            f"formation.toml, règle {line['id']} : {path} ne propose pas « {value} » ({key}) : {', '.join(known)}."
            for line in formation.rules
            for value in line.get(key, ())
            if value not in known
        )
    yield from (
        f"formation.toml, [formulaire.choix] {path} : une autre formation dit « {value} » par "
        f"« {dictionary.fields[path].choices[value]} ». Donnez-lui une autre valeur, ou les mêmes mots."
        for path, options in choices_of(formation.settings).items()
        for value, words in options.items()
        if dictionary.fields[path].choices[value] != words
    )


def _unknown_pieces(formation: Formation) -> Iterator[str]:
    """Papers that the formation speaks of, or that the law may ask for, and that its [[documents]] do not have."""
    codes = {piece.code for piece in formation.pieces()}
    said = formation.settings.get("evaluation", {})
    yield from (
        f"formation.toml, [evaluation] {key} : aucun [[documents]] n’a le code « {said[key]} »"
        f"{near(said[key], codes)}."
        for key in ("document", "questionnaire")
        if key in said and said[key] not in codes
    )
    for regime in sorted(STUDENTS):
        called = [piece for piece in formation.pieces() if piece.belongs_to(regime)]
        if called and not any(piece.code == COUNTRY_SHEET and piece.joined for piece in called):
            yield (
                f"formation.toml : un stage à l’étranger ({regime}, règle L-17) demande un [[documents]] avec code = "
                f"{COUNTRY_SHEET!r}, joint = true et si_regle = 'L-17'. Copiez-le d’une autre formation."
            )


def _strays(workspace: Workspace) -> tuple[str, ...]:
    try:
        return tuple(strays(workspace))
    except ConfigError:  # said of that formation
        return ()


def _linted(formation: Formation, workspace: Workspace, lint: Callable[[Path], Iterable[str]]) -> Iterator[str]:
    """What a lint says of each template of a formation; what is no Word file is told among the faults."""
    for name in dict.fromkeys((*(piece.template for piece in formation.pieces() if piece.template), CONTROL, LETTER)):
        with contextlib.suppress(OSError, BadZipFile, KeyError, XMLSyntaxError):
            yield from (f"{name} : {fault}" for fault in lint(workspace.model(name)))


def _unfit_pdfs(formation: Formation, workspace: Workspace) -> Iterator[str]:
    """The centre's own PDFs that cannot be bound, or not in a packet made to be archived."""
    names = {piece.pdf for piece in formation.pieces() if piece.pdf}
    for name in sorted(names - formation.unfit.keys()):  # those are said to be missing, with why
        path = workspace.model(name)
        if path.is_file():
            try:
                try_binding(inert_pdf(path.read_bytes(), name), name, pdfa=formation.pdfa)
            except ConversionError as error:
                yield str(error)
