"""Reverse proxy trust: whose headers are believed. Only what the socket's own peer says, and only of listed peers."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import Scope

from pipeline.core.errors import ConfigError
from pipeline.core.settings import Web

UNIX = "unix"
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class Trust:
    """The reverse proxies that may say who somebody is, and where they come from."""

    header: str
    networks: tuple[_Network, ...]
    socket: bool

    @classmethod
    def of(cls, settings: Web) -> Trust:
        """As the settings say; raises ConfigError for what is no address, and for a header that nobody may send."""
        try:
            networks = tuple(ipaddress.ip_network(one) for one in settings.mandataires if one != UNIX)
        except ValueError as error:
            told = f"{error}. Write addresses, networks or 'unix'."
            raise ConfigError(f"liasse.toml, [web] mandataires: {told}") from None
        if settings.identite and not settings.mandataires:
            raise ConfigError(
                "liasse.toml, [web] identite: nobody is allowed to send it. Name the reverse proxy's address in "
                'mandataires, for example ["127.0.0.1"], or "unix".'
            )
        return cls(settings.identite.lower(), networks, UNIX in settings.mandataires)

    def believes(self, peer: str) -> bool:
        """Whether a socket's peer is one of them."""
        if peer == UNIX:
            return self.socket
        try:
            address = ipaddress.ip_address(peer)
        except ValueError:
            return False
        return any(address in network for network in self.networks)

    def client(self, scope: Scope) -> str:
        """The address of who asks: the peer's, or the last that trusted proxies name before themselves."""
        peer = peer_of(scope)
        if not self.believes(peer):
            return peer
        hops = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")
        return next((one.strip() for one in reversed(hops) if one.strip() and not self.believes(one.strip())), peer)

    def identities(self, scope: Scope) -> Sequence[str]:
        """What the request says of who makes it, in the header of the proxy: none, one, or an attack."""
        return Headers(scope=scope).getlist(self.header) if self.header else ()


def peer_of(scope: Scope) -> str:
    """The address at the other end of the socket; ``unix`` for one that has none."""
    client = scope.get("client")
    return str(client[0]) if client and client[0] else UNIX


def neighbourhood(address: str) -> str:
    """Under what requests and attempts of an address are counted: of IPv6 its /64, which one house has whole."""
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    return str(known.ipv4_mapped or ipaddress.ip_network((known, 64), strict=False))


def is_near(scope: Scope) -> bool:
    """Whether a program on this machine asks, and no reverse proxy hands on what somebody elsewhere asks."""
    forwarded = any(name in Headers(scope=scope) for name in ("x-forwarded-for", "forwarded", "via"))
    peer = peer_of(scope)
    try:
        return not forwarded and (peer == UNIX or ipaddress.ip_address(peer).is_loopback)
    except ValueError:
        return False
