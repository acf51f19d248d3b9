"""What the routes are given: the rooms of the house that they may enter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from board.store.places import Places
from board.store.queue import Queue
from board.store.staff import Staff
from server.edge import Call
from server.limits import Limits
from server.relay import Relay
from server.seal import Seal
from server.stickers.order import Press

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Rooms:
    """Made once by server/app.py. `relays` by office id; `public_url` without a slash at its end, empty when the request tells it.
    `lan_host` is this computer's address for others, empty when it listens to itself alone."""

    relays: Mapping[str, Relay]
    staff: Staff
    limits: Limits
    seal: Seal
    public_url: str
    lan_host: str
    session_seconds: int
    places: Mapping[str, Places]
    press: Press

    def address(self, call: Call) -> str:
        """What a QR code on the page that asks should point at; empty: the page's own origin. A TV that runs on the server itself
        is at localhost, which no phone can open."""
        url = call.request.url
        if self.public_url or not self.lan_host or url.hostname not in LOOPBACK:
            return self.public_url
        return f"{url.scheme}://{self.lan_host}{f':{url.port}' if url.port else ''}"

    def printed_address(self, call: Call) -> str:
        """What a printed code points at: the setting, or this computer's address in the office; empty when neither is known. Attack:
        whoever makes a browser send another host's name would have foreign codes printed; so never what the request says."""
        if self.public_url or not self.lan_host:
            return self.public_url
        _, port = call.request.scope["server"]
        return f"http://{self.lan_host}:{port}"

    def queue(self, office: str) -> Queue:
        """The queue of an office that the edge has found to exist."""
        return self.relays[office].queue
