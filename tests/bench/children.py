"""What a command takes: processor time and memory."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import BinaryIO

_MEASURING = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""


class Used(NamedTuple):
    """Seconds of processor time, and the most megabytes of memory at any moment."""

    seconds: float
    megabytes: float


def used_by(
    words: Sequence[str], *, env: Mapping[str, str] | None = None, stdin: BinaryIO | None = None
) -> Used:
    """What `python` with these words takes. Raises CalledProcessError when it fails.

    A small process stands between: a new one's memory counts from that of the process that starts it.
    """
    command = [sys.executable, "-c", _MEASURING, sys.executable, *words]
    told = subprocess.run(command, env=env, stdin=stdin, stdout=subprocess.PIPE, check=True)  # noqa: S603 - our own
    return Used(*(float(figure) for figure in told.stdout.split()))
