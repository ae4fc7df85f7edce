"""What changes in the signing of a packet: its units, the order of its pieces, who signs, whether it is PDF/A."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.core.formation import Formation
from pipeline.documents.drafts import Draft
from pipeline.documents.filed import FiledPacket

_ARCHIVED = {True: "la liasse devient un PDF/A", False: "la liasse n’est plus un PDF/A"}
_ORDER = "les pièces changent d’ordre"
_UNITS = "ce qui se signe : {} → {}"
_SIGNER = ("titre", "nom", "fonction", "courriel", "telephone")


def signing_changes(filed: FiledPacket, drafts: Sequence[Draft], formation: Formation) -> Iterator[str]:
    """Each change of a filed packet, in French, beside the drafts of the one that would be made today."""
    before, after = [piece.code for piece in filed.pieces], [draft.code for draft in drafts]
    if [code for code in before if code in after] != [code for code in after if code in before]:
        yield _ORDER
    files = [unit.file for unit in formation.units if any(one.unit == unit.code for one in drafts)]
    if files != list(filed.files):
        yield _UNITS.format(", ".join(filed.files), ", ".join(files))
    yield from _signers(filed, drafts, formation)
    if filed.is_pdfa() is not formation.pdfa:
        yield _ARCHIVED[formation.pdfa]


def _signers(filed: FiledPacket, drafts: Sequence[Draft], formation: Formation) -> Iterator[str]:
    """Who signs otherwise, by file and signature field: the name, the title, how they are reached."""
    files = {unit.code: unit.file for unit in formation.units}
    before = {(one["fichier"], one["champ"]): one for one in filed.signers}
    after = {(files[str(draft.unit)], one["ancre"]): one for draft in drafts for one in draft.signing}
    for place in sorted(before.keys() | after.keys()):
        file, name = place
        if place not in after:
            yield f"{before[place]['titre']} ({before[place]['nom']}) ne signe plus ({file}, {name})"
        elif place not in before:
            yield f"{after[place]['titre']} ({after[place]['nom']}) signe à présent ({file}, {name})"
        else:
            for what in _SIGNER:
                old, new = before[place].get(what), after[place].get(what)
                if _plain(old) != _plain(new):
                    yield f"signataire {name}, {what} : « {old or '—'} » → « {new or '—'} »"


def _plain(value: object) -> str:
    return "" if value is None else str(value)
