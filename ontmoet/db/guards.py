"""What the database itself refuses, on both products.

Triggers and exclusion constraints are invisible to the models and to `alembic check`, and SQLite drops
triggers whenever a migration rebuilds a table. So they live here alone: migrations call `install` at
their end, `missing` is asked by `/readyz`, `flask check` and a test.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy import Connection

LONGEST_HOLD_DAYS = 2
"""No occupancy lasts longer; so a search for overlaps may start this far back, and stays quick.

Measured without that bound: 92 times slower at 430,000 rows than at 4,300.
"""

OVERLAP = "occupancy_no_overlap"


@dataclass(frozen=True)
class Guard:
    """One promise: its name, its table and how each product keeps it."""

    name: str
    table: str
    sqlite: str
    postgresql: tuple[str, ...]


def _refuses(name: str, table: str, deed: str) -> Guard:
    """A guard that refuses UPDATE or DELETE on a table."""
    return Guard(
        name,
        table,
        f"create trigger {name} before {deed} on {table} begin select raise(abort, '{name}'); end",
        (
            f"create or replace function {name}() returns trigger language plpgsql as "
            f"$$ begin raise exception '{name}' using errcode = 'integrity_constraint_violation'; "
            "end $$",
            f"create or replace trigger {name} before {deed} on {table} "
            f"for each row execute function {name}()",
        ),
    )


KEPT_IN_AUDIT = ("id", "at", "request_id", "action", "object_kind", "room_id", "changes")
BLANKED_IN_AUDIT = ("actor_id", "on_behalf_of_id", "object_id")


def _audit_only_blanked() -> Guard:
    """A guard that refuses every change of an audit row but one: an id may go."""
    name = "audit_never_updated"

    def changed(differs: str) -> str:
        kept = [f"new.{column} {differs} old.{column}" for column in KEPT_IN_AUDIT]
        ids = [
            f"(new.{column} is not null and new.{column} {differs} old.{column})"
            for column in BLANKED_IN_AUDIT
        ]
        return " or ".join((*kept, *ids))

    return Guard(
        name,
        "audit",
        f"create trigger {name} before update on audit when {changed('is not')} "
        f"begin select raise(abort, '{name}'); end",
        (
            f"create or replace function {name}() returns trigger language plpgsql as "
            f"$$ begin if {changed('is distinct from')} then raise exception '{name}' "
            "using errcode = 'integrity_constraint_violation'; end if; return new; end $$",
            f"create or replace trigger {name} before update on audit for each row execute function {name}()",
        ),
    )


PARTS_OF_A_ROOM = ("zone", "opening", "opening_exception", "use_rule", "right_of_use", "role", "works")


def _raises_version(table: str, deed: str) -> Guard:
    """A guard that raises the version of the room to which a row belongs, or belonged."""
    name = f"room_version_{table}_{deed}"
    rooms = {"insert": "new.room_id", "delete": "old.room_id"}.get(deed, "new.room_id, old.room_id")
    raised = f"update room set version = version + 1 where id in ({rooms})"
    return Guard(
        name,
        table,
        f"create trigger {name} after {deed} on {table} begin {raised}; end",
        (
            f"create or replace function room_version_{deed}() returns trigger language plpgsql as "
            f"$$ begin {raised}; return null; end $$",
            f"create or replace trigger {name} after {deed} on {table} "
            f"for each row execute function room_version_{deed}()",
        ),
    )


def _raises_agenda_version(table: str, deed: str) -> Guard:
    """A guard that raises the version of the agenda in which a row of `table` stands, or stood."""
    name = f"agenda_version_{table}_{deed}"
    row = "old" if deed == "delete" else "new"
    of_row = {"occupancy": f"(select room_id from zone where id = {row}.zone_id)"}
    of_rows = {"occupancy": "(select zone.room_id from zone join changed on changed.zone_id = zone.id)"}
    raised = "update room set agenda_version = agenda_version + 1 where id in"
    return Guard(
        name,
        table,
        f"create trigger {name} after {deed} on {table} "
        f"begin {raised} {of_row.get(table, f'({row}.room_id)')}; end",
        (
            # Once per statement: a row that is updated thousands of times in one transaction is slow.
            f"create or replace function {name}() returns trigger language plpgsql as $$ begin "
            f"{raised} {of_rows.get(table, '(select room_id from changed)')}; return null; end $$",
            f"create or replace trigger {name} after {deed} on {table} "
            f"referencing {row} table as changed for each statement execute function {name}()",
        ),
    )


def _custody_unbroken() -> Guard:
    """A guard that lets a copy's custody begin only where the one before it ended."""
    name = "custody_unbroken"
    breaks = (
        "exists (select 1 from custody where copy_id = new.copy_id and until is null)"
        # The last one that began ended last, and is found without walking through a long history.
        " or new.since <> (select until from custody where copy_id = new.copy_id"
        " order by since desc, id desc limit 1)"
    )
    return Guard(
        name,
        "custody",
        f"create trigger {name} before insert on custody when {breaks} "
        f"begin select raise(abort, '{name}'); end",
        (
            f"create or replace function {name}() returns trigger language plpgsql as "
            f"$$ begin if {breaks} then raise exception '{name}' "
            "using errcode = 'integrity_constraint_violation'; end if; return new; end $$",
            f"create or replace trigger {name} before insert on custody "
            f"for each row execute function {name}()",
        ),
    )


