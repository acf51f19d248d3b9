"""The Lua verbs: read once, each with the shared head before it, run by their checksum."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import NoScriptError

FOLDER = Path(__file__).parent / "scripts"
WITH_DAY = frozenset({"take", "watch"})
NOT_VERBS = frozenset({"shared", "day"})


@dataclass(frozen=True, slots=True)
class Script:
    """One verb's whole text and its SHA-1, by which the store knows it."""

    name: str
    text: str
    sha: str


def _read(name: str) -> Script:
    parts = ["shared", *(["day"] if name in WITH_DAY else []), name]
    text = "\n".join((FOLDER / f"{part}.lua").read_text(encoding="utf-8") for part in parts)
    return Script(name, text, hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest())


SCRIPTS = {path.stem: _read(path.stem) for path in sorted(FOLDER.glob("*.lua")) if path.stem not in NOT_VERBS}


async def run(client: Redis, name: str, keys: Sequence[str], command: str, wait_aof_ms: int = 0) -> Any:
    """The script's reply. A store that has been restarted no longer knows the checksum: it is given the text once more.

    With `wait_aof_ms` the reply counts only when the store says, on the same connection, that it is on disk: raises
    TimeoutError otherwise, and the caller may repeat with the same idempotency key.
    """
    script = SCRIPTS[name]
    try:
        return await _once(client, script, keys, command, wait_aof_ms)
    except NoScriptError:
        await client.script_load(script.text)
        return await _once(client, script, keys, command, wait_aof_ms)


async def _once(client: Redis, script: Script, keys: Sequence[str], command: str, wait_aof_ms: int) -> Any:
    if not wait_aof_ms:
        return await client.evalsha(script.sha, len(keys), *keys, command)
    async with client.pipeline(transaction=False) as pipe:
        pipe.evalsha(script.sha, len(keys), *keys, command)
        pipe.waitaof(1, 0, wait_aof_ms)
        reply, synced = await pipe.execute()
    if synced[0] < 1:
        raise TimeoutError("the store did not say in time that the change is on disk")
    return reply
