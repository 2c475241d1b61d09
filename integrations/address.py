"""Which network addresses a configured host name may lead to: everything public, and what the operator allowed by name.

A name is resolved once, every address it has is checked, and the connection goes to the checked address, so that a name
which changes its mind between check and use gains nothing (server-side request forgery, OWASP ASVS 5.0 1.3.6).
"""

from __future__ import annotations

import ipaddress
import os
import socket
from dataclasses import dataclass

from engine.problems import BeihuoError

# Networks that CPython calls global and that nevertheless lead inside: 6to4, NAT64, Teredo, IPv4-compatible IPv6 and the
# IETF protocol block (measured on Python 3.11).
_INSIDE = tuple(
    ipaddress.ip_network(text)
    for text in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96", "192.0.0.0/24", "198.18.0.0/15")
)


class AddressRefused(BeihuoError):
    """A host that Beihuo does not connect to."""


@dataclass(frozen=True, slots=True)
class Address:
    """A checked address: connect to *ip*, speak to *host* (Host header, TLS server name)."""

    host: str
    ip: str
    port: int


def allowed_hosts() -> frozenset[str]:
    """Return the hosts inside the operator's own network that may be reached (`BEIHUO_ALLOWED_HOSTS`, comma separated)."""
    return frozenset(
        host.strip().casefold() for host in os.environ.get("BEIHUO_ALLOWED_HOSTS", "").split(",") if host.strip()
    )


def is_public(ip: str) -> bool:
    """Say whether *ip* is a public unicast address in every reading of it."""
    address = ipaddress.ip_address(ip)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    inside = any(address.version == network.version and address in network for network in _INSIDE)
    return address.is_global and not address.is_multicast and not inside


def resolve(host: str, port: int) -> Address:
    """Resolve *host* and return the address to connect to.

    Raises:
        AddressRefused: the name has no address, or one that is not public and not among the allowed hosts.
    """
    try:
        name = host.encode("idna").decode("ascii").casefold().rstrip(".")
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise AddressRefused(f"找不到主机“{host}” / host “{host}” cannot be resolved ({error})") from error
    ips = [str(entry[4][0]).split("%")[0] for entry in found]
    if name not in allowed_hosts():
        inside = [ip for ip in ips if not is_public(ip)]
        if inside:
            raise AddressRefused(
                f"“{host}”指向内网地址 {inside[0]},如确需使用,请管理员把它加入 BEIHUO_ALLOWED_HOSTS"
                f" / “{host}” leads to the inside address {inside[0]}; an administrator may add it to BEIHUO_ALLOWED_HOSTS"
            )
    return Address(name, ips[0], port)
