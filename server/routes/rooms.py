"""What the routes are given: the rooms of the house that they may enter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from board.store.queue import Queue
from board.store.staff import Staff
from server.limits import Limits
from server.relay import Relay
from server.seal import Seal


@dataclass(frozen=True, slots=True)
class Rooms:
    """Made once by server/app.py. `relays` by office id; `public_url` without a slash at its end, empty when the request tells it."""

    relays: Mapping[str, Relay]
    staff: Staff
    limits: Limits
    seal: Seal
    public_url: str
    session_seconds: int

    def queue(self, office: str) -> Queue:
        """The queue of an office that the edge has found to exist."""
        return self.relays[office].queue
