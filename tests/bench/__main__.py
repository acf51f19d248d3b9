"""`python -m tests.bench [NAME ...]`: measures, and prints one Markdown table a figure; all of them when none is named."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable

import uvloop

from tests.bench.commands import commands
from tests.bench.escalation import escalation
from tests.bench.fanout_duel import duel, growth
from tests.bench.line import line
from tests.bench.live import call, connecting, idle, slow
from tests.bench.memory import memory
from tests.bench.phone import phone
from tests.bench.screen import screen
from tests.bench.table import Table

Figure = Callable[[], Awaitable[Table]]
FIGURES: dict[str, Figure] = {
    "commands": commands,
    "line": line,
    "escalation": escalation,
    "screen": screen,
    "memory": memory,
    "phone": phone,
    "duel": duel,
    "growth": growth,
    "call": call,
    "slow": slow,
    "connecting": connecting,
    "idle": idle,
}


def main(names: list[str]) -> int:
    """0: measured; 2: a name that is none."""
    if wrong := [name for name in names if name not in FIGURES]:
        print(f"no such figure: {', '.join(wrong)}; there are {', '.join(FIGURES)}", file=sys.stderr)
        return 2
    for name in names or FIGURES:
        print(uvloop.run(measured(FIGURES[name])).markdown(), end="\n\n", flush=True)
    return 0


async def measured(figure: Figure) -> Table:
    """In a loop of its own."""
    return await figure()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
