"""`make demo`: a filled installation on this machine, in the foreground until Ctrl-C.

The data folder (ONTMOET_DATA) gets the database, the secrets and the log. A database that is there
already is migrated and kept as it is.
"""

import contextlib
import fcntl
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from tied import tied_to

ROOT = Path(__file__).resolve().parent.parent
LONGEST_START = 60.0
LONGEST_STOP = 15.0
BEFORE_ANOTHER = 5.0
"""Seconds before a worker that ended is started again."""

EVERYWHERE = "0.0.0.0"  # noqa: S104 - asked for by name, to show the demo on a phone
# What would let a demo reach a real installation, its mail server or its payments.
REAL_WORLD = (
    "DATABASE_URL",
    "SMTP_URL",
    "REDIS_URL",
    "MOLLIE_API_KEY",
    "MOLLIE_API_BASE",
    "OIDC_ISSUER",
    "OIDC_CLIENT_ID",
    "OIDC_CLIENT_SECRET",
    "OIDC_NAME",
    "ONTMOET_ENV",
)


class DemoError(Exception):
    """The demo cannot run; the message says why in one sentence."""


def main() -> int:
    # Also where a shell or a test runner started us with these signals ignored.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        run_demo()
    except KeyboardInterrupt:
        say("\nStopped.")
    except DemoError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def run_demo() -> None:
    host = os.environ.get("HOST") or "127.0.0.1"
    port = free_port(host, os.environ.get("PORT") or "8000")
    data = Path(os.environ.get("ONTMOET_DATA") or "instance").absolute()
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    env = {name: value for name, value in os.environ.items() if name not in REAL_WORLD} | {
        "HOST": host,
        "PORT": str(port),
        "ONTMOET_DATA": str(data),
        "BASE_URL": os.environ.get("BASE_URL") or f"http://{shown_host(host)}:{port}",
        # The keys of the data folder: those of a real house are not for a demo.
        "SECRET_KEY": "",
        "TOKEN_KEY": "",
    }
    log_file = data / "demo.log"
    with alone_in(data), log_file.open("wb") as log:
        prepare_database(data, env, log)
        started = time.monotonic()
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "app:app"],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            # A log of its own: workers that outlive us must not hold the pipe of `make demo | …`.
            stdout=log,
            stderr=log,
            preexec_fn=tied_to(os.getpid()),
        )
        try:
            wait_until_ready(server, host, port, log_file)
            say(
                f"\nOntmoet answers at {env['BASE_URL']}/\n"
                "Sign in as noor@demo.example with password ontmoet-demo\n"
                "(or as bram, fatma, joost, sanne, mo or riet @demo.example).\n"
                f"Log: {log_file}. Stop with Ctrl-C."
            )
            work_until_end_of(server, env, started, log)
            raise DemoError(f"The web server stopped.\n{last_lines(log_file)}")
        finally:
            stop(server)


def free_port(host: str, wanted: str) -> int:
    """The port as a number; raises `DemoError` when nothing can listen there."""
    if not wanted.isdecimal() or not 0 < int(wanted) < 65536:
        raise DemoError(f"PORT is a number from 1 to 65535, not {wanted!r}.")
    port = int(wanted)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise DemoError(
                f"Cannot listen on {host}:{port} ({error.strerror}); "
                "choose another place, for example: make demo PORT=8001"
            ) from None
    return port


def shown_host(host: str) -> str:
    """Where a browser finds us: for `0.0.0.0` our address on the local network."""
    if host != EVERYWHERE:
        return host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Sends nothing; it only makes the system choose the address it would send from.
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


@contextlib.contextmanager
def alone_in(data: Path) -> Iterator[None]:
    """No other demo fills or serves this folder meanwhile; raises `DemoError` when one does."""
    with (data / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DemoError(
                f"Another demo runs in {data}. Stop it, or choose another folder with ONTMOET_DATA."
            ) from None
        yield


def prepare_database(data: Path, env: dict[str, str], log: BinaryIO) -> None:
    database = data / "ontmoet.db"
    if database.exists():
        flask("db", "upgrade", env=env, log=log)
        return
    say("Filling the demo …")
    # Filled beside its place and moved when complete: a demo stopped half-way is begun again.
    filling = data / "filling"
    shutil.rmtree(filling, ignore_errors=True)
    filling.mkdir()
    new = filling / database.name
    beside = env | {"DATABASE_URL": f"sqlite:///{new}"}
    flask("db", "upgrade", env=beside, log=log)
    flask("seed", "demo", env=beside, log=log)
    # Another house: whoever was erased in the one before is none of its people.
    (data / "erased.jsonl").unlink(missing_ok=True)
    new.rename(database)
    shutil.rmtree(filling)


def flask(*command: str, env: dict[str, str], log: BinaryIO) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", *command],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        preexec_fn=tied_to(os.getpid()),
        check=False,
    )
    if done.returncode:
        raise DemoError(f"`flask {' '.join(command)}` failed.\n{last_lines(Path(log.name))}")


def wait_until_ready(server: subprocess.Popen[bytes], host: str, port: int, log: Path) -> None:
    deadline = time.monotonic() + LONGEST_START
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise DemoError(f"The web server did not start.\n{last_lines(log)}")
        if answers("127.0.0.1" if host == EVERYWHERE else host, port):
            return
        time.sleep(0.1)
    raise DemoError(f"The web server is not ready after {LONGEST_START:.0f} s.\n{last_lines(log)}")


def answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def work_until_end_of(
    server: subprocess.Popen[bytes], env: dict[str, str], started: float, log: BinaryIO
) -> None:
    """Keep the work that nobody asks for going, on the server's clock, for as long as the server runs."""
    worker: subprocess.Popen[bytes] | None = None
    try:
        while server.poll() is None:
            if worker is None or worker.poll() is not None:
                worker = subprocess.Popen(
                    [sys.executable, "-m", "flask", "--app", "app", "jobs", "work"],
                    cwd=ROOT,
                    env=running_clock(env, time.monotonic() - started),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    preexec_fn=tied_to(os.getpid()),
                )
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(BEFORE_ANOTHER)
    finally:
        if worker is not None:
            stop(worker)


def running_clock(env: dict[str, str], passed: float) -> dict[str, str]:
    """The surroundings of a process that starts this many seconds after the server: a clock that was
    set starts anew in each process.
    """
    if not env.get("ONTMOET_NOW"):
        return env
    began = datetime.fromisoformat(env["ONTMOET_NOW"])
    return env | {"ONTMOET_NOW": (began + timedelta(seconds=passed)).isoformat()}


def stop(server: subprocess.Popen[bytes]) -> None:
    # A second Ctrl-C must not leave the server behind.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    server.terminate()
    try:
        server.wait(LONGEST_STOP)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def last_lines(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join([*lines[-20:], f"(from {log})"])


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
