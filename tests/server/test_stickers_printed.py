"""The sheets as they come out of a printer: read by zbarimg, which we did not write, also small, turned, blurred and covered in part;
and looked at for what is cut off, what lies outside, and which colours they have."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFilter
from reportlab.pdfbase.ttfonts import TTFont

from board.place import NAME_MAX, PRINTABLE
from server.stickers.document import document
from server.stickers.pen import FILES, Pen
from server.stickers.sheets import BLEED, PAGE, SHEETS, UNPRINTABLE, Box, Sheet, laid_out
from server.stickers.sticker import GOLD, INK, NAVY, SOFT, SUNK, Sticker, code_box
from tests.browser.qr import decoded
from tests.driver import ROOT
from tests.printed import pictures, words

FONTS = ROOT / "static" / "vendor" / "inter"
HOST = "antrean.kppn-tanjungselor.example.go.id"
NAMES = ["Ruang tunggu, pintu", "Kantin Bu O'Brien", "Loket 1–3", "Café “Selor”", "W" * NAME_MAX, "Ruang tunggu, dekat jendela kanan"]
CODES = [f"k7m2{letter}" for letter in "bcdfgh"]
every_sheet = pytest.mark.parametrize("sheet", SHEETS.values(), ids=list(SHEETS))


def sticker(n: int, office: str = "KPPN Tanjung Selor", host: str = HOST, takes_numbers: bool = True) -> Sticker:
    return Sticker(office, NAMES[n], f"https://{host}/tanjung-selor?s={CODES[n]}", f"{host}/tanjung-selor", takes_numbers)


STICKERS = [sticker(n) for n in range(len(NAMES))]


def part(picture: Path, box: Box, dpi: int) -> Image.Image:
    """What a camera that looks at this box (mm) sees."""
    with Image.open(picture) as page:
        left, top, right, bottom = (round(edge * dpi / 25.4) for edge in (box.x, box.y, box.right, box.bottom))
        return page.convert("L").crop((left, top, right, bottom))


# The codes


@every_sheet
def test_every_code_of_a_sheet_leads_to_its_place(sheet: Sheet, tmp_path: Path) -> None:
    pages = pictures(document(STICKERS, sheet, FONTS), tmp_path, 150)
    lies = laid_out(sheet, STICKERS)
    assert len(pages) == len(lies)
    for n, (page, on_page) in enumerate(zip(pages, lies, strict=True)):
        for m, (one, box) in enumerate(zip(on_page, sheet.boxes, strict=True)):
            alone = tmp_path / f"{n}-{m}.png"
            part(page, box, 150).save(alone)
            assert decoded(alone) == [one.url], one.place


@every_sheet
def test_every_code_has_its_quiet_zone(sheet: Sheet, tmp_path: Path) -> None:
    [page, *_] = pictures(document(STICKERS, sheet, FONTS), tmp_path, 300)
    for one, box in zip(laid_out(sheet, STICKERS)[0], sheet.boxes, strict=True):
        code = code_box(one, box, sheet)
        picture, inner = part(page, code.grown(4 * code.w / MODULES), 300), part(page, code.grown(0.2), 300)
        edge = round((picture.width - inner.width) / 2)
        picture.paste(255, (edge, edge, picture.width - edge, picture.height - edge))
        assert picture.getextrema() == (255, 255), one.place


@every_sheet
def test_no_code_is_smaller_than_two_and_a_half_centimetres_however_short_or_long_the_address_is(sheet: Sheet) -> None:
    Pen(FONTS)  # so that the letters can be measured
    for host in ("10.0.0.5:8000", "antrean.example.go.id", HOST, "antrean" * 9):
        code = code_box(sticker(0, host=host), sheet.boxes[0], sheet)
        assert code.w == code.h >= 25, host


Ill = Callable[[Image.Image], Image.Image]


def turned(degrees: float) -> Ill:
    return lambda code: code.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def blurred(modules: float) -> Ill:
    """By so many modules, as a camera that has not found its distance."""
    return lambda code: code.filter(ImageFilter.GaussianBlur(modules * PX_A_MODULE))


def covered(share: float, left: float, top: float, shade: int) -> Ill:
    """So much of the code lies under a square of this shade of grey; `left`, `top`: where it begins, of the code's width."""

    def cover(code: Image.Image) -> Image.Image:
        side = MODULES * share**0.5
        x, y = 4 + left * MODULES, 4 + top * MODULES
        edges = (x * PX_A_MODULE, y * PX_A_MODULE, (x + side) * PX_A_MODULE, (y + side) * PX_A_MODULE)
        ImageDraw.Draw(code).rectangle(edges, fill=shade)
        return code

    return cover


