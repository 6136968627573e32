"""A real gunicorn on loopback. Standard library only."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.cast import token_in
from tests.real.browser import HOST, Browser

ROOT = Path(__file__).resolve().parents[2]
LONGEST_START = 30.0
FAULT = "ONTMOET_TEST_FAULT"
"""Name of a planted fault (see `faults`); only `planted` sets it."""

SECRET_KEY = "a secret that only tests use, and only here"

# Tuesday 24 November 2026, 14:05 in the rooms: where the server's clock starts.
NOW = "2026-11-24T14:05+01:00"


class Process(Protocol):
    """What is asked of a process that serves."""

    pid: int

    def poll(self) -> int | None: ...

    def wait(self) -> int: ...


@dataclass
class Server:
    """A running server: where it listens, its master process and what it wrote."""

    port: int
    process: Process
    log: Path

    def workers(self) -> list[int]:
        """The processes that answer requests."""
        master = self.process.pid
        listed = Path(f"/proc/{master}/task/{master}/children").read_text(encoding="ascii")
        return [int(pid) for pid in listed.split()]

    def cpu_seconds(self) -> float:
        """What the workers spent so far: steadier than the clock on a machine that does more."""
        ticks = 0
        for pid in self.workers():
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def kill_workers(self) -> None:
        """`kill -9` of every worker at once; the master starts new ones."""
        for pid in self.workers():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill_everything(self) -> None:
        """`kill -9` of master and workers, as when the machine's power fails for them alone."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def browser(self) -> Browser:
        return Browser(self.port)

    def browser_with_token(self) -> Browser:
        """A stranger's browser with a form token."""
        found = Browser(self.port)
        found.token = token_in(found.get("/inloggen").text)
        return found

    def status_of(self, path: str) -> int | None:
        """The status of a GET, None while nothing answers."""
        try:
            return Browser(self.port).get(path).status
        except (OSError, http.client.HTTPException):
            return None


def started(words: list[str], env: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
    """`python -m` with these words, in a session of its own; what it says goes to `log`."""
    with log.open("wb") as output:
        return subprocess.Popen(  # noqa: S603 - our own server
            [sys.executable, "-m", *words],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


@contextmanager
def serving(
    database_url: str,
    data: Path,
    *,
    workers: int = 4,
    now: str | None = NOW,
    app: str | None = None,
    wait_for: tuple[str, int] = ("/readyz", 200),
    start: Callable[[list[str], Mapping[str, str], Path], Process] | None = None,
) -> Iterator[Server]:
    """Start gunicorn, as `make serve` does unless told how; wait until `wait_for` answers; stop it."""
    app = app or ("tests.real.faulty_app:app" if os.environ.get(FAULT) else "app:app")
    port = free_port()
    env = {
        **os.environ,
        "DATABASE_URL": database_url,
        "ONTMOET_DATA": str(data),
        "SECRET_KEY": SECRET_KEY,
        "TOKEN_KEY": "another secret that only tests use, only here",
        "BASE_URL": f"http://{HOST}:{port}",
        "HOST": HOST,
        "PORT": str(port),
        "WEB_CONCURRENCY": str(workers),
    }
    env.pop("ONTMOET_ENV", None)
    if now is not None:
        env["ONTMOET_NOW"] = now
    log = data / f"gunicorn-{port}.log"
    process = (start or started)(["gunicorn", "-c", str(ROOT / "gunicorn.conf.py"), app], env, log)
    server = Server(port, process, log)
    try:
        path, status = wait_for
        try:
            wait_until(lambda: _answers(server, path, status), "the server answers", LONGEST_START)
        except AssertionError as error:
            error.add_note(server.log.read_text(encoding="utf-8", errors="replace"))
            raise
        yield server
    finally:
        server.kill_everything()


def _answers(server: Server, path: str, status: int) -> bool:
    assert server.process.poll() is None, "the server ended"
    return server.status_of(path) == status


def wait_until(condition: object, what: str, longest: float = 10.0) -> None:
    """Wait for `condition()` to hold; raises AssertionError when it takes too long."""
    deadline = time.monotonic() + longest
    while not condition():  # type: ignore[operator]
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {longest} s in vain until {what}")
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def is_free(port: int) -> bool:
    """Whether a server could start there: one that left connections behind does not count."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True
