"""Whether the board could listen where the settings say."""

from __future__ import annotations

import errno
import socket
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PortTrouble:
    """Why nothing can listen there, and what to do about it. `taken`: somebody else does."""

    taken: bool
    says: str


def port_trouble(host: str, port: int) -> PortTrouble | None:
    """None where the board can listen. It is tried, and given back."""
    try:
        kind, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(kind, socket.SOCK_STREAM) as probe:
            # As the server does: connections that ended a minute ago are no trouble.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except socket.gaierror:
        return PortTrouble(False, f"the name {host} leads nowhere: set KAYAN_HOST to an address of this computer, such as 0.0.0.0")
    except OSError as trouble:
        return PortTrouble(trouble.errno == errno.EADDRINUSE, _said(trouble, host, port))
    return None


def _said(trouble: OSError, host: str, port: int) -> str:
    match trouble.errno:
        case errno.EADDRINUSE:
            return f"port {port} is in use by another program: end that one, or set KAYAN_PORT to another port"
        case errno.EACCES:
            return f"port {port} is not allowed to this user: set KAYAN_PORT to one above 1023"
        case errno.EADDRNOTAVAIL:
            return f"{host} is no address of this computer: set KAYAN_HOST to one that is, such as 0.0.0.0"
        case _:
            return f"nothing can listen on {host} port {port} ({trouble.strerror}): set KAYAN_HOST and KAYAN_PORT to what can"


def own_address(host: str) -> str:
    """Where this computer itself reaches what listens on `host`, as it is written in a URL."""
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
