"""What is the matter when the database does not do as asked: a name for the log, a sentence for people.

Neither says what was in a statement, nor a password.
"""

from __future__ import annotations

import errno
import re
import sqlite3
from typing import TYPE_CHECKING

from psycopg import Error as PostgresError
from psycopg import OperationalError as PostgresAway
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

if TYPE_CHECKING:
    from collections.abc import Iterator

UPGRADE = "the database lacks tables or columns; run: flask --app app db upgrade"
BUSY = "the database cannot write just now; try again later"
FULL = "the disk is full; make room for the database and try again"
READ_ONLY = (
    "the database can only be read; look at its disk, and at the owner and mode of its file and folder"
)
NOT_OPENED = (
    "the database cannot be opened; look whether the folder in DATABASE_URL is there, and who may write in it"
)

_OF_SQLITE = {
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: NOT_OPENED,
    sqlite3.SQLITE_PERM: NOT_OPENED,
    sqlite3.SQLITE_CORRUPT: "the database file is damaged; docs/back-up.md says how to put a back-up back",
    sqlite3.SQLITE_NOTADB: "DATABASE_URL names a file that is no database",
    sqlite3.SQLITE_IOERR: "the disk of the database does not do its work; look whether it is full or broken",
}
_OF_POSTGRES = {
    "55P03": BUSY,
    "40P01": BUSY,
    "40001": BUSY,
    "53300": "PostgreSQL has no connection left; try again later",
    "53100": FULL,
    "25006": READ_ONLY,
    "28P01": "PostgreSQL does not let us in; look at user and password in DATABASE_URL",
    "28000": "PostgreSQL does not let us in; look at user and password in DATABASE_URL",
    "3D000": "that database is not there; look at its name in DATABASE_URL",
    "42501": "the user in DATABASE_URL has too few rights in the database",
    "42P01": UPGRADE,
    "42703": UPGRADE,
    "57P01": "PostgreSQL is stopping; try again later",
    "57P02": "PostgreSQL is stopping; try again later",
    "57P03": "PostgreSQL is starting; try again later",
}
_OF_FILES = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EROFS: READ_ONLY,
    errno.EACCES: READ_ONLY,
    errno.EPERM: READ_ONLY,
    errno.ENOENT: NOT_OPENED,
}


_LACKS = re.compile("no such (table|column)|has no column")
_OUTSIDE = (sqlite3.OperationalError, PostgresAway)
"""What happens to a database, as against what is wrong with a statement."""

ERRORS = (SQLAlchemyError, sqlite3.Error, PostgresError)
"""What is raised when the database does not do as asked; by its drivers themselves where files are copied."""


def code_of(error: BaseException) -> str | None:
    """What SQLite, PostgreSQL or the system calls it, such as SQLITE_FULL, 53100 or ENOSPC."""
    for each in _causes(error):
        if isinstance(each, sqlite3.Error):
            return getattr(each, "sqlite_errorname", None)
        if isinstance(each, PostgresError):
            return each.sqlstate or type(each).__name__
        if isinstance(each, OSError):
            return errno.errorcode.get(each.errno or 0)
    return None


def in_words(error: BaseException) -> str | None:
    """What is wrong and what to do, in one sentence; None when it is a fault of ours."""
    for each in _causes(error):
        if isinstance(each, sqlite3.Error):
            return _of_sqlite(each)
        if isinstance(each, PostgresError):
            return _of_postgres(each)
        if isinstance(each, PoolTimeout):
            return BUSY
        if isinstance(each, OSError):
            return _OF_FILES.get(each.errno or 0, BUSY)
    # Who got no turn to write has no further cause.
    return None if isinstance(error, ERRORS) else BUSY


def _of_sqlite(error: sqlite3.Error) -> str | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_ERROR:
        return UPGRADE if _LACKS.search(str(error)) else None
    unknown = f"the database did not do it ({code_of(error)})" if isinstance(error, _OUTSIDE) else None
    return _OF_SQLITE.get(code, unknown)


def _of_postgres(error: PostgresError) -> str | None:
    if error.sqlstate is None and isinstance(error, PostgresAway):
        # It did not come to a statement: this names host, port, user and database at most.
        *_, said = str(error).partition("\n")[0].partition("failed: ")
        return f"PostgreSQL cannot be reached; does it run, and is DATABASE_URL right? {said}".rstrip()
    unknown = f"PostgreSQL did not do it ({code_of(error)})" if isinstance(error, _OUTSIDE) else None
    return _OF_POSTGRES.get(error.sqlstate or "", unknown)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it came from, the driver's own in the place of what SQLAlchemy made of it."""
    each: BaseException | None = error
    while each is not None:
        if isinstance(each, DBAPIError) and each.orig is not None:
            yield each.orig
        yield each
        each = each.__cause__
