"""Under which address other devices in the office reach this computer."""

from __future__ import annotations

import socket

EVERYWHERE = frozenset({"0.0.0.0", "::"})
NOWHERE_ELSE = frozenset({"localhost", "127.0.0.1", "::1"})


def lan_host(host: str) -> str:
    """For a server that listens on `host`, the host part of its address for others; empty when it listens to itself alone or has no
    network."""
    if host in NOWHERE_ELSE:
        return ""
    if host not in EVERYWHERE:
        return f"[{host}]" if ":" in host else host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # nothing is sent: the system only says from which address it would be (RFC 5737)
            return str(probe.getsockname()[0])
        except OSError:
            return ""
