"""How a process of the web server takes in what people ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gunicorn.workers.gthread import ThreadWorker

if TYPE_CHECKING:
    from socket import socket


class Worker(ThreadWorker):
    """Takes in no more than it has at hand; whatever else comes waits where any process can take it.

    Gunicorn's own takes in all that comes as long as it is awake. Of two hundred who came at once one process
    had half, and they waited for it while another had nothing left to do.
    """

    def has_enough(self) -> bool:
        """Whether twice what its threads work at was taken in; who was answered or says nothing yet does not
        count.
        """
        idle = len(self.keepalived_conns) + len(self.pending_conns)
        return self.nr_conns - idle >= 2 * self.cfg.threads

    def accept(self, listener: socket) -> None:
        super().accept(listener)
        self.set_accept_enabled(True)

    def set_accept_enabled(self, enabled: bool) -> None:
        """Asked again each time that something came or was answered."""
        super().set_accept_enabled(enabled and not self.has_enough())
