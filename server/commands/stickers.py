"""`kayan stickers`: a print-ready sheet, beside a running board and without one."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import click

from board.errors import BadPlace, PlacesFull, StoreUnavailable
from board.office import Office, OfficeId
from board.place import Place, place_name
from board.store.places import Places
from board.store.unusable import StoreUnusable
from config.places import STATIC
from config.settings import Settings
from server.commands.common import beside, fail, offices_or_exit, settings_or_exit
from server.lan import lan_host
from server.refusals import NotPrintable, told
from server.stickers.order import AT_ONCE, printed, url_of
from server.stickers.sheets import SHEETS, laid_out
from server.store import open_store

FIRST = "Ruang tunggu"  # the place of an office that has named none


@click.command()
@click.option("--out", "out", type=click.Path(path_type=Path), required=True, help="The PDF to write.")
@click.option(
    "--sheet", type=click.Choice(list(SHEETS)), default="6", show_default=True, help="Stickers on a sheet of A4, or a poster of A5."
)
@click.option("--place", "names", multiple=True, help="Where a sticker is to hang; may be given several times. Default: all known places.")
@click.option("--office", "office_id", help="Whose stickers; needed where there are several offices.")
def stickers(out: Path, sheet: str, names: tuple[str, ...], office_id: str | None) -> None:
    """Write a print-ready PDF of QR stickers, each with a code of its own place."""
    settings = settings_or_exit()
    office = _office(offices_or_exit(settings), office_id)
    for name in names:
        try:
            place_name(name)
        except BadPlace as refusal:
            fail(2, f"--place {name!r}: {told(refusal)}")
    _may_be_written(out)
    base = _address(settings)
    places = _places(settings, office, names)
    if len(places) > AT_ONCE:
        fail(2, f"{office.id} has {len(places)} places: name at most {AT_ONCE} of them with --place")
    try:
        document = printed(office, places, base, SHEETS[sheet], STATIC / "vendor" / "inter")
    except NotPrintable as refusal:
        fail(2, told(refusal))
    _write(out, document)
    pages = len(laid_out(SHEETS[sheet], places))
    click.echo(f"{out}: {pages} {'page' if pages == 1 else 'pages'}; print at 100 %, cut at the marks")
    for place in places:
        click.echo(f"  {url_of(base, office, place)}  {place.name}")


def _office(offices: Mapping[OfficeId, Office], wanted: str | None) -> Office:
    if wanted is None:
        if len(offices) > 1:
            fail(2, f"there are several offices, so say which one with --office: {', '.join(offices)}")
        return next(iter(offices.values()))
    if wanted not in offices:
        fail(2, f"there is no office {wanted}; the office files have {', '.join(offices)}")
    return offices[OfficeId(wanted)]


def _may_be_written(out: Path) -> None:
    if out.is_dir():
        fail(2, f"--out {out} is a folder: name a file in it, such as {out / 'stickers.pdf'}")
    if out.exists() and not out.is_file():
        fail(2, f"--out {out} is no ordinary file")
    if not out.parent.is_dir():
        fail(2, f"--out {out}: there is no folder {out.parent}")


def _address(settings: Settings) -> str:
    """What the codes point at. Never a host that nobody has set and this computer does not have."""
    if settings.public_url:
        return settings.public_url
    host = lan_host(settings.host)
    if not host or not settings.port:
        fail(2, "no address is known that phones could open: set KAYAN_PUBLIC_URL, such as https://antrean.example.go.id")
    base = f"http://{host}:{settings.port}"
    click.echo(f"kayan: KAYAN_PUBLIC_URL is not set, so the codes point at {base}: they stop working when that address changes", err=True)
    return base


def _places(settings: Settings, office: Office, names: tuple[str, ...]) -> list[Place]:
    """The places of these names, new ones where there are none; all known ones without names. Ends the command with 1 when refused."""

    async def found() -> list[Place]:
        url = settings.store_url or await beside(settings.data) or ""
        async with open_store(url, settings.data, settings.store_may_forget) as store:
            places = Places(store.client, office, wait_aof=store.durability.how == "waitaof")
            known = [] if names else [place for place in await places.all() if not place.retired]
            wanted = [await places.named(name) for name in names or (() if known else (FIRST,))]
            return list({place.code: place for place in (*known, *wanted)}.values())

    try:
        return asyncio.run(found())
    except (PlacesFull, StoreUnavailable) as refusal:
        fail(1, told(refusal))
    except StoreUnusable as why:
        fail(1, str(why))


def _write(out: Path, document: bytes) -> None:
    """All of it or nothing: whoever prints the file meanwhile gets the old one or the new one."""
    try:
        with tempfile.NamedTemporaryFile(dir=out.parent, prefix=f".{out.name[:64]}.", delete=False) as draft:
            try:
                draft.write(document)
                draft.flush()
                os.fsync(draft.fileno())
                os.fchmod(draft.fileno(), 0o644)
                Path(draft.name).replace(out)
            except BaseException:
                with suppress(OSError):
                    Path(draft.name).unlink()
                raise
    except OSError as trouble:
        fail(1, f"--out {out}: {trouble.strerror or trouble}")
