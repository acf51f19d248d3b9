"""The servers of the fan-out duel: how each is installed, started, and asked to send."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.screens import BUILT, SOURCES, program
from tests.driver import ROOT

PYTHON, MODULES = BUILT / "peers" / "bin" / "python", BUILT / "node_modules"
PYPI = ("picows", "websockets==17.4", "starlette", "uvicorn==0.54.0", "uvloop")
NPM = ("ws", "socket.io")
NCHAN = Path("/usr/lib/nginx/modules/ngx_nchan_module.so")
NGINX = """load_module {module};
user root; daemon off; worker_processes 1; worker_rlimit_nofile 20000; pid {folder}/nginx.{port}.pid; error_log {folder}/nginx.log error;
events {{ worker_connections 16384; }}
http {{ access_log off; nchan_shared_memory_size 128M; keepalive_requests 1000000;
  server {{ listen 127.0.0.1:{port} backlog=4096;
    location = /sub {{ nchan_subscriber websocket; nchan_channel_id t; nchan_subscriber_first_message newest; }}
    location = /pub {{ nchan_publisher; nchan_channel_id t; }} }} }}
"""


@dataclass(frozen=True, slots=True)
class Peer:
    """`serves(port, messages, rate)`: the command; `sink`: what the sink needs to know; `publishes`: a second program sends."""

    name: str
    serves: Callable[[str, str, str], Sequence[str]]
    sink: Sequence[str] = ()
    publishes: bool = False


def in_python(kind: str) -> Callable[[str, str, str], Sequence[str]]:
    """A server of fanout/peers.py."""
    return lambda *numbers: [str(PYTHON), str(SOURCES / "peers.py"), kind, *numbers]


def in_node(kind: str) -> Callable[[str, str, str], Sequence[str]]:
    """A server of fanout/peers.cjs."""
    return lambda *numbers: ["node", str(SOURCES / "peers.cjs"), kind, *numbers]


def nchan(port: str, messages: str, rate: str) -> Sequence[str]:
    """nginx with nchan: the sending is another program's."""
    conf = BUILT / f"nginx.{port}.conf"
    conf.write_text(NGINX.format(module=NCHAN, folder=BUILT, port=port))
    return ["nginx", "-c", str(conf)]


KAYAN = Peer(
    "KAYAN",
    lambda *numbers: [sys.executable, "-P", "-m", "tests.bench.fanout.kayan", *numbers],
    ("-u", "/live/tanjung-selor", "-s", "kayan.v1"),
)
FLOOR = Peer("C, only send()", lambda *numbers: [str(program("floor")), *numbers])
PEERS = (
    KAYAN,
    Peer("picows", in_python("picows")),
    Peer("nchan", nchan, ("-t", "-u", "/sub"), publishes=True),
    Peer("node ws", in_node("ws")),
    Peer("websockets broadcast", in_python("websockets")),
    Peer("Starlette, await send_bytes", in_python("starlette")),
    Peer("socket.io", in_node("socketio"), ("-t", "-u", "/socket.io/?EIO=4&transport=websocket", "-i", "40")),
)


def environment() -> dict[str, str]:
    """For every server: our packages and node's."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "NODE_PATH": str(MODULES)}


def install() -> None:
    """What the peers need, beside the project and not in it; nginx with nchan comes from apt-get."""
    BUILT.mkdir(parents=True, exist_ok=True)
    if not PYTHON.exists():
        subprocess.run([sys.executable, "-m", "venv", str(PYTHON.parents[1])], check=True)
        subprocess.run([str(PYTHON), "-m", "pip", "install", "-q", *PYPI], check=True)
    if not MODULES.exists() and (npm := shutil.which("npm")):
        subprocess.run([npm, "install", "--silent", "--no-fund", "--no-audit", "--prefix", str(BUILT), *NPM], check=True)
    if not NCHAN.exists():
        subprocess.run(["apt-get", "install", "-qy", "--no-install-recommends", "nginx-light", "libnginx-mod-nchan"], check=True)
