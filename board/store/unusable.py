"""Why a store cannot be used at all: what stops a start. `str()` is one English sentence that says what to do.

StoreUnusable
├── FolderInUse       another board runs on this data folder
├── FolderUnusable    the data folder cannot be made or written
├── NoBinary          no valkey-server was installed for this platform
├── LeftoverStays     the store of an earlier run holds the folder and could not be ended
├── StoreNotStarting  our own store ended or stayed silent while starting
└── StoreTooOld       somebody's store, of a version that lacks what we need
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class StoreUnusable(Exception):
    """The root: no board can run on this store as things are."""


@dataclass(eq=False)  # not frozen: contextlib assigns __traceback__, and a frozen error dies there as another one
class FolderInUse(StoreUnusable):
    """`pid` is the other board's process; None when it has not said so yet."""

    folder: Path
    pid: int | None

    def __str__(self) -> str:
        who = "another board" if self.pid is None else f"another board (process {self.pid})"
        return f"{who} is running on the data folder {self.folder}: stop it first, or set KAYAN_DATA to another folder"


@dataclass(eq=False)
class FolderUnusable(StoreUnusable):
    folder: Path
    reason: str

    def __str__(self) -> str:
        return f"the data folder {self.folder} cannot be used ({self.reason}): make it writable, or set KAYAN_DATA to another folder"


@dataclass(eq=False)
class NoBinary(StoreUnusable):
    """`platform` as in "linux-riscv64"."""

    platform: str

    def __str__(self) -> str:
        return f"no embedded Valkey is installed for {self.platform}: set KAYAN_STORE_URL to a Redis >= 7 or Valkey >= 8"


@dataclass(eq=False)
class LeftoverStays(StoreUnusable):
    """`pid` is None when the leftover has left no record."""

    folder: Path
    pid: int | None

    def __str__(self) -> str:
        who = "an unrecorded process" if self.pid is None else f"process {self.pid}"
        return f"the store of an earlier run ({who}) still holds {self.folder} and could not be ended: end it by hand, then start again"


@dataclass(eq=False)
class StoreNotStarting(StoreUnusable):
    """`log` is the path of the store's log, `tail` its last lines of this start."""

    reason: str
    log: Path
    tail: str

    def __str__(self) -> str:
        return f"the embedded Valkey {self.reason}; the end of {self.log} says:\n{self.tail or '(nothing)'}"


@dataclass(eq=False)
class StoreTooOld(StoreUnusable):
    """`kind` is "redis" or "valkey"; `version` what it says of itself; `needed` the oldest that will do."""

    kind: str
    version: str
    needed: str

    def __str__(self) -> str:
        found = f"{self.kind.capitalize()} {self.version}"
        return f"the store is {found}, KAYAN needs {self.needed} or newer: upgrade it, or unset KAYAN_STORE_URL to use the embedded one"
