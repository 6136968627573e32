"""Yes, no, and a question first: what is written, refused and told."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.bookings.request_queries import another_decides, deciders_in, settled_lately, waiting_in
from ontmoet.bookings.request_rules import RequestReason
from ontmoet.bookings.rules import Reason
from ontmoet.bookings.states import CancelReason, Status
from ontmoet.db import execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.actor import Function
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.walltime import day_of
from ontmoet.rooms.rules import UseKind
from tests import builders as make
from tests.bookings.deeds import audited, cancel, change, seen
from tests.bookings.request_deeds import answer, approve, ask, ask_back, decline, let_ask
from tests.watching import row_counts, rows, statements

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Neighbourhood

    Move = Callable[[timedelta], None]

HELD = "select held_from, held_until, expires_at from occupancy order by id"


@pytest.fixture
def hood(hood: Neighbourhood) -> Neighbourhood:
    let_ask(hood)
    return hood


def reason_of(refused: pytest.ExceptionInfo[Refused]) -> list[object]:
    return [objection.reason for objection in refused.value.objections]


def lapses_of(hood: Neighbourhood, public_id: str) -> object:
    found = rows(hood.app, "select lapses_at from booking where public_id = :it", it=public_id)
    return found[0][0]


def told(hood: Neighbourhood) -> list[tuple[str, str]]:
    """Kind and given name of each message, in order."""
    found = rows(
        hood.app, "select kind, name from message join person on person.id = person_id order by message.id"
    )
    return [(row.kind, row.name.split(" ")[0]) for row in found]


def test_yes_makes_it_a_booking_that_holds_for_good(hood: Neighbourhood) -> None:
    public_id = ask(hood)
    before = rows(hood.app, HELD)
    approve(hood, "fatma", public_id)
    found = seen(hood, public_id)
    assert (found.status, found.lapses_at, found.version) == (Status.CONFIRMED, None, 2)
    assert (found.decided_by_id, found.decided_at) == (hood.people["fatma"], clock.now())
    assert [row[:2] for row in rows(hood.app, HELD)] == [row[:2] for row in before]
    assert [row.expires_at for row in rows(hood.app, HELD)] == [None]
    assert audited(hood)[-1] == "request_approved"
    assert told(hood)[-1] == ("booking_confirmed", "Iris")


def test_no_frees_the_time_and_says_why(hood: Neighbourhood) -> None:
    public_id = ask(hood)
    decline(hood, "kim", public_id, CancelReason.ALCOHOL, "Een middag zonder bier kan wel.")
    found = seen(hood, public_id)
    assert (found.status, found.reason) == (Status.DECLINED, CancelReason.ALCOHOL)
    assert found.explanation == "Een middag zonder bier kan wel."
    assert found.decided_by_id == hood.people["kim"]
    assert rows(hood.app, HELD) == []
    assert audited(hood)[-1] == "request_declined"
    assert told(hood)[-1] == ("booking_declined", "Iris")
    ask(hood, "omar")  # the time is free at once


def test_another_reason_needs_a_sentence_and_nothing_is_written_without(hood: Neighbourhood) -> None:
    public_id = ask(hood)
    before = row_counts(hood.app, "audit", "message")
    with pytest.raises(Refused) as refused:
        decline(hood, "fatma", public_id, CancelReason.OTHER)
    assert reason_of(refused) == [RequestReason.SAY_WHY]
    assert seen(hood, public_id).status is Status.REQUESTED
    assert row_counts(hood.app, "audit", "message") == before


def test_second_tap_changes_nothing(hood: Neighbourhood) -> None:
    yes, no = ask(hood), ask(hood, "omar", "2026-11-29 14:00", "2026-11-29 16:00")
    approve(hood, "fatma", yes)
    decline(hood, "fatma", no)
    ask_about = ask(hood, "omar", "2026-11-30 14:00", "2026-11-30 16:00")
    ask_back(hood, "fatma", ask_about)
    answer(hood, "omar", ask_about)
    before = row_counts(hood.app, "audit", "message", "request_question")
    approve(hood, "fatma", yes, version=1)
    decline(hood, "fatma", no)
    answer(hood, "omar", ask_about)
    assert row_counts(hood.app, "audit", "message", "request_question") == before
    ask_back(hood, "fatma", ask_about, "En muziek?")
    ask_back(hood, "fatma", ask_about, "En muziek?")
    assert row_counts(hood.app, "request_question") == {"request_question": 2}


@pytest.mark.parametrize("first", ["approve", "decline"])
def test_whoever_is_second_changes_nothing(hood: Neighbourhood, first: str) -> None:
    public_id = ask(hood)
    (approve if first == "approve" else decline)(hood, "fatma", public_id)
    status = seen(hood, public_id).status
    for deed in (approve, decline, ask_back):
        with pytest.raises(Refused) as refused:
            deed(hood, "kim", public_id)
        assert reason_of(refused) == [RequestReason.ALREADY_DECIDED]
    assert seen(hood, public_id).status is status
    assert seen(hood, public_id).decided_by_id == hood.people["fatma"]


def test_two_who_decide_at_once_make_one_decision(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    let_ask(hood)
    public_id = ask(hood)
    start = threading.Barrier(2)
    ended: dict[str, object] = {}

    def decide(name: str, deed: Callable[[Neighbourhood, str, str], None]) -> None:
        start.wait()
        try:
            deed(hood, name, public_id)
            ended[name] = "done"
        except Refused as refusal:
            ended[name] = refusal.objections[0].reason

    threads = [threading.Thread(target=decide, args=pair) for pair in (("fatma", approve), ("kim", decline))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, ended.values())) == ["already_decided", "done"]
    [first] = [name for name, how in ended.items() if how == "done"]
    found = seen(hood, public_id)
    assert found.decided_by_id == hood.people[first]
    assert found.status is (Status.CONFIRMED if first == "fatma" else Status.DECLINED)
    assert len(rows(hood.app, HELD)) == (1 if first == "fatma" else 0)
    assert [action for action in audited(hood) if action.startswith("request_")] == [
        "request_approved" if first == "fatma" else "request_declined"
    ]


def test_what_lapsed_or_was_withdrawn_is_not_decided(hood: Neighbourhood, moment: Move) -> None:
    withdrawn, lapsed = ask(hood), ask(hood, "omar", "2026-12-05 14:00", "2026-12-05 16:00")
    cancel(hood, "iris", withdrawn)
    moment(timedelta(hours=72))
    for public_id in (withdrawn, lapsed):
        for deed in (approve, decline, ask_back):
            with pytest.raises(Refused) as refused:
                deed(hood, "fatma", public_id)
            assert reason_of(refused) == [RequestReason.ALREADY_DECIDED]
    with pytest.raises(Refused) as refused:
        answer(hood, "omar", lapsed)
    assert reason_of(refused) == [RequestReason.ALREADY_DECIDED]


def test_yes_is_to_what_was_seen(hood: Neighbourhood) -> None:
    public_id = ask(hood)
    change(hood, "iris", seen(hood, public_id), "2026-11-28 14:00", "2026-11-28 17:00", zone="", people=30)
    with pytest.raises(Refused) as refused:
        approve(hood, "fatma", public_id, version=1)
    assert reason_of(refused) == [Reason.CHANGED_MEANWHILE]
    approve(hood, "fatma", public_id, version=2)
    assert seen(hood, public_id).people == 30


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("update room set capacity = 3 where slug = 'het-plein'", Reason.TOO_MANY_PEOPLE),
        ("update room set closed_at = live_at where slug = 'het-plein'", Reason.ROOM_CLOSED),
        ("update opening set opens = 1020 where weekday = 5", Reason.OUTSIDE_OPENING_HOURS),
    ],
)
def test_what_the_rules_do_not_allow_by_now_is_not_approved(
    hood: Neighbourhood, statement: str, reason: Reason
) -> None:
    public_id = ask(hood)
    with hood.app.app_context(), unit_of_work():
        execute(text(statement))
        execute(text("update room set version = version + 1"))
    with pytest.raises(Refused) as refused:
        approve(hood, "fatma", public_id)
    assert reason_of(refused) == [reason]
    assert seen(hood, public_id).status is Status.REQUESTED
    decline(hood, "fatma", public_id)  # no is always possible


def test_house_rules_that_came_meanwhile_are_agreed_with_first(hood: Neighbourhood) -> None:
    public_id = ask(hood)
    with hood.app.app_context():
        version_id = make.make_rules(room_id=hood.plein)
    with pytest.raises(Refused) as refused:
        approve(hood, "fatma", public_id)
    assert reason_of(refused) == [Reason.HOUSE_RULES_NOT_AGREED]
    with hood.app.app_context():
        make.make_acceptance(person_id=hood.people["iris"], rules_version_id=version_id)
    approve(hood, "fatma", public_id)
    assert seen(hood, public_id).status is Status.CONFIRMED


def test_ag_05_organisation_without_somebody_responsible_is_not_approved(hood: Neighbourhood) -> None:
    public_id = hood.book("riet", "2026-11-28 14:00", "2026-11-28 16:00")
    assert seen(hood, public_id).responsible is None
    with pytest.raises(Refused) as refused:
        approve(hood, "sanne", public_id)
    assert reason_of(refused) == [RequestReason.NO_RESPONSIBLE]
    assert seen(hood, public_id).status is Status.REQUESTED


def test_organisation_that_names_nobody_waits_even_where_it_need_not_ask(hood: Neighbourhood) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, kind=UseKind.ORGANISATION)
    assert seen(hood, hood.book("riet", "2026-11-28 14:00", "2026-11-28 16:00")).status is Status.REQUESTED


def test_nobody_decides_about_an_own_request_while_another_of_the_room_can(hood: Neighbourhood) -> None:
    public_id = ask(hood, "fatma")
    for deed in (approve, decline, ask_back):
        with pytest.raises(Refused) as refused:
            deed(hood, "fatma", public_id)
        assert reason_of(refused) == [RequestReason.OWN_REQUEST]
    approve(hood, "kim", public_id)


def test_who_is_alone_decides_about_an_own_request_and_that_is_recorded(hood: Neighbourhood) -> None:
    with hood.app.app_context(), unit_of_work():
        execute(text("delete from role where person_id = :kim"), kim=hood.people["kim"])
    with hood.app.app_context():
        make.make_role(person_id=hood.people["sanne"], function=Function.STAFF, room_id=hood.plein)
    public_id = ask(hood, "fatma")
    approve(hood, "fatma", public_id)
    [row] = rows(hood.app, "select actor_id, on_behalf_of_id from audit where action = 'request_approved'")
    assert (row.actor_id, row.on_behalf_of_id) == (hood.people["fatma"], None)


def test_question_renews_the_term_and_the_time_stays_held(hood: Neighbourhood, moment: Move) -> None:
    public_id = ask(hood, "iris", "2026-12-05 14:00", "2026-12-05 17:00")
    asked = seen(hood, public_id)
    moment(timedelta(hours=71))
    ask_back(hood, "fatma", public_id)
    found = seen(hood, public_id)
    assert asked.lapses_at is not None
    assert found.lapses_at == asked.lapses_at + timedelta(hours=23)
    assert [row.expires_at for row in rows(hood.app, "select expires_at from occupancy")] != [None]
    assert found.is_asked
    assert audited(hood)[-1] == "request_asked_back"
    assert told(hood)[-1] == ("request_question", "Iris")
    # Quiet hours do not keep it until the request has lapsed.
    assert rows(hood.app, "select useful_until from message order by id")[-1][0] == lapses_of(hood, public_id)
    moment(timedelta(hours=20))
    answer(hood, "iris", public_id)
    again = seen(hood, public_id)
    assert again.lapses_at == clock.now() + timedelta(hours=24)
    assert (again.is_asked, again.version) == (False, 2)
    assert told(hood)[-1] == ("request_answered", "Fatma")
    with pytest.raises(Refused) as refused:
        hood.book("omar", "2026-12-05 14:00", "2026-12-05 15:00", room="plein", zone="")
    assert reason_of(refused) == [Reason.ROOM_TAKEN]
    moment(timedelta(hours=24))
    assert seen(hood, public_id).status is Status.LAPSED
    hood.book("omar", "2026-12-05 14:00", "2026-12-05 15:00", room="plein", zone="")


def test_nobody_is_told_what_they_wrote_themselves(hood: Neighbourhood) -> None:
    public_id = ask(hood, "iris")
    ask_back(hood, "fatma", public_id)
    before = told(hood)
    # Fatma called Iris, and wrote down what she said.
    answer(hood, "fatma", public_id)
    assert told(hood) == before


def test_time_won_by_a_question_stays_when_the_asker_changes_the_request(
    hood: Neighbourhood, moment: Move
) -> None:
    public_id = ask(hood, "iris", "2026-12-05 14:00", "2026-12-05 17:00")
    moment(timedelta(hours=71))
    ask_back(hood, "fatma", public_id)
    renewed = seen(hood, public_id).lapses_at
    change(hood, "iris", seen(hood, public_id), "2026-12-05 14:00", "2026-12-05 17:00", zone="", people=9)
    assert seen(hood, public_id).lapses_at == renewed


def test_one_question_is_open_at_a_time_and_only_an_open_one_is_answered(hood: Neighbourhood) -> None:
    public_id = ask(hood)
    with pytest.raises(Refused) as refused:
        answer(hood, "iris", public_id)
    assert reason_of(refused) == [RequestReason.NOTHING_ASKED]
    ask_back(hood, "fatma", public_id)
    with pytest.raises(Refused) as refused:
        ask_back(hood, "kim", public_id, "En muziek?")
    assert reason_of(refused) == [RequestReason.ALREADY_ASKED]
    approve(hood, "kim", public_id)  # who knows enough need not wait for the answer
    assert not seen(hood, public_id).is_asked


def test_those_of_the_room_are_told_that_a_request_waits_and_staff_where_there_are_none(
    hood: Neighbourhood,
) -> None:
    ask(hood)
    assert told(hood) == [
        ("booking_requested", "Iris"),
        ("request_waiting", "Fatma"),
        ("request_waiting", "Kim"),
    ]
    ask(hood, "fatma", "2026-11-29 14:00", "2026-11-29 16:00")
    assert told(hood)[3:] == [("booking_requested", "Fatma"), ("request_waiting", "Kim")]
    hood.book("riet", "2026-11-28 14:00", "2026-11-28 16:00")
    assert told(hood)[5:] == [("booking_requested", "Riet"), ("request_waiting", "Sanne")]


def test_those_of_the_room_are_told_in_one_statement_however_many(hood: Neighbourhood) -> None:
    with statements(hood.app) as few:
        ask(hood)
    with hood.app.app_context():
        for name in ("noor", "ali"):
            make.make_role(person_id=hood.people[name], function=Function.SECRETARY, room_id=hood.plein)
    with statements(hood.app) as more:
        ask(hood, starts="2026-11-29 14:00", ends="2026-11-29 17:00")
    assert row_counts(hood.app, "message") == {"message": 3 + 5}
    assert [sum("insert into message" in one for one in asked) for asked in (few, more)] == [2, 2]


def test_who_moves_a_booking_that_stood_asks_anew_and_they_are_told(hood: Neighbourhood) -> None:
    public_id = ask(hood)
    approve(hood, "fatma", public_id)
    before = len(told(hood))
    change(hood, "iris", seen(hood, public_id), "2026-11-29 14:00", "2026-11-29 17:00", zone="")
    found = seen(hood, public_id)
    assert (found.status, found.decided_by_id, found.decided_at) == (Status.REQUESTED, None, None)
    assert [news for news, _name in told(hood)[before:]] == [
        "booking_changed",
        "request_waiting",
        "request_waiting",
    ]


def test_function_that_ended_or_did_not_begin_decides_nothing(hood: Neighbourhood) -> None:
    today = day_of(clock.now())
    with hood.app.app_context():
        for name, since, until in (("noor", -9, 0), ("ali", 1, None)):
            make.make_role(
                person_id=hood.people[name],
                function=Function.SECRETARY,
                room_id=hood.plein,
                since=today + timedelta(days=since),
                until=None if until is None else today + timedelta(days=until),
            )
        assert deciders_in(hood.plein, today=today) == [hood.people["fatma"], hood.people["kim"]]
        assert another_decides(hood.plein, hood.people["fatma"], today=today)
        assert deciders_in(hood.linde, today=today) == [hood.people["sanne"]]
        assert not another_decides(hood.linde, hood.people["noor"], today=today)


def test_queue_has_what_waits_the_most_urgent_first_and_below_it_what_is_settled(
    hood: Neighbourhood, moment: Move
) -> None:
    lapsed = ask(hood, "omar", "2026-12-05 14:00", "2026-12-05 15:00")
    moment(timedelta(hours=71))
    early = ask(hood, "iris", "2026-12-06 14:00", "2026-12-06 15:00")
    moment(timedelta(hours=1))
    soon = ask(hood, "omar", "2026-11-28 14:00", "2026-11-28 15:00")
    yes = ask(hood, "omar", "2026-12-07 14:00", "2026-12-07 15:00")
    approve(hood, "fatma", yes)
    with hood.app.app_context():
        waiting = [found.public_id for found in waiting_in(hood.plein, now=clock.now())]
        settled = [found.public_id for found in settled_lately(hood.plein, now=clock.now())]
        elsewhere = waiting_in(hood.linde, now=clock.now())
    assert waiting == [soon, early]
    assert set(settled) == {yes, lapsed}
    assert elsewhere == []
