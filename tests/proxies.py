"""The proxies of config/examples, run from the example files themselves: only ports, paths and names are put in."""

from __future__ import annotations

import os
import random
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.certificates import Paper
from tests.driver import ROOT
from tests.stores import until

EXAMPLES = ROOT / "config" / "examples"
# What nginx's own main file says elsewhere.
NGINX = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/kayan.conf;
}}
"""

CADDY = "{\n\tadmin off\n\tauto_https disable_redirects\n\tdefault_bind 127.0.0.1\n}\n"


def free_ports(n: int) -> list[int]:
    """So many ports on which nobody listens, below those that the system gives to clients: one of them could be in use again at once."""
    found: set[int] = set()
    while len(found) < n:
        with suppress(OSError), socket.create_server(("", random.randrange(20_000, 30_000))) as holder:  # noqa: S311
            found.add(int(holder.getsockname()[1]))
    return list(found)


def example(name: str, changes: Mapping[str, str]) -> str:
    """The example file with these changes, each of which must find its place."""
    text = (EXAMPLES / name).read_text("utf-8")
    for before, after in changes.items():
        assert before in text, f"{name} does not say {before} any more"
        text = text.replace(before, after)
    return text


def program(name: str, package: str) -> str:
    """Debian's program of this name."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    assert found, f"the tests need {name}: apt install {package}"
    return found


def nginx_file(folder: Path, boards: Sequence[int], port: int, plain: int, paper: Paper) -> Path:
    """A main file that includes our example with these ports: of the boards, of HTTPS and of plain HTTP."""
    changes = {
        "127.0.0.1:8001": f"127.0.0.1:{boards[0]}",
        "127.0.0.1:8002": f"127.0.0.1:{boards[1]}",
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "/etc/kayan/cert.pem": str(paper.cert),
        "/etc/kayan/key.pem": str(paper.key),
    }
    folder.mkdir()
    (folder / "kayan.conf").write_text(example("nginx.conf", changes), "utf-8")
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder), "utf-8")
    return folder / "nginx.conf"


def caddy_file(folder: Path, boards: Sequence[int], port: int, paper: Paper) -> Path:
    """Our example with these ports; without Caddy's own administration and its redirection, whose ports are taken."""
    changes = {
        "antrean.example.go.id {": f"https://127.0.0.1:{port} {{",
        "127.0.0.1:8001": f"127.0.0.1:{boards[0]}",
        "127.0.0.1:8002": f"127.0.0.1:{boards[1]}",
        "/etc/kayan/cert.pem": str(paper.cert),
        "/etc/kayan/key.pem": str(paper.key),
    }
    folder.mkdir()
    file = folder / "Caddyfile"
    file.write_text(
        "{\n\tadmin off\n\tauto_https disable_redirects\n\tdefault_bind 127.0.0.1\n}\n" + example("Caddyfile", changes), "utf-8"
    )
    return file


@contextmanager
def proxy(command: Sequence[str], folder: Path, port: int) -> Iterator[None]:
    """The proxy for the block, listening on `port`; whatever it keeps of its own goes into `folder`."""
    own = {"PATH": os.environ["PATH"], "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, env=own)
        try:
            until(lambda: process.poll() is not None or listens(port))
            assert process.returncode is None, (folder / "said").read_text()
            yield
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            process.wait()


def listens(port: int) -> bool:
    """Whether somebody accepts there."""
    with suppress(OSError):
        socket.create_connection(("127.0.0.1", port)).close()
        return True
    return False
