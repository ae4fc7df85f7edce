"""Problem details (RFC 9457): stable codes, in the caller's language. The precise sentence stays French."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pipeline.core.errors import FormationIll
from pipeline.web.api.field_words import for_program

MEDIA = "application/problem+json"
TYPE = "urn:liasse:problem:"


class Words(NamedTuple):
    """A problem: its HTTP status; title and what to do, in French and in English."""

    status: int
    title: str
    said: str
    title_en: str
    said_en: str


CODES: Mapping[str, Words] = {
    "malformed": Words(
        400, "Demande mal formée", "Rien n’est fait.", "Malformed request", "Nothing was done. Mend the request."
    ),
    "unauthenticated": Words(
        401,
        "Connexion nécessaire",
        "Que faire : envoyez un jeton qui vaut (Authorization: Bearer …).",
        "Authentication needed",
        "Send a token that holds (Authorization: Bearer …).",
    ),
    "forbidden": Words(
        403,
        "Accès refusé",
        "Rien n’est fait : ce jeton ne le permet pas.",
        "Forbidden",
        "Nothing was done: this token has not the scope.",
    ),
    "not-found": Words(
        404, "Rien ici", "Il n’y a rien ici, ou pas pour vous.", "Not found", "Nothing is here, or not for you."
    ),
    "method-not-allowed": Words(
        405,
        "Demande mal formée",
        "Rien n’est fait : voyez l’en-tête Allow.",
        "Method not allowed",
        "Nothing was done: see the header Allow.",
    ),
    "not-allowed-now": Words(
        409,
        "Rien n’est fait",
        "Le dossier ne le permet pas où il en est.",
        "Not allowed now",
        "Nothing was done: where the dossier has got does not permit it.",
    ),
    "ambiguous": Words(
        409, "Rien n’est fait", "Plusieurs sont désignés.", "Ambiguous", "Nothing was done: several are meant."
    ),
    "changed-meanwhile": Words(
        409,
        "Rien n’est fait",
        "Quelqu’un vient d’en décider, ou le formulaire a avancé : regardez-le de nouveau.",
        "Changed meanwhile",
        "Nothing was done: somebody decided, or the form went on. Look again.",
    ),
    "not-read-yet": Words(
        409,
        "Pas encore lu",
        "Ce formulaire n’est pas encore lu : réessayez dans un moment.",
        "Not read yet",
        "This form is not read yet: try again in a moment.",
    ),
    "formation-ill": Words(
        409,
        "Formation à corriger",
        "Un fichier de cette formation ne se lit pas : prévenez la personne qui veille sur liasse.",
        "Formation to be mended",
        "A file of this formation cannot be read: nothing is said or done of its dossiers. Tell whoever runs liasse.",
    ),
    "precondition-failed": Words(
        412,
        "Rien n’est fait",
        "Ce n’est plus ce que vous aviez vu : regardez de nouveau, puis décidez.",
        "Precondition failed",
        "Nothing was done: it is no more what you saw (If-Match). Look again, then decide.",
    ),
    "too-large": Words(
        413,
        "Trop gros",
        "Rien n’est reçu : c’est plus gros que permis.",
        "Too large",
        "Nothing was received: it is larger than permitted.",
    ),
    "unsupported-media-type": Words(
        415,
        "Sorte de fichier refusée",
        "Rien n’est reçu : envoyez le fichier même, ou multipart/form-data.",
        "Unsupported media type",
        "Nothing was received: send the file itself, or multipart/form-data.",
    ),
    "range-not-satisfiable": Words(
        416, "Hors du fichier", "Le fichier s’arrête avant.", "Range not satisfiable", "The file ends before."
    ),
    "misdirected": Words(
        421,
        "Adresse inconnue",
        "liasse ne répond pas sous ce nom.",
        "Misdirected request",
        "liasse does not answer under this name.",
    ),
    "invalid": Words(
        422,
        "À corriger",
        "Rien n’est fait : une valeur ne convient pas.",
        "Invalid request",
        "Nothing was done: a value does not suit.",
    ),
    "invalid-parameters": Words(
        422,
        "À corriger",
        "Rien n’est fait : il manque quelque chose, ou une valeur ne convient pas.",
        "Invalid parameters",
        "Nothing was done: something is missing, or a value does not suit.",
    ),
    "key-reused": Words(
        422,
        "Clé déjà employée",
        "Rien n’est reçu : cette clé d’idempotence a servi pour autre chose.",
        "Idempotency key reused",
        "Nothing was received: this key came with something else. Use one key for each upload.",
    ),
    "precondition-required": Words(
        428,
        "Rien n’est fait",
        "Dites ce que vous avez vu : son ETag, dans If-Match.",
        "Precondition required",
        "Nothing was done: say what you saw, its ETag, in If-Match.",
    ),
    "too-many-requests": Words(
        429,
        "Trop de demandes",
        "Que faire : attendez (Retry-After), puis réessayez.",
        "Too many requests",
        "Wait (Retry-After), then try again.",
    ),
    "internal": Words(
        500,
        "Erreur de notre fait",
        "Rien de reçu n’est perdu. Que faire : réessayez, puis prévenez la personne qui veille sur liasse.",
        "Our fault",
        "Nothing that was received is lost. Try again, then tell whoever runs liasse.",
    ),
    "unavailable": Words(
        503,
        "Pas en ce moment",
        "Rien n’est perdu. Que faire : réessayez dans une minute.",
        "Not now",
        "Nothing is lost. Try again in a minute.",
    ),
}
_BY_STATUS: Mapping[int, str] = {**{words.status: code for code, words in reversed([*CODES.items()])}, 422: "invalid"}
_FAULTS = {  # of parameters, by the kind of fault: in French, in English
    "missing": ("manque", "is missing"),
    "extra_forbidden": ("n’est pas attendu", "is not expected"),
    "json_invalid": ("n’est pas du JSON", "is no JSON"),
    "string_too_long": ("est trop long", "is too long"),
    "string_too_short": ("est trop court", "is too short"),
    "string_pattern_mismatch": ("n’a pas la forme attendue", "has not the expected form"),
    "literal_error": ("n’est aucune des valeurs admises", "is none of the values"),
    "enum": ("n’est aucune des valeurs admises", "is none of the values"),
    "int_parsing": ("n’est pas un nombre entier", "is no whole number"),
    "greater_than_equal": ("est trop petit", "is too small"),
    "less_than_equal": ("est trop grand", "is too large"),
    "date_from_datetime_parsing": ("n’est pas une date (AAAA-MM-JJ)", "is no date (YYYY-MM-DD)"),
}
_OTHERWISE = ("ne convient pas", "does not suit")


def language(request: Request) -> str:
    """``fr`` or ``en``, whichever the caller likes better; French where they say nothing."""
    liked = {"fr": 0.0, "en": 0.0}
    for part in request.headers.get("accept-language", "").split(",")[:20]:
        tag, _, weight = part.partition(";")
        name = tag.strip().lower().partition("-")[0]
        if name in liked:
            liked[name] = max(liked[name], _weight(weight))
    return "en" if liked["en"] > liked["fr"] else "fr"


def _weight(said: str) -> float:
    name, _, value = said.strip().partition("=")
    try:
        return float(value) if name == "q" else 1.0
    except ValueError:
        return 0.0


def code_of(status: int) -> str:
    """The code of a status where nothing more is known."""
    return _BY_STATUS.get(status, "internal" if status >= 500 else "malformed")


def problem(
    request: Request,
    code: str,
    status: int,
    *,
    said: str = "",
    headers: Mapping[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> Response:
    """The answer: ``said`` is the precise French sentence, if there is one; ``more`` are members of its own."""
    words, said = CODES[code], for_program(said)
    tongue = language(request)
    body: dict[str, Any] = {"type": f"{TYPE}{code}", "code": code, "status": status}
    if tongue == "en":
        body |= {"title": words.title_en, "detail": words.said_en, **({"detail_fr": said} if said else {})}
    else:
        body |= {"title": words.title, "detail": said or words.said}
    more = dict(more or {})
    if "faults" in more:
        more["faults"] = _faults(more["faults"], tongue)
    every = {**(headers or {}), "Content-Language": tongue, "Vary": "Accept-Language"}
    return JSONResponse({**body, **more}, status, every, media_type=MEDIA)


def ill_words(request: Request, error: FormationIll) -> str:
    """What is told of an ill formation beside a list: in French as precisely as it is known."""
    return CODES["formation-ill"].said_en if language(request) == "en" else error.said


def _faults(found: Sequence[Mapping[str, Any]], tongue: str) -> Sequence[Mapping[str, str]]:
    """Which parameter is wrong and how; never what was sent."""
    return [
        {
            "in": str(one["loc"][0]) if one["loc"] else "body",
            "name": ".".join(map(str, one["loc"][1:])),
            "code": str(one["type"]),
            "detail": _FAULTS.get(str(one["type"]), _OTHERWISE)[tongue == "en"],
        }
        for one in found[:50]
    ]
