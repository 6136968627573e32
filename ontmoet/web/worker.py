"""How a process of the web server takes in what people ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gunicorn.workers.gthread import ThreadWorker

if TYPE_CHECKING:
    from concurrent.futures import Future
    from socket import socket

    from gunicorn.workers.gthread import TConn

MOST_AT_THE_END = 250
"""So many a process that stops takes in at once; a second or two of work. Many more would take all the files
that it may open.
"""


class Worker(ThreadWorker):
    """Of those who are new, takes in twice what its threads work at; the others wait where any process can
    take them.

    Gunicorn's own takes in all that comes as long as it is awake. Of two hundred who came at once one process
    had half, and they waited for it while another had nothing left to do.
    """

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._new: set[TConn] = set()

    def accept(self, listener: socket) -> None:
        if listener not in self.sockets:
            # Let go of since it had something to say.
            return
        super().accept(listener)
        self.set_accept_enabled(True)

    def enqueue_req(self, conn: TConn) -> None:
        # Who asked before and stays is not held back, so does not count: else they would keep out all others.
        if not conn.initialized:
            self._new.add(conn)
        super().enqueue_req(conn)

    def finish_request(self, conn: TConn, fs: Future[Any]) -> None:
        self._new.discard(conn)
        super().finish_request(conn, fs)

    def set_accept_enabled(self, enabled: bool) -> None:
        """Asked again each time that something came or was answered, and once to stop."""
        if self.alive:
            super().set_accept_enabled(enabled and len(self._new) < 2 * self.cfg.threads)
            return
        self._take_in_who_waits()
        super().set_accept_enabled(False)
        self._let_go_of_the_port()

    def _take_in_who_waits(self) -> None:
        """When it stops: whoever stands in the queue then would get no answer."""
        for listener in self.sockets:
            before = -1
            while before < self.nr_conns and len(self._new) < MOST_AT_THE_END:
                before = self.nr_conns
                super().accept(listener)

    def _let_go_of_the_port(self) -> None:
        """Before its last answers, which may take a while: another server can start meanwhile."""
        while self.sockets:
            self.sockets.pop().close()