MODULES = 49  # of version 8, which an address of 69 letters needs in level H
PX_A_MODULE = 2.5 / 2.54 * 240 / MODULES  # 2.5 cm as a camera sees it that resolves 240 px an inch: a phone's, a hand's width away
A_FIFTH_TORN_OFF, A_FIFTH_DIRTY = covered(0.2, 0.55, 0.55, 255), covered(0.2, 0.55, 0.55, 96)
ILLS: dict[str, list[Ill]] = {
    "as it is": [],
    "turned by 7": [turned(7)],
    "turned by 30": [turned(30)],
    "turned by 90": [turned(90)],
    "upside down": [turned(180)],
    "blurred by a third of a module": [blurred(1 / 3)],
    "a corner torn off": [A_FIFTH_TORN_OFF],
    "a dirty corner": [A_FIFTH_DIRTY],
    "a coin on the middle": [covered(0.1, 0.35, 0.35, 160)],
    "torn and turned": [A_FIFTH_TORN_OFF, turned(12)],
    "dirty and blurred": [A_FIFTH_DIRTY, blurred(1 / 4)],
    "dirty, turned and blurred": [A_FIFTH_DIRTY, turned(12), blurred(1 / 4)],
}


@pytest.mark.parametrize("ills", ILLS.values(), ids=list(ILLS))
def test_a_code_of_two_and_a_half_centimetres_is_read_also_when_it_is(ills: list[Ill], tmp_path: Path) -> None:
    sheet = SHEETS["12"]
    [page] = pictures(document(STICKERS, sheet, FONTS), tmp_path, 300)
    for one, box in zip(STICKERS, sheet.boxes, strict=False):
        code = code_box(one, box, sheet)
        side = round((MODULES + 8) * PX_A_MODULE)
        seen = part(page, code.grown(4 * code.w / MODULES), 300).resize((side, side), Image.Resampling.BOX)
        for ill in ills:
            seen = ill(seen)
        seen.save(tmp_path / "seen.png")
        assert decoded(tmp_path / "seen.png") == [one.url]


# The sheets


@every_sheet
def test_nothing_is_printed_where_an_office_printer_cannot_and_no_bleed_reaches_another_sticker(sheet: Sheet, tmp_path: Path) -> None:
    for page in pictures(document(STICKERS, sheet, FONTS), tmp_path, 150):
        with Image.open(page) as picture:
            dark = picture.convert("L").point(lambda shade: 255 if shade < 250 else 0)
            box: Any = dark.getbbox()
            left, top, right, bottom = (edge * 25.4 / 150 for edge in box)
        assert min(left, top, PAGE[0] - right, PAGE[1] - bottom) >= UNPRINTABLE - 0.2
    grown = [box.grown(BLEED) for box in sheet.boxes]
    assert [(one, other) for one, other in combinations(grown, 2) if overlap(one, other)] == []


def overlap(one: Box, other: Box) -> bool:
    """By more than a rounding."""
    across = min(one.right, other.right) - max(one.x, other.x)
    down = min(one.bottom, other.bottom) - max(one.y, other.y)
    return min(across, down) > 1e-6


@every_sheet
def test_the_cut_marks_point_at_every_cut_and_touch_no_sticker(sheet: Sheet) -> None:
    marks = sheet.marks()
    cuts = {("x", b.x) for b in sheet.boxes} | {("x", b.right) for b in sheet.boxes}
    cuts |= {("y", b.y) for b in sheet.boxes} | {("y", b.bottom) for b in sheet.boxes}
    assert {("x", x0) if x0 == x1 else ("y", y0) for x0, y0, x1, _ in marks} == cuts
    for x0, y0, x1, y1 in marks:
        for box in (b.grown(BLEED) for b in sheet.boxes):
            assert x1 < box.x or x0 > box.right or y1 < box.y or y0 > box.bottom
        assert min(x0, y0) >= UNPRINTABLE - 0.01


