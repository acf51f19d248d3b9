"""A pen that draws in mm from the top left corner, with our own letters, on a page of reportlab's."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from server.stickers.sheets import PAGE, Box

MM = 72 / 25.4  # points
TEXT, STRONG = "KayanText", "KayanStrong"
FILES = {TEXT: "inter-print-400.ttf", STRONG: "inter-print-700.ttf"}
CAP = 0.727  # height of Inter's capitals, of its size
LINE = 1.22  # from line to line, of the size
SMALLEST_ON_ONE_LINE = 0.8  # of the size that was wished for; below that two lines read better


class Pen:
    """Draws on one document. `fonts`: the folder with the letters."""

    def __init__(self, fonts: Path) -> None:
        for name, file in FILES.items():
            registerFont(TTFont(name, str(fonts / file)))
        self._paper = BytesIO()
        self.canvas = Canvas(self._paper, pagesize=(PAGE[0] * MM, PAGE[1] * MM), invariant=True, lang="id")

    def finished(self) -> bytes:
        """The document."""
        self.canvas.save()
        return self._paper.getvalue()

    def boxes_of_page(self, cut: Box, bleed: Box) -> None:
        """Tells a print shop where this page is cut."""
        self.canvas.setTrimBox(self._corners(cut))
        self.canvas.setBleedBox(self._corners(bleed))

    def fill(self, boxes: Sequence[Box], colour: str) -> None:
        """All of these in one go, so that no hairline shows between two that touch."""
        path = self.canvas.beginPath()
        for box in boxes:
            path.rect(box.x * MM, self._up(box.bottom), box.w * MM, box.h * MM)
        self.canvas.setFillColor(colour)
        self.canvas.drawPath(path, stroke=0, fill=1)

    def line(self, ends: tuple[float, float, float, float], colour: str, width: float) -> None:
        """A straight line; `width` in mm."""
        x0, y0, x1, y1 = ends
        self.canvas.setStrokeColor(colour)
        self.canvas.setLineWidth(width * MM)
        self.canvas.setLineCap(0)
        self.canvas.line(x0 * MM, self._up(y0), x1 * MM, self._up(y1))

    def arc(self, centre: tuple[float, float], radius: float, degrees: tuple[int, int], colour: str, width: float) -> None:
        """Part of a ring, from a direction (0: right, 90: up) over so many degrees."""
        x, y = centre[0] * MM, self._up(centre[1])
        r = radius * MM
        path = self.canvas.beginPath()
        path.arc(x - r, y - r, x + r, y + r, *degrees)
        self.canvas.setStrokeColor(colour)
        self.canvas.setLineWidth(width * MM)
        self.canvas.setLineCap(1)
        self.canvas.drawPath(path, stroke=1, fill=0)

    def words(self, text: str, at: tuple[float, float], font: str, size: float, colour: str, centred: bool = True) -> None:
        """One line; `at` is the middle, or the left end, of its base line; `size` in points."""
        x = at[0] - width(text, font, size) / 2 if centred else at[0]
        self.canvas.setFont(font, size)
        self.canvas.setFillColor(colour)
        self.canvas.drawString(x * MM, self._up(at[1]), text)

    def _up(self, y: float) -> float:
        return (PAGE[1] - y) * MM

    def _corners(self, box: Box) -> tuple[float, float, float, float]:
        return box.x * MM, self._up(box.bottom), box.right * MM, self._up(box.y)


def width(text: str, font: str, size: float) -> float:
    """In mm."""
    return stringWidth(text, font, size) / MM


def fitted(text: str, font: str, size: float, room: float) -> float:
    """The size in points, at most `size`, at which the text is no wider than `room` mm."""
    return min(size, size * room / max(width(text, font, size), 0.01))


def in_lines(text: str, font: str, size: float, room: float) -> tuple[list[str], float]:
    """One line, or the two most even ones when one would be too small; and their size."""
    one = fitted(text, font, size, room)
    words = text.split(" ")
    if one >= size * SMALLEST_ON_ONE_LINE or len(words) == 1:
        return [text], one
    splits = [(" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words))]
    best = min(splits, key=lambda pair: max(width(part, font, size) for part in pair))
    return list(best), min(fitted(part, font, size, room) for part in best)
