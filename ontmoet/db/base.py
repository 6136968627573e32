"""The declarative base and the Flask-SQLAlchemy object that shares its metadata."""

from datetime import date, datetime
from typing import Any, ClassVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, Integer, MetaData, Table, Text
from sqlalchemy.orm import DeclarativeBase, registry

from .types import Flag, Instant, LocalDate

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table is STRICT on SQLite, so a value of the wrong kind is refused there too."""

    metadata = MetaData(naming_convention=NAMING)
    registry = registry(
        metadata=metadata,
        # SQLite numbers only an INTEGER primary key by itself; PostgreSQL wants room to grow.
        type_annotation_map={
            int: BigInteger().with_variant(Integer(), "sqlite"),
            str: Text(),
            bool: Flag(),
            date: LocalDate(),
            datetime: Instant(),
        },
    )

    __table__: ClassVar[Table]
    __table_args__: Any = {"sqlite_strict": True}


def table_args(*constraints: Any) -> tuple[Any, ...]:
    """`__table_args__` of a model with constraints of its own."""
    return (*constraints, {"sqlite_strict": True})


db = SQLAlchemy(model_class=Base)
"""Keeps the engine. Its session is not used: see `execute`."""
