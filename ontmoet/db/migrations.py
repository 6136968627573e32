"""Where a database stands in the row of migrations."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

if TYPE_CHECKING:
    from sqlalchemy import Connection


@lru_cache
def head(directory: str) -> str | None:
    """The newest migration there is."""
    config = Config()
    config.set_main_option("script_location", directory)
    return ScriptDirectory.from_config(config).get_current_head()


def is_current(connection: Connection, directory: str) -> bool:
    """Whether the database has had every migration."""
    return MigrationContext.configure(connection).get_current_revision() == head(directory)
