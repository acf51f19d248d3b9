"""The certificate that a board shows, and its key; read before anything else starts, so that a wrong file stops the start with a line."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

from server.commands.common import fail


@dataclass(frozen=True, slots=True)
class Certificate:
    """The files of `--tls-cert` and `--tls-key`."""

    cert: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        """What shows it to callers, TLS 1.2 or newer. Ends the command with 2 and what is wrong with which file."""
        _must_hold("--tls-cert", self.cert, "-----BEGIN CERTIFICATE-----", "a certificate")
        key = _must_hold("--tls-key", self.key, "PRIVATE KEY-----", "a private key")
        if "ENCRYPTED" in key:  # OpenSSL would ask the terminal for it, and a service has none
            fail(2, f"--tls-key {self.key} is locked with a password: give a key without one, readable by this user alone")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            context.load_cert_chain(self.cert, self.key)
        except ssl.SSLError as trouble:
            if trouble.reason == "KEY_VALUES_MISMATCH":
                fail(2, f"--tls-key {self.key} does not belong to --tls-cert {self.cert}: give the key that this certificate was made with")
            fail(2, f"--tls-cert {self.cert} and --tls-key {self.key} cannot be used ({trouble.reason}): make them anew as PEM files")
        return context


def certificate_or_exit(cert: Path | None, key: Path | None) -> Certificate | None:
    """The certificate, looked at; None: plain HTTP. Ends the command with 2 when only one file is given, or one is wrong."""
    if cert is None and key is None:
        return None
    if cert is None or key is None:
        fail(2, "--tls-cert and --tls-key go together: give both files, or neither")
    given = Certificate(cert, key)
    given.context()
    return given


def _must_hold(option: str, file: Path, mark: str, what: str) -> str:
    try:
        text = file.read_text("ascii", errors="replace")
    except OSError as trouble:
        fail(2, f"{option} {file} cannot be read ({trouble.strerror}): give a PEM file that this user can read")
    if mark not in text:
        fail(2, f"{option} {file} holds no {what.partition(' ')[2]}: give {what} as a PEM file")
    return text
