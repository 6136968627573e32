"""What `make serve` runs, killed: nothing of it stays behind, and it can be started again at once."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.real.browser import HOST
from tests.real.server import ROOT, SECRET_KEY, free_port, is_free, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.real.world import World

pytestmark = pytest.mark.slow

LONGEST = 40.0


@contextmanager
def serve(world: World, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The program itself, in a group of its own; all of that goes in the end."""
    env = {
        **os.environ,
        "DATABASE_URL": world.url,
        "ONTMOET_DATA": str(world.data),
        "SECRET_KEY": SECRET_KEY,
        "TOKEN_KEY": "another secret that only tests use, only here",
        "BASE_URL": "https://ontmoet.example",
        "SMTP_URL": f"smtp://{HOST}:{free_port()}",
        "HOST": HOST,
        "PORT": str(port),
        "WEB_CONCURRENCY": "1",
    }
    with (world.data / "serve.log").open("wb") as log:
        program = subprocess.Popen(
            [sys.executable, "tools/serve.py"],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield program
    finally:
        with suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGKILL)
        program.wait()


def test_what_it_started_ends_when_it_is_killed_and_its_port_is_free(sqlite_world: World) -> None:
    port = free_port()
    with serve(sqlite_world, port) as program:
        wait_until(lambda: len(children_of(program)) == 2, "it started server and work", LONGEST)
        wait_until(lambda: not is_free(port), "the server is there", LONGEST)
        # Somebody who says nothing keeps a process of the server for some seconds.
        with socket.create_connection((HOST, port)):
            program.kill()
            program.wait()
            wait_until(lambda: is_free(port), "another can be started there", LONGEST)
            wait_until(lambda: not is_anybody_left(program.pid), "all of it ended", LONGEST)


def children_of(program: subprocess.Popen[bytes]) -> list[str]:
    listed = Path(f"/proc/{program.pid}/task/{program.pid}/children").read_text(encoding="ascii")
    return listed.split()


def is_anybody_left(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
