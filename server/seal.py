"""A ticket's secret: who it is for, and a keyed hash that only we can make. Nothing of it is stored; a repeated request gets the same."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

from board.ticket import TicketId
from server.refusals import BadSecret

SECRET = re.compile(r"([a-z0-9][a-z0-9-]{0,40})\.([0-9]{8}-[0-9]{5,9})\.([A-Za-z0-9_-]{43})")


class Seal:
    """`key`: at least 32 random bytes, the same for every server of one store."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def secret(self, office: str, ticket: TicketId) -> str:
        """`tanjung-selor.20261124-00001.<256 bits, base64url>`: everything before the last dot is public anyway."""
        return f"{office}.{ticket}.{self._mark(office, ticket)}"

    def open(self, secret: str) -> tuple[str, TicketId]:
        """The office and the ticket that this secret is for. Raises BadSecret."""
        parts = SECRET.fullmatch(secret)
        if parts is None:
            raise BadSecret
        office, ticket = parts[1], TicketId(parts[2])
        if not hmac.compare_digest(self._mark(office, ticket), parts[3]):
            raise BadSecret
        return office, ticket

    def _mark(self, office: str, ticket: TicketId) -> str:
        mark = hmac.digest(self._key, f"ticket|{office}|{ticket}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(mark).rstrip(b"=").decode()
