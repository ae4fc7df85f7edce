"""Exceptions: every error liasse raises on purpose, sorted by who has to act.

    LiasseError
    ├── FormRejected        the sender: this file cannot be read as a form (message in French)
    ├── RequestRefused      the person who asks: what they ask for cannot be done (message in French)
    │   ├── NotFound        nothing has that number or id
    │   ├── Ambiguous       it names several dossiers, or several forms: nothing is done
    │   ├── NotAllowed      who asks, why, or where the dossier has got does not permit it
    │   │   └── InvalidRequest  what was typed is no name, reason, rule, field or value
    │   └── ChangedMeanwhile somebody else decided between the look and the word: look again
    └── HouseError          the operator: something of ours is wrong (message in English)
        ├── ConfigError     a formation, a schema or a setting
        │   ├── FormationIll    of a formation, or common to them: the others go on
        │   └── WorkspaceGone   the workspace is no more where it was opened
        ├── TemplateError   a Word template, or a value it prints
        ├── ConversionError a document that did not become the PDF it should
        ├── LedgerBehind    the ledger knows less than what lies beside it
        ├── Transient       nobody: the disk is full, the machine too slow; the same work may succeed later
        └── ToolMissing     a program or a font the machine lacks

A message has three parts: what is wrong, where, and what to do.
"""

from __future__ import annotations

from enum import IntEnum

# What the sender does about a file that is not this year's form, or no longer.
AGAIN = "Téléchargez le formulaire de l’année auprès de la scolarité, remplissez-le, puis renvoyez-le."


class ExitCode(IntEnum):
    """What the commands answer to the shell."""

    ALL_DELIVERED = 0
    SOME_WAIT = 1
    USAGE = 2
    OURS_TO_MEND = 3
    TOOL_MISSING = 4


class LiasseError(Exception):
    """The root: nothing else is raised on purpose."""

    exit_code = ExitCode.OURS_TO_MEND


class FormRejected(LiasseError):
    """The file is not a form that can be read.

    ``reason`` is a stable code (``FICHIER_VIDE``, ``PDF_CHIFFRE``…); the text is French, for the sender.
    """

    exit_code = ExitCode.SOME_WAIT

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


class RequestRefused(LiasseError):
    """What a person asks for cannot be done; nothing was changed."""

    exit_code = ExitCode.USAGE


class NotFound(RequestRefused):
    """Nothing has that number, id or name."""


class Ambiguous(RequestRefused):
    """What was typed names several things; which ones is said."""


class NotAllowed(RequestRefused):
    """Who asks, why, or where the dossier has got does not permit it."""


class InvalidRequest(NotAllowed):
    """What was typed is no name of a person, no reason, no rule, field or value."""


class ChangedMeanwhile(RequestRefused):
    """Somebody else decided, or the form went on, between the look and the word: a person looks again."""

    exit_code = ExitCode.SOME_WAIT


class HouseError(LiasseError):
    """Ours to mend: the sender did nothing wrong, and nothing of theirs is lost."""


class ConfigError(HouseError):
    """A formation, a schema or a setting says something that cannot be followed."""


class FormationIll(ConfigError):
    """What a formation says cannot be followed; ``code`` names it, empty for what all of them share.

    ``said`` is for the scolarité (French), without a place of the machine: ``words``, where no file is ill.
    """

    def __init__(self, message: str, code: str = "", words: str = "") -> None:
        super().__init__(message)
        self.code, self._words = code, words

    @property
    def said(self) -> str:
        """Which formation, and what to do."""
        if self._words:
            return self._words
        what = (
            f"de la formation « {self.code} » ne se lit" if self.code else "commun à toutes les formations ne se lit"
        )
        return (
            f"Un fichier {what} pas : rien ne peut en être dit ni fait tant qu’il n’est pas corrigé. Que faire : "
            "prévenez la personne qui veille sur liasse (liasse check lui dit lequel)."
        )


class WorkspaceGone(ConfigError):
    """The folder that liasse works in is no more where it was opened."""


class TemplateError(HouseError):
    """A Word template cannot be filled, or did not print what it was given."""


class ConversionError(HouseError):
    """LibreOffice gave no PDF, or one that is not what was asked."""


class LedgerBehind(HouseError):
    """The ledger is missing, emptied, older or half: files, packets or its sealed copy know more. Nothing is done."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"{why} Nothing was read, written or purged. Stop the service, then run 'liasse recover', which takes up "
            "what the ledger does not know, or restore a backup ('liasse restore DIR'). "
            "(Scolarité : n’effacez rien, prévenez la personne qui veille sur liasse.)"
        )


class Transient(HouseError):
    """Nothing is wrong with the form nor with the house's files: the same work may succeed when it is tried again."""


class ToolMissing(HouseError):
    """A program or a font that liasse needs is not installed."""

    exit_code = ExitCode.TOOL_MISSING


class Gone(Transient):
    """A file left its place between the look and the reception: who took it goes on with it. It is no failure."""


class InTurn(Transient):
    """Another form of the same internship is in hand: this one comes after it, soon."""


class ReadingStopped(Transient):
    """The reader of a form hung, or was killed from outside: the machine is at fault, or rarely the form."""


class ConversionStopped(Transient):
    """LibreOffice was too slow, or was killed, at one packet: the packet or the machine may be at fault."""
