"""Life of a jailed child: it takes its work, loads, is limited and confined, reads one file, answers and ends.

It was forked from the clean process (``nursery``), which has seen no form. Its work comes pickled from our own side
and is opened before a byte of the form is; its answer is JSON, which can hold no code.
"""

from __future__ import annotations

import gc
import io
import json
import os
import pickle
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from pipeline.core.errors import ConfigError, FormRejected, ReadingStopped, ToolMissing
from pipeline.core.refusals import Refusal, refused
from pipeline.sandbox import confinement, kernel
from pipeline.sandbox.quotas import Limits, restrict

OURS = (ConfigError, ToolMissing, ReadingStopped)  # what crosses the pipe as it was raised, besides FormRejected
LOADED = b"\n"  # said when it has; JSON does not mind it before the answer
_RARELY = 50_000  # objects made between two collections: the child lives for a second
_SOURCE, _ANSWER = 3, 4  # the only descriptors of the child, besides its closed standard streams


@dataclass(frozen=True)
class Work:
    """What a child is to do: ``work`` with the bytes, after ``load``, under ``limits``, by means that are ``able``.

    ``programs`` of the limits are whole paths here.
    """

    work: Callable[[bytes], Any]
    load: Callable[[], object] | None
    limits: Limits
    able: confinement.Usable


class _Opening(pickle.Unpickler):
    """Opens what our own side pickled; a number stands for what the clean process keeps."""

    def __init__(self, pickled: bytes, kept: object) -> None:
        super().__init__(io.BytesIO(pickled))
        self._kept = kept

    def persistent_load(self, _: object) -> object:
        """What is kept: there is one thing at a time."""
        return self._kept


def live(request: int, source: int, writer: int, kept: object, parent: int) -> NoReturn:
    """The whole life of the child: it never returns to the code that forked it."""
    status = 1
    try:
        os.setsid()
        confinement.die_with_parent(parent)
        pickled = _whole(request)
        _close_everything_but(source, writer)
        gc.freeze()  # nothing of before ends here: it would close descriptors that are the child's now
        try:
            asked: Work = _Opening(pickled, kept).load()
            if asked.load is not None:
                asked.load()
        except Exception as error:  # noqa: BLE001 -- whatever it is, it is the installation's, not the form's
            said = f"the reader of forms cannot be loaded ({error}). Install liasse again."
            _write(LOADED)
            _write(json.dumps({ToolMissing.__name__: said}).encode())
        else:
            gc.freeze()  # what was made so far is not looked through again, nor copied by being looked at
            gc.set_threshold(_RARELY)
            restrict(asked.limits)
            _write(LOADED)
            _write(json.dumps(_answer(asked), ensure_ascii=True).encode())
        status = 0
    finally:
        os._exit(status)


def _answer(asked: Work) -> dict[str, Any]:
    try:
        programs = asked.limits.programs
        os.environ["PATH"] = os.pathsep.join(dict.fromkeys(map(os.path.dirname, programs)))
        confinement.confine(asked.limits.reads, programs, asked.able)
        return {"result": asked.work(_read(asked.limits.source))}
    except FormRejected as error:
        return {"rejected": [error.reason, error.message]}
    except OURS as error:
        return {type(error).__name__: str(error)}
    except ImportError as error:
        said = f"the reader of forms lacks a part of the installation ({_where(error)}). Install liasse again."
        return {ToolMissing.__name__: said}
    except Exception as error:  # noqa: BLE001 -- a parser may raise anything at all on a hostile file
        return {"crash": _where(error)}


def _where(error: Exception) -> str:
    """Its kind and its place; never its message: it may quote a person's data."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{os.path.basename(frames[-1].filename)}:{frames[-1].lineno}" if frames else "?"  # noqa: PTH119 -- text
    return f"{type(error).__name__} at {place}"


def _read(limit: int) -> bytes:
    with os.fdopen(_SOURCE, "rb") as file:
        file.seek(0)
        data = file.read(limit + 1)
    if len(data) > limit:
        raise refused(Refusal.TOO_BIG, limit=limit // 1_000_000)
    return data


def _whole(descriptor: int) -> bytes:
    return os.pread(descriptor, os.fstat(descriptor).st_size, 0)


def _write(answer: bytes) -> None:
    view = memoryview(answer)
    while view:
        view = view[os.write(_ANSWER, view) :]


def _close_everything_but(source: int, writer: int) -> None:
    """Descriptors 0 to 2 lead nowhere, 3 is the form, 4 the answer; all others are closed."""
    null = os.open(os.devnull, os.O_RDWR)
    high = [os.dup(fd) for fd in (source, writer)]  # out of the way first: they may be 3 and 4, crossed
    while min(high) <= _ANSWER:
        high = [os.dup(fd) for fd in high]
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    os.dup2(high[0], _SOURCE)
    os.dup2(high[1], _ANSWER)
    kernel.close_from(_ANSWER + 1)
