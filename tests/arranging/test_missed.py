"""Who wanted to come when the room was shut is counted, never named, and told from five on."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from sqlalchemy import text

from ontmoet.arranging.hours_wording import missed_lines
from ontmoet.bookings.actions import WishedFor
from ontmoet.bookings.missed import (
    MOST_NOTED,
    Missed,
    count_noted,
    count_old,
    forget_old,
    missed_in,
    note,
)
from ontmoet.bookings.rules import Reason
from ontmoet.db import execute, unit_of_work
from ontmoet.kernel.gate import Gate, somebody_waits
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.rooms.queries import room_by_id
from tests.builders import at
from tests.cast import booking_form, sign_in
from tests.real.server import wait_until
from tests.watching import rows, visible

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood


def test_refused_wishes_are_counted_and_their_people_are_not(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    noor = hood.app.test_client()
    sign_in(noor, "noor")
    for _ in range(2):
        late = booking_form(noor, day="2026-11-27", starts="21:00", ends="23:30")
        assert noor.post("/r/de-linde/reserveren", data=late).status_code == 422
    long = booking_form(noor, starts="08:00", ends="20:00")
    assert noor.post("/r/de-linde/reserveren", data=long).status_code == 422
    assert noor.get("/r/de-linde/reserveren?day=2026-11-27&starts=22:00&ends=23:00").status_code == 200
    hood.book("ali", "2026-11-28 14:00", "2026-11-28 16:00")
    taken = booking_form(noor, day="2026-11-28", starts="15:00", ends="17:00")
    assert noor.post("/r/de-linde/reserveren", data=taken).status_code == 422
    hood.book("ali", "2026-11-24 14:15", "2026-11-24 16:00")
    over = booking_form(noor, day="2026-11-24", starts="13:00", ends="15:00")
    assert noor.post("/r/de-linde/reserveren", data=over).status_code == 422
    with hood.app.app_context():
        assert sorted(missed_in(hood.linde)) == [Missed(4, 22, 2), Missed(5, 15, 1, was_taken=True)]
        assert missed_in(hood.plein) == []
        assert count_old(at("2026-12-31 12:00")) == 2
        with unit_of_work():
            assert forget_old(at("2026-11-30 12:00")) == 0
        with unit_of_work():
            assert forget_old(at("2026-12-01 00:00")) == 2


def test_who_is_refused_while_others_wait_leaves_the_counting_to_the_last(hood: Neighbourhood) -> None:
    gate = Gate(1)

    def pass_through() -> None:
        with gate.passing():
            pass

    def want() -> None:
        slot = TimeSlot(at("2026-11-28 15:00"), at("2026-11-28 17:00"))
        refusal = Refused(Objection(Reason.ROOM_TAKEN))
        note(room_by_id(hood.linde), lambda: WishedFor(slot, "", 4, ""), refusal)
        count_noted()

    other = threading.Thread(target=pass_through)
    with hood.app.app_context():
        with gate.passing():
            other.start()
            wait_until(somebody_waits, "the other stands at the gate")
            for _ in range(MOST_NOTED - 1):
                want()
            assert missed_in(hood.linde) == []
            want()
            assert missed_in(hood.linde) == [Missed(5, 15, MOST_NOTED, was_taken=True)]
            want()
        other.join()
        count_noted()
        assert missed_in(hood.linde) == [Missed(5, 15, MOST_NOTED + 1, was_taken=True)]


def test_answer_does_not_fail_for_a_wish_that_cannot_be_counted(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    noor = hood.app.test_client()
    sign_in(noor, "noor")
    late = booking_form(noor, day="2026-11-27", starts="21:00", ends="23:30")
    with hood.app.app_context(), unit_of_work():
        execute(text("alter table missed_hour rename to not_there"))
    answer = noor.post("/r/de-linde/reserveren", data=late)
    assert answer.status_code == 422
    assert noor.get("/r/de-linde").status_code == 200


def test_board_and_staff_read_when_people_wanted_to_come(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "sanne")
    path = "/r/de-linde/openingstijden"
    assert "Er is nog weinig gevraagd" in visible(client.get(path).get_data(as_text=True))
    noor = hood.app.test_client()
    sign_in(noor, "noor")
    for hour in ("22:00", "22:00", "22:30", "23:00", "23:00"):
        noor.post(
            "/r/de-linde/reserveren",
            data=booking_form(noor, day="2026-11-27", starts=hour, ends="24:00"),
        )
    assert len(rows(hood.app, "select 1 from missed_hour")) == 2
    page = client.get(path).get_data(as_text=True)
    assert "5 keer wilde iemand komen buiten de openingstijden, meestal vrijdagavond." in visible(page)
    assert "Vrijdagavond: 5" in page


def test_few_are_told_of_no_day(hood: Neighbourhood) -> None:
    with hood.app.test_request_context():
        assert missed_lines([Missed(0, 7, 2), Missed(1, 7, 2)]) == []
        assert missed_lines([Missed(0, 7, 2), Missed(1, 7, 4)]) == [
            "6 keer wilde iemand komen buiten de openingstijden."
        ]
