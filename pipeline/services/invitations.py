"""Use case: somebody is asked for the accord of one dossier by a link, to be copied, or in the draft of a mail."""

from __future__ import annotations

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from pipeline.checks.formats import is_email
from pipeline.core.errors import InvalidRequest
from pipeline.core.school import BY_KEY, read_settings, settings_file
from pipeline.core.visitors import Visitor
from pipeline.dossier.context import Context
from pipeline.services.authors import author
from pipeline.services.passes import issue_link
from pipeline.services.permissions import Reached
from pipeline.storage.spool import put_file

_SENDER = BY_KEY["etablissement.courriel"].key


@dataclass(frozen=True)
class Invitation:
    """A link that was made: its address, told once, who it is for, the draft of a mail where one was asked for."""

    address: str
    recipient: str
    days: int
    draft: Path | None


def invite(
    context: Context, visitor: Visitor, reached: Reached, recipient: str, *, email: str, days: int, base: str
) -> Invitation:
    """Make a link by which somebody named judges a dossier; with an e-mail, the draft of a mail in ``courrier/`` too.

    ``base`` is the address under which people reach the page. Raises Forbidden, InvalidRequest.
    """
    email, recipient = email.strip(), author(recipient)
    if email and not _is_address(email):
        raise InvalidRequest(
            "Rien n’est fait : cette adresse n’en est pas une. Que faire : corrigez-la, ou laissez vide."
        )
    secret = issue_link(context.ledger, visitor, reached, recipient, days=days)
    address = f"{base.rstrip('/')}/lien/{secret}"
    if not email:
        return Invitation(address, recipient, days, None)
    place = context.workspace.mail / f"{reached.number}-avis.eml"
    put_file(place, _mail(context, reached, recipient, email=email, address=address, days=days))
    return Invitation(address, recipient, days, place)


def _is_address(email: str) -> bool:
    """Whether a mail can go there: an address that every mail program takes as it stands."""
    return email.isascii() and is_email(email)


def _mail(context: Context, reached: Reached, recipient: str, *, email: str, address: str, days: int) -> bytes:
    mail = EmailMessage(policy=SMTP)
    sender = str(read_settings(settings_file(context.workspace)).get(_SENDER) or "")
    if _is_address(sender):
        mail["From"] = Address(addr_spec=sender)
    mail["To"] = Address(addr_spec=email)
    mail["Subject"] = f"Stage : votre avis est attendu (dossier {reached.number})"
    mail["X-Unsent"] = "1"
    mail.set_content(
        f"Bonjour,\n\nVotre avis est attendu sur le stage du dossier {reached.number}, avant que sa convention soit "
        f"éditée.\n\nCe lien est pour vous, {recipient}, et pour ce dossier seulement. Il vaut {days} jours :\n\n"
        f"{address}\n\nL’ouvrir ne décide de rien : votre avis n’est noté qu’une fois que vous l’avez choisi sur la "
        "page, puis enregistré.\n\nLa scolarité\n",
        cte="quoted-printable",
    )
    return bytes(mail)
