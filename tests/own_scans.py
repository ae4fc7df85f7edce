"""Scans of our own form: invented people with awkward names, printed, signed by hand and scanned by arithmetic."""

from __future__ import annotations

import datetime as dt
import io
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import people
import pypdfium2
from forms_filler import fill_word, print_words
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from pipeline.core.fields import Dictionary
from pipeline.core.formation import load_formation
from pipeline.core.models import get
from pipeline.core.workspace import Workspace
from pipeline.forms.blank import Blank, plan_blank
from pipeline.forms.drawing.blank_docx import draw_docx
from pipeline.forms.drawing.blank_pdf import draw_pdf
from pipeline.forms.fonts import font_file
from pipeline.forms.paper.placement import Role
from pipeline.forms.paper.strips import place
from pipeline.forms.prefill import slot_texts

DPI = 200
VARIANTS = ("droit", "penche", "contre-penche", "renverse", "jpeg", "gris", "noir-et-blanc")
_PEN = (30, 30, 110)
_PEOPLE = Path(__file__).parent / "own_scans.toml"


@dataclass(frozen=True)
class Case:
    """One scan to make: whose it is, of which formation, how it was scanned, from which file it was printed."""

    number: int
    formation: str
    variant: str
    word: bool = False

    @property
    def name(self) -> str:
        """What it is called in figures."""
        return f"{self.number:02d}-{self.formation[:5]}-{self.variant}{'-word' if self.word else ''}"


