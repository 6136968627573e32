"""The database: one metadata, two products (SQLite and PostgreSQL), one way to write.

`Base` is what models inherit from, `execute` runs a statement, `unit_of_work` is the only commit.
"""

from . import trouble
from .base import Base, db, table_args
from .memory import Memory
from .statements import AnyRow, current_connection, execute, let_go, reading_from
from .types import Flag, Instant, LocalDate, instant_named, one_of, short_text
from .work import DatabaseBusy, lock_all, lock_row, unit_of_work, violated

__all__ = [
    "AnyRow",
    "Base",
    "DatabaseBusy",
    "Flag",
    "Instant",
    "LocalDate",
    "Memory",
    "current_connection",
    "db",
    "execute",
    "instant_named",
    "let_go",
    "lock_all",
    "lock_row",
    "one_of",
    "reading_from",
    "short_text",
    "table_args",
    "trouble",
    "unit_of_work",
    "violated",
]
