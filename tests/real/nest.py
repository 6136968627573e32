"""Servers that need not import everything again: most of a start went there.

A process that has imported the application and compiled its templates, and nothing more, forks whenever a
server or a command is wanted; the child does what `python -m` does. All processes of a run share one. Others
start as they do at a customer's: the one of the test that kills everything, and those of the benchmark.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import runpy
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn

from tests.once import RUN, alone
from tests.real import server

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PAUSE = 0.01
DOOR = Path(tempfile.gettempdir()) / f"ontmoet-nest-{RUN}"
LOCK = Path(tempfile.gettempdir()) / f"ontmoet-nest-{os.getuid()}.lock"
"""Under it the nest is looked for, started and left."""


class Hatched:
    """A process of the nest, with the part of `subprocess.Popen` that tests use."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._status: int | None = None

    def poll(self) -> int | None:
        """How it ended; None while it runs."""
        if self._status is None:
            self._status = _asked({"ended": self.pid})
        return self._status

    def send(self, number: signal.Signals) -> None:
        """Give it a signal; nothing happens when it ended before."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def wait(self) -> int:
        """How it ended, once it has."""
        while (status := self.poll()) is None:
            time.sleep(PAUSE)
        return status


def hatch(words: list[str], env: Mapping[str, str], log: Path) -> Hatched:
    """Do as `python -m` with these words, in a session of its own; what it says goes to `log`."""
    pid = _asked({"words": words, "env": dict(env), "log": str(log)})
    assert pid is not None
    return Hatched(pid)


@contextmanager
def serving(*given: Any, **named: Any) -> Iterator[server.Server]:
    """As `server.serving`, from the nest; a planted fault must be there before anything is imported."""
    start = server.started if server.FAULT in os.environ else hatch
    with server.serving(*given, **named, start=start) as found:
        yield found


def _asked(what: dict[str, object]) -> int | None:
    nest = _nest()
    nest.write(json.dumps(what) + "\n")
    nest.flush()
    answer: int | None = json.loads(nest.readline())
    return answer


@cache
def _nest() -> IO[str]:
    """A way to the nest; who comes first starts it."""
    way = socket.socket(socket.AF_UNIX)
    with alone(LOCK):
        try:
            way.connect(str(DOOR))
        except OSError:
            _start()
            way.connect(str(DOOR))
    return way.makefile("rw")


def _start() -> None:
    DOOR.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(DOOR))
        door.listen()
        # What it loads stays: nothing of it is garbage.
        code = f"import gc; gc.disable(); from {__name__} import main; main({door.fileno()})"
        nest = subprocess.Popen([sys.executable, "-c", code], cwd=server.ROOT, pass_fds=[door.fileno()])  # noqa: S603 - our own
    # It may live longer than who started it.
    atexit.register(nest.poll)


# In the nest


def main(descriptor: int) -> None:
    """Answer each line with a process id, or with how a process ended; until nobody is there to ask."""
    _warm_up()
    ended: dict[int, int] = {}
    with socket.socket(fileno=descriptor) as door, selectors.DefaultSelector() as ways:
        ways.register(door, selectors.EVENT_READ)
        while True:
            for key, _ in ways.select():
                if key.fileobj is door:
                    way = door.accept()[0]
                    ways.register(way, selectors.EVENT_READ, way.makefile("rw"))
                elif not _is_served(key.data, ended, ways):
                    ways.unregister(key.fileobj)
            if len(ways.get_map()) == 1 and _is_shut(door, ways):
                return


def _is_served(way: IO[str], ended: dict[int, int], ways: selectors.BaseSelector) -> bool:
    """Whether somebody asked something there and was answered. Who died is not the end of the others."""
    try:
        asked = json.loads(way.readline())
    except (OSError, ValueError):
        return False
    answer = _answer(asked, ended, ways)
    with suppress(OSError):
        way.write(json.dumps(answer) + "\n")
        way.flush()
        return True
    return False


def _is_shut(door: socket.socket, ways: selectors.BaseSelector) -> bool:
    """Unless somebody stands at the door, nobody finds it from here on."""
    with alone(LOCK):
        if ways.select(0):
            return False
        Path(door.getsockname()).unlink()
        return True


def _answer(asked: dict[str, Any], ended: dict[int, int], ways: selectors.BaseSelector) -> int | None:
    if "ended" not in asked:
        return os.fork() or _leave(ways, **asked)
    pid: int = asked["ended"]
    if pid not in ended and (found := os.waitpid(pid, os.WNOHANG))[0]:
        ended[pid] = os.waitstatus_to_exitcode(found[1])
    return ended.get(pid)


def _warm_up() -> None:
    import gunicorn.app.wsgiapp  # noqa: PLC0415 - only the nest
    import gunicorn.workers.gthread  # noqa: F401, PLC0415

    from ontmoet.config import Config  # noqa: PLC0415
    from ontmoet.factory import create_app  # noqa: PLC0415
    from tests.compiled import compile_once  # noqa: PLC0415

    compile_once()
    with tempfile.TemporaryDirectory() as folder:
        config = Config(
            database_url=f"sqlite:///{folder}/none.db",
            data=Path(folder),
            secret_key="a secret of nobody, for an application that serves nobody",
            token_key="another secret of nobody, that seals nothing at all",
            base_url="http://127.0.0.1:8000",
            testing=True,
        )
        app = create_app(config)
    for template in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(template)
    # A child neither walks nor copies what it came with.
    gc.collect()
    gc.freeze()


def _leave(ways: selectors.BaseSelector, words: list[str], env: dict[str, str], log: str) -> NoReturn:
    for key in ways.get_map().values():
        os.close(key.fd)
    gc.enable()
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDONLY)
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for source, target in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = list(words)
    status = 1
    try:
        runpy.run_module(words[0], run_name="__main__", alter_sys=True)
        status = 0
    except SystemExit as end:
        if isinstance(end.code, str):
            sys.stderr.write(f"{end.code}\n")
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        # Whatever else this process inherited is the nest's to tidy up.
        os._exit(status)
