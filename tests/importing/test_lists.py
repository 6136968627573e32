"""Lists go out under the heads that are read in, and come back as they went."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text, update

from ontmoet.bookings.models import Booking
from ontmoet.db import execute, let_go, unit_of_work
from ontmoet.exports.rules import Format
from ontmoet.importing.actions import judge, store
from ontmoet.importing.columns import Kind
from ontmoet.importing.lists import write_list
from ontmoet.importing.reading import read
from ontmoet.importing.rules import State, rows_under
from ontmoet.importing.wording import line_of
from ontmoet.rooms.models import Zone
from tests import builders as make
from tests.fixtures import TUESDAY
from tests.watching import rows

if TYPE_CHECKING:
    from flask import Flask

    from ontmoet.importing.rules import Row
    from tests.cast import Neighbourhood


def list_from(app: Flask, kind: Kind, file_kind: Format = Format.CSV) -> bytes:
    """A list as it is taken along."""
    into = io.BytesIO()
    with app.app_context():
        write_list(kind, file_kind, into, now=TUESDAY)
        let_go()
    return into.getvalue()


def last_of(raw: bytes, number: int) -> bytes:
    """A list with its heads and so many of its last rows."""
    heads, *rows = raw.splitlines(keepends=True)
    return heads + b"".join(rows[-number:])


def rows_in(kind: Kind, raw: bytes) -> list[Row]:
    """The rows of a file."""
    return rows_under(kind, read(raw))


def filled(row: Row) -> dict[str, str]:
    """The cells of a row that have something in them."""
    return {head: cell for head, cell in row.cells.items() if cell}


def take_in(app: Flask, kind: Kind, raw: bytes) -> dict[State, int]:
    """Read a list in; how many rows are new, and how many were there."""
    rows = rows_in(kind, raw)
    with app.app_context():
        report = judge(kind, rows, now=TUESDAY)
        assert [line_of(row) for row in report.rows if row.objection] == []
        with unit_of_work():
            store(kind, rows, report, report.seal, actor_id=None, now=TUESDAY)
        return {state: report.number(state) for state in State if report.number(state)}


@pytest.mark.slow
def test_lists_of_a_corporation_read_in_elsewhere_are_the_same_lists_there(
    demo_app: Flask, app_on_both: Flask
) -> None:
    taken = {kind: list_from(demo_app, kind) for kind in Kind}
    if app_on_both.extensions["ontmoet_config"].database_url.startswith("postgresql"):
        # The same rules store them there: of the longest list the last rows will do.
        taken[Kind.BOOKINGS] = last_of(taken[Kind.BOOKINGS], 500)
    begun = app_on_both.test_cli_runner().invoke(
        args=[
            "init", "--corporation", "Stichting Elders", "--phone", "0800 555 00 01", "--name", "Ada",
            "--email", "ada@elders.example", "--complex", "De Linde", "--room", "De Linde", "--capacity", "9",
        ],
        env={"ONTMOET_ADMIN_PASSWORD": "een heel goed wachtwoord"},
    )  # fmt: skip
    assert begun.exit_code == 0, begun.output
    for kind, raw in taken.items():
        rows = rows_in(kind, raw)
        assert len(rows) > 1, kind
        assert take_in(app_on_both, kind, raw) == {State.NEW: len(rows)}
    assert {kind: list_from(app_on_both, kind) for kind in Kind} == taken


@pytest.mark.slow
def test_workbooks_of_a_corporation_hold_the_same_lists(demo_app: Flask) -> None:
    for kind in Kind:
        rows = rows_in(kind, list_from(demo_app, kind, Format.XLSX))
        assert len(rows) > 1, kind
        assert [filled(row) for row in rows] == [
            filled(row) for row in rows_in(kind, list_from(demo_app, kind))
        ]
        with demo_app.app_context():
            assert judge(kind, rows, now=TUESDAY).number(State.ALREADY) == len(rows)


def test_what_lists_cannot_say_stays_out_and_the_rest_comes_back(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    hood.book("noor", "2026-11-25 14:00", "2026-11-25 16:00", purpose='=1+1; "thee"')
    hood.book("ali", "2026-11-25 16:00", "2026-11-25 22:00")
    hood.book("bram", "2026-11-26 10:00", "2026-11-26 12:00", zone="keuken")
    hood.book("riet", "2026-11-27 10:00", "2026-11-27 12:00", responsible="Riet")
    hood.book("sanne", "2026-11-28 10:00", "2026-11-28 12:00", zone="")
    hood.book("fatma", "2026-11-29 10:00", "2026-11-29 12:00", room="plein", zone="")
    with hood.app.app_context():
        outside = make.make_home(complex_id=None, address_name="buur-1")
        noor = hood.people["noor"]
        with unit_of_work():
            # Time to tidy up that nobody took then; and rooms, homes and parts that are no more.
            execute(text("update booking set status = 'confirmed', lapses_at = null"))
            execute(text("update room set buffer_minutes = 30"))
            execute(text("update room set closed_at = live_at where slug = 'het-plein'"))
            his = Booking.person_id == hood.people["ali"]
            execute(update(Booking.__table__).where(his).values(home_id=outside))
            execute(update(Zone.__table__).where(Zone.slug == "keuken").values(ended_at=TUESDAY))
            execute(text("update zone set name = 'Zaal; groot' where slug = 'grote-zaal'"))
            make.change_person(noor, name="  Noor\tde  Proef")
        make.make_residency(person_id=noor, home_id=1 + hood.people["noor"])
        child = make.make_person(name="Sem")
        with unit_of_work():
            make.change_person(child, guardian_id=noor)
        for person_id, home_id in ((child, 1), (make.make_person(name="Vera"), outside)):
            make.make_residency(person_id=person_id, home_id=home_id)
        make.make_residency(person_id=make.make_person(name="NOOR DE PROEF"), home_id=1)
    taken = {kind: list_from(hood.app, kind) for kind in Kind}
    lines = {kind: raw.decode("utf-8-sig").splitlines()[1:] for kind, raw in taken.items()}
    assert lines[Kind.BOOKINGS] == [
        'de-linde;Zaal, groot;25-11-2026;14:00;16:00;linde-14b;;4;"\'=1+1; ""thee"""',
        "de-linde;Zaal, groot;25-11-2026;16:00;22:00;?;;4;",
        "de-linde;Zaal, groot;27-11-2026;10:00;12:00;;Welzijn Proefwijk;4;",
        "de-linde;;28-11-2026;10:00;12:00;;;4;",
    ]
    assert [line.split(";")[:2] for line in lines[Kind.PEOPLE] if "oor" in line.lower()] == [
        ["Noor de Proef", "linde-14b"],
        ["Noor de Proef", "linde-16"],
    ]
    assert [name for name in ("Sem", "Vera", "buur-1", "keuken", "het-plein") if name in str(lines)] == []
    assert len(lines[Kind.ROOMS]) == 1
    with hood.app.app_context(), unit_of_work():
        execute(text("delete from occupancy"))
        execute(text("delete from booking"))
    assert take_in(hood.app, Kind.BOOKINGS, taken[Kind.BOOKINGS]) == {State.NEW: 4}
    assert list_from(hood.app, Kind.BOOKINGS) == taken[Kind.BOOKINGS]
    parties = rows(hood.app, "select home_id, for_corporation from booking order by starts_at")
    assert [(home_id, bool(is_ours)) for home_id, is_ours in parties] == [
        (1, False),
        (None, False),
        (None, False),
        (None, True),
    ]
