"""An answer on its way out: its status, how far it got, and what is changed of it before it leaves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.datastructures import Headers
from starlette.types import Message, Send

TOO_BIG = 413


class Sending:
    """What an application sends for one request; ``dress`` is called on the head of the answer.

    The 413 of the library that bounds bodies is plain text, and comes after all that is ours: ``instead`` takes its
    place.
    """

    def __init__(
        self, send: Send, dress: Callable[[Message], None], instead: Callable[[Send], Awaitable[None]]
    ) -> None:
        self._send, self._dress, self._instead = send, dress, instead
        self._replaces = False
        self.status = 500
        self.started = self.ended = False

    async def __call__(self, message: Message) -> None:
        """Send a part of the answer on."""
        if self._replaces:
            return  # the rest of what was replaced
        if message["type"] == "http.response.start" and _is_plain(message):
            await self._instead(self._onward)
            self._replaces = True
            return
        await self._onward(message)

    async def _onward(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.started = message["status"], True
            self._dress(message)
        self.ended = message["type"] == "http.response.body" and not message.get("more_body")
        await self._send(message)


def _is_plain(head: Message) -> bool:
    kind = Headers(raw=head.get("headers", [])).get("content-type", "")
    return head["status"] == TOO_BIG and kind.startswith("text/plain")
