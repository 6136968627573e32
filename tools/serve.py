"""`make serve`: the production server, and beside it the work that nobody asks for.

Signals go to the server: HUP takes on new settings and software, TERM ends it. When it ends, the work does;
when this program is killed, both do.
"""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

from tied import tied_to

ROOT = Path(__file__).resolve().parent.parent
SERVER = [sys.executable, "-m", "gunicorn", "app:app"]
WORKER = [sys.executable, "-m", "flask", "--app", "app", "jobs", "work"]
PASSED_ON = (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2)
BEFORE_ANOTHER = 5.0
"""Seconds before the worker is started, or started again: a server that may not start says so first."""

LONGEST_STOP = 30.0


def main() -> int:
    server = begin(SERVER)
    worker: subprocess.Popen[bytes] | None = None

    def pass_on(number: int, _frame: FrameType | None) -> None:
        server.send_signal(number)
        if number == signal.SIGHUP and worker is not None:
            worker.terminate()

    for number in PASSED_ON:
        signal.signal(number, pass_on)
    try:
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                return server.wait(BEFORE_ANOTHER)
            if worker is None or worker.poll() is not None:
                worker = begin(WORKER)
    finally:
        if worker is not None:
            stop(worker)


def begin(words: list[str]) -> subprocess.Popen[bytes]:
    env = os.environ | {"ONTMOET_ENV": "production"}
    return subprocess.Popen(words, cwd=ROOT, env=env, preexec_fn=tied_to(os.getpid()))


def stop(worker: subprocess.Popen[bytes]) -> None:
    """Let it end what it does."""
    worker.terminate()
    try:
        worker.wait(LONGEST_STOP)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()


if __name__ == "__main__":
    sys.exit(main())
