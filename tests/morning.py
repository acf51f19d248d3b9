"""A morning at an office of several servers, and rows of screens that follow it in every view and codec."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from server.frames import Codec
from tests.browser.town import Guest, Place
from tests.driver import Screen
from tests.servers import Event, at_once, spread
from tests.stores import comes
from tests.wire import Mirror, until

PATIENCE = 40.0  # s; no test waits that long when all is well
SATKER = "527010"


class Seat:
    """One screen and what it has made of its frames."""

    def __init__(self, screen: Screen, mirror: Mirror, view: str, codec: str) -> None:
        self.screen, self.mirror, self.view, self.codec = screen, mirror, view, codec

    async def reaches(self, offset: int) -> None:
        """Reads on until the board stands at this offset; a hole fails the test."""
        await until(self.screen, self.mirror, lambda mirror: mirror.offset >= offset, PATIENCE)


@asynccontextmanager
async def seats(people: Sequence[Guest], resume: str = "") -> AsyncIterator[list[Seat]]:
    """A screen of each view and codec for each of these people, with its first frame."""
    async with AsyncExitStack() as stack:
        found = []
        for person in people:
            for view in ("public", "staff"):
                for codec in Codec:
                    screen = await stack.enter_async_context(person.watches(f"?view={view}&{resume}", codec.value))
                    found.append(Seat(screen, Mirror(), view, codec.value))
                    first = await screen.frame(PATIENCE)
                    if not resume:
                        found[-1].mirror.take(first)
        yield found


async def a_morning(places: Sequence[Place]) -> None:
    """Changes of many kinds, some at one server, some at the other."""
    here, there = places
    ani, budi = await here.opened("ani", 1), await there.opened("budi", 2)
    citra = await there.staff("citra", "receptionist")
    await at_once(*(visitor.takes("ABDA"[n % 4], satker=SATKER) for n, visitor in enumerate(spread(places, 12))))
    await citra.takes("A", priority=True, via="desk", satker=SATKER)
    await at_once(ani.serves(1), budi.serves(2))
    skipped = (await ani.does(1, "call-next"))["ticket"]["number"]
    await ani.does(1, "skip")
    await ani.does(1, "return", number=skipped)
    for verb in ("call-next", "recall", "serve"):
        await budi.does(2, verb)
    held = (await budi.does(2, "hold", reason="salinan"))["ticket"]["number"]
    await budi.does(2, "resume", number=held)
    await budi.does(2, "transfer", service="C")
    await at_once(ani.serves(1), budi.does(2, "pause"))
    gone = await there.guest().takes("D")
    await here.guest().gives_back(gone)


def shown(events: Sequence[Event], view: str) -> list[int]:
    """The offsets that this view is told of."""
    return [event["offset"] for event in events if view == "staff" or event["kind"] != "escalation.declined"]


async def stands_at(person: Guest, offset: int) -> None:
    """Waits until this person's server has read the journal so far."""

    async def there() -> bool:
        return bool((await person.board())["offset"] >= offset)

    await comes(there)


def plain(value: Any) -> bool:
    """Whether this is made of what both codecs and a browser know: no bytes, no fractions, words as keys."""
    match value:
        case dict():
            return all(isinstance(key, str) and plain(inner) for key, inner in value.items())
        case list():
            return all(plain(inner) for inner in value)
        case _:
            return value is None or isinstance(value, (str, int))