def _custody_ends_once() -> Guard:
    """A guard that keeps where a copy was, and since when; an end is given once and stays."""
    name = "custody_ends_once"

    def changed(differs: str) -> str:
        kept = " or ".join(
            f"new.{column} {differs} old.{column}" for column in ("copy_id", "holder", "since")
        )
        return f"{kept} or (old.until is not null and new.until {differs} old.until)"

    return Guard(
        name,
        "custody",
        f"create trigger {name} before update on custody when {changed('is not')} "
        f"begin select raise(abort, '{name}'); end",
        (
            f"create or replace function {name}() returns trigger language plpgsql as "
            f"$$ begin if {changed('is distinct from')} then raise exception '{name}' "
            "using errcode = 'integrity_constraint_violation'; end if; return new; end $$",
            f"create or replace trigger {name} before update on custody "
            f"for each row execute function {name}()",
        ),
    )


GUARDS = (
    Guard(
        OVERLAP,
        "occupancy",
        f"""create trigger {OVERLAP} before insert on occupancy
        when exists (
            select 1 from occupancy
            where zone_id = new.zone_id
              and held_from < new.held_until
              and held_from > new.held_from - {LONGEST_HOLD_DAYS * 86_400}
              and held_until > new.held_from
        )
        begin select raise(abort, '{OVERLAP}'); end""",
        (
            "create extension if not exists btree_gist",
            f"""do $$ begin
                if not exists (select from pg_constraint where conname = '{OVERLAP}') then
                    alter table occupancy add constraint {OVERLAP} exclude using gist
                        (zone_id with =, tstzrange(held_from, held_until, '[)') with &&);
                end if;
            end $$""",
        ),
    ),
    Guard(
        "occupancy_not_too_long",
        "occupancy",
        f"""create trigger occupancy_not_too_long before insert on occupancy
        when new.held_until - new.held_from > {LONGEST_HOLD_DAYS * 86_400}
        begin select raise(abort, 'occupancy_not_too_long'); end""",
        (
            f"""do $$ begin
                if not exists (select from pg_constraint where conname = 'occupancy_not_too_long')
                then
                    alter table occupancy add constraint occupancy_not_too_long
                        check (held_until - held_from <= interval '{LONGEST_HOLD_DAYS} days');
                end if;
            end $$""",
        ),
    ),
    # Moving is deleting and inserting: an UPDATE that shifts several rows trips over its own rows.
    _refuses("occupancy_never_updated", "occupancy", "update"),
    _audit_only_blanked(),
    _refuses("audit_never_deleted", "audit", "delete"),
    # People agreed with these very words.
    _refuses("rules_version_never_updated", "rules_version", "update"),
    _refuses("rules_version_never_deleted", "rules_version", "delete"),
    # A key is with one holder at a time, and nobody rewrites who had it.
    _custody_unbroken(),
    _custody_ends_once(),
    # A process remembers a room as long as its version stays; so no writer may forget to raise it.
    *(_raises_version(table, deed) for table in PARTS_OF_A_ROOM for deed in ("insert", "update", "delete")),
    _raises_version("rules_version", "insert"),
    Guard(
        "room_version",
        "room",
        "create trigger room_version after update on room "
        "when new.version = old.version and new.agenda_version = old.agenda_version "
        "begin update room set version = version + 1 where id = new.id; end",
        (
            "create or replace function room_version() returns trigger language plpgsql as "
            "$$ begin if new.agenda_version = old.agenda_version then new.version := old.version + 1; "
            "end if; return new; end $$",
            "create or replace trigger room_version before update on room "
            "for each row execute function room_version()",
        ),
    ),
    _raises_agenda_version("occupancy", "insert"),
    _raises_agenda_version("occupancy", "delete"),
    _raises_agenda_version("booking", "update"),
    # One whose time another closure holds already has no occupancy of its own.
    *(_raises_agenda_version("closure", deed) for deed in ("insert", "update", "delete")),
    Guard(
        "room_version_person",
        "person",
        "create trigger room_version_person after update of name on person begin "
        "update room set version = version + 1 "
        "where id in (select room_id from role where person_id = new.id); end",
        (
            "create or replace function room_version_person() returns trigger language plpgsql as "
            "$$ begin update room set version = version + 1 "
            "where id in (select room_id from role where person_id = new.id); return null; end $$",
            "create or replace trigger room_version_person after update of name on person "
            "for each row execute function room_version_person()",
        ),
    ),
    Guard(
        "room_version_corporation",
        "corporation",
        "create trigger room_version_corporation after update on corporation "
        "begin update room set version = version + 1; end",
        (
            "create or replace function room_version_corporation() returns trigger language plpgsql as "
            "$$ begin update room set version = version + 1; return null; end $$",
            "create or replace trigger room_version_corporation after update on corporation "
            "for each row execute function room_version_corporation()",
        ),
    ),
)


def install(connection: Connection) -> None:
    """Create every guard whose table exists; those that exist already are made anew or left alone."""
    for guard in GUARDS:
        if not connection.dialect.has_table(connection, guard.table):
            continue
        if connection.dialect.name == "sqlite":
            connection.execute(text(f"drop trigger if exists {guard.name}"))
            connection.execute(text(guard.sqlite))
        else:
            for statement in guard.postgresql:
                connection.exec_driver_sql(statement)


def stand_aside(connection: Connection) -> None:
    """Drop every trigger, on SQLite: it renames no table that is named in one. `install` puts them back."""
    if connection.dialect.name == "sqlite":
        for name in connection.scalars(text("select name from sqlite_master where type = 'trigger'")).all():
            connection.execute(text(f"drop trigger {name}"))


def missing(connection: Connection) -> list[str]:
    """The names of guards that this database lacks."""
    if connection.dialect.name == "sqlite":
        listed = "select name from sqlite_master where type = 'trigger'"
    else:
        listed = "select tgname from pg_trigger union select conname from pg_constraint"
    present = {name for (name,) in connection.execute(text(listed))}
    return [guard.name for guard in GUARDS if guard.name not in present]
