"""Column types that mean the same on SQLite (STRICT tables) and PostgreSQL.

SQLite stores instants as whole seconds since 1970 and days as ISO text: both compare rightly there.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BindParameter,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    Dialect,
    Integer,
    Text,
    TypeDecorator,
    bindparam,
)

if TYPE_CHECKING:
    from enum import StrEnum


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant in whole seconds. Refuses naive datetimes with ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(Integer())
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant is stored with its zone")
        if dialect.name == "sqlite":
            return int(value.timestamp())
        return value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if dialect.name == "sqlite":
            return datetime.fromtimestamp(value, UTC)
        moment: datetime = value.astimezone(UTC)
        return moment


class LocalDate(TypeDecorator[date]):
    """A day on the wall calendar, without a zone."""

    impl = Date
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else Date())

    def process_bind_param(self, value: date | None, dialect: Dialect) -> Any:
        if value is None or dialect.name != "sqlite":
            return value
        return value.isoformat()

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        if value is None or isinstance(value, date):
            return value
        return date.fromisoformat(value)


class Flag(TypeDecorator[bool]):
    """Yes or no; 0 and 1 on SQLite."""

    impl = Boolean
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else Boolean())

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> Any:
        return value if value is None or dialect.name != "sqlite" else int(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> bool | None:
        return None if value is None else bool(value)


def instant_named(name: str) -> BindParameter[datetime]:
    """A value that a statement is given when it runs: an instant, by this name."""
    return bindparam(name, type_=Instant())


def one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    """The column holds one of the enumeration's values."""
    listed = ", ".join(f"'{member.value}'" for member in values)
    return CheckConstraint(f"{column} in ({listed})", name=f"{column}_known")


def short_text(column: str, longest: int) -> CheckConstraint:
    """The column holds at most `longest` characters."""
    return CheckConstraint(f"length({column}) <= {longest}", name=f"{column}_short")
