"""Requests per second against a bare page, in the same run on the same machine."""

from __future__ import annotations

import os
import resource
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.bench.data import DEMO_PASSWORD, DOOR, RESIDENT, WEEK
from tests.bench.load import requests_per_second
from tests.bench.rows import Row
from tests.real.browser import request_bytes
from tests.real.server import Server, serving

WORKERS = 2
ROUNDS = 7
SECONDS = 1.5
BARE = "bare Flask page of 12 kB"
AGENDA = "week agenda, signed in"
DOOR_SIGNED_IN = "door page, signed in"
DOOR_ANONYMOUS = "door page, anonymous"
BARS = {AGENDA: 0.12, DOOR_SIGNED_IN: 0.18, DOOR_ANONYMOUS: 0.18}


def rows(url: str, folder: Path) -> list[Row]:
    """Interleaved rounds, so that a slow moment of the machine hits all of them."""
    with (
        serving(url, folder, workers=WORKERS) as ours,
        serving(url, folder, workers=WORKERS, app="tests.bench.bare:app") as bare,
    ):
        resident = ours.browser().sign_in(RESIDENT, DEMO_PASSWORD)
        targets = {
            BARE: (bare, request_bytes("GET", "/", {})),
            AGENDA: (ours, resident.get_bytes(WEEK)),
            DOOR_SIGNED_IN: (ours, resident.get_bytes(DOOR)),
            DOOR_ANONYMOUS: (ours, request_bytes("GET", DOOR, {})),
        }
        measured = {name: Measured() for name in targets}
        for server, request in targets.values():
            requests_per_second(server.port, request, 0.5)
        began = own_cpu_seconds()
        for _ in range(ROUNDS):
            for name, (server, request) in targets.items():
                measured[name].measure(server, request)
        own_share = (own_cpu_seconds() - began) / (ROUNDS * SECONDS * len(targets))
    base = measured[BARE]
    found = [Row(f"{WORKERS} workers: {BARE}", base.said())]
    for name, bar in BARS.items():
        ratio = measured[name].rate / base.rate
        figure = f"{measured[name].said()}, {ratio:.1%}"
        found.append(Row(f"{WORKERS} workers: {name}", figure, f"≥ {bar:.0%}", ratio >= bar))
        found.append(Row("  by processor time per request", f"{base.cost / measured[name].cost:.1%}"))
    busy = f"{os.getloadavg()[0]:.1f}, {own_share:.0%}"
    return [*found, Row("load of the machine; part of a core that asking took", busy)]


@dataclass
class Measured:
    """Rounds of one page, of so many seconds each."""

    seconds: float = SECONDS
    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)

    def measure(self, server: Server, request: bytes) -> None:
        before = server.cpu_seconds()
        rate = requests_per_second(server.port, request, self.seconds)
        self.rates.append(rate)
        self.costs.append((server.cpu_seconds() - before) / (rate * self.seconds))

    @property
    def rate(self) -> float:
        return median(self.rates)

    @property
    def cost(self) -> float:
        return median(self.costs)

    def said(self) -> str:
        return f"{self.rate:.0f}/s ({self.cost * 1000:.2f} ms)"


def own_cpu_seconds() -> float:
    spent = resource.getrusage(resource.RUSAGE_SELF)
    return spent.ru_utime + spent.ru_stime
