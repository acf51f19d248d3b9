"""`kayan`, and `python -m server`. The commands are in server/commands/line.py."""

# ruff: noqa: E402
from __future__ import annotations

import signal

# Ctrl-C while Python still reads our modules, a second on a small computer, ends us in silence and not with a traceback.
signal.signal(signal.SIGINT, signal.SIG_DFL)

from server.commands.line import main

if __name__ == "__main__":
    main(prog_name="kayan")
