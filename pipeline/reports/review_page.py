"""HTML of a review sheet: one page to read, its pictures in it, without script; nothing is loaded."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from html import escape

from pipeline.core.french import counted, long_date
from pipeline.core.remarks import STRAY_RULE
from pipeline.core.text import displayable
from pipeline.reports.review_sheet import Item, ReviewSheet, Stray

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_STYLE = """
body{font:15px/1.45 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}
h1{color:#1f4e79;font-size:1.5rem}h2{font-size:1.05rem;margin:0}h3{color:#1f4e79}
section{border-top:1px solid #d5dbe1;padding:.8rem 0}img{max-width:100%;border:1px solid #d5dbe1;display:block}
code,pre{background:#f4f7fa;padding:.1rem .3rem;white-space:pre-wrap;overflow-wrap:anywhere}p{margin:.3rem 0}
.moins{color:#6b7684;font-size:.85rem}
"""


def review_html(sheet: ReviewSheet) -> bytes:
    """The sheet as a page; the same sheet gives the same bytes."""
    return "".join(_parts(sheet)).encode()


def _parts(sheet: ReviewSheet) -> Iterator[str]:
    about = " · ".join(filter(None, (sheet.person, sheet.formation, sheet.file)))
    yield f'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>{_said(sheet.title)}</title>'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}"><style>{_STYLE}</style></head><body>'
    yield f'<h1>{_said(sheet.title)}</h1><p class="moins">{_said(about)}</p>'
    yield f"<p>{counted(sheet.places, 'point')} à vérifier, au {long_date(sheet.day)}. Pour répondre, remplissez la "
    yield "même feuille en PDF, ou tapez la commande qui est sous chaque point.</p>"
    for item in sheet.items:
        yield from _item(sheet, item)
    if sheet.strays:
        yield "<h3>Sur les pages, hors des cases</h3>"
        for stray in sheet.strays:
            yield from _stray(stray)
        lift = _code(f"liasse override {sheet.form_id} {STRAY_RULE} --by NOM --reason MOTIF")
        yield f"<p>Si rien n’y change une réponse : {lift}</p>"
    yield f'<p class="moins">Formulaire {_said(sheet.form_id)} · lecture {_said(sheet.mark)}</p></body></html>'


def _item(sheet: ReviewSheet, item: Item) -> Iterator[str]:
    place = f" (page {item.page})" if item.page else ""
    yield f"<section><h2>{_said(item.label)}</h2><p>{_said(item.why)}{place}. À voir par : {_said(item.who)}.</p>"
    yield _image(item.png, item.label)
    if not item.secret:
        seen = " | ".join(f"« {one} »" for one in item.seen) or "rien"
        yield f"<p>Lu : {_said(seen)}</p><p>Proposé :</p><pre>{_said(item.proposed) or 'rien'}</pre>"
    if item.hint:
        yield f'<p class="moins">{_said(item.hint)}</p>'
    yield f"<p>{_code(f'liasse confirm {sheet.form_id} {item.path}=VALEUR --by NOM')}</p></section>"


def _stray(stray: Stray) -> Iterator[str]:
    place = f" (page {stray.page})" if stray.page else ""
    yield f"<section><h2>Remarque {stray.number}{place}</h2>{_image(stray.png, stray.text)}"
    yield f"<p>« {_said(stray.text)} »</p><p>{_said(stray.why)}.</p></section>"


def _image(png: bytes | None, label: str) -> str:
    if png is None:
        return ""
    return f'<img alt="{_said(label)}" src="data:image/png;base64,{base64.b64encode(png).decode("ascii")}">'


def _code(command: str) -> str:
    return f"<code>{_said(command)}</code>"


def _said(words: str) -> str:
    return escape(displayable(words))
