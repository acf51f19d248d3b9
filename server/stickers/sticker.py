"""One sticker: the office's name, the code, what to do in two languages, the address for those who cannot scan, "no fee", the place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import qrcode

from server.stickers.order import AT_ONCE
from server.stickers.pen import CAP, LINE, MM, STRONG, TEXT, Pen, fitted, in_lines, width
from server.stickers.sheets import BLEED, Box, Sheet

# As static/css/tokens.css in its light theme; a test compares them.
NAVY, WHITE, ON_NAVY_RING = "#0b1830", "#ffffff", "#24406e"
INK, SOFT, SUNK, GOLD = "#0c1a33", "#47536c", "#f0ede4", "#f4b633"
BESIDE = 7  # mm between things that stand side by side, on the sheet of six
QUIET = 4  # modules of white on every side of the code, as ISO/IEC 18004 wants

TAKE = ("Pindai untuk nomor antrean", "Scan for your queue number")
WATCH = ("Pindai untuk melihat antrean", "Scan to see the queue")  # where no number is taken on the phone
OR_OPEN = "atau buka · or open"
FREE = "Tidak dipungut biaya · Free of charge"


@dataclass(frozen=True, slots=True)
class Sticker:
    """What one sticker says. `url` is what its code opens, `address` the short one that a person types."""

    office: str
    place: str
    url: str
    address: str
    takes_numbers: bool = True

    @property
    def todo(self) -> tuple[str, str]:
        """What to do, in Indonesian and English."""
        return TAKE if self.takes_numbers else WATCH


def draw(pen: Pen, sticker: Sticker, box: Box, sheet: Sheet) -> None:
    """The sticker in its box, with its colours beyond the cut."""
    size = sheet.size
    head, line, foot = _bands(size)
    outer = box.grown(BLEED)
    pen.fill([Box(outer.x, outer.y, outer.w, BLEED + head)], NAVY)
    pen.fill([Box(outer.x, box.y + head, outer.w, line)], GOLD)
    pen.fill([Box(outer.x, box.bottom - foot, outer.w, foot + BLEED)], SUNK)
    _head(pen, sticker, Box(box.x, box.y, box.w, head), size)
    _foot(pen, sticker, Box(box.x, box.bottom - foot, box.w, foot), size)
    code = code_box(sticker, box, sheet)
    _code(pen, _rows(sticker.url), code)
    if sheet.wide:
        lines = _lines(sticker, box.right - code.right - 2 * BESIDE * size, sheet)
        _stack(pen, lines, code.right + BESIDE * size, code.y + (code.h - _height(lines)) / 2, centred=False)
    else:
        above, quiet = code.y - box.y - head - line, QUIET * code.w / len(_rows(sticker.url))
        _stack(pen, _lines(sticker, box.w - BESIDE * size, sheet), box.x + box.w / 2, code.bottom + max(quiet, above * 0.6), centred=True)


def code_box(sticker: Sticker, box: Box, sheet: Sheet) -> Box:
    """Where the QR code of a sticker in this box is, without its quiet zone."""
    size = sheet.size
    head, line, foot = _bands(size)
    free = box.h - head - line - foot
    if sheet.wide:
        side = free - 2 * BESIDE * size
        return Box(box.x + BESIDE * size, box.y + head + line + BESIDE * size, side, side)
    free -= _height(_lines(sticker, box.w - BESIDE * size, sheet)) + 1.8 * size
    side = min(box.w * 0.66, free / (1 + (2 * QUIET + 1) / len(_rows(sticker.url))))
    return Box(box.x + (box.w - side) / 2, box.y + head + line + (free - side) / 2, side, side)


def _bands(size: float) -> tuple[float, float, float]:
    """The heights of the head, of the gold line under it, and of the foot, in mm."""
    return 12 * size, 0.9 * size, 9.6 * size


def _head(pen: Pen, sticker: Sticker, box: Box, size: float) -> None:
    """The ring that a visitor knows from the screens, and the office's name."""
    ring, gap = box.h * 0.22, 2.6 * size
    room = box.w - 10 * size - 2 * ring - gap
    lines, points = in_lines(sticker.office, STRONG, 12.5 * size, room)
    wide = max(width(line, STRONG, points) for line in lines)
    left = box.x + (box.w - wide - 2 * ring - gap) / 2
    centre = (left + ring, box.y + box.h / 2)
    stroke = ring * 0.42
    pen.arc(centre, ring - stroke / 2, (0, 360), ON_NAVY_RING, stroke)
    pen.arc(centre, ring - stroke / 2, (150, -270), GOLD, stroke)
    step = points * LINE / MM
    first = centre[1] + points * CAP / MM / 2 - step * (len(lines) - 1) / 2
    for n, line in enumerate(lines):
        pen.words(line, (left + 2 * ring + gap, first + n * step), STRONG, points, WHITE, centred=False)


