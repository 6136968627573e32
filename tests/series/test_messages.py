"""Mail about a series: why it ends, and its file for the calendar with an event for each date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, text

from ontmoet.bookings.states import CancelReason
from ontmoet.db import execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.walltime import wall
from ontmoet.outbox.waiting import COLUMNS, Waiting
from ontmoet.series import deciding
from ontmoet.series.messages import LETTERS
from ontmoet.series.telling import SeriesNews
from tests import builders as make
from tests.bookings.request_deeds import let_ask
from tests.calendars.reading import events
from tests.watching import rows

from .deeds import again, approve, asked, bring_back, call_off, change, make_series, strike

if TYPE_CHECKING:
    from icalendar import Event

    from ontmoet.outbox.letters import Letter
    from tests.cast import Neighbourhood


def newest(hood: Neighbourhood, kind: SeriesNews) -> Letter:
    """The newest message of this kind, as it would be sent now."""
    number, its_kind = COLUMNS[:2]
    of_this_kind = select(*COLUMNS).where(its_kind == bindparam("kind")).order_by(number.desc()).limit(1)
    with hood.app.app_context():
        row = execute(of_this_kind, kind=kind).one()
        letter = LETTERS[kind](Waiting(*row), now=clock.now())
    assert letter is not None
    return letter


def file_with(hood: Neighbourhood, kind: SeriesNews) -> list[Event] | None:
    """What it brings for the calendar."""
    letter = newest(hood, kind)
    return None if letter.calendar is None else events(letter.calendar)


def told(found: list[Event] | None) -> list[str]:
    """Each event in a word: its day, hour, sequence and how it stands."""
    assert found is not None
    return [f"{wall(e.start):%m-%d %H:%M} {e['SEQUENCE']} {e['STATUS']}" for e in found]


def test_mail_of_a_series_brings_each_date_and_calls_it_off_by_the_same_name(hood: Neighbourhood) -> None:
    hood.book("ali", "2026-12-22 10:00", "2026-12-22 12:00")
    series = make_series(hood, "noor", asked(last="2026-12-29"))
    strike(hood, "noor", series, "2026-12-08")
    made = file_with(hood, SeriesNews.MADE)
    assert told(made) == [
        "12-01 10:00 0 CONFIRMED",
        "12-15 10:00 0 CONFIRMED",
        "12-29 10:00 0 CONFIRMED",
    ]
    assert made is not None
    assert {e["SUMMARY"] for e in made} == {"Koffie"}
    assert {e["LOCATION"] for e in made} == {"De Linde, Proefstraat 1, Proefwijk"}
    assert len({e["UID"] for e in made}) == 3

    later = change(hood, "noor", again(hood, series), asked(starts=11 * 60, ends=13 * 60), since="2026-12-15")
    changed = file_with(hood, SeriesNews.CHANGED)
    assert told(changed) == [
        "12-15 11:00 1 CONFIRMED",
        "12-29 11:00 1 CONFIRMED",
    ]
    assert changed is not None
    assert [e["UID"] for e in changed] == [e["UID"] for e in made[1:]]

    call_off(hood, "sanne", later)
    ended = file_with(hood, SeriesNews.ENDED)
    assert told(ended) == [
        "12-15 11:00 2 CANCELLED",
        "12-29 11:00 2 CANCELLED",
    ]
    assert ended is not None
    assert [(e["UID"], e["SUMMARY"]) for e in ended] == [
        (e["UID"], "Gaat niet door: Koffie") for e in changed
    ]


def test_file_comes_once_it_is_sure_and_not_for_who_wants_none(hood: Neighbourhood) -> None:
    let_ask(hood)
    series = make_series(hood, "iris", asked(zone=""), room_id=hood.plein)
    assert file_with(hood, SeriesNews.REQUESTED) is None
    approve(hood, "kim", series)
    assert len(told(file_with(hood, SeriesNews.APPROVED))) == 5
    with hood.app.app_context(), unit_of_work():
        execute(
            text("insert into opt_in (person_id, kind) values (:iris, 'booking_without_file')"),
            iris=hood.people["iris"],
        )
    assert file_with(hood, SeriesNews.APPROVED) is None


def test_dates_that_were_sure_stay_in_calendars_when_they_are_asked_for_again(hood: Neighbourhood) -> None:
    series = make_series(hood, "noor", asked())
    made = file_with(hood, SeriesNews.MADE)
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, needs_approval=True)
    moved = asked(starts=11 * 60, ends=13 * 60)
    later = change(hood, "noor", again(hood, series), moved, since="2026-12-15")
    changed = file_with(hood, SeriesNews.CHANGED)
    assert told(changed)[0] == "12-15 11:00 1 TENTATIVE"
    assert made is not None
    assert changed is not None
    assert [e["UID"] for e in changed] == [e["UID"] for e in made[2:]]
    approve(hood, "sanne", again(hood, later))
    assert told(file_with(hood, SeriesNews.APPROVED))[0] == "12-15 11:00 2 CONFIRMED"


def test_dates_that_are_only_asked_for_are_moved_without_a_file(hood: Neighbourhood) -> None:
    let_ask(hood)
    moved = asked(zone="", starts=11 * 60, ends=13 * 60)
    series = make_series(hood, "iris", asked(zone=""), room_id=hood.plein)
    change(hood, "iris", again(hood, series), moved, room_id=hood.plein)
    assert file_with(hood, SeriesNews.CHANGED) is None


def test_what_was_declined_is_called_off_where_somebody_put_it_in_a_calendar(hood: Neighbourhood) -> None:
    let_ask(hood)
    series = make_series(hood, "iris", asked(zone=""), room_id=hood.plein)
    with hood.app.app_context(), unit_of_work():
        deciding.decline(
            series, because=CancelReason.CLASH, explanation="", actor=hood.actor("kim"), now=clock.now()
        )
    off = told(file_with(hood, SeriesNews.DECLINED))
    assert [off[0], len(off)] == ["12-01 10:00 1 CANCELLED", 5]


def body_of(hood: Neighbourhood, kind: SeriesNews) -> str:
    return newest(hood, kind).body.replace("\u00a0", " ")


def test_who_has_a_series_hears_why_others_call_it_off_and_until_when_it_goes_on(hood: Neighbourhood) -> None:
    series = make_series(hood, "noor", asked())
    strike(hood, "noor", series, "2026-12-08")
    call_off(hood, "sanne", again(hood, series), "2026-12-22", because=CancelReason.DEFECT)
    some = body_of(hood, SeriesNews.ENDED)
    assert "elke dinsdag, gaat niet door na 21 december 2026. Er is iets kapot.\n" in some
    call_off(hood, "sanne", again(hood, series), because=CancelReason.NO_HOST)
    none_left = body_of(hood, SeriesNews.ENDED)
    assert "Jouw reeks in De Linde, elke dinsdag, gaat niet meer door. Er is geen gastheer.\n" in none_left


def test_series_that_was_only_asked_for_is_declined_when_others_call_it_off(hood: Neighbourhood) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, needs_approval=True)
    series = make_series(hood, "noor", asked())
    call_off(hood, "sanne", series, because=CancelReason.DEFECT)
    stands = rows(hood.app, "select distinct status, decided_by_id, reason from booking")
    assert [tuple(row) for row in stands] == [("declined", hood.people["sanne"], "defect")]
    told = body_of(hood, SeriesNews.DECLINED)
    assert "Jouw reeks in De Linde, elke dinsdag, gaat niet door. Er is iets kapot.\n" in told
    assert rows(hood.app, "select 1 from message where kind = 'series_ended'") == []


def test_series_of_which_a_part_was_sure_ends_date_by_date_as_it_was(hood: Neighbourhood) -> None:
    series = make_series(hood, "noor", asked(), struck=("2026-12-08",))
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, needs_approval=True)
    bring_back(hood, "noor", series, "2026-12-08")
    call_off(hood, "sanne", again(hood, series), because=CancelReason.DEFECT)
    stands = rows(hood.app, "select status, count(*) as number from booking group by status order by status")
    assert [tuple(row) for row in stands] == [("cancelled", 4), ("declined", 1)]
    assert "gaat niet meer door. Er is iets kapot.\n" in body_of(hood, SeriesNews.ENDED)
