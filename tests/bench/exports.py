"""Taking everything along: whether memory stays the same with a long history, and who waits for it."""

from __future__ import annotations

import http.client
import os
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

from ontmoet.exports.rules import Format
from tests.bench.children import used_by
from tests.bench.data import ADMINISTRATOR, DEMO_PASSWORD, DOOR, RESIDENT
from tests.bench.growth import MOST_STATEMENTS, opened
from tests.bench.load import requests_per_second
from tests.bench.rows import Row
from tests.bench.speed import WORKERS, Measured
from tests.real.browser import HOST, Browser, request_bytes
from tests.real.server import NOW, Server, serving

PAGES = {
    "all that can be taken along": "/corporatie/beheer/gegevens",
    "a table that can be taken along": "/corporatie/beheer/gegevens/tabel?naam=booking",
}
SHARE = 0.10
MOST_GROWTH = 1.15
MOST_WAIT = 1.0
ROUNDS = 5
PIECE = 64 * 1024


def rows(small: tuple[str, Path], large: tuple[str, Path]) -> list[Row]:
    """The command for each kind of file, then a server, then the pages."""
    return [
        *(row for name, kind in _FILES for row in _by_command(name, kind, small[1], large[1])),
        *_by_server(*large),
        *_pages(*small),
    ]


_FILES = (*(("booking", kind) for kind in Format), ("alles", Format.CSV))


def _by_command(name: str, kind: Format, small: Path, large: Path) -> list[Row]:
    before, _seconds, _bytes = _exported(small, name, kind)
    after, seconds, written = _exported(large, name, kind)
    return [
        Row(
            f"430,000 for 4,300 bookings: memory to export {name} as {kind}",
            f"×{after / before:.2f} ({before:.0f} → {after:.0f} MB)",
            f"≤ ×{MOST_GROWTH}",
            after / before <= MOST_GROWTH,
        ),
        Row(f"  {written / 1e6:.0f} MB", f"{seconds:.0f} s"),
    ]


def _exported(folder: Path, name: str, kind: Format) -> tuple[float, float, int]:
    """The most megabytes of memory that the command took, its seconds, and the bytes of its file."""
    path = folder / f"export.{kind}"
    words = ["-m", "flask", "--app", "app", "export", name, "--format", kind, "--to", str(path)]
    env = {**os.environ, "ONTMOET_DATA": str(folder), "ONTMOET_NOW": NOW}
    env.pop("DATABASE_URL", None)
    began = time.perf_counter()
    used = used_by(words, env=env)
    seconds = time.perf_counter() - began
    written = path.stat().st_size
    path.unlink()
    return used.megabytes, seconds, written


def _by_server(url: str, folder: Path) -> list[Row]:
    """The largest kind of file from one worker, and how long others wait meanwhile."""
    with serving(url, folder, workers=1) as server:
        server.browser().get(DOOR)
        administrator = server.browser().sign_in(ADMINISTRATOR, DEMO_PASSWORD)
        resident = server.browser().sign_in(RESIDENT, DEMO_PASSWORD)
        before = _most_memory(server)
        answered: list[int] = []
        began = time.perf_counter()
        exporting = threading.Thread(target=lambda: answered.append(_download(administrator)))
        exporting.start()
        waits = []
        while exporting.is_alive():
            answer = resident.get(DOOR)
            assert answer.status == 200
            waits.append(answer.waited)
            time.sleep(0.05)
        exporting.join()
        seconds = time.perf_counter() - began
        after = _most_memory(server)
    assert answered[0] > 0
    waits.sort()
    return [
        Row(
            "430,000 bookings from one worker as xlsx: its memory",
            f"×{after / before:.2f} ({before:.0f} → {after:.0f} MB)",
            f"≤ ×{MOST_GROWTH}",
            after / before <= MOST_GROWTH,
        ),
        Row(f"  {answered[0] / 1e6:.0f} MB", f"{seconds:.0f} s"),
        Row(
            f"  {len(waits)} times the door page meanwhile: the slowest",
            f"{waits[-1]:.2f} s ({waits[len(waits) // 2] * 1000:.0f} ms)",
            f"≤ {MOST_WAIT:.0f} s",
            waits[-1] <= MOST_WAIT,
        ),
    ]


def _download(browser: Browser) -> int:
    """Ask for the workbook with all bookings and read it in pieces; its bytes."""
    body = urlencode({"csrf_token": browser.token, "what": "booking", "kind": "xlsx"})
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
    connection = http.client.HTTPConnection(HOST, browser.port, timeout=600)
    connection.request("POST", "/corporatie/beheer/gegevens/downloaden", body=body, headers=headers)
    response = connection.getresponse()
    assert response.status == 200, response.read()
    size = 0
    while piece := response.read(PIECE):
        size += len(piece)
    connection.close()
    return size


def _most_memory(server: Server) -> float:
    """The most megabytes that a worker had so far."""
    statuses = [Path(f"/proc/{pid}/status").read_text(encoding="ascii") for pid in server.workers()]
    return max(int(status.split("VmHWM:")[1].split()[0]) for status in statuses) / 1024


def _pages(url: str, folder: Path) -> list[Row]:
    """The pages against a bare page. The smaller installation does: they show no rows."""
    with opened(url, folder) as house:
        house.sign_in(ADMINISTRATOR)
        counts = [house.ask(page, ADMINISTRATOR) for page in PAGES.values()]
    assert [status for status, _seconds, _statements in counts] == [200, 200]
    with (
        serving(url, folder, workers=WORKERS) as ours,
        serving(url, folder, workers=WORKERS, app="tests.bench.bare:app") as bare,
    ):
        administrator = ours.browser().sign_in(ADMINISTRATOR, DEMO_PASSWORD)
        targets = {name: (ours, administrator.get_bytes(path)) for name, path in PAGES.items()}
        targets["bare"] = (bare, request_bytes("GET", "/", {}))
        measured = {name: Measured() for name in targets}
        for server, request in targets.values():
            requests_per_second(server.port, request, 0.5)
        for _ in range(ROUNDS):
            for name, (server, request) in targets.items():
                measured[name].measure(server, request)
    found = []
    for name, (_status, _seconds, statements) in zip(PAGES, counts, strict=True):
        share = measured[name].rate / measured["bare"].rate
        found += [
            Row(f"page of {name}", f"{measured[name].said()}, {share:.1%}", f"≥ {SHARE:.0%}", share >= SHARE),
            Row("  by processor time per request", f"{measured['bare'].cost / measured[name].cost:.1%}"),
            Row("  statements", str(statements), f"≤ {MOST_STATEMENTS}", statements <= MOST_STATEMENTS),
        ]
    return found
