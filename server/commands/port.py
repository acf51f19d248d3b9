"""Where the settings say that the board listens: the sockets, or why there can be none."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from dataclasses import dataclass

# One of several addresses of a name may be missing, as ::1 of localhost where IPv6 is off.
NOT_HERE = frozenset({errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT})


@dataclass(frozen=True, slots=True)
class PortTrouble:
    """Why nothing can listen there, and what to do about it. `taken`: somebody else does."""

    taken: bool
    says: str


def listeners(host: str, port: int) -> list[socket.socket] | PortTrouble:
    """A socket for each address of `host`, listening from now on; port 0 is the same free one for all."""
    doors: list[socket.socket] = []
    missing: OSError | None = None
    try:
        for family, address in _addresses(host, port):
            try:
                doors.append(_listener(family, address, doors[0].getsockname()[1] if doors else port))
            except OSError as trouble:
                if trouble.errno not in NOT_HERE:
                    raise
                missing = trouble
    except OSError as trouble:
        for door in doors:
            door.close()
        return _trouble(trouble, host, port)
    return doors or _trouble(missing, host, port)


def port_trouble(host: str, port: int) -> PortTrouble | None:
    """None where the board can listen. It is tried, and given back."""
    found = listeners(host, port)
    if isinstance(found, PortTrouble):
        return found
    for door in found:
        door.close()
    return None


def _addresses(host: str, port: int) -> Iterator[tuple[int, str]]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    return iter(dict.fromkeys((int(family), str(address[0])) for family, _, _, _, address in found))


def _listener(family: int, address: str, port: int) -> socket.socket:
    door = socket.socket(family, socket.SOCK_STREAM)
    try:
        # Connections that ended a minute ago are no trouble.
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            door.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)  # the name's IPv4 address has a socket of its own
        door.bind((address, port))
        door.listen()  # two may bind one port with SO_REUSEADDR, but not listen there
    except OSError:
        door.close()
        raise
    return door


def _trouble(trouble: OSError | None, host: str, port: int) -> PortTrouble:
    match trouble:
        case socket.gaierror() | None:
            return PortTrouble(False, f"the name {host} leads nowhere: set KAYAN_HOST to an address of this computer, such as 0.0.0.0")
        case OSError(errno=errno.EADDRINUSE):
            return PortTrouble(True, f"port {port} is in use by another program: end that one, or set KAYAN_PORT to another port")
        case OSError(errno=errno.EACCES):
            return PortTrouble(False, f"port {port} is not allowed to this user: set KAYAN_PORT to one above 1023")
        case OSError(errno=errno.EADDRNOTAVAIL):
            return PortTrouble(False, f"{host} is no address of this computer: set KAYAN_HOST to one that is, such as 0.0.0.0")
        case _:
            says = f"nothing can listen on {host} port {port} ({trouble.strerror}): set KAYAN_HOST and KAYAN_PORT to what can"
            return PortTrouble(False, says)


def own_address(host: str) -> str:
    """Where this computer itself reaches what listens on `host`, as it is written in a URL."""
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
