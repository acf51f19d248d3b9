"""A running board with its staff already hired and signed in, on its own embedded store or on one that several share."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from board.roles import Role
from board.store.embedded import running as embedded_url
from server.auth import COOKIE
from tests.driver import NO_TLS, PASSWORD, Person, Process, running
from tests.staff import client_of, staff_of

ALONE: dict[str, str] = {}  # no settings but the driver's
STAFF = {"ani": "officer", "budi": "officer", "citra": "receptionist", "sari": "supervisor", "wira": "administrator"}


@dataclass
class House:
    """A server process, its store's URL and a session's token for each of the staff."""

    process: Process
    store: str
    tokens: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.process.url

    def person(self, name: str | None = None) -> Person:
        """Somebody with a browser: one of the staff, or a visitor."""
        person = Person(self.url)
        if name is not None:
            person.http.cookies.set(COOKIE, self.tokens[name], domain="127.0.0.1", path="/")
        return person


async def hire(store: str, staff: Mapping[str, str], office: str | None = None) -> None:
    """Accounts straight in the store, with passwords that cost nothing to check."""
    async with client_of(store) as client:
        desk = staff_of(client)
        for name, role in staff.items():
            await desk.add(name, PASSWORD, Role(role), None if office is None else [office])


def sign_in(url: str, *names: str) -> dict[str, str]:
    """A session's token for each."""
    tokens = {}
    for name in names:
        answer = httpx.post(f"{url}/api/v1/session", verify=NO_TLS, json={"name": name, "password": PASSWORD})
        assert answer.status_code == 201, answer.text
        tokens[name] = answer.cookies[COOKIE]
    return tokens


@contextmanager
def house(
    data: Path, settings: Mapping[str, str] = ALONE, staff: Mapping[str, str] = STAFF, words: Sequence[str] = (), files: str = ""
) -> Iterator[House]:
    """A board of its own, staffed, for the block; `words` are its command's, `files` as in the driver."""
    with (
        running(data, *words, files=files, **settings) as process,
        ThreadPoolExecutor(1) as aside,
    ):  # a loop of its own, since the test's may be running
        store = settings.get("KAYAN_STORE_URL") or aside.submit(lambda: asyncio.run(embedded_url(data))).result()
        assert store
        aside.submit(lambda: asyncio.run(hire(store, staff))).result()
        yield House(process, store, sign_in(process.url, *staff))


@contextmanager
def houses(n: int, store: str, data: Path, settings: Mapping[str, str] = ALONE, staff: Mapping[str, str] = STAFF) -> Iterator[list[House]]:
    """Several servers on one store, for the block; the staff is signed in everywhere, since sessions are the store's."""
    together = {**settings, "KAYAN_STORE_URL": store}
    with house(data, together, staff) as first, ExitStack() as stack:
        others = [stack.enter_context(running(data, **together)) for _ in range(n - 1)]
        yield [first, *(House(other, store, first.tokens) for other in others)]
