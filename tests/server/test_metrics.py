"""What can be measured from outside: each figure is there, tells the truth, and is on the dashboard."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import pytest

from server.metrics import Metrics
from tests.driver import ROOT, Person
from tests.house import House, house
from tests.stores import comes

Comes = Callable[..., Person]
DASHBOARD = ROOT / "config" / "examples" / "grafana.json"
NAME = re.compile(r"\bkayan_[a-z_]+")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    settings = {"KAYAN_ALWAYS_OPEN": "true", "KAYAN_LIMITS": "off", "KAYAN_TRUSTED_PROXIES": "127.0.0.1"}
    with house(tmp_path_factory.mktemp("metrics"), settings, {"ani": "officer"}) as office:
        yield office


async def read(person: Person) -> dict[str, float]:
    """Each series with its labels as Prometheus writes it, and its value."""
    text = (await person.http.get("/metrics")).text
    pairs = (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in pairs}


async def test_every_figure_on_the_dashboard_is_measured_and_every_figure_measured_is_on_the_dashboard(
    office: House, people: Comes
) -> None:
    visitor = people(office)
    await visitor.takes()
    said = (await visitor.http.get("/metrics")).text
    measured = set(re.findall(r"^# TYPE (kayan_\w+)", said, re.MULTILINE))
    expressions = [target["expr"] for panel in json.loads(DASHBOARD.read_text())["panels"] for target in panel["targets"]]
    shown = {re.sub("_(bucket|count|sum)$", "", name) for expression in expressions for name in NAME.findall(expression)}
    assert {name for name in measured if not name.endswith("_created")} == shown


async def test_sockets_frames_bytes_and_how_screens_came_are_counted(office: House, people: Comes) -> None:
    visitor, officer = people(office), people(office, "ani")
    before = await read(visitor)
    async with visitor.watches() as screen, officer.watches("?view=staff"):
        first = await screen.frame()
        async with visitor.watches(f"?resume={first['epoch']}:{first['offset']}") as again, visitor.watches("?resume=older:1") as older:
            assert [(await one.frame())["t"] for one in (again, older)] == ["delta", "snapshot"]
            taken = await visitor.takes()
            for one in (screen, again, older):
                await one.event("ticket.taken", id=taken["ticket"]["id"])
            now = await read(visitor)
    grown = {name: value - before.get(name, 0) for name, value in now.items()}
    assert grown['kayan_sockets{view="public"}'] == 3
    assert grown['kayan_sockets{view="staff"}'] == 1
    assert {how: grown[f'kayan_joins_total{{how="{how}"}}'] for how in ("fresh", "gap", "snapshot")} == {
        "fresh": 2,
        "gap": 1,
        "snapshot": 1,
    }
    assert grown["kayan_frames_total"] >= 4
    assert grown["kayan_bytes_total"] > 4 * 100

    async def gone() -> bool:
        return (await read(visitor))['kayan_sockets{view="public"}'] == before.get('kayan_sockets{view="public"}', 0)

    await comes(gone)


async def test_commands_are_timed_by_verb_and_result(office: House, people: Comes) -> None:
    officer = people(office, "ani")
    await officer.does(1, "open")
    assert (await officer.post("/api/v1/offices/tanjung-selor/counters/1/serve")).status_code == 409
    seen = await read(officer)
    assert seen['kayan_command_seconds_count{status="200",verb="open"}'] >= 1
    assert seen['kayan_command_seconds_count{status="409",verb="serve"}'] >= 1


@pytest.mark.parametrize("said", ["garbage", "a" * 300, "8.8.8.8", "127.0.0.1", "::1, garbage", "1.2.3.4.5"])
async def test_whoever_a_proxy_speaks_for_does_not_read_them_whatever_he_calls_himself(office: House, people: Comes, said: str) -> None:
    assert (await people(office).http.get("/metrics", headers={"X-Forwarded-For": said})).status_code == 403


def test_a_stranger_cannot_make_series_without_end() -> None:
    metrics = Metrics()
    for code in range(3000, 5000):
        metrics.closed(code)
    series = re.findall(r"^kayan_closes_total.*$", metrics.text().decode(), re.MULTILINE)
    assert len(series) == 4  # 4001, 4008, 4401 and all others
