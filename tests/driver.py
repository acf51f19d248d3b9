"""A real board for tests: the server as a process of its own, and people who use it over HTTP and sockets."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import ssl
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import msgpack
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from tests.stores import until

ROOT = Path(__file__).resolve().parent.parent
OFFICE = "tanjung-selor"
API = f"/api/v1/offices/{OFFICE}"
PASSWORD = "loket-dua-terbuka"  # of accounts that live as long as a test
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # made once: reading the certificates of the world takes longer than most requests
STARTS_WITHIN = 30.0  # s, on a machine that does much else


@dataclass
class Process:
    """A server process. `said` is all that it printed."""

    popen: subprocess.Popen[str]
    port: int
    said: list[str] = field(default_factory=list)
    scheme: str = "http"

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    @property
    def first_token(self) -> str:
        """The one-time token that the start prints, last of all."""
        return until(lambda: next((found[1] for line in self.said if (found := re.search(r"#first=(\S+)", line))), ""))

    def kill(self) -> None:
        """As if the power failed."""
        self.popen.kill()
        self.popen.wait()

    def stop(self, within: float = 15.0) -> int:
        """SIGTERM, and wait; the exit code."""
        self.popen.send_signal(signal.SIGTERM)
        return self.popen.wait(within)


def environment(data: Path, **settings: str) -> dict[str, str]:
    """A process environment with our settings and none of the caller's."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("KAYAN_")}
    ours = {"KAYAN_DATA": str(data), "KAYAN_HOST": "127.0.0.1", "KAYAN_PORT": "0", "KAYAN_ALWAYS_OPEN": "true", "KAYAN_LIMITS": "off"}
    return {**clean, "PYTHONUNBUFFERED": "1", **ours, **settings}


def command(*words: str, files: str = "") -> list[str]:
    """`kayan` with these words. `files`: how many it may have open at most; at its start it may have half of that."""
    kayan = [sys.executable, "-m", "server", *words]
    return ["sh", "-c", 'ulimit -Sn $(($0 / 2)) && ulimit -Hn $0 && exec "$@"', files, *kayan] if files else kayan


