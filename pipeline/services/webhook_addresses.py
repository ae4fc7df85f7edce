"""Where a webhook may go: https to the open Internet, or what the settings name; the address is looked up once.

The address that was looked at is the one that is connected to: a name that means another one a moment later (DNS
rebinding) leads nowhere else.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from pipeline.core.errors import ConfigError, InvalidRequest

_LONGEST = 500  # characters
_PORTS = {"https": 443, "http": 80}
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# Addresses in which another one is hidden (NAT64, 6to4, Teredo, compatible), and those of a site as they once were.
_HIDING = ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96", "192.88.99.0/24", "fec0::/10")
_CARRIERS = tuple(map(ipaddress.ip_network, _HIDING))
_WHAT = (
    "Que faire : donnez une adresse https publique, ou faites nommer l’adresse privée dans liasse.toml ([web] "
    "crochets)."
)


@dataclass(frozen=True)
class Target:
    """A URL in its parts: what is asked of whom, where."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Host and port, as the request names them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def own_networks(listed: Iterable[str]) -> tuple[_Network, ...]:
    """The networks of the setting; raises ConfigError for what is none."""
    try:
        return tuple(ipaddress.ip_network(one) for one in listed)
    except ValueError as error:
        raise ConfigError(f"liasse.toml, [web] crochets: {error}. Write addresses or networks.") from None


def target_of(url: str) -> Target:
    """The parts of a URL; raises InvalidRequest for one that cannot be called."""
    try:
        said = urlsplit(url)
        host, port = said.hostname or "", said.port
    except ValueError:
        raise InvalidRequest(f"Rien n’est fait : ce n’est pas une adresse. {_WHAT}") from None
    named = said.scheme in _PORTS and host and port != 0
    if not (named and _is_plain(url)) or said.username or said.password or said.fragment:
        raise InvalidRequest(f"Rien n’est fait : cette adresse ne peut pas être appelée. {_WHAT}")
    path = (said.path or "/") + (f"?{said.query}" if said.query else "")
    return Target(said.scheme, host, port or _PORTS[said.scheme], path)


def _is_plain(url: str) -> bool:
    return url.isascii() and url.isprintable() and " " not in url and len(url) <= _LONGEST


def address_of(target: Target, own: Sequence[_Network]) -> str:
    """The address to connect to, looked up now; raises InvalidRequest where one of those found may not be called."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise InvalidRequest(f"Rien n’est fait : le nom de cette adresse ne se trouve pas. {_WHAT}") from None
    addresses = [str(one[4][0]).split("%", 1)[0] for one in found]
    for one in addresses:
        require_allowed(one, target.scheme, own)
    return addresses[0]


def require_allowed(said: str, scheme: str, own: Sequence[_Network]) -> None:
    """Raise InvalidRequest for an address that is not public, or for http, unless it is one of our own."""
    address: _Address = ipaddress.ip_address(said)
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    if any(address in network for network in own):
        return
    if scheme != "https":
        raise InvalidRequest(f"Rien n’est fait : cette adresse n’est pas en https. {_WHAT}")
    carried = any(address in network for network in _CARRIERS)
    if carried or not address.is_global or address.is_multicast or address.is_reserved or address.is_unspecified:
        raise InvalidRequest(f"Rien n’est fait : cette adresse est privée. {_WHAT}")