@every_sheet
def test_the_longest_names_and_addresses_stay_on_their_sticker(sheet: Sheet, tmp_path: Path) -> None:
    long = [sticker(n, "Kantor Pelayanan Perbendaharaan Negara Tanjung Selor " * 2, f"{'antrean' * 8}.example.go.id") for n in (4, 4)]
    [page, *_] = words(document(long, sheet, FONTS), tmp_path)
    on_stickers = [word for word in page if word.top < max(b.bottom for b in sheet.boxes)]
    assert sum(word.text == "W" * NAME_MAX for word in on_stickers) == len(sheet.boxes)
    for word in on_stickers:
        assert any(
            b.x + 1 <= word.left and word.right <= b.right - 1 and b.y <= word.top and word.bottom <= b.bottom for b in sheet.boxes
        ), word


def test_a_sticker_says_whose_it_is_what_to_do_in_two_languages_where_to_type_and_that_it_is_free(tmp_path: Path) -> None:
    todo = {
        True: ("Pindai untuk nomor antrean", "Scan for your queue number"),
        False: ("Pindai untuk melihat antrean", "Scan to see the queue"),
    }
    for takes, lines in todo.items():
        [page] = words(document([sticker(n, takes_numbers=takes) for n in range(6)], SHEETS["6"], FONTS), tmp_path)
        said = " ".join(word.text for word in page)
        for line in ("KPPN Tanjung Selor", "Tidak dipungut biaya · Free of charge", f"{HOST}/tanjung-selor", "atau buka · or open", *lines):
            assert said.count(line) == 6, line
        assert [name for name in NAMES if name not in said] == []


def test_what_is_left_of_the_last_sheet_is_filled_with_spare_stickers() -> None:
    assert laid_out(SHEETS["6"], [1, 2, 3, 4]) == [[1, 2, 3, 4, 1, 2]]
    assert laid_out(SHEETS["2"], [1, 2, 3]) == [[1, 2], [3, 1]]
    assert laid_out(SHEETS["a5"], [1, 2]) == [[1], [2]]
    assert laid_out(SHEETS["12"], [1]) == [[1] * 12]


def test_the_poster_tells_a_print_shop_where_to_cut() -> None:
    found = document(STICKERS[:1], SHEETS["a5"], FONTS)
    [trim] = re.findall(rb"/TrimBox \[ ([\d. ]+) \]", found)
    left, bottom, right, top = (float(n) * 25.4 / 72 for n in trim.split())
    assert (round(right - left, 1), round(top - bottom, 1)) == (148.0, 210.0)
    assert b"/BleedBox" in found


def test_the_same_stickers_give_the_same_bytes_and_every_code_is_drawn_as_shapes() -> None:
    found = document(STICKERS, SHEETS["12"], FONTS)
    assert found == document(STICKERS, SHEETS["12"], FONTS)
    assert b"/Image" not in found.replace(b"/ImageB", b"").replace(b"/ImageC", b"").replace(b"/ImageI", b"")


# Letters and colours


def test_the_letters_of_a_name_are_all_in_our_fonts() -> None:
    for file in FILES.values():
        drawn = {chr(letter) for letter in TTFont(file, str(FONTS / file)).face.charToGlyph}
        assert PRINTABLE - drawn == set()


def test_the_colours_are_those_of_the_screens() -> None:
    tokens = (ROOT / "static" / "css" / "tokens.css").read_text("utf-8")
    light = dict(re.findall(r"--([\w-]+): (?:var\(--light, )?(#\w{6})", tokens))
    assert [light[name] for name in ("navy", "ink", "ink-soft", "paper-sunk", "gold")] == [NAVY, INK, SOFT, SUNK, GOLD]
    assert light["qr-dark"] == INK
