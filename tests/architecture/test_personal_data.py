"""Nothing about a person stands in a table that nobody shows, hands out and forgets."""

from __future__ import annotations

import pytest
from sqlalchemy import Column, ForeignKey, MetaData, Table

from ontmoet.db import Base
from ontmoet.kernel.tokens import PUBLIC_ID_LENGTH
from ontmoet.my_data.declared import PERSONAL, TABLES

SAYS_WHO = {"person_id", "actor_id", "on_behalf_of_id", "by_id"}
"""Columns that hold a person's number without a foreign key, since their slice stands below the people."""

WHAT_TO_DO = (
    "These columns point at a person and no slice declares them: {}. Name them in a `PersonalData` in"
    " ontmoet/<slice>/personal.py, with what becomes of them when that person leaves, and see that the slice"
    " is collected in ontmoet/my_data/declared.py."
)


def pointing_at_a_person(metadata: MetaData) -> set[str]:
    """Every column that says who: table.column."""
    return {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if column.name in SAYS_WHO or any(key.target_fullname == "person.id" for key in column.foreign_keys)
    }


def declared() -> set[str]:
    return {column for subject in PERSONAL for column in subject.columns}


def test_every_column_that_points_at_a_person_is_declared() -> None:
    forgotten = pointing_at_a_person(Base.metadata) - declared()
    assert forgotten == set(), WHAT_TO_DO.format(", ".join(sorted(forgotten)))


def test_every_declared_column_is_there_and_declared_once() -> None:
    assert declared() - pointing_at_a_person(Base.metadata) == set()
    assert sum(len(subject.columns) for subject in PERSONAL) == len(declared())
    assert len({subject.name for subject in PERSONAL}) == len(PERSONAL)
    assert set(Base.metadata.tables) >= TABLES


@pytest.mark.parametrize("column", [Column("asker_id", ForeignKey("person.id")), Column("person_id")])
def test_table_that_nobody_declared_is_found(column: Column[int]) -> None:
    metadata = MetaData()
    Table("person", metadata, Column("id"))
    Table("planted", metadata, column)
    assert pointing_at_a_person(metadata) == {f"planted.{column.name}"}


def test_id_on_the_list_of_erased_people_is_none_that_can_be_guessed() -> None:
    assert PUBLIC_ID_LENGTH * 5 >= 50
