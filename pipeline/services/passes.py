"""Use cases of passes: a token for the school's other software, a link for one dossier; made, shown, taken back."""

from __future__ import annotations

from collections.abc import Collection

from pipeline.core.errors import InvalidRequest, NotFound
from pipeline.core.formation import formation_codes
from pipeline.core.visitors import Right, Visitor
from pipeline.core.workspace import Workspace
from pipeline.ledger.pass_book import Pass
from pipeline.ledger.store import Ledger
from pipeline.services.authors import author
from pipeline.services.permissions import Reached, require
from pipeline.services.secret_words import key_of, new_token

PREFIX = "liasse_"  # by which those who look for secrets that leaked know one of ours
LONGEST_TOKEN, LONGEST_LINK = 400, 60  # days
_JUDGED_BY_LINK = frozenset({Right.SEE, Right.JUDGE})


def issue_token(
    ledger: Ledger,
    workspace: Workspace,
    label: str,
    rights: Collection[Right],
    *,
    formations: Collection[str] = (),
    days: int,
    by: str,
) -> str:
    """A new token, told once; raises InvalidRequest for a label, a scope, a formation or a time that cannot be."""
    unknown = sorted(set(formations) - set(formation_codes(workspace)))
    if unknown:
        raise InvalidRequest(
            f"Aucune formation {', '.join(unknown)}. Il y a {', '.join(formation_codes(workspace))}."
        )
    if not rights:
        raise InvalidRequest(f"Dites ce que ce jeton permet : {', '.join(Right)}.")
    if not 1 <= days <= LONGEST_TOKEN:
        raise InvalidRequest(f"Un jeton vaut de 1 à {LONGEST_TOKEN} jours.")
    secret = PREFIX + new_token()
    where = frozenset(formations) or None
    book = ledger.passes
    made = Pass(key_of(secret), author(label), frozenset(rights), where, "", by, book.now(), book.after(days))
    book.add_token(made)
    return secret


def revoke_token(ledger: Ledger, identity: str, *, by: str) -> Pass:
    """Take a token back, by the beginning of its id; raises NotFound."""
    found = [one for one in ledger.passes.tokens() if identity and one.hash.startswith(identity.lower())]
    if len(found) != 1:
        raise NotFound(f"Aucun jeton « {identity} ». Que faire : « liasse user tokens » les montre.")
    ledger.passes.revoke_token(found[0], by=by)
    return found[0]


def issue_link(ledger: Ledger, visitor: Visitor, reached: Reached, recipient: str, *, days: int) -> str:
    """The secret of a new link by which somebody named judges one dossier; raises Forbidden, InvalidRequest."""
    require(visitor, Right.CORRECT)
    if not 1 <= days <= LONGEST_LINK:
        raise InvalidRequest(f"Un lien vaut de 1 à {LONGEST_LINK} jours.")
    secret, book = new_token(), ledger.passes
    rights = _JUDGED_BY_LINK
    made = Pass(
        key_of(secret), author(recipient), rights, None, reached.id, visitor.actor, book.now(), book.after(days)
    )
    book.add_link(made, reached.entry.form.sha256)
    return secret


def revoke_link(ledger: Ledger, visitor: Visitor, reached: Reached, identity: str) -> None:
    """Take a link to a dossier back; raises Forbidden, NotFound."""
    require(visitor, Right.CORRECT)
    found = next((one for one in ledger.passes.links_of(reached.id) if one.id == identity), None)
    if found is None:
        raise NotFound("Ce lien n’est pas de ce dossier.")
    ledger.passes.revoke_link(found, reached.entry.form.sha256, by=visitor.actor)


def token_visitor(ledger: Ledger, secret: str) -> Visitor | None:
    """Who a token lets in; ``None`` for one that does not hold."""
    found = ledger.passes.token(key_of(secret))
    return Visitor(f"jeton:{found.id}", found.holder, found.rights, found.formations) if found else None


def link_visitor(ledger: Ledger, secret: str) -> Visitor | None:
    """Who a link lets in, to its dossier alone; ``None`` for one that does not hold."""
    found = ledger.passes.link(key_of(secret))
    return (
        Visitor(f"lien:{found.id}", found.holder, found.rights, dossier=found.dossier, invited_by=found.made_by)
        if found
        else None
    )