def cases() -> tuple[Case, ...]:
    """Both formations and every variant, with another person each time."""
    codes = (people.COORDINATION, people.CNAM)
    return tuple(
        Case(number, codes[number % 2], VARIANTS[number // 2 % len(VARIANTS)]) for number in range(4 * len(VARIANTS))
    )


def blank_of(workspace: Workspace, dictionary: Dictionary, code: str) -> Blank:
    """The form of a formation in the session of the samples."""
    formation = load_formation(workspace, code)
    return plan_blank(dictionary, formation, formation.session("2024-2025"))


def record_of(case: Case) -> dict[str, Any]:
    """The record of the person of a case: the formation's sample with that person's answers."""
    with _PEOPLE.open("rb") as file:
        rows = tomllib.load(file)["personne"]
    row = dict(rows[case.number % len(rows)])
    essms = case.formation == people.COORDINATION
    row = {path: value for path, value in row.items() if essms or not path.startswith("employeur.")}
    record = (people.coordination if essms else people.cnam)(**row)
    if essms:
        record["stage"]["calendrier"] = _calendar(case.number)
        record["stage"]["duree_heures"] = sum(day["heures"] for day in record["stage"]["calendrier"])
    return record


def _calendar(number: int) -> list[dict[str, Any]]:
    """Days of the session with the hours that people write: whole, halves, and short Saturdays."""
    chance = np.random.default_rng(number)
    weekdays = tuple(sorted(chance.choice([1, 2, 3, 4, 5, 6], int(chance.integers(2, 5)), replace=False).tolist()))
    days = people.days(dt.date(2025, 4, 7), weekdays, int(chance.integers(18, 25)))
    hours = [7, 7, 7, 7, 7.5, 6, 3.5, 4, 8, 5]
    return [{**day, "heures": hours[int(chance.integers(len(hours)))]} for day in days if day["date"] <= "2025-07-03"]


def truth_of(blank: Blank, record: Mapping[str, Any]) -> dict[str, Any]:
    """Path to the value printed for it, for every field of the form that has one."""
    found = {cell.field.path: get(record, cell.field.path) for cell in blank.cells()}
    return {
        path: value.replace(".", "") if path.endswith(".ape") else value
        for path, value in found.items()
        if value not in (None, "", [])
    }


def scan_of(
    case: Case, blank: Blank, record: Mapping[str, Any], *, struck: Sequence[str] = (), stapled: str = ""
) -> bytes:
    """The form filled, printed, signed and scanned as the case says: a PDF of images; always the same.

    A pen goes through the answers of ``struck``; ``stapled`` are the words of a page behind the form.
    """
    printed = print_words([fill_word(draw_docx(blank), slot_texts(blank, record))])[0] if case.word else None
    signed = [] if printed else [frame for frame in place(blank).frames if frame.role is Role.SIGN]
    chance = np.random.default_rng(case.number)
    pages = pages_of(printed or draw_pdf(blank, record))
    for frame in signed:
        _sign(pages[frame.page - 1], frame.box, chance)
    for zone in place(blank).zones:
        if zone.path in struck:
            x0, top, x1, bottom = (value * DPI / 72 for value in zone.box)
            ends = (x0 + 5, (top + bottom) / 2 + 3, (x0 + x1) / 2, (top + bottom) / 2)
            ImageDraw.Draw(pages[zone.page - 1]).line(ends, fill=_PEN, width=4)
    if stapled:
        pages.append(Image.new("RGB", pages[0].size, "white"))
        font = ImageFont.truetype(str(font_file()), 40)
        ImageDraw.Draw(pages[-1]).multiline_text((200, 300), stapled, fill=(20, 20, 20), font=font, spacing=40)
    return pdf_of([scanned(page, case.variant, chance) for page in pages], case.variant)


def pages_of(pdf: bytes) -> list[Image.Image]:
    """The pages as they print."""
    with pypdfium2.PdfDocument(pdf) as document:
        document.init_forms()
        return [page.render(scale=DPI / 72).to_pil().convert("RGB") for page in document]


def _sign(page: Image.Image, box: Sequence[float], chance: np.random.Generator) -> None:
    """A signature drawn by hand over its place, often out of it."""
    x0, top, x1, bottom = (value * DPI / 72 for value in box)
    steps = np.linspace(0, 1, 60)
    waves = chance.uniform(2, 9, 2), chance.uniform(0.15, 0.45) * (bottom - top)
    xs = x0 + (x1 - x0) * (0.15 + 0.6 * steps + 0.05 * np.sin(waves[0][0] * 6 * steps))
    ys = (top + bottom) / 2 + waves[1] * np.sin(waves[0][1] * 5 * steps) * (1.1 - steps)
    ImageDraw.Draw(page).line([*zip(xs.tolist(), ys.tolist(), strict=True)], fill=_PEN, width=4, joint="curve")


def written_by_hand(blank: Blank, record: Mapping[str, Any], seed: int = 5) -> list[Image.Image]:
    """The empty form with its answers written by a pen: letters that lean and dance, crosses over the boxes."""
    texts, chance = slot_texts(blank, record), np.random.default_rng(seed)
    pages = pages_of(draw_pdf(blank))
    for zone in place(blank).zones:
        text = texts.get(zone.slot.name)
        if not text:
            continue
        x0, top, x1, bottom = (value * DPI / 72 for value in zone.box)
        if zone.slot.option is not None:
            pen = ImageDraw.Draw(pages[zone.page - 1])
            pen.line((x0 - 3, top - 2, x1 + 4, bottom + 3), fill=_PEN, width=4)
            pen.line((x1 + 2, top - 4, x0 - 2, bottom + 2), fill=_PEN, width=4)
            continue
        _write(pages[zone.page - 1], text, (x0 + 6, top, x1, bottom), zone.lines, chance)
    return pages


def _write(page: Image.Image, text: str, box: Sequence[float], lines: int, chance: np.random.Generator) -> None:
    """Words in a box, letter by letter, line after line."""
    x0, top, x1, bottom = box
    height = (bottom - top) / lines
    x, y = x0, top
    for word in text.replace("\n", " ").split():
        if x + 0.42 * height * len(word) > x1 and lines > 1:
            x, y = x0, y + height
        for letter in f"{word} ":
            size = int(height * float(chance.uniform(0.62, 0.78)))
            glyph = Image.new("L", (2 * size, 2 * size), 0)
            font = ImageFont.truetype(str(font_file("Italic")), size)
            ImageDraw.Draw(glyph).text((size // 2, size // 3), letter, fill=255, font=font, stroke_width=1)
            glyph = glyph.rotate(float(chance.uniform(-14, 10)), Image.Resampling.BICUBIC)
            place_at = (int(x - size / 2), int(y - size / 3 + height * float(chance.uniform(0.02, 0.2))))
            page.paste(Image.new("RGB", glyph.size, _PEN), place_at, glyph)
            x += font.getlength(letter) + float(chance.uniform(0, 0.1)) * size


def scanned(page: Image.Image, variant: str, chance: np.random.Generator) -> Image.Image:
    """One page as a scanner gives it: never quite straight nor clean."""
    angle = {"penche": 2.0, "contre-penche": -2.0, "droit": 0.0}.get(variant, float(chance.uniform(-0.6, 0.6)))
    shift = (int(chance.integers(-9, 10)), int(chance.integers(-9, 10)))
    if variant == "renverse":
        page = page.transpose(Image.Transpose.ROTATE_180)
    turned = page.rotate(angle, Image.Resampling.BICUBIC, fillcolor="white", translate=shift)
    soft = np.asarray(turned.filter(ImageFilter.GaussianBlur(float(chance.uniform(0.4, 0.7)))), np.float32)
    grey = variant in ("gris", "noir-et-blanc")
    paper = (214 if variant == "gris" else 248) - 18
    light = 18 + soft * (paper / 255) + chance.normal(0, 2.0, soft.shape[:2])[:, :, None]
    image = Image.fromarray(np.clip(light, 0, 255).astype(np.uint8))
    image = image.convert("L") if grey else image
    return image.point(lambda level: 255 * (level > 160), "1") if variant == "noir-et-blanc" else image


def pdf_of(pages: Sequence[Image.Image], variant: str) -> bytes:
    """The pages as images in one PDF, compressed as the scanner does."""
    made = io.BytesIO()
    settings = {} if variant == "noir-et-blanc" else {"quality": 60 if variant == "jpeg" else 85}
    pages[0].save(made, "PDF", resolution=DPI, save_all=True, append_images=pages[1:], **settings)
    return made.getvalue()
