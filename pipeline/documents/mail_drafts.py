"""Drafts of mails: a text of the school's templates, one person to write to, files attached. Nothing is sent.

The same draft is the same bytes, and bears the same Message-ID: sent twice, it is seen to be one. No birth date, no
address and no amount stands in a text; each person has a mail of their own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from pipeline.core.errors import NotAllowed, TemplateError
from pipeline.core.french import NBSP
from pipeline.core.workspace import Workspace
from pipeline.documents.filling.language import ENVIRONMENT, Notes, blaming, with_notes

FOLDER = "commun/courriels"
_SUBJECT = "Objet : "
_PLAIN = ENVIRONMENT.overlay(autoescape=False, trim_blocks=True, lstrip_blocks=True)
_NOWHERE = "liasse.invalid"  # RFC 2606: the domain of a Message-ID where the school gave no address


@dataclass(frozen=True)
class Attached:
    """A file of a mail: its name, what kind (« application/pdf »), its bytes; ``params`` of the kind."""

    name: str
    kind: str
    data: bytes
    params: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Words:
    """Subject and text of a mail."""

    subject: str
    text: str


def words_of(workspace: Workspace, template: str, values: Mapping[str, Any]) -> Words:
    """The words of a template of ``templates/commun/courriels``: its first line is « Objet : … ».

    Raises TemplateError naming it for what it cannot print.
    """
    place = workspace.model(f"{FOLDER}/{template}.txt")
    with blaming(f"{FOLDER}/{template}.txt"):
        made = _PLAIN.from_string(place.read_text(encoding="utf-8-sig")).render(with_notes(values, Notes()))
    first, _, text = made.partition("\n")
    if not first.startswith(_SUBJECT):
        raise TemplateError(f"{FOLDER}/{template}.txt ne commence pas par « {_SUBJECT}… ». Corrigez ce modèle.")
    return Words(first.removeprefix(_SUBJECT).replace(NBSP, " ").strip(), f"{text.strip()}\n")


def draft(identity: str, words: Words, *, sender: str, to: str, attached: Sequence[Attached]) -> bytes:
    """One draft as ``.eml``, opened as a mail to be sent (``X-Unsent``); ``to`` may be empty: a person fills it in.

    Raises NotAllowed for an address or a subject that would break out of its header.
    """
    mail = EmailMessage(policy=SMTP)
    domain = sender.rpartition("@")[2] if sender else _NOWHERE
    if sender:
        mail["From"] = mail["Reply-To"] = _address(sender)
    if to:
        mail["To"] = _address(to)
    mail["Subject"] = _one_line(words.subject)
    mail["Message-ID"] = f"<liasse-{_one_line(identity)}@{domain}>"
    mail["X-Unsent"] = "1"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(words.text, cte="quoted-printable")
    for one in attached:
        main, _, sub = one.kind.partition("/")
        mail.add_attachment(one.data, main, sub, filename=_one_line(one.name), params=one.params)
    if mail.is_multipart():
        mail.set_boundary(f"liasse-{hashlib.sha256(identity.encode()).hexdigest()[:24]}")
    return mail.as_bytes()


def _address(text: str) -> Address:
    try:
        return Address(addr_spec=_one_line(text))
    except (ValueError, IndexError) as error:
        raise NotAllowed("Une adresse de courriel n’en est pas une : corrigez-la dans le dossier.") from error


def _one_line(text: str) -> str:
    if any(not char.isprintable() for char in text):
        raise NotAllowed("Un courriel ne peut être préparé : une adresse ou un titre contient un saut de ligne.")
    return text
