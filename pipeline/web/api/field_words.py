"""Messages that services write for a terminal, as the API says them: calls for commands, fields for options."""

from __future__ import annotations

import re
from collections.abc import Mapping

_CALLS: Mapping[str, str] = {  # of a command: the first whose words it has
    "close --reopen": "POST /dossiers/{id}/reopening",
    "close": "POST /dossiers/{id}/closing",
    "amend --accept": "POST /dossiers/{id}/changes/{number}/judgement",
    "amend --refuse": "POST /dossiers/{id}/changes/{number}/judgement",
    "amend": "POST /dossiers/{id}/changes",
    "attest": "POST /dossiers/{id}/attestations",
    "signed": "POST /dossiers/{id}/signatures",
    "presence": "POST /dossiers/{id}/presence",
    "note bilan": "POST /dossiers/{id}/mid-term",
    "invite": "POST /dossiers/{id}/invitations",
    "dossier show": "GET /dossiers/{id}",
    "dossier add": "POST /forms",
    "show": "GET /forms/{id}",
    "confirm": "POST /forms/{id}/confirmations",
    "override": "POST /forms/{id}/overrides",
    "approve": "POST /forms/{id}/accord",
    "retry": "POST /forms/{id}/retry",
    "discard": "POST /forms/{id}/discard",
    "reopen": "POST /forms/{id}/reopen",
    "fetch": "POST /packets/{id}/fetch",
}
_FIELDS: Mapping[str, str] = {
    "--accept": "judgement",
    "--by": "by",
    "--completion": "completion",
    "--correct": "correct",
    "--end": "end",
    "--from": "effect_on",
    "--lift": "lifts",
    "--month": "month",
    "--motive": "motive",
    "--on": "on",
    "--paid-as-agreed": "paid_as_agreed",
    "--paid": "paid",
    "--piece": "paper",
    "--present-as-planned": "present_as_planned",
    "--reason": "reason",
    "--refuse": "judgement",
    "--role": "roles",
    "--session": "session",
    "--text": "text",
}
_VERBS = sorted({words.partition(" --")[0].removesuffix(" bilan") for words in _CALLS}, key=len, reverse=True)
_ARGUMENT = (
    r"--(?:motive|piece|month|role|lift) [^\s(),»-][^\s(),»]*|--[a-z-]+|[A-ZÉ][A-ZÉ-]+\b…?|"
    r"[^\s(),»=…]*[=…][^\s(),»]*|[0-9a-f]{6,64}\b|\d{4}-\d+|\d+\b|bilan\b|« … »"
)
_COMMAND = re.compile(
    rf"(?<!la )(?<!La )(?<!une )(?<!cette )\bliasse (?:{'|'.join(_VERBS)})(?=[\s.,)»]|$)(?:[ \xa0](?:{_ARGUMENT}))*"
)
_OPTION = re.compile("|".join(f"{one}(?![a-z-])" for one in sorted(_FIELDS, key=len, reverse=True)))


def for_program(message: str) -> str:
    """A sentence with calls and fields of the API where it names commands of liasse and their options."""
    return _OPTION.sub(lambda found: f"« {_FIELDS[found[0]]} »", _COMMAND.sub(_call, message))


def _call(found: re.Match[str]) -> str:
    """The call of a command, with the fields that the command would fill in."""
    said = found[0]
    words = said.split()
    for of, call in _CALLS.items():
        if all(one in words for one in of.split()):
            fields = dict.fromkeys(_FIELDS[one] for one in words if one in _FIELDS)
            return f"{call} ({', '.join(fields)})" if fields else call
    return said
