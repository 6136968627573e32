"""How PostgreSQL is asked as little as its promises need."""

from __future__ import annotations

import select
from typing import TYPE_CHECKING, Any

from .sqlite import WRITES

if TYPE_CHECKING:
    from sqlalchemy import Engine, PoolProxiedConnection

LONGEST_LOCK = "2s"
"""How long it waits for a lock; there others go on meanwhile."""

_PATIENCE = f"begin; set local lock_timeout = '{LONGEST_LOCK}'"
# By whether the transaction waits for the disk; in one go, each costs a way to the server.
_BEGIN = {True: _PATIENCE, False: f"{_PATIENCE}; set local synchronous_commit = off"}

CONNECTING = {
    "connect_timeout": 2,
    "options": "-c statement_timeout=10000",
    # A server that is gone without a word is missed within a minute: by a connection that rests, and by one
    # that waits for it to take what was sent.
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
"""What the driver is told for each connection."""


def prepare(engine: Engine) -> None:
    """For connections that read without a transaction (`AUTOCOMMIT`), and are tried out when they rested
    (`pool_pre_ping`).
    """

    def begin(connection: PoolProxiedConnection) -> None:
        waits_for_disk = connection.info.pop(WRITES, None)
        if waits_for_disk is not None:
            connection.driver_connection.execute(_BEGIN[waits_for_disk])  # type: ignore[union-attr]

    engine.dialect.do_begin = begin  # type: ignore[assignment]
    engine.dialect.do_ping = is_there  # type: ignore[assignment]
    # Of many rows a thousand in one statement: it reads the rules of a table anew for each statement, and
    # took three times as long to fill with the demo.
    engine.dialect.use_insertmanyvalues_wo_returning = True


def with_transactions(engine: Engine) -> Engine:
    """The same engine for what opens a transaction without a unit of work: else its `begin` opens none."""
    return engine.execution_options(isolation_level="READ COMMITTED")


def is_there(connection: Any) -> bool:
    """Whether the server still is at the other end of a connection that rested. Nothing was asked there, so
    whatever it has to say is that it went. To ask it would be a way to the server for each page.
    """
    if connection.closed:
        return False
    news = select.poll()
    news.register(connection.fileno(), select.POLLIN)
    return not news.poll(0)
