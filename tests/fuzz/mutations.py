"""Seeded damage to real filled forms: bytes, the structure of PDF files, the parts of Word files."""

from __future__ import annotations

import io
import random
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
Mutate = Callable[[bytes, bytes, random.Random], bytes]

_NUMBERS = (b"0", b"1", b"-1", b"65536", b"2147483647", b"4294967296", b"99999999999999999999", b"1e999", b"-0.5")
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_XML = (
    b"<w:p>" * 400,
    b"&#0;",
    b"&nope;",
    b"<![CDATA[",
    b"]]>",
    b"<!DOCTYPE x>",
    b"\xff\xfe",
    b"{{ 7*7 }}",
    b"<w:sdt>",
    b"\x00",
)


def seeds() -> list[tuple[str, bytes]]:
    """The filled forms to damage, ours and other schools', of every digital kind, by name."""
    files = [*(TESTS / "samples").glob("*.*"), *(TESTS / "layouts").glob("*/0[0-2].*")]
    kept = sorted(path for path in files if path.suffix in {".pdf", ".docx"} and ".scan" not in path.name)
    return [(str(path.relative_to(TESTS)), path.read_bytes()) for path in kept]


def mutated(seed: int) -> tuple[str, bytes]:
    """One damaged form, the same for the same seed: what it was and what was done to it, and its bytes."""
    rng = random.Random(seed)  # noqa: S311 -- to repeat a run, not to keep a secret
    forms = seeds()
    name, data = rng.choice(forms)
    _, other = rng.choice([form for form in forms if form[0].endswith(name[-4:])])
    own = PDF if name.endswith(".pdf") else WORD
    done = []
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        kind = rng.choice((*own, *own, *BYTES))
        data = {**BYTES, **own}[kind](data, other, rng)
        done.append(kind)
    return f"{name}: {', '.join(done)}", data


def _flip(data: bytes, _: bytes, rng: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(rng.choice((1, 4, 32, 256))):
        if out:
            out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    return bytes(out)


def _cut(data: bytes, _: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _hole(data: bytes, _: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(data) + 1)
    return data[:start] + data[start + rng.randrange(1, 5_000) :]


def _swap(data: bytes, _: bytes, rng: random.Random) -> bytes:
    a, b, c = sorted(rng.randrange(len(data) + 1) for _ in range(3))
    return data[:a] + data[b:c] + data[a:b] + data[c:]


def _repeat(data: bytes, _: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(data) + 1)
    return data[:start] + data[start : start + rng.randrange(1, 3_000)] * rng.choice((2, 20, 200)) + data[start:]


def _splice(data: bytes, other: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other)) :]


def _noise(data: bytes, _: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(data) + 1)
    return data[:start] + rng.randbytes(rng.randrange(1, 400)) + data[start:]


BYTES: dict[str, Mutate] = {
    "bits": _flip,
    "cut": _cut,
    "hole": _hole,
    "swap": _swap,
    "repeat": _repeat,
    "splice": _splice,
    "noise": _noise,
}


def _places(pattern: bytes, data: bytes, rng: random.Random, most: int) -> list[re.Match[bytes]]:
    found = list(re.finditer(pattern, data))
    return sorted(rng.sample(found, min(len(found), rng.randint(1, most))), key=lambda match: -match.start())


def _edited(pattern: bytes, data: bytes, rng: random.Random, new: Callable[[], bytes]) -> bytes:
    for match in _places(pattern, data, rng, 6):
        data = data[: match.start(1)] + new() + data[match.end(1) :]
    return data


def _pdf_numbers(data: bytes, _: bytes, rng: random.Random) -> bytes:
    return _edited(rb"[ /\[](\d+)(?=[ /\]>\r\n])", data, rng, lambda: rng.choice(_NUMBERS))


def _pdf_references(data: bytes, _: bytes, rng: random.Random) -> bytes:
    return _edited(rb"[ \[](\d+ 0 R)", data, rng, lambda: b"%d 0 R" % rng.randrange(400))


def _pdf_names(data: bytes, other: bytes, rng: random.Random) -> bytes:
    names = re.findall(rb"(/[A-Za-z]{2,14})", data + other)
    return _edited(rb"(/[A-Za-z]{2,14})", data, rng, lambda: rng.choice(names))


