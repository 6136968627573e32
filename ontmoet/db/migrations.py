"""Where a database stands in the row of migrations."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

if TYPE_CHECKING:
    from sqlalchemy import Connection


@lru_cache
def head(directory: str) -> str | None:
    """The newest migration there is."""
    return ScriptDirectory.from_config(_config(directory)).get_current_head()


def revision(connection: Connection) -> str | None:
    """The last migration that the database had."""
    return MigrationContext.configure(connection).get_current_revision()


def knows(directory: str, revision: str) -> bool:
    """Whether this software is as new as a database of that revision."""
    scripts = ScriptDirectory.from_config(_config(directory))
    return any(script.revision == revision for script in scripts.walk_revisions())


def is_current(connection: Connection, directory: str) -> bool:
    """Whether the database has had every migration."""
    return revision(connection) == head(directory)


def upgrade(connection: Connection, directory: str, to: str = "head") -> None:
    """Bring a database on, in the transaction that is open. SQLite's foreign keys are off meanwhile: else
    the rows that point at a table go when it is rebuilt.
    """
    config = _config(directory)
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _config(directory: str) -> Config:
    config = Config()
    config.set_main_option("script_location", directory)
    return config
