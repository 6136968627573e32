"""Who waits for a time, and to whom it goes when it comes free."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import bindparam, update

from ontmoet.arranging.actions import end_room
from ontmoet.bookings.closure_queries import bookings_during
from ontmoet.bookings.ending import call_off_waiting, lapse_overdue
from ontmoet.bookings.rules import Reason
from ontmoet.bookings.states import CancelReason, Status
from ontmoet.bookings.taking import take_offer
from ontmoet.bookings.waiting import number_before
from ontmoet.db import LocalDate, execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.walltime import day_of
from ontmoet.my_data.erasing import erase
from ontmoet.people.models import Residency
from ontmoet.portal.checking import faults_of_data
from ontmoet.rooms.queries import lock_room
from tests import builders as make
from tests.bookings.deeds import audited, cancel, change, close, close_over, half_hours, reasons_in, seen
from tests.bookings.request_deeds import ask, decline, let_ask
from tests.samples import span
from tests.watching import rows, statements, writing

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Neighbourhood

    Move = Callable[[timedelta], None]

# The clock stands at Tuesday 24 November, 14:05.
SATURDAY = ("2026-11-28 14:00", "2026-11-28 16:00")

_MOVED_OUT = (
    update(Residency)
    .where(Residency.person_id == bindparam("whose"))
    .values(until=bindparam("today", type_=LocalDate()))
)


def wait(
    hood: Neighbourhood, name: str, starts: str = SATURDAY[0], ends: str = SATURDAY[1], **wish: object
) -> str:
    return hood.book(name, starts, ends, or_wait=True, **wish)  # type: ignore[arg-type]


def take(hood: Neighbourhood, name: str, public_id: str) -> None:
    found, actor = seen(hood, public_id), hood.actor(name)
    with hood.app.app_context(), unit_of_work():
        take_offer(found, actor=actor, now=clock.now())


def lapse(hood: Neighbourhood) -> int:
    with hood.app.app_context(), unit_of_work():
        lock_room(hood.linde)
        return lapse_overdue(hood.linde, now=clock.now())


def told(hood: Neighbourhood, kind: str) -> list[int]:
    found = rows(hood.app, "select person_id from message where kind = :kind order by id", kind=kind)
    return [row.person_id for row in found]


def held(hood: Neighbourhood) -> list[str]:
    """Public ids of what holds a zone of any room."""
    found = rows(
        hood.app,
        "select distinct public_id from booking join occupancy on booking_id = booking.id order by public_id",
    )
    return [row.public_id for row in found]


def is_sound(hood: Neighbourhood) -> bool:
    with hood.app.app_context():
        return faults_of_data() == []


def test_time_that_comes_free_goes_to_who_waited_first_and_then_to_the_next(
    hood_on_both: Neighbourhood, moment: Move
) -> None:
    hood = hood_on_both
    first = hood.book("noor", *SATURDAY)
    moment(timedelta(minutes=1))
    riet = wait(hood, "riet")
    moment(timedelta(minutes=1))
    bram = wait(hood, "bram")
    with hood.app.app_context():
        places = [number_before(seen(hood, each), now=clock.now()) for each in (riet, bram)]
    assert places == [0, 1]
    assert [seen(hood, each).status for each in (riet, bram)] == [Status.WAITING] * 2
    assert held(hood) == [first]

    cancel(hood, "noor", first)
    assert [seen(hood, each).status for each in (riet, bram)] == [Status.OFFERED, Status.WAITING]
    assert held(hood) == [riet]
    assert told(hood, "booking_offered") == [hood.people["riet"]]
    with pytest.raises(Refused) as refused:
        hood.book("noor", *SATURDAY)
    assert reasons_in(refused.value) == [Reason.ROOM_TAKEN]

    cancel(hood, "riet", riet)
    assert seen(hood, bram).status is Status.OFFERED
    take(hood, "bram", bram)
    assert seen(hood, bram).status is Status.CONFIRMED
    assert told(hood, "booking_confirmed")[-1] == hood.people["bram"]
    assert held(hood) == [bram]
    assert audited(hood)[-5:] == [
        "booking_cancelled",
        "time_offered",
        "booking_cancelled",
        "time_offered",
        "offer_taken",
    ]
    assert is_sound(hood)


def test_offer_is_not_taken_by_who_belongs_to_the_room_no_longer(hood: Neighbourhood) -> None:
    first, noor = hood.book("bram", *SATURDAY), wait(hood, "noor")
    cancel(hood, "bram", first)
    with hood.app.app_context(), unit_of_work():
        execute(_MOVED_OUT, whose=hood.people["noor"], today=day_of(clock.now()))
    with pytest.raises(Refused) as refused:
        take(hood, "noor", noor)
    assert reasons_in(refused.value) == [Reason.BELONGS_NO_LONGER]
    assert seen(hood, noor).status is Status.OFFERED


def test_offer_that_nobody_takes_goes_on_whoever_notices(hood_on_both: Neighbourhood, moment: Move) -> None:
    hood = hood_on_both
    first, riet = hood.book("noor", *SATURDAY), wait(hood, "riet")
    moment(timedelta(minutes=1))
    bram = wait(hood, "bram")
    cancel(hood, "noor", first)
    ends = seen(hood, riet).lapses_at
    assert ends == make.at("2026-11-26 12:06")
    moment(timedelta(days=2))
    # Riet's is over. Somebody who comes now is after Bram, who waited.
    with pytest.raises(Refused):
        take(hood, "riet", riet)
    with pytest.raises(Refused) as refused:
        hood.book("noor", *SATURDAY)
    assert reasons_in(refused.value) == [Reason.ROOM_TAKEN]
    # What was refused stored nothing: the job, or the next who writes, does it again.
    assert lapse(hood) == 1
    assert [seen(hood, each).status for each in (riet, bram)] == [Status.LAPSED, Status.OFFERED]
    assert seen(hood, riet).reason is CancelReason.NOT_TAKEN
    assert is_sound(hood)


def test_what_lapsed_is_in_nobodys_way(hood_on_both: Neighbourhood, moment: Move) -> None:
    hood = hood_on_both
    first, elsewhere = hood.book("noor", *SATURDAY), hood.book("noor", "2026-11-29 10:00", "2026-11-29 11:00")
    ali, bram = wait(hood, "ali"), wait(hood, "bram")
    cancel(hood, "noor", first)
    moment(timedelta(days=2))
    # The offer to Ali is over, and nobody wrote that down yet.
    cancel(hood, "noor", elsewhere)
    statuses = [seen(hood, each).status for each in (elsewhere, ali, bram)]
    assert statuses == [Status.CANCELLED, Status.LAPSED, Status.OFFERED]
    moment(timedelta(days=1))
    with hood.app.app_context(), unit_of_work():
        erase(hood.people["noor"], by=None, now=clock.now())
    assert is_sound(hood)


def test_rest_of_what_a_closure_displaced_goes_to_who_waits(hood: Neighbourhood) -> None:
    booked = hood.book("noor", "2026-11-28 14:00", "2026-11-28 18:00")
    ali = wait(hood, "ali", "2026-11-28 16:00", "2026-11-28 18:00")
    leak = span("2026-11-28 14:00", "2026-11-28 15:00")
    with hood.app.app_context():
        marks = [each.mark for each in bookings_during(hood.linde, leak, None, now=clock.now())]
    close_over(hood, leak, seen=marks)
    assert [seen(hood, each).status for each in (booked, ali)] == [Status.CANCELLED, Status.OFFERED]


def test_who_waits_for_time_that_will_be_shut_hears_so_and_waits_no_longer(
    hood_on_both: Neighbourhood,
) -> None:
    hood = hood_on_both
    hood.book("noor", "2026-11-28 12:00", "2026-11-28 16:00")
    riet = wait(hood, "riet", "2026-11-28 12:00", "2026-11-28 14:00")
    kitchen = hood.book("noor", *SATURDAY, zone="keuken")
    ali, bram = wait(hood, "ali", zone="keuken"), wait(hood, "bram")
    leak = span("2026-11-28 15:00", "2026-11-28 18:00")
    with hood.app.app_context():
        [mark] = [
            each.mark
            for each in bookings_during(hood.linde, leak, None, now=clock.now())
            if each.public_id != kitchen
        ]
    close_over(hood, leak, "grote-zaal", seen=[mark])
    assert [seen(hood, each).status for each in (bram, ali, riet)] == [
        Status.LAPSED,
        Status.WAITING,
        Status.OFFERED,
    ]
    assert seen(hood, bram).reason is CancelReason.CLOSED
    assert told(hood, "booking_displaced") == [hood.people["noor"]]
    assert told(hood, "booking_not_freed") == [hood.people["bram"]]
    assert is_sound(hood)


def test_giving_up_a_wish_or_an_offer_spends_no_turn(hood: Neighbourhood) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, quota=1)
    tomorrow = ("2026-11-25 20:00", "2026-11-25 21:00")
    first, noor = hood.book("bram", *tomorrow), wait(hood, "noor", *tomorrow)
    cancel(hood, "noor", noor)
    again = wait(hood, "noor", *tomorrow)
    cancel(hood, "bram", first)
    assert seen(hood, again).status is Status.OFFERED
    cancel(hood, "noor", again)
    assert [seen(hood, each).reason for each in (noor, again)] == [CancelReason.NOT_TAKEN] * 2
    assert hood.book("noor", "2026-11-26 20:00", "2026-11-26 21:00")


def test_room_that_closes_for_good_lets_everybody_go_who_waits(hood: Neighbourhood, moment: Move) -> None:
    first = hood.book("noor", *SATURDAY)
    ali, bram = wait(hood, "ali"), wait(hood, "bram")
    cancel(hood, "noor", first)
    with hood.app.app_context(), unit_of_work():
        end_room(hood.linde, actor=hood.actor("mo"), now=clock.now())
    assert [seen(hood, each).reason for each in (ali, bram)] == [CancelReason.CLOSED] * 2
    assert told(hood, "offer_off") == [hood.people["ali"]]
    assert told(hood, "booking_not_freed") == [hood.people["bram"]]
    assert held(hood) == []


def test_many_who_wait_are_let_go_in_the_statements_of_one(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    riet, noor = hood.people["riet"], hood.people["noor"]
    counted = []
    for day, number in (("2026-11-25", 1), ("2026-11-26", 30)):
        half_hours(hood, day, number, names=("ali",))
        half_hours(hood, day, number, names=("riet", "noor"), or_wait=True)
        with statements(hood.app) as run, hood.app.app_context(), unit_of_work():
            call_off_waiting(hood.linde, now=clock.now())
        counted.append(len(run))
    assert counted == [5, 5]
    assert told(hood, "booking_not_freed") == [riet, *[riet, noor] * 15]
    written = rows(
        hood.app,
        "select a.actor_id, a.on_behalf_of_id, b.reason, b.version from audit a"
        " join booking b on b.id = a.object_id where a.action = 'wish_lapsed' order by a.id",
    )
    assert [tuple(row) for row in written] == [(None, who, "closed", 2) for who in (riet, *[riet, noor] * 15)]


def test_many_who_waited_in_vain_lapse_in_few_statements(hood_on_both: Neighbourhood, moment: Move) -> None:
    hood = hood_on_both
    counted = []
    for day, number in (("2026-11-25", 1), ("2026-11-26", 28)):
        half_hours(hood, day, number, names=("ali",))
        half_hours(hood, day, number, names=("riet", "noor"), or_wait=True)
        moment(make.at(f"{day} 21:00") - clock.now())
        with statements(hood.app) as run:
            assert lapse(hood) == number
        # Each person is read, and who has the time of each wish.
        counted.append((len(writing(run)), len(run) - number - min(number, 2)))
    assert counted[0] == counted[1]
    assert counted[0][0] == 4
    riet, noor = hood.people["riet"], hood.people["noor"]
    assert told(hood, "booking_not_freed") == [riet, *[riet, noor] * 14]
    assert audited(hood).count("wish_lapsed") == 29


def test_second_tap_on_yes_changes_nothing(hood: Neighbourhood) -> None:
    first, riet = hood.book("noor", *SATURDAY), wait(hood, "riet")
    cancel(hood, "noor", first)
    take(hood, "riet", riet)
    before = audited(hood)
    take(hood, "riet", riet)
    assert audited(hood) == before


def test_who_waits_in_vain_is_told_in_time_to_choose_otherwise(hood: Neighbourhood, moment: Move) -> None:
    hood.book("noor", *SATURDAY)
    riet = wait(hood, "riet")
    assert seen(hood, riet).lapses_at == make.at("2026-11-28 11:30")
    moment(make.at("2026-11-28 11:31") - clock.now())
    assert seen(hood, riet).status is Status.LAPSED
    assert lapse(hood) == 1
    assert told(hood, "booking_not_freed") == [hood.people["riet"]]
    assert seen(hood, riet).reason is CancelReason.CLASH


def test_offer_leaves_the_next_in_line_a_turn_of_their_own(hood: Neighbourhood, moment: Move) -> None:
    thursday = ("2026-11-26 14:00", "2026-11-26 16:00")
    first = hood.book("noor", *thursday)
    ali, bram = wait(hood, "ali", *thursday), wait(hood, "bram", *thursday)
    cancel(hood, "noor", first)
    assert seen(hood, ali).lapses_at == make.at("2026-11-26 11:00")
    # The job looks once a minute.
    moment(make.at("2026-11-26 11:01") - clock.now())
    assert lapse(hood) == 1
    assert [seen(hood, each).status for each in (ali, bram)] == [Status.LAPSED, Status.OFFERED]
    assert seen(hood, bram).lapses_at == make.at("2026-11-26 12:00")


def test_in_the_last_hours_a_time_is_for_whoever_is_first(hood: Neighbourhood, moment: Move) -> None:
    first, riet = hood.book("noor", *SATURDAY), wait(hood, "riet")
    moment(make.at("2026-11-28 12:15") - clock.now())
    cancel(hood, "noor", first)
    assert told(hood, "booking_offered") == []
    assert hood.book("bram", *SATURDAY)
    assert seen(hood, riet).status is Status.LAPSED


def test_only_a_wish_that_fits_in_what_came_free_is_offered(hood: Neighbourhood) -> None:
    first = hood.book("noor", *SATURDAY)
    rest = hood.book("noor", "2026-11-28 16:00", "2026-11-28 17:00")
    long = wait(hood, "riet", "2026-11-28 15:00", "2026-11-28 17:00")
    short = wait(hood, "bram", "2026-11-28 14:00", "2026-11-28 15:00")
    cancel(hood, "noor", first)
    assert [seen(hood, each).status for each in (long, short)] == [Status.WAITING, Status.OFFERED]
    cancel(hood, "noor", rest)
    assert seen(hood, long).status is Status.OFFERED


def test_what_moves_away_frees_its_time_too(hood: Neighbourhood) -> None:
    first, riet = hood.book("noor", *SATURDAY), wait(hood, "riet")
    change(hood, "noor", seen(hood, first), "2026-11-28 18:00", "2026-11-28 20:00")
    assert seen(hood, riet).status is Status.OFFERED


def test_request_that_is_declined_frees_its_time_and_yes_is_a_request_again(hood: Neighbourhood) -> None:
    let_ask(hood)
    request = ask(hood)
    omar = ask(hood, "omar", or_wait=True)
    decline(hood, "kim", request)
    assert seen(hood, omar).status is Status.OFFERED
    take(hood, "omar", omar)
    assert seen(hood, omar).status is Status.REQUESTED
    assert hood.people["kim"] in told(hood, "request_waiting")
    assert is_sound(hood)


def test_free_time_is_booked_though_somebody_would_have_waited(hood: Neighbourhood) -> None:
    assert seen(hood, wait(hood, "noor")).status is Status.CONFIRMED


def test_who_waits_for_another_part_is_in_nobodys_way(hood_on_both: Neighbourhood, moment: Move) -> None:
    hood = hood_on_both
    for zone in ("grote-zaal", "keuken"):
        hood.book("noor", *SATURDAY, zone=zone)
    waiting = []
    for name, zone in (("ali", "keuken"), ("riet", "grote-zaal"), ("bram", ""), ("fatma", "keuken")):
        waiting.append(wait(hood, name, zone=zone))
        moment(timedelta(minutes=1))
    with hood.app.app_context():
        places = [number_before(seen(hood, each), now=clock.now()) for each in waiting]
    assert places == [0, 0, 2, 2], "who wants the whole room is in the way of all"


def test_nobody_waits_twice_nor_for_a_room_that_is_shut(hood: Neighbourhood) -> None:
    hood.book("noor", *SATURDAY)
    wait(hood, "riet")
    with pytest.raises(Refused) as refused:
        wait(hood, "riet", "2026-11-28 15:00", "2026-11-28 17:00")
    assert reasons_in(refused.value) == [Reason.WAITS_ALREADY]
    close(hood, span("2026-11-29 08:00", "2026-11-29 22:00"))
    with pytest.raises(Refused) as refused:
        wait(hood, "riet", "2026-11-29 14:00", "2026-11-29 16:00")
    assert reasons_in(refused.value) == [Reason.ROOM_TAKEN]


def test_nobody_waits_for_time_of_which_a_part_is_shut_or_their_own(hood: Neighbourhood) -> None:
    hood.book("noor", *SATURDAY)
    hood.book("ali", "2026-11-28 16:00", "2026-11-28 18:00")
    hood.book("noor", "2026-11-29 14:00", "2026-11-29 16:00")
    close(hood, span("2026-11-29 16:00", "2026-11-29 18:00"))
    for day in ("2026-11-28", "2026-11-29"):
        with pytest.raises(Refused) as refused:
            wait(hood, "ali", f"{day} 14:00", f"{day} 18:00")
    [objection] = refused.value.objections
    assert objection.facts["clash"] == span("2026-11-29 16:00", "2026-11-29 18:00"), "what is shut is told"
    assert wait(hood, "ali", "2026-11-28 14:00", "2026-11-28 15:30")


def test_who_left_is_offered_nothing(hood: Neighbourhood) -> None:
    first, noor = hood.book("bram", *SATURDAY), wait(hood, "noor")
    with hood.app.app_context(), unit_of_work():
        execute(_MOVED_OUT, today=day_of(clock.now()), whose=hood.people["noor"])
    cancel(hood, "bram", first)
    assert seen(hood, noor).status is Status.WAITING
    assert hood.book("bram", *SATURDAY)


def test_exception_that_was_given_to_who_waits_holds_until_the_time_is_theirs(hood: Neighbourhood) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, quota=1)
    hood.book("noor", "2026-11-26 20:00", "2026-11-26 21:00")
    first = hood.book("ali", *SATURDAY)
    noor = wait(hood, "noor", helper="bram", exception="Jubileum")
    cancel(hood, "ali", first)
    assert seen(hood, noor).status is Status.OFFERED
    take(hood, "noor", noor)
    found = seen(hood, noor)
    assert (found.status, found.fair_use_exception) == (Status.CONFIRMED, "Jubileum")
    changes = rows(hood.app, "select action, changes from audit order by id")
    gone_beyond = [action for action, change in changes if "beyond_fair_use" in (change or "")]
    assert gone_beyond == ["offer_taken"], "while somebody waits no turn is spent"
