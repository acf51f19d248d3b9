"""A print-ready PDF of stickers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from server.stickers.pen import TEXT, Pen, fitted
from server.stickers.sheets import BLEED, CUT, UNPRINTABLE, Sheet, laid_out
from server.stickers.sticker import INK, SOFT, Sticker, draw

HINT = "KAYAN · cetak 100 %, potong pada tanda · print at 100 %, cut at the marks · {page}/{pages}"
MARK = 0.2  # mm, the width of a cut mark


def document(stickers: Sequence[Sticker], sheet: Sheet, fonts: Path) -> bytes:
    """The PDF. The same stickers give the same bytes. `stickers` must not be empty; `fonts`: the folder with our letters."""
    pen = Pen(fonts)
    pen.canvas.setTitle(f"KAYAN · {stickers[0].office}")
    pen.canvas.setAuthor(stickers[0].office)
    pages = laid_out(sheet, stickers)
    for n, on_page in enumerate(pages, 1):
        for sticker, box in zip(on_page, sheet.boxes, strict=True):
            draw(pen, sticker, box, sheet)
        for ends in sheet.marks():
            pen.line(ends, INK, MARK)
        if len(sheet.boxes) == 1:
            pen.boxes_of_page(sheet.boxes[0], sheet.boxes[0].grown(BLEED))
        _hint(pen, sheet, HINT.format(page=n, pages=len(pages)))
        pen.canvas.showPage()
    return pen.finished()


def _hint(pen: Pen, sheet: Sheet, text: str) -> None:
    """Between the marks of the first column, where nothing is cut through."""
    first, low = sheet.boxes[0], max(box.bottom for box in sheet.boxes)
    pen.words(text, (first.x + 2, low + CUT - UNPRINTABLE - 0.8), TEXT, fitted(text, TEXT, 6, first.w - 4), SOFT, centred=False)
