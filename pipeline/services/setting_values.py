"""Settings as people write them, made canonical; and written as TOML."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pipeline.checks.setting_formats import CIVILITIES
from pipeline.core.folding import fold
from pipeline.core.french import e164
from pipeline.core.models import put
from pipeline.core.school import SETTINGS, Setting, SettingKind

_HEAD = """# Réglages écrits par « liasse setup ». Ils se corrigent aussi à la main, sans commentaires.
# Une mise à jour de liasse n’y touche jamais.
"""


def setting_value(setting: Setting, text: str) -> Any:  # noqa: ANN401 -- a text or a number
    """The canonical value of a setting as people write it; what cannot be understood stays as it was written."""
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    return _READ.get(setting.kind, str)(plain)


def _email(text: str) -> str:
    local, at, domain = text.rpartition("@")
    return f"{local}{at}{domain.lower()}"


def _civility(text: str) -> str:
    known = {"mme": CIVILITIES[0], "madame": CIVILITIES[0], "m": CIVILITIES[1], "monsieur": CIVILITIES[1]}
    return known.get(fold(text).rstrip("."), text)


def _hours(text: str) -> Any:  # noqa: ANN401 -- a number, or the text that is none
    found = re.fullmatch(r"([0-9][0-9 ]*)(?:[.,]([0-9]+))?\s*(?:h|heures?)?", text)
    if found is None:
        return text
    whole = found[1].replace(" ", "")
    return float(f"{whole}.{found[2]}") if found[2] else int(whole)


_READ: Mapping[SettingKind, Callable[[str], Any]] = {
    SettingKind.SIRET: lambda text: re.sub(r"[\s.\-]", "", text),
    SettingKind.ACTIVITY_NUMBER: lambda text: re.sub(r"[\s.\-]", "", text).upper(),
    SettingKind.SCHOOL_CODE: lambda text: re.sub(r"\s", "", text).upper(),
    SettingKind.EMAIL: _email,
    SettingKind.PHONE: lambda text: e164(text) or text,
    SettingKind.CIVILITY: _civility,
    SettingKind.HOURS: _hours,
}


def settings_as_toml(settings: Mapping[str, Any]) -> str:
    """Settings by dotted name as a TOML file, in the order in which they are asked."""
    nested: dict[str, Any] = {}
    for setting in SETTINGS:
        if setting.key in settings:
            put(nested, setting.key, settings[setting.key])
    return _HEAD + "".join(_table(nested, ""))


def _table(node: Mapping[str, Any], name: str) -> Iterator[str]:
    plain = {key: value for key, value in node.items() if not isinstance(value, Mapping)}
    if name and plain:
        yield f"\n[{name}]\n"
    for key, value in plain.items():
        yield f"{key} = {json.dumps(value, ensure_ascii=False)}\n"
    for key, value in node.items():
        if isinstance(value, Mapping):
            yield from _table(value, f"{name}.{key}" if name else key)
