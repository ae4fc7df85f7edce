"""Lookup: the dossier and the form that a person means by a number, an id or a name."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.core.errors import Ambiguous, NotAllowed, NotFound
from pipeline.core.folding import folded_letters
from pipeline.ledger.entries import OPEN, PUT_AWAY, Entry, State
from pipeline.ledger.store import Ledger

_SHORTEST = 2  # letters of a name
_LISTED = 5  # dossiers named where several are meant


def find_form(ledger: Ledger, word: str) -> Entry:
    """The form meant by its id or its packet's, or by its dossier or a name: the one still open, else what counts.

    Raises NotFound, or Ambiguous where several dossiers or forms could be meant.
    """
    dossier, named = _find(ledger, word)
    if len(named) == 1:
        return named[0]
    forms = ledger.entries.of_dossier(dossier)
    return next((one for one in reversed(forms) if one.state in OPEN), None) or leading(forms)


def find_packet_form(ledger: Ledger, word: str) -> Entry:
    """The form whose packet is meant; of a dossier, the one that was delivered. Raises as ``find_form``."""
    dossier, named = _find(ledger, word)
    return named[0] if len(named) == 1 else leading(ledger.entries.of_dossier(dossier))


def find_put_away(ledger: Ledger, word: str) -> Entry:
    """The form meant among those put away; of a dossier without one, as ``find_form``. Raises as ``find_form``."""
    dossier, named = _find(ledger, word)
    away = [one for one in named or ledger.entries.of_dossier(dossier) if one.state is State.DISCARDED]
    return away[-1] if away else find_form(ledger, word)


def find_dossier(ledger: Ledger, word: str) -> str:
    """The id of the dossier meant; raises as ``find_form``."""
    return _find(ledger, word)[0]


def find_forms(ledger: Ledger, word: str) -> tuple[Entry, ...]:
    """The forms meant, of one dossier: one by its id, those that bore a number that is borne no more, else all."""
    dossier, named = _find(ledger, word)
    gone = tuple(ledger.entries.get(one) for one in ledger.dossiers.gone_from(word.strip().lower()))
    return named or gone or ledger.entries.of_dossier(dossier)


def leading(forms: Sequence[Entry]) -> Entry:
    """The form of a dossier that counts: delivered, else the last that nobody put away, else the last."""
    delivered = [one for one in forms if one.state is State.DELIVERED]
    kept = [one for one in forms if one.state not in PUT_AWAY]
    return (delivered or kept or list(forms))[-1]


def require_file(entry: Entry) -> Entry:
    """The form, if something can still be made of it; raises NotAllowed for one whose file is gone for good."""
    if entry.state is State.SUPERSEDED:
        raise NotAllowed(
            f"{entry.form.id} a été remplacé par une version plus récente : il n’y a plus rien à en décider."
        )
    if entry.state is State.DISCARDED:
        raise NotAllowed(
            f"{entry.form.id} a été écarté : « liasse reopen {entry.form.id} --by NOM » le reprend, puis décidez."
        )
    if entry.state is State.DIVIDED:
        raise NotAllowed(
            f"{entry.form.id} contenait plusieurs formulaires, qui se décident un par un : {entry.detail}"
        )
    if entry.state is State.FILED:
        raise NotAllowed(f"{entry.form.id} est versé au dossier {entry.number} : il n’y a plus rien à en décider.")
    if not entry.state.needs_its_file and not entry.form.path.exists():
        raise NotAllowed(f"{entry.form.id} : le fichier reçu a été purgé ou effacé, il n’y a plus rien à en décider.")
    return entry


def among_named(forms: Sequence[Entry], words: Sequence[str], *, numbers: bool = True) -> tuple[Entry, ...]:
    """The forms whose person or file has a name that contains each of these words, accents and case aside.

    ``numbers``: or whose dossier's number does.
    """
    wanted = [folded_letters(word) for word in words]
    if not all(wanted):  # a word without a letter or a figure is in no name
        return ()
    told = (folded_letters(f"{one.number if numbers else ''} {one.stagiaire or ''} {one.form.name}") for one in forms)
    return tuple(one for one, text in zip(forms, told, strict=True) if all(word in text for word in wanted))


def _find(ledger: Ledger, word: str) -> tuple[str, tuple[Entry, ...]]:
    """The dossier, and the forms of it that the word names themselves: none where it names the dossier.

    A number or the beginning of an id is sought first, then a name of a person or a file.
    """
    word = word.strip()
    start = word.lower()
    named = ledger.entries.starting(start) if start else ()
    dossiers = dict.fromkeys((*(one.dossier for one in named), *(ledger.dossiers.named(start) if start else ())))
    dossiers = dossiers or _of_name(ledger, word)
    if not dossiers:
        raise NotFound(f"Aucun dossier ni formulaire « {word} ». « liasse status » donne les numéros et les noms.")
    if len(dossiers) > 1:
        raise _several(ledger, word, tuple(dossiers))
    if len(named) > 1:
        ids = ", ".join(one.form.id for one in named)
        raise Ambiguous(
            f"« {word} » désigne {len(named)} formulaires : {ids}. Rien n’est fait : tapez l’un de ces identifiants."
        )
    return next(iter(dossiers)), named


def _of_name(ledger: Ledger, word: str) -> dict[str, None]:
    """The dossiers of the forms whose person or file is named so; two letters at least."""
    if len(folded_letters(word)) < _SHORTEST or not any(char.isalpha() for char in word):
        return {}
    forms = [one for one in ledger.entries.all() if one.state is not State.ERASED]
    return dict.fromkeys(one.dossier for one in among_named(forms, word.split(), numbers=False))


def _several(ledger: Ledger, word: str, dossiers: Sequence[str]) -> Ambiguous:
    leads = [leading(ledger.entries.of_dossier(one)) for one in dossiers[:_LISTED]]
    listed = ", ".join(f"{one.number} ({one.stagiaire or one.form.name})" for one in leads)
    more = "…" if len(dossiers) > _LISTED else ""
    return Ambiguous(
        f"« {word} » désigne {len(dossiers)} dossiers : {listed}{more}. Rien n’est fait : tapez l’un de ces numéros."
    )