def _foot(pen: Pen, sticker: Sticker, box: Box, size: float) -> None:
    middle, room = box.x + box.w / 2, box.w - 6 * size
    pen.words(FREE, (middle, box.y + 4.5 * size), STRONG, fitted(FREE, STRONG, 8.8 * size, room), INK)
    pen.words(sticker.place, (middle, box.y + 7.9 * size), TEXT, fitted(sticker.place, TEXT, 6.8 * size, room), SOFT)


Line = tuple[str, str, float, str, float]  # text, font, points, colour, its height in lines


def _lines(sticker: Sticker, room: float, sheet: Sheet) -> list[Line]:
    """All that stands with the code, in `room` mm; beside it in larger letters, and the address may take two lines."""
    size, larger = sheet.size * (1.1 if sheet.wide else 1), 1.25 if sheet.wide else 1
    indonesian, english = sticker.todo
    parts, points = in_lines(indonesian, STRONG, 13.5 * size * larger, room)
    lines: list[Line] = [(part, STRONG, points, INK, 1.0) for part in parts]
    lines.append((english, TEXT, fitted(english, TEXT, 9.8 * size, room), SOFT, 1.15))
    lines.append((OR_OPEN, TEXT, fitted(OR_OPEN, TEXT, 7 * size, room), SOFT, 2.6 if sheet.wide else 1.5))
    parts, points = in_lines(sticker.address.replace("/", " /", 1), STRONG, 10 * size, room)
    if not sheet.wide or len(parts) == 1:
        parts, points = [sticker.address], fitted(sticker.address, STRONG, 10 * size, room)
    return [*lines, *((part, STRONG, points, INK, 1.1) for part in parts)]


def _height(lines: list[Line]) -> float:
    """In mm."""
    return sum(points * LINE * space for _, _, points, _, space in lines) / MM


def _stack(pen: Pen, lines: list[Line], x: float, top: float, centred: bool) -> None:
    """Lines from the top down; each stands on the bottom of its own height."""
    y = top
    for text, font, points, colour, space in lines:
        y += points * LINE * space / MM
        pen.words(text, (x, y - points * (LINE - CAP) / 2 / MM), font, points, colour, centred)


@lru_cache(AT_ONCE)
def _rows(url: str) -> list[list[bool]]:
    """The modules of a QR code of level H, which is read with nearly a third of it gone; True is dark."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_H, border=0)
    code.add_data(url)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.get_matrix()]


def _code(pen: Pen, rows: list[list[bool]], box: Box) -> None:
    module = box.w / len(rows)
    pen.fill([Box(box.x + x * module, box.y + y * module, n * module, module) for y, row in enumerate(rows) for x, n in _runs(row)], INK)


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """Where the dark parts of a row begin, and how many modules they have."""
    runs: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if dark and runs and sum(runs[-1]) == x:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif dark:
            runs.append((x, 1))
    return runs
