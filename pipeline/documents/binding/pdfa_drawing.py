"""PDF/A-2b, clauses on what is drawn: streams (6.1.7), colours (6.2.3, 6.2.4), pictures, forms, transparency."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

_DEVICES = {"/DeviceGray": 0, "/DeviceRGB": 3, "/DeviceCMYK": 4}
_COLOURING = {
    "g": "/DeviceGray",
    "G": "/DeviceGray",
    "rg": "/DeviceRGB",
    "RG": "/DeviceRGB",
    "k": "/DeviceCMYK",
    "K": "/DeviceCMYK",
}
_BLENDS = re.compile(
    "/(Normal|Compatible|Multiply|Screen|Overlay|Darken|Lighten|Color|ColorDodge|ColorBurn|HardLight|SoftLight"
    "|Difference|Exclusion|Hue|Saturation|Luminosity)"
)


def check_streams(_: Pdf, things: Iterable[Object]) -> Iterator[str]:
    """What is packed otherwise than an archive can unpack, or lies elsewhere."""
    for thing in things:
        if not isinstance(thing, Stream):
            continue
        if "/F" in thing:
            yield "6.1.7.1: a stream lies in another file"
        filters = thing.get("/Filter", ())
        for name in filters if isinstance(filters, Array) else [filters]:
            if str(name) in ("/LZWDecode", "/Crypt"):
                yield f"6.1.7.2: a stream is packed with {name}"
        if thing.get("/Subtype") == Name.PS or "/PS" in thing or "/OPI" in thing or "/Ref" in thing:
            yield "6.2.9: a form is PostScript, or stands for another file"
        if thing.get("/Subtype") == Name.Image and ("/Alternates" in thing or bool(thing.get("/Interpolate"))):
            yield "6.2.8: a picture has alternates, or is smoothed by the reader (/Interpolate)"


def check_colours(pdf: Pdf, things: Iterable[Object]) -> Iterator[str]:
    """Colours of a device that the output intent does not cover, and the intent itself."""
    intents = [one for one in pdf.Root.get("/OutputIntents", ()) if one.get("/S") == Name.GTS_PDFA1]
    profiles = [one.DestOutputProfile for one in intents if "/DestOutputProfile" in one]
    if len(profiles) != 1:
        yield f"6.2.3: {len(profiles)} output intents with a colour profile, not one"
    components = int(profiles[0].get("/N", 0)) if profiles else 0
    if profiles and profiles[0].read_bytes()[36:40] != b"acsp":
        yield "6.2.3: the colour profile is no ICC profile"
    for device in sorted(set(_devices(pdf, things))):
        if not components or _DEVICES[device] not in (0, components):
            yield f"6.2.4.3: colours are {device[1:]}, which the output intent does not cover"


def _devices(pdf: Pdf, things: Iterable[Object]) -> Iterator[str]:
    """The device colour spaces that pages, forms and pictures use."""
    for thing in things:
        space = thing.get("/ColorSpace", thing.get("/CS"))
        for one in space.as_list() if isinstance(space, Array) else [space]:
            if isinstance(one, Name) and str(one) in _DEVICES:
                yield str(one)
    forms = [thing for thing in things if thing.get("/Subtype") == Name.Form and isinstance(thing, Stream)]
    for drawn in (*pdf.pages, *forms):
        for instruction in pikepdf.parse_content_stream(drawn, " ".join(_COLOURING)):
            yield _COLOURING[str(instruction.operator)]


def check_states(_: Pdf, things: Iterable[Object]) -> Iterator[str]:
    """Graphics states that depend on the printer, or blend in an unknown way."""
    states = (state for thing in things for state in thing.get("/ExtGState", Dictionary()).values())
    for state in states:
        if "/TR" in state or state.get("/TR2", Name.Default) != Name.Default:
            yield "6.2.5: a graphics state has a transfer function (/TR)"
        blend = state.get("/BM", Name.Normal)
        for mode in blend.as_list() if isinstance(blend, Array) else [blend]:
            if not _BLENDS.fullmatch(str(mode)):
                yield f"6.2.10: the blend mode {mode} is unknown"


def everything(root: Object) -> Iterator[Object]:
    """Every dictionary and stream that can be reached, once."""
    seen: set[tuple[int, int]] = set()
    waiting: list[Object] = [root]
    while waiting:
        thing = waiting.pop()
        if not isinstance(thing, (Array, Dictionary, Stream)):
            continue
        if thing.is_indirect:
            if thing.objgen in seen:
                continue
            seen.add(thing.objgen)
        if isinstance(thing, Array):
            waiting += thing.as_list()
            continue
        yield thing
        waiting += thing.values()