def _pdf_lengths(data: bytes, _: bytes, rng: random.Random) -> bytes:
    return _edited(rb"/Length (\d+)", data, rng, lambda: rng.choice(_NUMBERS))


def _pdf_places(data: bytes, _: bytes, rng: random.Random) -> bytes:
    return _edited(rb"(\d{10}) \d{5} n|startxref\s+(\d+)", data, rng, lambda: b"%010d" % rng.randrange(len(data)))


def _pdf_inside(data: bytes, other: bytes, rng: random.Random) -> bytes:
    """A stream unpacked, damaged, and packed again: the damage gets past the packing."""
    streams = [match for match in _STREAM.finditer(data) if _unpacked(match[1])]
    if not streams:
        return _flip(data, other, rng)
    match = rng.choice(streams)
    inside = rng.choice((_flip, _hole, _repeat, _noise, _pdf_numbers, _swap))(_unpacked(match[1]), other, rng)
    return data[: match.start(1)] + zlib.compress(inside) + data[match.end(1) :]


def _unpacked(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, 3_000_000)
    except zlib.error:
        return b""


PDF: dict[str, Mutate] = {
    "numbers": _pdf_numbers,
    "references": _pdf_references,
    "names": _pdf_names,
    "lengths": _pdf_lengths,
    "places": _pdf_places,
    "inside a stream": _pdf_inside,
}


def _parts(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except Exception:  # noqa: BLE001 -- it was damaged before: its bytes are damaged further
        return {}


def _zipped(parts: list[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore", UserWarning)  # of a name that comes twice: it is meant
        for name, part in parts:
            archive.writestr(name, part)
    return out.getvalue()


def _word(change: Callable[[list[tuple[str, bytes]], dict[str, bytes], random.Random], None]) -> Mutate:
    def mutate(data: bytes, other: bytes, rng: random.Random) -> bytes:
        parts = list(_parts(data).items())
        if not parts:
            return _flip(data, other, rng)
        change(parts, _parts(other), rng)
        return _zipped(parts)

    return mutate


def _inside(parts: list[tuple[str, bytes]], _: dict[str, bytes], rng: random.Random, *, xml: bool) -> None:
    place = rng.choice([n for n, (name, _) in enumerate(parts) if "document" in name or rng.random() < 0.3] or [0])
    name, part = parts[place]
    kind = _tags if xml else rng.choice((_flip, _cut, _hole, _swap, _repeat, _noise))
    parts[place] = (name, kind(part, b"", rng))


def _tags(part: bytes, _: bytes, rng: random.Random) -> bytes:
    """Tags dropped, doubled, renamed, emptied of their words; things put between them that XML does not allow."""
    for match in _places(rb"(<[^>]{1,200}>)", part, rng, 8):
        tag = match[1]
        new = rng.choice(
            (b"", tag + tag, re.sub(rb'="[^"]*"', b'=""', tag), rng.choice(_XML) + tag, tag.replace(b"w:", b"x:"))
        )
        part = part[: match.start(1)] + new + part[match.end(1) :]
    return part


def _drop(parts: list[tuple[str, bytes]], _: dict[str, bytes], rng: random.Random) -> None:
    parts.pop(rng.randrange(len(parts)))


def _double(parts: list[tuple[str, bytes]], _: dict[str, bytes], rng: random.Random) -> None:
    parts.append(rng.choice(parts))


def _exchange(parts: list[tuple[str, bytes]], others: dict[str, bytes], rng: random.Random) -> None:
    place = rng.randrange(len(parts))
    parts[place] = (parts[place][0], rng.choice([part for _, part in [*parts, *others.items()]]))


def _rename(parts: list[tuple[str, bytes]], _: dict[str, bytes], rng: random.Random) -> None:
    place = rng.randrange(len(parts))
    parts[place] = (
        rng.choice((parts[place][0].upper(), "x/" + parts[place][0], rng.choice(parts)[0])),
        parts[place][1],
    )


WORD: dict[str, Mutate] = {
    "tags": _word(lambda parts, others, rng: _inside(parts, others, rng, xml=True)),
    "inside a part": _word(lambda parts, others, rng: _inside(parts, others, rng, xml=False)),
    "part dropped": _word(_drop),
    "part twice": _word(_double),
    "part exchanged": _word(_exchange),
    "part renamed": _word(_rename),
}
