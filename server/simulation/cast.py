"""Who plays: the accounts, made through the API like everyone's, and all of them at work."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack

from board.office import CounterPlan, Kind
from server.simulation.officers import Officer, Reserve
from server.simulation.people import Login, Person
from server.simulation.play import Play
from server.simulation.street import Forgotten, Street

PASSWORD = "antrean-demo"  # noqa: S105, printed for everybody: folder and accounts are gone with the demo
ADMINISTRATOR = "administrator"
NEWCOMERS: Mapping[str, str] = {"petugas": "officer", "resepsionis": "receptionist", "penyelia": "supervisor"}
DESK, RESERVE = "simulasi-resepsionis", "simulasi-cadangan"
AT_THE_DOOR = 3  # visitors a counter when the doors open: all counters serve at once, and some visitors wait


async def perform(play: Play, url: str, first_token: str, ready: Callable[[], None]) -> None:
    """Makes the accounts on the board at `url`, says that it is `ready`, and plays for ever. Raises Refused when it gets no accounts."""
    ordinary = [plan for plan in play.office.counters if plan.kind is Kind.ORDINARY]
    reserve = next((plan for plan in play.office.counters if plan.kind is Kind.RESERVE), None)
    async with AsyncExitStack() as stack:

        async def person(name: str | None = None) -> Person:
            return await stack.enter_async_context(Person(url, Login(name, PASSWORD) if name else None))

        await _accounts(await person(ADMINISTRATOR), first_token, ordinary)
        ready()
        visitor, desk = await person(), await person(DESK)
        street = Street(play, visitor, desk)
        officers = [Officer(play, await person(_name(plan)), plan) for plan in ordinary]
        helper = Reserve(play, await person(RESERVE), reserve)
        forgotten = Forgotten(play, street, visitor, officers)
        await street.opens(AT_THE_DOOR * len(ordinary))
        async with asyncio.TaskGroup() as tasks:
            for officer in officers:
                tasks.create_task(officer.works(), name=f"demo.officer {officer.plan.counter}")
            tasks.create_task(helper.stands_by(), name="demo.reserve")
            tasks.create_task(street.flows(), name="demo.street")
            tasks.create_task(forgotten.happens(), name="demo.forgotten")


async def _accounts(administrator: Person, first_token: str, ordinary: list[CounterPlan]) -> None:
    body = {"token": first_token, "name": ADMINISTRATOR, "password": PASSWORD}
    await administrator.post("/api/v1/first-administrator", body)
    simulated = {DESK: "receptionist", RESERVE: "officer", **{_name(plan): "officer" for plan in ordinary}}
    for name, role in {**NEWCOMERS, **simulated}.items():
        await administrator.post("/api/v1/accounts", {"name": name, "password": PASSWORD, "role": role})


def _name(plan: CounterPlan) -> str:
    return f"simulasi-loket-{plan.counter}"
