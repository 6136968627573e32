"""Somebody moves or dies."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from ontmoet.bookings.queries import coming_bookings_of
from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.actor import Function
from ontmoet.kernel.objections import Refused
from ontmoet.lifecycle import actions
from ontmoet.lifecycle.actions import WAITS_NO_MORE
from ontmoet.lifecycle.messages import LETTERS, TOLD
from ontmoet.lifecycle.queries import coming_in, decisions_in
from ontmoet.lifecycle.rules import Choice, Reason
from ontmoet.membership.rules import By
from ontmoet.outbox.waiting import Waiting
from ontmoet.series.messages import LETTERS as OF_SERIES
from ontmoet.series.telling import SeriesNews
from tests import builders as make
from tests.series.deeds import asked, make_series, shown, strike
from tests.watching import row_counts, rows

if TYPE_CHECKING:
    from tests.cast import Neighbourhood

TODAY = date(2026, 11, 24)


def by(hood: Neighbourhood, name: str = "sanne") -> By:
    return By(hood.people[name], hood.linde, clock.now())


def home_of(hood: Neighbourhood, name: str) -> int:
    return hood.actor(name).dwellings[0].home_id


def move(hood: Neighbourhood, name: str, day: date) -> None:
    homes = [home_of(hood, name)]
    with hood.app.app_context(), unit_of_work():
        actions.move_out(hood.people[name], homes, day, by(hood))


def die(hood: Neighbourhood, name: str, *, told_by: str = "sanne") -> None:
    with hood.app.app_context(), unit_of_work():
        actions.record_death(hood.people[name], by(hood, told_by))


def told(hood: Neighbourhood) -> list[tuple[str, str]]:
    return [tuple(row) for row in rows(hood.app, "select kind, status from message order by id")]  # type: ignore[misc]


def test_who_moves_keeps_the_home_until_that_day(hood_on_both: Neighbourhood) -> None:
    move(hood_on_both, "noor", TODAY + timedelta(days=7))
    assert hood_on_both.actor("noor").dwellings
    move(hood_on_both, "noor", TODAY)
    assert hood_on_both.actor("noor").dwellings == ()
    found = rows(hood_on_both.app, "select action, actor_id, object_id from audit order by id")
    assert found == [("moved_out", hood_on_both.people["sanne"], hood_on_both.people["noor"])] * 2


def test_each_coming_booking_goes_on_or_not_and_is_told(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    stays = hood.book("noor", "2026-12-01 10:00", "2026-12-01 11:00")
    goes = hood.book("noor", "2026-12-02 10:00", "2026-12-02 11:00")
    left = hood.book("noor", "2026-12-03 10:00", "2026-12-03 11:00")
    of_ali = hood.book("ali", "2026-12-04 10:00", "2026-12-04 11:00")
    move(hood, "noor", TODAY)
    choices = {stays: Choice.KEEP, goes: Choice.CANCEL, of_ali: Choice.CANCEL}
    with hood.app.app_context(), unit_of_work():
        actions.decide_on_bookings(hood.people["noor"], choices, TODAY, by(hood))
    with hood.app.app_context():
        coming = coming_bookings_of(hood.people["noor"], now=clock.now())
    assert [found.public_id for found in coming] == [stays, left]
    assert rows(hood.app, "select status from booking where public_id = :it", it=of_ali) == [("confirmed",)]
    assert told(hood)[-2:] == [("booking_kept", "waiting"), ("booking_cancelled", "waiting")]


def test_series_is_decided_on_and_told_as_one(hood: Neighbourhood) -> None:
    hood.book("noor", "2026-12-02 14:00", "2026-12-02 15:00")
    stays = make_series(hood, "noor", asked())
    goes = make_series(hood, "noor", asked(zone="keuken"))
    strike(hood, "noor", goes, "2026-12-08")
    move(hood, "noor", TODAY)
    noor = hood.people["noor"]
    with hood.app.app_context():
        found = decisions_in(hood.linde, noor, TODAY, now=clock.now())
    assert [(each.series and each.series.public_id, len(each.bookings)) for each in found] == [
        (stays.public_id, 5),
        (goes.public_id, 4),
        (None, 1),
    ]
    before = len(told(hood))
    choices = {stays.public_id: Choice.KEEP, goes.public_id: Choice.CANCEL}
    for _twice in range(2):
        with hood.app.app_context(), unit_of_work():
            actions.decide_on_bookings(noor, choices, TODAY, by(hood))
    assert told(hood)[before:] == [("series_kept", "waiting"), ("series_ended", "waiting")]
    assert shown(hood, stays).count("10-12") == 5
    assert shown(hood, goes).count("10-12") == 0
    [message] = rows(
        hood.app,
        "select id, kind, person_id, object_id, made_at, due_at, attempts from message"
        " where kind = 'series_kept'",
    )
    with hood.app.app_context():
        letter = OF_SERIES[SeriesNews.KEPT](Waiting(*message), now=clock.now())
    assert letter is not None
    assert letter.subject == "Gaat door: De Linde, elke dinsdag"
    assert "Jouw reeks blijft van jou: elke dinsdag, 10:00–12:00\u00a0uur" in letter.body


def test_who_moves_waits_no_more_for_what_comes_after_and_hears_so_once(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    for day in ("2026-12-01", "2026-12-05", "2026-12-06"):
        hood.book("ali", f"{day} 10:00", f"{day} 11:00")
    before, _first, _second = (
        hood.book("noor", f"{day} 10:00", f"{day} 11:00", or_wait=True)
        for day in ("2026-12-01", "2026-12-05", "2026-12-06")
    )
    hood.book("bram", "2026-12-05 10:00", "2026-12-05 11:00", or_wait=True)
    move(hood, "noor", date(2026, 12, 3))
    move(hood, "noor", date(2026, 12, 3))
    found = rows(
        hood.app,
        "select public_id from booking where status = 'waiting' and person_id = :noor",
        noor=hood.people["noor"],
    )
    assert found == [(before,)], "until that day it may still be hers"
    waiting = rows(hood.app, "select count(*) from booking where status = 'waiting'")
    assert waiting == [(2,)], "Bram waits on"
    [message] = rows(
        hood.app,
        "select id, kind, person_id, object_id, made_at, due_at, attempts from message"
        " where kind = 'waits_no_more'",
    )
    with hood.app.app_context():
        letter = LETTERS[WAITS_NO_MORE](Waiting(*message), now=clock.now())
        said = TOLD[WAITS_NO_MORE]([Waiting(*message)], clock.now())[message.id]()
        left = coming_in(hood.linde, hood.people["noor"], TODAY, now=clock.now())
    assert left == [], "nothing to decide on"
    assert said == "Je woont niet meer bij De Linde. Daarom sta je daar niet meer op de wachtlijst."
    assert letter is not None
    assert (letter.subject, said in letter.body) == ("Niet meer op de wachtlijst: De Linde", True)


def test_death_ends_everything_and_tells_nobody(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    hood.book("bram", "2026-12-01 10:00", "2026-12-01 11:00")
    with hood.app.app_context():
        make.make_session(person_id=hood.people["bram"], days=30)
    die(hood, "bram")
    actor = hood.actor("bram")
    assert (actor.dwellings, actor.functions) == ((), {})
    assert rows(hood.app, "select count(*) from session where revoked_at is null") == [(0,)]
    assert rows(hood.app, "select status from booking") == [("cancelled",)]
    assert row_counts(hood.app, "occupancy") == {"occupancy": 0}
    assert {status for _, status in told(hood)} == {"not_needed"}
    person = rows(
        hood.app,
        "select name, email, phone, password_hash from person where id = :bram",
        bram=hood.people["bram"],
    )
    assert person == [("Bram de Proef", None, None, None)]


def test_death_of_somebody_with_more_to_say_is_for_somebody_else(hood: Neighbourhood) -> None:
    with hood.app.app_context():
        make.make_role(person_id=hood.people["ali"], function=Function.SECRETARY, room_id=hood.linde)
    for name, reason in (
        ("sanne", Reason.HEAVIER_THAN_YOURS),
        ("mo", Reason.HEAVIER_THAN_YOURS),
        ("ali", Reason.NOT_YOURSELF),
    ):
        with pytest.raises(Refused) as refused:
            die(hood, name, told_by="ali")
        assert [objection.reason for objection in refused.value.objections] == [reason]
    assert hood.actor("sanne").functions


def test_death_of_who_left_for_another_room_is_written_down_there(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    move(hood, "noor", TODAY)
    with hood.app.app_context():
        make.make_residency(person_id=hood.people["noor"], home_id=home_of(hood, "fatma"))
    with pytest.raises(Refused) as refused:
        die(hood, "noor")
    assert [objection.reason for objection in refused.value.objections] == [Reason.LIVES_ELSEWHERE]
    assert hood.actor("noor").dwellings
    with hood.app.app_context(), unit_of_work():
        there = By(hood.people["fatma"], hood.plein, clock.now())
        actions.record_death(hood.people["noor"], there)
    assert not hood.actor("noor").dwellings


def test_death_of_who_left_for_nowhere_we_know_is_written_down_here(hood: Neighbourhood) -> None:
    move(hood, "noor", TODAY)
    die(hood, "noor")
    assert rows(hood.app, "select count(*) from audit where action = 'died'") == [(1,)]
