"""Names leave a booking after their term; what happened in the room stays, and nothing else is touched."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import text

from ontmoet.bookings import retention
from ontmoet.bookings.retention import take_names, take_pseudonyms
from ontmoet.db import execute, unit_of_work
from ontmoet.importing.actions import judge, store
from ontmoet.importing.columns import Kind
from ontmoet.importing.reading import read
from ontmoet.importing.rules import rows_under
from ontmoet.kernel import clock
from tests.cast import moment_of, sign_in
from tests.watching import rows

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from flask import Flask

    from tests.cast import Neighbourhood

LATER = moment_of("2027-04-30 12:00")
PER_MONTH = (
    "select room_id, status, use_kind, home_id, count(*), sum(people), min(starts_at), max(ends_at)"
    " from booking group by room_id, status, use_kind, home_id order by 1, 2, 3, 4"
)


def done(app: Flask, deed: Callable[[datetime], int], before: datetime) -> int:
    with app.app_context(), unit_of_work():
        return deed(before)


def who(app: Flask) -> list[tuple[int | None, int | None, str, str | None]]:
    """Person, who entered it, purpose and pseudonym of each booking, by when it starts."""
    found = rows(
        app,
        "select person_id, entered_by_id, purpose, organiser_pseudonym from booking order by starts_at, id",
    )
    return [tuple(row) for row in found]


def test_name_and_purpose_leave_after_the_term_and_counts_stay(hood_on_both: Neighbourhood) -> None:
    hood, app = hood_on_both, hood_on_both.app
    noor = hood.people["noor"]
    hood.book("noor", "2026-11-25 14:00", "2026-11-25 16:00", purpose="Verjaardag van Noor")
    hood.book("noor", "2026-11-26 14:00", "2026-11-26 16:00", purpose="Koffie")
    before = moment_of("2026-11-25 16:00")
    counted = rows(app, PER_MONTH)
    assert done(app, take_names, before) == 0, "it ended at that moment, not before it"
    assert done(app, take_names, before + timedelta(seconds=1)) == 1
    assert done(app, take_names, before + timedelta(seconds=1)) == 0
    gone, kept = who(app)
    assert gone[:3] == (None, None, "")
    assert kept[:3] == (noor, noor, "Koffie")
    assert rows(app, PER_MONTH) == counted


def test_pseudonym_is_of_one_person_in_one_room_and_month(hood_on_both: Neighbourhood) -> None:
    hood, app = hood_on_both, hood_on_both.app
    for day in ("2026-12-01", "2026-12-02", "2027-01-05"):
        hood.book("noor", f"{day} 14:00", f"{day} 16:00")
    hood.book("ali", "2026-12-01 17:00", "2026-12-01 18:00")
    hood.book("fatma", "2026-12-01 14:00", "2026-12-01 16:00", room="plein", zone="zaal")
    # The first of the month leaves days before the second.
    assert done(app, take_names, moment_of("2026-12-01 16:30")) == 1
    assert done(app, take_names, moment_of("2026-12-01 16:30")) == 1, "the other room has its own turn"
    while done(app, take_names, LATER):
        pass
    by_start = rows(
        app, "select starts_at, room_id, home_id, organiser_pseudonym as code from booking order by id"
    )
    first, second, january, ali, fatma = (row.code for row in by_start)
    assert first == second
    assert len({first, january, ali, fatma}) == 4
    assert None not in (first, january, ali, fatma)


def test_bookings_that_run_or_come_are_not_touched(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    hood.book("noor", "2026-11-25 14:00", "2026-11-25 16:00", purpose="Koffie")
    hood.book("noor", "2026-12-25 14:00", "2026-12-25 16:00", purpose="Kerst")
    before = who(hood.app)
    assert done(hood.app, take_names, moment_of("2026-11-25 15:00")) == 0
    assert done(hood.app, take_pseudonyms, moment_of("2026-11-25 15:00")) == 0
    assert who(hood.app) == before


def test_pseudonym_goes_too_in_the_end(hood_on_both: Neighbourhood) -> None:
    hood, app = hood_on_both, hood_on_both.app
    hood.book("noor", "2026-11-25 14:00", "2026-11-25 16:00")
    assert done(app, take_pseudonyms, LATER) == 0, "as long as there is a name there is nothing to end"
    done(app, take_names, LATER)
    assert [done(app, take_pseudonyms, LATER), done(app, take_pseudonyms, LATER)] == [1, 0]
    assert who(app) == [(None, None, "", None)]


def test_names_leave_some_at_a_time(hood: Neighbourhood, monkeypatch: pytest.MonkeyPatch) -> None:
    for day in ("2026-12-01", "2026-12-02", "2026-12-03"):
        hood.book("noor", f"{day} 14:00", f"{day} 16:00")
    few = retention._SOME_NAMED.limit(2)
    monkeypatch.setattr(retention, "_SOME_NAMED", few)
    assert [done(hood.app, take_names, LATER) for _ in range(3)] == [2, 1, 0]
    assert len({code for *_, code in who(hood.app)}) == 1


def test_pages_of_staff_show_the_past_without_a_name(hood: Neighbourhood) -> None:
    public_id = hood.book("noor", "2026-11-25 14:00", "2026-11-25 16:00", purpose="Koffie")
    done(hood.app, take_names, LATER)
    client = hood.app.test_client()
    sign_in(client, "bram")
    for path in (f"/reserveringen/{public_id}", "/r/de-linde/agenda?dag=2026-11-25"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "Noor" not in answer.get_data(as_text=True)


def test_command_only_counts_when_asked_so(hood: Neighbourhood) -> None:
    hood.book("noor", "2026-11-25 14:00", "2026-11-25 16:00", purpose="Koffie")
    command = ["retention", "--now", "2027-04-30T12:00+02:00"]
    run = hood.app.test_cli_runner().invoke
    counted = run(args=[*command, "--dry-run"])
    assert counted.exit_code == 0, counted.output
    assert counted.output.splitlines()[0] == "Namen bij reserveringen: 1 te oud (forget_names)."
    assert who(hood.app)[0][2] == "Koffie"
    done_now = run(args=command)
    assert done_now.output.splitlines()[0] == "Namen bij reserveringen: 1 zonder naam gemaakt."
    assert who(hood.app)[0][2] == ""
    assert run(args=[*command, "--dry-run"]).output.splitlines()[0].endswith("0 te oud (forget_names).")


def take_in(hood: Neighbourhood, *lines: str) -> None:
    """Bookings out of a list, sent by Mo."""
    content = "\r\n".join(("ruimte;dag;begin;einde;adres;waarvoor", *lines))
    listed = rows_under(Kind.BOOKINGS, read(content.encode()))
    with hood.app.app_context(), unit_of_work():
        judged = judge(Kind.BOOKINGS, listed, now=clock.now())
        store(Kind.BOOKINGS, listed, judged, judged.seal, actor_id=hood.people["mo"], now=clock.now())


def test_booking_out_of_a_list_loses_what_it_was_for_after_the_same_term(hood_on_both: Neighbourhood) -> None:
    hood, app = hood_on_both, hood_on_both.app
    take_in(
        hood,
        "De Linde;25-11-2026;10:00;12:00;linde-16;Verjaardag van Noor",
        "De Linde;25-11-2026;14:00;16:00;?;Yoga bij Ali",
        "De Linde;26-11-2026;14:00;16:00;;Vergadering",
        "De Linde;27-11-2026;14:00;16:00;?;Feest van Fatma",
    )
    with app.app_context(), unit_of_work():
        # What everybody is welcome at is called so by the room.
        execute(text("update booking set visibility = 'open' where purpose = 'Vergadering'"))
    hood.book("noor", "2026-11-25 17:00", "2026-11-25 18:00", purpose="Koffie")
    counted = rows(app, PER_MONTH)
    before = moment_of("2026-11-26 16:01")
    assert [done(app, take_names, before) for _ in range(3)] == [1, 3, 0], "who has a name goes first"
    mo = hood.people["mo"]
    assert [(entered_by, purpose) for _, entered_by, purpose, _ in who(app)] == [
        *[(None, "")] * 3,
        (None, "Vergadering"),
        (mo, "Feest van Fatma"),
    ]
    assert rows(app, PER_MONTH) == counted, "the time, the home and the number of people stay"


def test_looking_for_what_is_too_old_reads_only_what_is_left(hood: Neighbourhood) -> None:
    """The jobs look each minute, also where there are ten thousand bookings without a person."""
    for statement, index in (
        (retention._ROOM_NAMED, "ix_booking_named"),
        (retention._ROOM_OF_NOBODY, "ix_booking_of_nobody"),
        (retention._ROOM_PSEUDONYMOUS, "ix_booking_pseudonymous"),
        (retention._ROOM_WITH_HOME, "ix_booking_with_home"),
    ):
        plan = rows(hood.app, f"explain query plan {statement}", before=0, param_1=1)
        assert [index in step.detail for step in plan] == [True], plan
