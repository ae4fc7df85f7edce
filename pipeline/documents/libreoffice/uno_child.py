"""UNO client inside the sandbox: keeps one soffice running and has it convert, one document a line.

It stands alone: the system's Python runs it, the one that LibreOffice's bridge (``uno``) was made for, which may be
older than ours (3.8 and later). Nothing of liasse is imported; what it needs is in its one argument, a JSON object:

    {"command": [the program and its options], "pipe": its name, "filter": how documents are read}

It says ``{"ready": true}`` once LibreOffice answers, then, for each line ``{"in": path, "out": path, "export":
{option: value}}`` that it is given, ``{"ok": true or false, "ms": …, "memory": bytes of LibreOffice, "error": …}``.
It ends when its input does. When LibreOffice ends it ends too, with the same status: whoever listens then knows, at
rest or at work.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

FIRST_START = 81  # soffice's answer when it has just made its profile: ask again
LOST = 70  # the bridge broke while soffice lives on
PAGE = os.sysconf("SC_PAGE_SIZE")
PAUSE = 0.005  # seconds between two knocks at a door that is not open yet
PATIENCE = 5  # seconds that a soffice which answers no more is given to end
NEVER = 0  # com.sun.star.document.MacroExecMode.NEVER_EXECUTE
NO_UPDATE = 0  # com.sun.star.document.UpdateDocMode.NO_UPDATE


def main(wanted: dict[str, Any], soffice: subprocess.Popen[bytes]) -> None:
    """Answer line by line, once the LibreOffice that was started is up, until the input ends."""
    soffice, desktop = open_office(wanted, soffice)
    threading.Thread(target=leave_with, args=(soffice,), daemon=True).start()
    send({"ready": True})
    for line in sys.stdin:
        started = time.monotonic()
        asked = json.loads(line)
        error = convert(desktop, asked, wanted["filter"])
        spent = round((time.monotonic() - started) * 1000, 1)
        send({"ok": not error, "ms": spent, "memory": memory(soffice.pid), "error": error})
    with contextlib.suppress(uno.getClass("com.sun.star.uno.Exception")):
        desktop.terminate()  # it removes its sockets
    time.sleep(PATIENCE)  # the other thread ends us with it


def open_office(wanted: dict[str, Any], soffice: subprocess.Popen[bytes]) -> tuple[subprocess.Popen[bytes], Any]:
    """A LibreOffice that answers, and its desktop; ends this process when there is none to be had."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    again = True
    while True:
        try:
            context = resolver.resolve(f"uno:pipe,name={wanted['pipe']};urp;StarOffice.ComponentContext")
            return soffice, context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except uno.getClass("com.sun.star.connection.NoConnectException"):
            time.sleep(PAUSE)
        if soffice.poll() == FIRST_START and again:
            soffice, again = start(wanted), False
        elif soffice.poll() is not None:
            sys.exit(status(soffice.returncode))


def start(wanted: dict[str, Any]) -> subprocess.Popen[bytes]:
    """Soffice with nothing to read, and its words in the log, never among our answers."""
    return subprocess.Popen(  # noqa: S603 -- the command line is liasse's own
        wanted["command"], stdin=subprocess.DEVNULL, stdout=sys.stderr
    )


def leave_with(soffice: subprocess.Popen[bytes]) -> None:
    """Wait for LibreOffice's end and make it ours."""
    os._exit(status(soffice.wait()))


def convert(desktop: Any, asked: dict[str, Any], docx: str) -> str:  # noqa: ANN401 -- UNO's
    """One document made into a PDF; what went wrong, or nothing."""
    document = None
    try:
        document = desktop.loadComponentFromURL(uno.systemPathToFileUrl(asked["in"]), "_blank", 0, reading(docx))
        if document is None:
            return "it cannot be opened"
        document.storeToURL(uno.systemPathToFileUrl(asked["out"]), writing(asked["export"]))
    except uno.getClass("com.sun.star.uno.Exception") as error:
        require_alive(desktop)
        return f"{type(error).__name__}: {str(error).partition(chr(10))[0][:200]}"
    finally:
        if document is not None:
            with contextlib.suppress(uno.getClass("com.sun.star.uno.Exception")):
                document.close(True)  # noqa: FBT003 -- UNO knows no names
    return ""


def require_alive(desktop: Any) -> None:  # noqa: ANN401 -- UNO's
    """Return if LibreOffice still answers: the document was at fault. End with it if it does not."""
    try:
        desktop.getFrames()
    except uno.getClass("com.sun.star.uno.Exception"):
        time.sleep(PATIENCE)  # its status, which the other thread waits for, tells more than ours
        os._exit(LOST)


def reading(docx: str) -> tuple[Any, ...]:
    """How a document is opened: unseen, unchanged, taken for nothing but what it should be; nothing in it runs."""
    return properties(
        {
            "Hidden": True,
            "ReadOnly": True,
            "Silent": True,
            "FilterName": docx,
            "MacroExecutionMode": uno.Any("short", NEVER),
            "UpdateDocMode": uno.Any("short", NO_UPDATE),
        }
    )


def writing(export: dict[str, Any]) -> tuple[Any, ...]:
    """How it is exported."""
    options = uno.Any("[]com.sun.star.beans.PropertyValue", properties(export))
    return properties({"FilterName": "writer_pdf_Export", "FilterData": options})


def properties(values: dict[str, Any]) -> tuple[Any, ...]:
    """Names and values as UNO wants them."""
    made = []
    for name, value in values.items():
        one = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
        one.Name, one.Value = name, value
        made.append(one)
    return tuple(made)


def memory(root: int) -> int:
    """Bytes of memory that a process and all that it started hold; 0 where /proc does not tell."""
    total = 0
    waiting = [root]
    while waiting:
        folder = Path(f"/proc/{waiting.pop()}")
        with contextlib.suppress(OSError, ValueError, IndexError):
            total += int((folder / "statm").read_text().split()[1]) * PAGE
            for path in folder.glob("task/*/children"):  # whichever of its threads started them
                waiting += [int(word) for word in path.read_text().split()]
    return total


def status(code: int) -> int:
    """A process's end as the shell says it: 128 + n for a signal."""
    return 128 - code if code < 0 else code


def send(answer: dict[str, Any]) -> None:
    """One line of JSON."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asked_for = json.loads(sys.argv[1])
    started = start(asked_for)  # it comes up while the bridge is imported

    import uno

    main(asked_for, started)
