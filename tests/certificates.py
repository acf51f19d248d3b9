"""Certificates for tests, made by openssl(1), and clients that believe them."""

from __future__ import annotations

import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.driver import Person


@dataclass(frozen=True)
class Paper:
    """A certificate of this computer and its key. `words` are what `kayan serve` is told."""

    cert: Path
    key: Path

    @property
    def words(self) -> tuple[str, ...]:
        return ("serve", "--tls-cert", str(self.cert), "--tls-key", str(self.key))

    def believed(self) -> ssl.SSLContext:
        """For a client that believes this certificate and no other."""
        return ssl.create_default_context(cafile=str(self.cert))


def self_signed(folder: Path) -> Paper:
    """A certificate that its own key has signed, in this folder."""
    folder.mkdir(parents=True, exist_ok=True)
    paper = Paper(folder / "cert.pem", folder / "key.pem")
    kind = ("-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost")
    names = ("-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1")
    command = ["openssl", "req", *kind, *names, "-keyout", str(paper.key), "-out", str(paper.cert)]
    subprocess.run(command, check=True, capture_output=True)
    return paper


class Careful(Person):
    """Somebody whose browser looks at the certificate."""

    def __init__(self, url: str, paper: Paper) -> None:
        self.tls = paper.believed()
        super().__init__(url)
