"""What ``docs/api.md`` shows: tables made of the code, calls made to the samples, their answers cut short."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from api_kit import DELIVERED, SAMPLES, WAITS, Program

from pipeline.core.visitors import Right
from pipeline.services.webhook_events import NAMES
from pipeline.services.webhook_rounds import WAITS as PAUSES
from pipeline.web.api.problems import CODES

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
_SCOPES = {
    Right.SEE: "lists, dossiers, forms, readings, findings, bilan; lives, papers, what is due",
    Right.DEPOSIT: "send forms; send the scan of a signed paper (with `lecture`)",
    Right.CORRECT: "confirm values, lift rules, retry, discard, reopen; tell of a life: signatures, changes, days…",
    Right.JUDGE: "give or refuse the accord pédagogique; judge a change",
    Right.FETCH: "files of packets and papers, received files, the workbook, archives; note a packet as taken",
    Right.ADMINISTER: "webhooks",
}
_SHOWN = 8  # members of an object or a list that an example shows


def scopes() -> str:
    """One line a scope."""
    lines = ["| scope | what it permits |", "|---|---|"]
    return "\n".join([*lines, *(f"| `{one.value}` | {_SCOPES[one]} |" for one in Right)]) + "\n"


def codes() -> str:
    """One line a code."""
    lines = ["| status | code | meaning |", "|---|---|---|"]
    return (
        "\n".join([*lines, *(f"| {one.status} | `{code}` | {one.said_en} |" for code, one in CODES.items())]) + "\n"
    )


def events() -> str:
    """The events, and the routes of the document."""
    return f"Events: {', '.join(f'`{one}`' for one in NAMES)}.\n"


def pauses() -> str:
    """How long is waited."""
    told = [f"{one} s" if one < 60 else f"{one // 60} min" if one < 3600 else f"{one // 3600} h" for one in PAUSES]
    return ", ".join(told) + ",\n"


def calls(asked: Program) -> str:
    """The calls of a day, each made now."""
    form = asked.form(WAITS)
    seen = asked.etag(form)
    data = (SAMPLES / WAITS).read_bytes()
    parts: list[tuple[str, str, str, dict[str, str], Any]] = [
        ("Send a form (known already here: the same bytes).", "POST", "/forms", {"Idempotency-Key": "7f3c"}, data),
        ("List what waits.", "GET", "/dossiers?state=en%20attente&limit=1", {}, None),
        ("Look at its form.", "GET", f"/forms/{form['id']}", {}, None),
        ("What keeps it from its packet?", "GET", f"/forms/{form['id']}/findings", {}, None),
        (
            "Give the accord, on what was seen.",
            "POST",
            f"/forms/{form['id']}/accord",
            seen,
            {"decision": "favorable", "by": "H. MOREL"},
        ),
        (
            "The same once more, on what was seen before: nothing is written.",
            "POST",
            f"/forms/{form['id']}/accord",
            {**seen, "Accept-Language": "en"},
            {"decision": "defavorable", "reason": "hors projet", "by": "K. BENALI"},
        ),
    ]
    return "\n".join(_made(asked, part) for part in parts)


def life_calls(asked: Program) -> str:
    """The calls of a dossier's life, each made now."""
    dossier = f"/dossiers/{asked.form(DELIVERED)['number']}"
    seen = {"If-Match": asked.get(f"{dossier}/life").headers["etag"]}
    signed = {"paper": "convention", "on": "2025-03-17", "roles": ["stagiaire"], "by": "F. GARÇON"}
    change = {
        "values": [{"field": "stage.date_fin", "value": "15/05/2025"}],
        "effect_on": "2025-05-15",
        "motive": "fin-anticipee",
        "reason": "la structure ferme",
        "by": "F. GARÇON",
        "dry_run": True,
    }
    parts: list[tuple[str, str, str, dict[str, str], Any]] = [
        ("Where does it stand?", "GET", f"{dossier}/life", {}, None),
        ("The stagiaire has signed.", "POST", f"{dossier}/signatures", seen, signed),
        (
            "The same word, on what was seen before: nothing is written.",
            "POST",
            f"{dossier}/signatures",
            {**seen, "Accept-Language": "en"},
            signed,
        ),
        ("Would an earlier end be possible? Nothing is kept.", "POST", f"{dossier}/changes", {}, change),
        (
            "May it be closed? The refusal says what is missing.",
            "POST",
            f"{dossier}/closing",
            {"If-Match": "*"},
            {"by": "F. GARÇON"},
        ),
        ("What is due on a day?", "GET", "/due?on=2025-06-30", {}, None),
    ]
    return "\n".join(_made(asked, part) for part in parts)


def _made(asked: Program, part: tuple[str, str, str, dict[str, str], Any]) -> str:
    told, method, path, headers, body = part
    options: dict[str, Any] = {"headers": dict(headers)}
    shown = ""
    if isinstance(body, bytes):
        options["content"] = body
        options["headers"]["Content-Type"] = "application/pdf"
        shown = "--data-binary @formulaire.pdf"
    elif body is not None:
        options["json"] = body
        shown = f"--json '{json.dumps(body, ensure_ascii=False)}'"
    answer = asked.client.request(method, f"/api/v1{path}", **options)
    said = [f"-H '{name}: {value}'" for name, value in options["headers"].items()]
    line = " ".join(filter(None, ["curl", "-H @token", *said, shown]))
    cut = json.dumps(_cut(answer.json()), ensure_ascii=False, indent=1)
    return (
        f"{told}\n\n```text\n{line} https://liasse.example.org/api/v1{path}\n```\n\n"
        f"{answer.status_code} `{answer.headers['content-type']}`\n\n```json\n{cut}\n```\n"
    )


def _cut(told: Any) -> Any:
    """An answer without what changes from day to day, and not longer than is read."""
    if isinstance(told, dict):
        kept = {key: _cut(value) for key, value in told.items() if key not in {"links", "changed_at", "at"}}
        short = dict(list(kept.items())[:_SHOWN])
        return {**short, **({"…": "…"} if len(kept) > _SHOWN else {})}
    if isinstance(told, list):
        return [_cut(one) for one in told[:1]] + (["…"] if len(told) > 1 else [])
    if isinstance(told, str) and len(told) > 120:
        return told[:119] + "…"
    return told


def written(page: str, name: str, text: str) -> str:
    """A page with that part made anew."""
    pattern = rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)"
    assert re.search(pattern, page, re.DOTALL), name
    return re.sub(pattern, lambda found: found[1] + text + found[2], page, flags=re.DOTALL)


def whole(page: str, asked: Program, call: str) -> str:
    """The page with all its parts; ``call`` is the body of a webhook's call."""
    shown = json.dumps(json.loads(call), indent=1)
    parts = {
        "portees": scopes(),
        "codes": codes(),
        "exemples": calls(asked),
        "vie": life_calls(asked),
        "appel": f"```json\n{shown}\n```\n",
        "attentes": pauses(),
        "evenements": events(),
    }
    for name, text in parts.items():
        page = written(page, name, text)
    return page
