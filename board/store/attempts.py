"""How often somebody may try a password. Counted in the store, so that several servers count together; names and addresses are kept as
keyed hashes alone."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import RedisError

from board.errors import StoreUnavailable, TooMany

PREFIX = "kayan:{staff}:failures:"
WINDOW = 15 * 60  # s in which failures count together
HOME_KEPT = 30 * 24 * 3600  # s an address is an account's own after a log-in; as long as addresses may be kept (access logs)
FOLDER = Path(__file__).parent / "scripts" / "staff"
TRY, SUCCEEDED = ((FOLDER / f"{name}.lua").read_text(encoding="utf-8") for name in ("try", "succeeded"))


@dataclass(frozen=True, slots=True)
class Patience:
    """So many failures are free; the next wait is `first` ms and doubles with every failure, up to `longest` ms."""

    free: int
    first: int
    longest: int


@dataclass(frozen=True, slots=True)
class Rules:
    """What is counted. One account from one address: a person who mistypes. One address: an office behind one router. One account from
    everywhere: somebody with many addresses, who must not lock its owner out; so it is softer than both. Where the owner has logged in
    before, the first alone counts: a visitor who guesses behind the office's router must not lock its officers out either."""

    pair: Patience = Patience(5, 5_000, 900_000)
    address: Patience = Patience(20, 30_000, 900_000)
    account: Patience = Patience(50, 1_000, 30_000)


class Attempts:
    """The tries of all servers on this store."""

    def __init__(self, client: Redis, secret: bytes, rules: Rules | None = None) -> None:
        self._client, self._secret = client, secret
        rules = rules or Rules()
        self._rules = [number for p in (rules.pair, rules.address, rules.account) for number in (p.free, p.first, p.longest)]

    async def one_more(self, name: str, address: str) -> None:
        """A try begins. It counts as a failure until it has succeeded, so that a hundred at once are a hundred; one that is refused
        does not count. Raises TooMany."""
        wait = await self._run(TRY, self._places(name, address), WINDOW * 1000, *self._rules)
        if wait:
            raise TooMany(-(-wait // 1000))

    async def succeeded(self, name: str, address: str) -> None:
        """The try was none of those that count."""
        frees = self._rules[3], self._rules[6]
        await self._run(SUCCEEDED, self._places(name, address), HOME_KEPT * 1000, *frees)

    def _places(self, name: str, address: str) -> list[str]:
        address = network(address)
        # NUL: in neither a name nor an address, so that no two pairs are written alike.
        parts = (f"pair\0{name}\0{address}", f"address\0{address}", f"account\0{name}", f"home\0{name}\0{address}")
        return [PREFIX + hmac.digest(self._secret, b"attempts|" + part.encode(), hashlib.sha256).hex() for part in parts]

    async def _run(self, script: str, places: list[str], *arguments: int) -> int:
        try:
            reply = await self._client.eval(script, len(places), *places, *map(str, arguments))
        except (RedisError, OSError, TimeoutError) as why:
            raise StoreUnavailable from why
        return int(reply)


def network(address: str) -> str:
    """Whom an address stands for: of IPv6 the first 64 bits, since one subscriber has all the others."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or IPv6Address(int(found) >> 64 << 64))
