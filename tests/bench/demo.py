"""How long `make demo` takes from a clean clone, for somebody who has nothing yet."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from tests.bench.rows import Row
from tests.real.browser import HOST, Browser
from tests.real.server import ROOT, free_port, wait_until

LONGEST = 600.0


def rows() -> list[Row]:
    """Clone HEAD, run `make demo` with an empty home folder, stop when the site answers."""
    with tempfile.TemporaryDirectory() as folder:
        clone, home = Path(folder) / "ontmoet", Path(folder) / "home"
        home.mkdir()
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)  # noqa: S603, S607
        port = free_port()
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        proxies = {name: value for name, value in os.environ.items() if "proxy" in name.lower()}
        began = time.perf_counter()
        process = subprocess.Popen(
            ["make", "demo"],  # noqa: S607
            cwd=clone,
            env={**kept, **proxies, "HOME": str(home), "PORT": str(port)},
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            wait_until(lambda: _answers(process, port), "the demo answers", LONGEST)
            took = time.perf_counter() - began
        finally:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(30)
    return [Row("`make demo` from a clean clone until it answers", f"{took:.0f} s")]


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    if process.poll() is not None:
        raise AssertionError(f"make demo stopped with {process.returncode} on {HOST}:{port}")
    try:
        return Browser(port).get("/readyz").status == 200
    except OSError:
        return False
