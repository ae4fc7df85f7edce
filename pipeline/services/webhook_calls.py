"""One webhook call: signed, sent to the address that was looked at, answered in time or not. Nothing is followed.

The signature is HMAC-SHA256 over « timestamp.body »; of the answer only the status counts, and nothing is kept.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline import __version__
from pipeline.services.webhook_addresses import Target

SIGNATURE, DELIVERY, EVENT = "Liasse-Signature", "Liasse-Delivery", "Liasse-Event"
_ANSWERS, _IN_ALL = 10.0, 20.0  # seconds: between two parts of an answer, and of the whole


@dataclass(frozen=True)
class Answer:
    """What came of a call: the HTTP status, or 0 and what went wrong, in a word."""

    status: int
    wrong: str = ""

    @property
    def taken(self) -> bool:
        """Whether the receiver has it."""
        return 200 <= self.status < 300


def signature(secret: str, body: bytes, at: int) -> str:
    """The value of the header by which a receiver knows that the call is ours and of now."""
    made = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={made}"


def call(target: Target, address: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Post a body to an address, as the host that the target names; never raises for what the other side does."""
    connection = _connection(target, address)
    alarm = threading.Timer(_IN_ALL, _cut, [connection])
    alarm.start()
    try:
        connection.request(
            "POST",
            target.path,
            body,
            {
                "Host": target.authority,
                "Content-Type": "application/json",
                "User-Agent": f"liasse/{__version__}",
                "Connection": "close",
                **headers,
            },
        )
        return Answer(connection.getresponse().status)
    except ssl.SSLError:
        return Answer(0, "certificat refusé")
    except TimeoutError:
        return Answer(0, "trop lent")
    except (OSError, http.client.HTTPException):
        return Answer(0, "ne répond pas")
    finally:
        alarm.cancel()
        connection.close()


class _Pinned(http.client.HTTPSConnection):
    """TLS with the host that was named, at the address that was looked at."""

    def __init__(self, target: Target, address: str) -> None:
        super().__init__(target.host, target.port, timeout=_ANSWERS)
        self._address = address
        self._tls = ssl.create_default_context()

    def connect(self) -> None:
        """Connect there and nowhere else."""
        plain = socket.create_connection((self._address, self.port), _ANSWERS)
        try:
            self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise


def _connection(target: Target, address: str) -> http.client.HTTPConnection:
    if target.scheme == "https":
        return _Pinned(target, address)
    return http.client.HTTPConnection(address, target.port, timeout=_ANSWERS)


def _cut(connection: http.client.HTTPConnection) -> None:
    """End a call that has taken its time, whatever drips in."""
    held = connection.sock
    if held is not None:
        try:
            held.shutdown(socket.SHUT_RDWR)
        except OSError:
            return
