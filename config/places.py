"""Where things lie. The four folders `board`, `server`, `config` and `static` stand side by side, in a checkout as in an
installed wheel, so each is found from this file."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
OFFICE_FILE = ROOT / "config" / "office.toml"


def data_folder() -> Path:
    """Where the embedded store lives unless a setting says otherwise: `data` in the checkout, from whatever folder `bin/kayan`
    is called (or `user add` would open another store than the board's); for an installed wheel `data` in the working folder."""
    return ROOT / "data" if (ROOT / "bin" / "kayan").is_file() else Path("data")
