"""What is written down when people say that they are there, how they leave, and whether they came."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from ontmoet.bookings import using
from ontmoet.bookings.retention import take_names
from ontmoet.bookings.rules import Reason
from ontmoet.bookings.states import CancelReason, News, Status
from ontmoet.bookings.telling import ask_who_left_no_trace
from ontmoet.bookings.use_queries import closings_of, use_of
from ontmoet.bookings.use_rules import Chore, Closings, Trace
from ontmoet.db import execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.actor import Function
from ontmoet.kernel.objections import Refused
from ontmoet.my_data.declared import PERSONAL
from ontmoet.my_data.erasing import erase
from ontmoet.rooms.rules import UseKind
from tests import builders as make
from tests.bookings.deeds import cancel, change, reasons_in, seen
from tests.watching import row_counts, rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from ontmoet.bookings.use_queries import Use
    from tests.cast import Neighbourhood

    Move = Callable[[timedelta], None]

SOON = ("2026-11-24 14:15", "2026-11-24 16:00")
LATER = ("2026-11-25 14:00", "2026-11-25 16:00")
ALL = frozenset(Chore)


def check_in(hood: Neighbourhood, public_id: str, name: str = "noor") -> None:
    booking, actor = seen(hood, public_id), hood.actor(name)
    with hood.app.app_context(), unit_of_work():
        using.check_in(booking, actor=actor, now=clock.now())


def close_up(hood: Neighbourhood, public_id: str, *done: Chore, name: str = "noor", note: str = "") -> None:
    booking, actor = seen(hood, public_id), hood.actor(name)
    with hood.app.app_context(), unit_of_work():
        using.close_up(booking, frozenset(done), note, actor=actor, now=clock.now())


def answer(hood: Neighbourhood, public_id: str, was_there: bool, name: str = "noor") -> None:
    booking, actor = seen(hood, public_id), hood.actor(name)
    with hood.app.app_context(), unit_of_work():
        using.answer(booking, was_there, actor=actor, now=clock.now())


def ask(hood: Neighbourhood) -> int:
    with hood.app.app_context(), unit_of_work():
        return ask_who_left_no_trace(clock.now())


def use(hood: Neighbourhood, public_id: str) -> Use:
    booking = seen(hood, public_id)
    with hood.app.app_context():
        return use_of(booking.booking_id)


def traces(hood: Neighbourhood) -> list[tuple[str, int | None, str]]:
    found = rows(hood.app, "select kind, recorded_by_id, note from use_trace order by id")
    return [tuple(row) for row in found]


def deeds(hood: Neighbourhood) -> list[tuple[str, int | None, int | None]]:
    """What the audit tells beside the bookings themselves."""
    found = rows(
        hood.app,
        "select action, actor_id, on_behalf_of_id from audit where action not like 'booking%' order by id",
    )
    return [tuple(row) for row in found]


def plan(hood: Neighbourhood, key_plan: str) -> None:
    with hood.app.app_context(), unit_of_work():
        execute(text("update room set key_plan = :plan"), plan=key_plan)


def test_check_in_is_one_row_however_often_it_is_said(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    public_id = hood.book("noor", *SOON)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda name: check_in(hood, public_id, name), ["noor"] * 4))
    noor = hood.people["noor"]
    assert traces(hood) == [(Trace.CHECK_IN, noor, "")]
    assert deeds(hood) == [("checked_in", noor, None)]
    assert use(hood, public_id).checked_in_at == make.at("2026-11-24 14:05")


def test_helper_checks_somebody_in_and_the_audit_names_both(hood: Neighbourhood) -> None:
    public_id = hood.book("noor", *SOON)
    check_in(hood, public_id, "bram")
    check_in(hood, public_id, "noor")
    bram, noor = hood.people["bram"], hood.people["noor"]
    assert traces(hood) == [(Trace.CHECK_IN, bram, "")], "who said it first"
    assert deeds(hood) == [("checked_in", bram, noor)]


def test_who_is_early_or_late_or_called_off_is_not_checked_in(hood: Neighbourhood, moment: Move) -> None:
    later, off, over = (
        hood.book("noor", *LATER),
        hood.book("noor", *SOON, zone="keuken"),
        hood.book("ali", *SOON),
    )
    cancel(hood, "noor", off)
    with pytest.raises(Refused) as early:
        check_in(hood, later)
    with pytest.raises(Refused) as cancelled:
        check_in(hood, off)
    moment(timedelta(hours=2))
    with pytest.raises(Refused) as late:
        check_in(hood, over, "ali")
    found = [reasons_in(refused.value) for refused in (early, cancelled, late)]
    assert found == [[Reason.NOT_YET], [Reason.ALREADY_OVER], [Reason.ALREADY_OVER]]
    assert row_counts(hood.app, "use_trace") == {"use_trace": 0}


def test_last_closing_list_holds_and_the_same_again_changes_nothing(
    hood_on_both: Neighbourhood, moment: Move
) -> None:
    hood = hood_on_both
    public_id = hood.book("noor", *SOON)
    moment(timedelta(hours=1))
    close_up(hood, public_id, Chore.TIDIED, note="De kraan lekt")
    first = use(hood, public_id)
    assert (first.done, first.note) == ({Chore.TIDIED}, "De kraan lekt")
    moment(timedelta(hours=1))
    close_up(hood, public_id, Chore.TIDIED, note="De kraan lekt", name="bram")
    assert use(hood, public_id) == first
    close_up(hood, public_id, *ALL, name="bram")
    last = use(hood, public_id)
    assert (last.done, last.note) == (ALL, "")
    noor, bram = hood.people["noor"], hood.people["bram"]
    assert traces(hood) == [(Trace.CLOSING, bram, "")]
    assert row_counts(hood.app, "closing_list") == {"closing_list": 1}
    assert deeds(hood) == [("closed_up", noor, None), ("closed_up", bram, noor)]


def test_list_on_which_nothing_is_done_is_a_fact_too(hood: Neighbourhood, moment: Move) -> None:
    public_id = hood.book("noor", *SOON)
    moment(timedelta(hours=2))
    assert use(hood, public_id).done is None
    close_up(hood, public_id)
    assert use(hood, public_id).done == frozenset()


def test_two_who_close_at_once_make_one_list(hood_on_both: Neighbourhood, moment: Move) -> None:
    hood = hood_on_both
    public_id = hood.book("noor", *SOON)
    moment(timedelta(hours=1))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda chore: close_up(hood, public_id, chore), list(Chore)[:4]))
    assert row_counts(hood.app, "use_trace", "closing_list") == {"use_trace": 1, "closing_list": 1}
    done = use(hood, public_id).done
    assert done is not None
    assert len(done) == 1, "one of them was last, and what it says holds whole"


def test_audit_keeps_what_was_done_and_not_what_was_written(hood: Neighbourhood, moment: Move) -> None:
    public_id = hood.book("noor", *SOON)
    moment(timedelta(hours=1))
    close_up(hood, public_id, Chore.LIGHTS, note="Ali vergat zijn jas")
    (row,) = rows(hood.app, "select changes from audit where action = 'closed_up'")
    assert row.changes == '{"done": ["lights"], "photo": false}'


def test_booking_that_moves_to_another_day_takes_back_what_was_said(hood: Neighbourhood) -> None:
    public_id = hood.book("noor", *SOON)
    check_in(hood, public_id)
    with hood.app.app_context(), unit_of_work():
        using.leave_trace(seen_id(hood, public_id), Trace.KEY, now=clock.now(), by_id=None)
    change(hood, "noor", seen(hood, public_id), SOON[0], "2026-11-24 17:00")
    assert [kind for kind, *_ in traces(hood)] == [Trace.CHECK_IN, Trace.KEY], "it begins as soon"
    change(hood, "noor", seen(hood, public_id), *LATER)
    assert [kind for kind, *_ in traces(hood)] == [Trace.KEY]


def test_booking_that_runs_moves_nowhere_so_its_use_stays(hood_on_both: Neighbourhood, moment: Move) -> None:
    hood = hood_on_both
    public_id = hood.book("noor", *SOON)
    check_in(hood, public_id)
    moment(timedelta(minutes=100))
    with pytest.raises(Refused) as refusal:
        change(hood, "noor", seen(hood, public_id), *LATER)
    assert [objection.reason for objection in refusal.value.objections] == [Reason.HAS_BEGUN]
    change(hood, "noor", seen(hood, public_id), SOON[0], "2026-11-24 17:00")
    assert [kind for kind, *_ in traces(hood)] == [Trace.CHECK_IN]


def test_who_is_there_does_not_cancel_from_an_older_page_but_ends_sooner(
    hood_on_both: Neighbourhood, moment: Move
) -> None:
    hood = hood_on_both
    public_id = hood.book("noor", *SOON)
    before = seen(hood, public_id)
    check_in(hood, public_id)
    moment(timedelta(minutes=30))
    with pytest.raises(Refused) as refusal:
        cancel(hood, "noor", public_id)
    assert reasons_in(refusal.value) == [Reason.IS_THERE]
    assert seen(hood, public_id).status is before.status
    change(hood, "noor", seen(hood, public_id), SOON[0], "2026-11-24 15:00")
    cancel(hood, "sanne", public_id, CancelReason.DEFECT)


def seen_id(hood: Neighbourhood, public_id: str) -> int:
    found: int = rows(hood.app, "select id from booking where public_id = :p", p=public_id)[0][0]
    return found


def test_who_left_no_trace_is_asked_once_half_an_hour_after_the_end(
    hood_on_both: Neighbourhood, moment: Move
) -> None:
    hood = hood_on_both
    public_id = hood.book("noor", *SOON)
    moment(timedelta(hours=2, minutes=24))
    assert ask(hood) == 0
    moment(timedelta(minutes=1))
    assert [ask(hood), ask(hood)] == [1, 0]
    asked = rows(
        hood.app, "select kind, person_id, object_id, useful_until from message where kind = 'use_asked'"
    )
    assert [tuple(row[:3]) for row in asked] == [(News.ASKED, hood.people["noor"], seen_id(hood, public_id))]
    answer(hood, public_id, True)
    assert ask(hood) == 0
    assert row_counts(hood.app, "message") == {"message": 2}


def test_who_left_a_trace_is_not_asked(hood: Neighbourhood, moment: Move) -> None:
    checked, closed = hood.book("noor", *SOON), hood.book("ali", *SOON, zone="keuken")
    check_in(hood, checked)
    moment(timedelta(hours=1))
    close_up(hood, closed, name="ali")
    moment(timedelta(hours=3))
    assert ask(hood) == 0


@pytest.mark.parametrize(
    ("key_plan", "asked"), [("handed_out", 1), ("code_box", 1), ("own_key", 0), ("neighbour_opens", 0)]
)
def test_groups_that_leave_no_trace_of_getting_in_are_not_asked(
    hood: Neighbourhood, moment: Move, key_plan: str, asked: int
) -> None:
    plan(hood, key_plan)
    hood.book("noor", *SOON)
    moment(timedelta(hours=3))
    assert ask(hood) == asked


def test_only_own_use_that_went_on_is_asked_about(hood: Neighbourhood, moment: Move) -> None:
    cancel(hood, "noor", hood.book("noor", *SOON, zone="keuken"))
    hood.book("sanne", *SOON, zone="keuken")  # for the corporation
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, kind=UseKind.ORGANISATION, needs_approval=False)
    riets = hood.book("riet", "2026-11-24 16:00", "2026-11-24 17:00", zone="keuken", responsible="Riet")
    assert seen(hood, riets).status is Status.CONFIRMED
    moment(timedelta(hours=4))
    assert ask(hood) == 0


def test_what_is_long_over_is_never_asked_about(hood: Neighbourhood, moment: Move) -> None:
    hood.book("noor", *SOON)
    moment(timedelta(hours=26))
    assert ask(hood) == 0


def test_answer_can_be_changed_for_a_week_and_is_no_verdict(hood: Neighbourhood, moment: Move) -> None:
    public_id = hood.book("noor", *SOON)
    before = seen(hood, public_id)
    moment(timedelta(hours=3))
    for was_there in (False, False, True):
        answer(hood, public_id, was_there)
    assert use(hood, public_id).was_there is True
    assert [action for action, *_ in deeds(hood)] == ["use_answered", "use_answered"]
    assert seen(hood, public_id) == before
    moment(timedelta(days=7))
    with pytest.raises(Refused):
        answer(hood, public_id, False)


def test_database_takes_no_second_trace_and_no_answer_without_words(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    booking_id = seen_id(hood, hood.book("noor", *SOON))
    add = text(
        "insert into use_trace (booking_id, kind, at, recorded_by_id, was_there, note)"
        " select :booking_id, :kind, starts_at, null, null, :note from booking"
    )
    with hood.app.app_context(), unit_of_work():
        execute(add, booking_id=booking_id, kind="key", note="")
    for kind, note in (
        ("key", ""),
        ("answer", ""),
        ("nap", ""),
        ("strip", "van Noor"),
        ("closing", "x" * 201),
    ):
        with hood.app.app_context(), pytest.raises(IntegrityError), unit_of_work():
            execute(add, booking_id=booking_id, kind=kind, note=note)


def test_missing_lists_are_counted_over_thirty_days_of_what_went_on(
    hood_on_both: Neighbourhood, moment: Move
) -> None:
    hood = hood_on_both
    closed, open_, stayed = (
        hood.book("noor", *SOON),
        hood.book("ali", *SOON, zone="keuken"),
        hood.book("ali", "2026-11-24 16:00", "2026-11-24 17:00", zone="keuken"),
    )
    cancel(hood, "noor", hood.book("noor", "2026-11-24 18:00", "2026-11-24 19:00"))
    moment(timedelta(hours=4))
    close_up(hood, closed)
    answer(hood, stayed, False, "ali")
    answer(hood, open_, True, "ali")

    def counted() -> Closings:
        with hood.app.app_context():
            return closings_of(hood.linde, now=clock.now())

    assert counted() == Closings(0, 0), "there is still time to fill it in"
    moment(timedelta(days=1))
    assert counted() == Closings(2, 1)
    moment(timedelta(days=29))
    assert counted() == Closings(0, 0)


def test_names_leave_the_traces_with_those_of_the_booking(hood_on_both: Neighbourhood, moment: Move) -> None:
    hood = hood_on_both
    public_id = hood.book("noor", *SOON)
    check_in(hood, public_id, "bram")
    moment(timedelta(hours=1))
    close_up(hood, public_id, Chore.DISHES, note="Bel Noor even")
    with hood.app.app_context(), unit_of_work():
        assert take_names(clock.now() + timedelta(days=1)) == 1
    assert traces(hood) == [(Trace.CHECK_IN, None, ""), (Trace.CLOSING, None, "")]
    assert use(hood, public_id).done == {Chore.DISHES}


def test_who_leaves_takes_along_what_they_said_and_wrote(hood_on_both: Neighbourhood, moment: Move) -> None:
    hood = hood_on_both
    hers, alis = hood.book("noor", *SOON), hood.book("ali", *SOON, zone="keuken")
    with hood.app.app_context():
        make.make_role(person_id=hood.people["noor"], function=Function.HOST, room_id=hood.linde)
    check_in(hood, hers, "bram")
    moment(timedelta(hours=1))
    close_up(hood, alis, Chore.LIGHTS, name="noor", note="Groet van Noor")
    check_in(hood, alis, "ali")
    with hood.app.app_context(), unit_of_work():
        erase(hood.people["noor"], by=None, now=clock.now())
    assert traces(hood) == [
        (Trace.CHECK_IN, None, ""),
        (Trace.CLOSING, None, ""),
        (Trace.CHECK_IN, hood.people["ali"], ""),
    ]


def test_everybody_gets_their_own_traces_along_and_nobody_elses_words(
    hood: Neighbourhood, moment: Move
) -> None:
    hers, alis = hood.book("noor", *SOON), hood.book("ali", *SOON, zone="keuken")
    check_in(hood, hers)
    check_in(hood, alis, "ali")
    moment(timedelta(hours=1))
    close_up(hood, hers, name="bram", note="Noor was boos")
    (subject,) = (subject for subject in PERSONAL if subject.name == "use_traces")
    with hood.app.test_request_context():
        facts = {name: subject.export(hood.people[name]) for name in ("noor", "bram", "ali", "mo")}
    told = {name: [(fact["Wat"], fact["Opmerking"]) for fact in found] for name, found in facts.items()}
    assert told == {
        "noor": [("Aangemeld in de ruimte", ""), ("Afsluitlijst ingevuld", "")],
        "bram": [("Afsluitlijst ingevuld", "Noor was boos")],
        "ali": [("Aangemeld in de ruimte", "")],
        "mo": [],
    }
