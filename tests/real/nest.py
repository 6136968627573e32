"""Servers that need not import everything again: most of a start went there.

A process that has imported the application and compiled its templates, and nothing more, forks whenever a
server or a command is wanted; the child does what `python -m` does. Others start as they do at a customer's:
those of the test that kills everything and the benchmark.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import runpy
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.real import server

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PAUSE = 0.01


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
    assert nest.stdin
    assert nest.stdout
    nest.stdin.write(json.dumps(what) + "\n")
    nest.stdin.flush()
    answer: int | None = json.loads(nest.stdout.readline())
    return answer


@cache
def _nest() -> subprocess.Popen[str]:
    nest = subprocess.Popen(  # noqa: S603 - our own
        # What it loads stays: nothing of it is garbage.
        [sys.executable, "-c", f"import gc; gc.disable(); from {__name__} import main; main()"],
        cwd=server.ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    # It ends when nobody asks any more.
    atexit.register(nest.communicate)
    return nest


# In the nest


def main() -> None:
    """Answer each line with a process id, or with how a process ended."""
    _warm_up()
    ended: dict[int, int] = {}
    for line in sys.stdin:
        asked = json.loads(line)
        if "ended" in asked:
            pid = asked["ended"]
            if pid not in ended and (found := os.waitpid(pid, os.WNOHANG))[0]:
                ended[pid] = os.waitstatus_to_exitcode(found[1])
            answer = ended.get(pid)
        else:
            answer = os.fork()
            if answer == 0:
                _become(**asked)
        print(json.dumps(answer), flush=True)  # noqa: T201 - this is how it answers


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


def _become(words: list[str], env: dict[str, str], log: str) -> None:
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
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        # Whatever else this process inherited is the nest's to tidy up.
        os._exit(status)
