"""What can be measured from outside, in Prometheus' form."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from board.store.request import Watched

LATENESS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 60.0, 3600.0)  # s
COMMAND = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)  # s

# Attack: a client closes with any code from 3000 to 4999, and each would be a series of its own for ever.
CODES = frozenset({1000, 1001, 1002, 1005, 1006, 1007, 1008, 1009, 1012, 4001, 4008, 4401})


class Metrics:
    """One registry a server; no personal data in any label."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._sockets = Gauge("kayan_sockets", "Open live sockets", ["view"], registry=self._registry)
        self._frames = Counter("kayan_frames", "Frames written to live sockets", registry=self._registry)
        self._bytes = Counter("kayan_bytes", "Bytes of these frames", registry=self._registry)
        self._joins = Counter("kayan_joins", "Live sockets begun, by what they were first sent", ["how"], registry=self._registry)
        self._closes = Counter("kayan_closes", "Live sockets ended, by close code", ["code"], registry=self._registry)
        self._turned_away = Counter("kayan_turned_away", "Connections dropped at the door, by reason", ["why"], registry=self._registry)
        self._lateness = Histogram(
            "kayan_watcher_lateness_seconds", "From a deadline to its alert", buckets=LATENESS, registry=self._registry
        )
        self._lapses = Counter("kayan_escalations_lapsed", "Alerts that went one level up", registry=self._registry)
        self._commands = Histogram(
            "kayan_command_seconds", "Commands by verb and HTTP status", ["verb", "status"], buckets=COMMAND, registry=self._registry
        )
        self._behind = Gauge("kayan_relay_behind_seconds", "Since when the store does not answer", ["office"], registry=self._registry)
        self._open = Gauge("kayan_escalations_open", "Open escalations", ["office"], registry=self._registry)
        self._waiting = Gauge("kayan_tickets_waiting", "Tickets that wait", ["office"], registry=self._registry)

    def joined(self, how: str) -> None:
        """A socket got its first frame: fresh, gap or snapshot."""
        self._joins.labels(how).inc()

    def closed(self, code: int) -> None:
        """A socket has gone; `code` as it was closed by either side."""
        self._closes.labels(str(code) if code in CODES else "other").inc()

    def turned_away(self, why: str) -> None:
        """A connection was dropped at the door: flood, full, slow or garbled."""
        self._turned_away.labels(why).inc()

    def sent(self, deliveries: int, size: int) -> None:
        """A frame was written to so many sockets, `size` bytes in all."""
        self._frames.inc(deliveries)
        self._bytes.inc(size)

    def sockets(self, view: str, count: int) -> None:
        """How many sockets of a view are open, set just before it is read."""
        self._sockets.labels(view).set(count)

    def watched(self, step: Watched) -> None:
        """A watcher's step."""
        for late in step.late:
            self._lateness.observe(late / 1000)
        self._lapses.inc(step.lapsed)

    def commanded(self, verb: str, status: int, seconds: float) -> None:
        """A command was answered."""
        self._commands.labels(verb, str(status)).observe(seconds)

    def office(self, office: str, behind: float, open_escalations: int, waiting: int) -> None:
        """The state of one office, set just before it is read."""
        self._behind.labels(office).set(behind)
        self._open.labels(office).set(open_escalations)
        self._waiting.labels(office).set(waiting)

    def text(self) -> bytes:
        """Everything, as Prometheus reads it."""
        return generate_latest(self._registry)
