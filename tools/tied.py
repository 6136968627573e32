"""Processes that end when who started them is gone, also by `kill -9`."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

SET_PARENT_DEATH_SIGNAL = 1
"""PR_SET_PDEATHSIG in Linux's <sys/prctl.h>."""


def tied_to(parent: int) -> Callable[[], None]:
    """For `preexec_fn`, with our own process id: the system itself sends the child TERM once we are gone.

    What the child forks is not tied: gunicorn ends its workers as it does at any TERM. Nothing happens where
    there is no such thing (macOS). Only for a program without threads: the tie is to the thread that starts.
    """
    linux = ctypes.CDLL(None) if sys.platform == "linux" else None

    def tie() -> None:
        if linux is None:
            return
        linux.prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
        if os.getppid() != parent:
            # Gone before the tie was there.
            os.kill(os.getpid(), signal.SIGKILL)

    return tie