def start(data: Path, *words: str, files: str = "", **settings: str) -> Process:
    """Starts a server, or the command of these words, and waits until it says where it listens. Raises AssertionError with what it printed
    instead. `files` as in `command`."""
    popen = subprocess.Popen(
        command(*words, files=files),
        cwd=ROOT,
        env=environment(data, **settings),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    process, listening = Process(popen, 0), threading.Event()

    def read() -> None:
        assert popen.stdout is not None
        for line in popen.stdout:
            process.said.append(line.rstrip())
            if found := re.search(r"Login\s+(https?)://[^/]*:(\d+)/login", line):
                process.scheme, process.port = found[1], int(found[2])
            if process.port and (not line.strip() or "#first=" in line):
                listening.set()
        listening.set()
        popen.stdout.close()

    threading.Thread(target=read, daemon=True).start()
    try:
        assert listening.wait(STARTS_WITHIN), process.said
        assert process.port, "\n".join(process.said)
    except BaseException:  # also the test's own time-out: nothing may keep the data folder from the next one
        process.kill()
        raise
    return process


@contextmanager
def running(data: Path, *words: str, files: str = "", **settings: str) -> Iterator[Process]:
    """A server, or the command of these words, for the block."""
    process = start(data, *words, files=files, **settings)
    try:
        yield process
    finally:
        if process.popen.poll() is None:
            try:
                process.stop()
            except subprocess.TimeoutExpired:
                process.kill()


def add_user(data: Path, name: str, role: str, **settings: str) -> None:
    """`kayan user add`, beside the running board."""
    command = [sys.executable, "-m", "server", "user", "add", name, "--role", role, "--password-stdin"]
    done = subprocess.run(command, cwd=ROOT, env=environment(data, **settings), input=PASSWORD, text=True, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


class Person:
    """Somebody with a browser: a visitor, or staff once they have logged in. `tls`: which certificates they believe."""

    tls = NO_TLS

    def __init__(self, url: str, office: str = OFFICE) -> None:
        self.http = httpx.AsyncClient(base_url=url, timeout=30, verify=self.tls, trust_env=False)
        self.url, self.office = url, office
        self.api = f"/api/v1/offices/{office}"

    async def post(self, path: str, body: Mapping[str, Any] | None = None, key: str | None = None, **headers: str) -> httpx.Response:
        """A POST with an idempotency key of its own."""
        sent = {"Idempotency-Key": key or str(uuid.uuid4()), **headers}
        return await self.http.post(path, json=dict(body or {}), headers=sent)

    async def takes(self, service: str = "A", **body: Any) -> dict[str, Any]:
        """A number; the answer of POST …/tickets."""
        answer = await self.post(f"{self.api}/tickets", {"service": service, **body})
        assert answer.status_code == 201, f"{answer.status_code} {answer.text}"
        return dict(answer.json())

    async def logs_in(self, name: str) -> Person:
        answer = await self.post("/api/v1/session", {"name": name, "password": PASSWORD})
        assert answer.status_code in (200, 201), answer.text
        return self

    async def at(self, counter: int, verb: str, key: str | None = None, **body: Any) -> httpx.Response:
        """A verb at a counter."""
        return await self.post(f"{self.api}/counters/{counter}/{verb}", body, key)

    async def does(self, counter: int, verb: str, **body: Any) -> dict[str, Any]:
        """A verb at a counter that must succeed."""
        answer = await self.at(counter, verb, **body)
        assert answer.status_code == 200, f"{verb}: {answer.text}"
        return dict(answer.json())

    async def board(self) -> dict[str, Any]:
        answer = await self.http.get(f"{self.api}/board")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def journal(self) -> list[dict[str, Any]]:
        """Every event from the beginning; staff only."""
        events: list[dict[str, Any]] = []
        after = ""
        while True:
            answer = await self.http.get(f"{self.api}/journal", params={"limit": "1000", **({"after": after} if after else {})})
            assert answer.status_code == 200, answer.text
            page = answer.json()
            if not page["events"]:
                return events
            events += page["events"]
            after = page["next"]

    @asynccontextmanager
    async def watches(
        self, query: str = "", codec: str | Sequence[str] = "kayan.v1.json", office: str | None = None, origin: str | None = None
    ) -> AsyncIterator[Screen]:
        """A live stream; several codecs are offered in their order."""
        cookies = "; ".join(f"{c.name}={c.value}" for c in self.http.cookies.jar)
        headers = {name: value for name, value in (("Cookie", cookies), ("Origin", origin)) if value}
        address = f"{self.url.replace('http', 'ws')}/live/{office or self.office}{query}"
        offered = [Subprotocol(name) for name in ([codec] if isinstance(codec, str) else codec)]
        tls = self.tls if address.startswith("wss:") else None
        async with connect(address, subprotocols=offered, additional_headers=headers, max_size=None, ssl=tls) as socket:
            yield Screen(socket)

    async def close(self) -> None:
        await self.http.aclose()


class Screen:
    """One open live stream, frame by frame."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.seen: list[dict[str, Any]] = []
        self._unread: list[dict[str, Any]] = []  # events of the last delta: several may come in one

    async def frame(self, within: float = 10.0) -> dict[str, Any]:
        """The next frame."""
        async with asyncio.timeout(within):
            text = await self.socket.recv()
        frame = json.loads(text) if isinstance(text, str) else msgpack.unpackb(text)
        self.seen.append(frame)
        return dict(frame)

    async def event(self, kind: str, within: float = 15.0, **facts: Any) -> dict[str, Any]:
        """The next event of this kind whose ticket, counter or escalation holds `facts`; what comes before it is passed over."""
        ends = time.monotonic() + within
        while True:
            while self._unread:
                event = self._unread.pop(0)
                thing = event.get("ticket") or event.get("escalation") or event.get("counter") or {}
                if event["kind"] == kind and all(thing.get(name) == value for name, value in facts.items()):
                    return dict(event)
            self._unread = list((await self.frame(max(0.01, ends - time.monotonic()))).get("events", []))

    async def end(self, within: float = 15.0) -> int | None:
        """Reads on until the server closes; its close code, None when it went without one."""
        try:
            async with asyncio.timeout(within):
                while True:
                    await self.frame(within)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None
