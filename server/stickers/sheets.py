"""Where stickers lie on a sheet of A4, in mm from the top left corner. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

PAGE = (210.0, 297.0)  # A4, also under the poster: every office's printer takes it
BLEED = 3.0  # colour beyond the cut, so that a cut that is a little off shows no white edge
UNPRINTABLE = 5.0  # what office printers leave white at the edge
CUT = 12.0  # from the page's edge to the outermost cut: the printer's margin, the marks, the bleed


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h

    def grown(self, by: float) -> Box:
        """The same with so much more on every side."""
        return Box(self.x - by, self.y - by, self.w + 2 * by, self.h + 2 * by)


@dataclass(frozen=True, slots=True)
class Sheet:
    """`boxes` are the stickers as they are cut; `size` of all type against the sheet of six's; `wide`: the code stands beside its words."""

    name: str
    boxes: tuple[Box, ...]
    size: float
    wide: bool = False

    def marks(self) -> list[tuple[float, float, float, float]]:
        """The cut marks, as lines from point to point, outside of all bleed."""
        left, right = min(b.x for b in self.boxes) - BLEED, max(b.right for b in self.boxes) + BLEED
        top, bottom = min(b.y for b in self.boxes) - BLEED, max(b.bottom for b in self.boxes) + BLEED
        gap, length = 0.5, CUT - BLEED - UNPRINTABLE - 0.5
        across = sorted({y for b in self.boxes for y in (b.y, b.bottom)})
        down = sorted({x for b in self.boxes for x in (b.x, b.right)})
        lines = [(x0, y, x0 + length, y) for y in across for x0 in (left - gap - length, right + gap)]
        return lines + [(x, y0, x, y0 + length) for x in down for y0 in (top - gap - length, bottom + gap)]


def grid(columns: int, rows: int) -> tuple[Box, ...]:
    """So many stickers of one size, with room for the bleed of two between them."""
    w = (PAGE[0] - 2 * CUT - (columns - 1) * 2 * BLEED) / columns
    h = (PAGE[1] - 2 * CUT - (rows - 1) * 2 * BLEED) / rows
    return tuple(Box(CUT + c * (w + 2 * BLEED), CUT + r * (h + 2 * BLEED), w, h) for r in range(rows) for c in range(columns))


SHEETS = {
    sheet.name: sheet
    for sheet in (
        Sheet("2", grid(1, 2), 1.6, wide=True),
        Sheet("6", grid(2, 3), 1.0),
        Sheet("12", grid(3, 4), 0.73),
        Sheet("a5", (Box((PAGE[0] - 148) / 2, (PAGE[1] - 210) / 2, 148, 210),), 1.75),
    )
}


def laid_out(sheet: Sheet, things: Sequence[T]) -> list[list[T]]:
    """What lies on each page: each thing once, and the last sheet filled up by going round again, since spare stickers cost nothing
    and an empty place on the sheet is thrown away."""
    room = len(sheet.boxes)
    pages = -(-len(things) // room)
    return [[things[(page * room + n) % len(things)] for n in range(room)] for page in range(pages)]
