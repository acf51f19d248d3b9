"""May this store forget a change that it has acknowledged? Asked at the start, by `/readyz` and by `kayan check`.

An officer's press is answered only when the change is on disk. Either the store sees to that by itself (`appendfsync always`), or each
change is followed by WAITAOF, which a store with `appendfsync everysec` answers at its next sync.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from board.store.unusable import StoreTooOld

Kind = Literal["redis", "valkey"]
How = Literal["always", "waitaof", "accepted"]
Code = Literal["durable", "loading", "replica", "no-log", "write-fails", "evicts", "not-known", "not-synced"]

OLDEST: Mapping[Kind, tuple[int, int]] = {"redis": (7, 0), "valkey": (8, 0)}
# A store with `everysec` answers WAITAOF within one second, or two while its disk is busy.
WAITAOF_MS = 5000
PROBE, PROBE_SECONDS = "kayan:durability", 60

# What each finding says and what to do about it, in English and in Indonesian.
SAYINGS: Mapping[Code, tuple[str, str]] = {
    "durable": (
        "What the store acknowledges is on disk.",
        "Yang dikonfirmasi penyimpanan sudah tertulis di disk.",
    ),
    "loading": (
        "The store is still loading its data: wait until it is done.",
        "Penyimpanan masih memuat data: tunggu sampai selesai.",
    ),
    "replica": (
        "The store is a replica: point KAYAN_STORE_URL to its primary.",
        "Penyimpanan ini adalah replika: arahkan KAYAN_STORE_URL ke server utamanya.",
    ),
    "no-log": (
        "The store keeps no append-only file: set `appendonly yes` and `appendfsync always` there.",
        "Penyimpanan tidak memakai append-only file: atur `appendonly yes` dan `appendfsync always` di sana.",
    ),
    "write-fails": (
        "The store cannot write its append-only file: free its disk and look into its log.",
        "Penyimpanan gagal menulis append-only file: kosongkan ruang disknya dan periksa lognya.",
    ),
    "evicts": (
        "The store drops data when its memory is full: set `maxmemory-policy noeviction` there.",
        "Penyimpanan membuang data saat memorinya penuh: atur `maxmemory-policy noeviction` di sana.",
    ),
    "not-known": (
        "The store does not say how it keeps its data (INFO or CONFIG GET is forbidden): allow both to KAYAN's user, or accept the risk.",
        "Penyimpanan tidak memberi tahu cara menyimpan datanya (INFO atau CONFIG GET dilarang): izinkan keduanya untuk pengguna KAYAN, "
        "atau terima risikonya.",
    ),
    "not-synced": (
        "The store may lose its last moments when its power fails: set `appendfsync always` and `no-appendfsync-on-rewrite no` there.",
        "Penyimpanan dapat kehilangan data terakhir saat listrik padam: "
        "atur `appendfsync always` dan `no-appendfsync-on-rewrite no` di sana.",
    ),
}


@dataclass(frozen=True, slots=True)
class Durability:
    """What was found. `how` says what a change is acknowledged after: the store's answer from an "always" store, WAITAOF, or the answer of
    a store that may forget it ("accepted": for those who said that they accept it; `durable` is False then). `reason` (English) and
    `reason_id` (Indonesian) are one sentence with what to do. `kind` and `version` are None when the store does not tell."""

    durable: bool
    how: How
    code: Code
    kind: Kind | None = None
    version: str | None = None

    @property
    def reason(self) -> str:
        return SAYINGS[self.code][0]

    @property
    def reason_id(self) -> str:
        return SAYINGS[self.code][1]


async def durability(client: Redis) -> Durability:
    """What this store promises. `client` may decode replies or not. A store with `everysec` gets one probe, written and waited for.

    Raises StoreTooOld, and redis-py's own errors when the store is not there."""
    try:
        info: Mapping[str, Any] = await client.info()
    except ResponseError:
        return Durability(False, "accepted", "not-known")
    kind, version = _known_version(info)
    if found := _told_by(info):
        return Durability(False, "accepted", found, kind, version)
    how, code = await _synced(client)
    return Durability(code == "durable", how, code, kind, version)


def _known_version(info: Mapping[str, Any]) -> tuple[Kind, str]:
    """Valkey goes on saying `redis_version:7.2.4` for old clients, so its own field comes first."""
    kind: Kind = "valkey" if "valkey_version" in info else "redis"
    version = str(info.get(f"{kind}_version", "unknown"))
    first, _, rest = version.partition(".")
    second = rest.partition(".")[0]
    if not (first.isdigit() and second.isdigit() and (int(first), int(second)) >= OLDEST[kind]):
        raise StoreTooOld(kind, version, ".".join(map(str, OLDEST[kind])))
    return kind, version


def _told_by(info: Mapping[str, Any]) -> Code | None:
    """What INFO alone says against the store; None when nothing does."""
    if info.get("loading") or info.get("async_loading"):
        return "loading"
    if info.get("role") == "slave":
        return "replica"
    if not info.get("aof_enabled"):
        return "no-log"
    if info.get("aof_last_write_status") != "ok":
        return "write-fails"
    if info.get("maxmemory") and info.get("maxmemory_policy") != "noeviction":
        return "evicts"
    return None


async def _synced(client: Redis) -> tuple[How, Code]:
    try:
        said = await client.config_get("appendfsync", "no-appendfsync-on-rewrite")
    except ResponseError:
        return "accepted", "not-known"
    config = {_text(name): _text(value) for name, value in said.items()}
    policy, skips = config.get("appendfsync"), config.get("no-appendfsync-on-rewrite")
    if policy == "always" and skips == "no":
        return "always", "durable"
    if policy in ("always", "everysec") and await _waitaof_answers(client):
        return "waitaof", "durable"
    return "accepted", "not-synced"


async def _waitaof_answers(client: Redis) -> bool:
    """Whether the store says of a change of ours that it is on disk. Without a change before it on the same connection (none, or one that
    was refused) WAITAOF has nothing to wait for and says yes at once."""
    async with client.pipeline(transaction=False) as pipe:
        pipe.set(PROBE, "1", ex=PROBE_SECONDS)
        pipe.waitaof(1, 0, WAITAOF_MS)
        written, synced = await pipe.execute(raise_on_error=False)
    return written is True and isinstance(synced, list) and synced[0] >= 1


def _text(said: str | bytes | None) -> str:
    return said.decode() if isinstance(said, bytes) else said or ""
