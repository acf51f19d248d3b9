"""Writes into an office's journal beside its server, as the scripts do, with or without the hint: much traffic, and lost hints."""

from __future__ import annotations

import json

from redis.asyncio import Redis

from board.office import OfficeId
from board.store.keys import key
from tests.driver import OFFICE

APPEND = """
local top = redis.call('HINCRBY', KEYS[1], 'offset', 1)
redis.call('XADD', KEYS[2], top .. '-0', 'e', ARGV[1])
if ARGV[2] ~= '' then redis.call('PUBLISH', ARGV[2], top) end
return top
"""


async def note(client: Redis, words: str = "", hinted: bool = True) -> int:
    """One more entry: a counter's pause that changes nothing, with these words as its reason; its offset."""
    entry = json.dumps({"at": 1_795_485_600_000, "kind": "counter.paused", "reason": words})
    meta, journal, hint = (key(OfficeId(OFFICE), name) for name in ("meta", "journal", "hint"))
    return int(await client.eval(APPEND, 2, meta, journal, entry, hint if hinted else ""))
