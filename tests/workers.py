"""How the processes of a run begin, divide the tests, and end."""

from __future__ import annotations

import gc
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

TESTS = Path(__file__).parent
TOGETHER = ("tests/browser/test_pages.py", "tests/browser/", "tests/real/")
"""Tests that share what is costly to start: a browser, a server. Each group is where a worker begins, so that
no other starts one too; and what takes long, or waits, is not left to the end.
"""


def pytest_sessionstart(session: pytest.Session) -> None:
    """Of workers that do all tests each begins to load them somewhere else, so that it finds some of them
    prepared by the others.
    """
    is_all = [Path(each).resolve() for each in session.config.args] == [TESTS]
    if is_all and hasattr(session.config, "workerinput"):
        worker, workers = (session.config.workerinput[name] for name in ("workerid", "workercount"))
        modules = [path.relative_to(TESTS.parent) for path in sorted(TESTS.rglob("test_*.py"))]
        first = len(modules) * int(worker.removeprefix("gw")) // workers
        for path in (*modules[first:], *modules[:first]):
            # What cannot be imported is told when it is collected.
            with suppress(Exception):
                import_module(".".join(path.with_suffix("").parts))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Each worker begins with another group of `TOGETHER`: it is handed an equal share of the tests in this
    order, and who is done takes from the end of another's.
    """
    if not hasattr(config, "workerinput"):
        return
    workers = config.workerinput["workercount"]
    beginnings: dict[str, list[pytest.Item]] = {group: [] for group in TOGETHER[:workers]}
    rest = []
    for item in items:
        group = next((group for group in beginnings if item.nodeid.startswith(group)), None)
        (rest if group is None else beginnings[group]).append(item)
    share = len(items) // workers
    items.clear()
    for beginning in beginnings.values():
        filling = max(0, share - len(beginning))
        items += [*beginning, *rest[:filling]]
        del rest[:filling]
    items += rest


def pytest_collection_finish() -> None:
    """Tests stay to the end: as in a worker that serves, garbage is not looked for among what stays."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    gc.enable()


def pytest_sessionfinish() -> None:
    """At the end pytest looks for garbage five times: what is found to stay need not be looked at again."""
    gc.collect()
    gc.freeze()
