"""Giving functions and ending them, also when two people do so at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.actor import Function
from ontmoet.kernel.objections import Refused
from ontmoet.membership import actions
from ontmoet.membership.actions import Post
from ontmoet.membership.rules import Reason, Term
from tests import builders as make
from tests.watching import row_counts, rows

if TYPE_CHECKING:
    from tests.cast import Neighbourhood

TODAY = date(2026, 11, 24)
TOMORROW = TODAY + timedelta(days=1)


def give(
    hood: Neighbourhood,
    name: str,
    function: Function = Function.HOST,
    *,
    by: str = "fatma",
    room_id: int | None = -1,
    since: date = TODAY,
    until: date | None = None,
) -> None:
    place = Post(hood.people[name], function, hood.plein if room_id == -1 else room_id)
    with hood.app.app_context(), unit_of_work():
        actions.give(place, Term(since, until), actor_id=hood.people[by], now=clock.now())


def end(
    hood: Neighbourhood,
    name: str,
    function: Function = Function.HOST,
    *,
    by: str = "fatma",
    room_id: int | None = -1,
    until: date = TODAY,
    is_sure: bool = False,
) -> bool:
    place = Post(hood.people[name], function, hood.plein if room_id == -1 else room_id)
    with hood.app.app_context(), unit_of_work():
        return actions.end(place, until, is_sure=is_sure, actor_id=hood.people[by], now=clock.now())


def refused(hood: Neighbourhood, deed: object, *args: object, **kwargs: object) -> list[object]:
    with pytest.raises(Refused) as refusal:
        deed(hood, *args, **kwargs)  # type: ignore[operator]
    return [objection.reason for objection in refusal.value.objections]


def test_chair_gives_a_volunteers_function_and_it_is_told_and_recorded(hood_on_both: Neighbourhood) -> None:
    give(hood_on_both, "noor")
    assert hood_on_both.actor("noor").functions == {hood_on_both.plein: {Function.HOST}}
    assert rows(hood_on_both.app, "select action, actor_id, room_id from audit") == [
        ("function_given", hood_on_both.people["fatma"], hood_on_both.plein)
    ]
    assert rows(hood_on_both.app, "select kind, person_id, status from message") == [
        ("function_given", hood_on_both.people["noor"], "waiting")
    ]
    assert rows(hood_on_both.app, "select granted_by_id from role order by id desc limit 1") == [
        (hood_on_both.people["fatma"],)
    ]


def test_who_may_not_give_it_changes_nothing(hood: Neighbourhood) -> None:
    before = row_counts(hood.app, "role", "audit", "message")
    assert refused(hood, give, "noor", Function.SECRETARY) == [Reason.NOT_YOURS_TO_GIVE]
    assert refused(hood, give, "noor", by="bram") == [Reason.NOT_YOURS_TO_GIVE]
    assert refused(hood, give, "noor", by="sanne") == [Reason.NOT_YOURS_TO_GIVE]
    assert refused(hood, give, "mo", Function.STAFF, by="mo") == [Reason.NOT_FOR_YOURSELF]
    assert refused(hood, give, "noor", Function.PARTNER, by="mo") == [Reason.NEEDS_ORGANISATION]
    assert refused(hood, give, "noor", until=TODAY) == [Reason.ENDS_BEFORE_START]
    assert row_counts(hood.app, "role", "audit", "message") == before


def test_function_for_a_while_is_there_on_its_days_only(hood: Neighbourhood) -> None:
    give(hood, "noor", since=TOMORROW, until=TOMORROW + timedelta(days=1))
    assert hood.actor("noor").functions == {}
    assert refused(hood, give, "noor", since=TODAY) == [Reason.DOES_SO_ALREADY]
    give(hood, "noor", since=TODAY, until=TOMORROW)
    assert hood.actor("noor").functions == {hood.plein: {Function.HOST}}


def test_given_twice_at_once_is_one_function(hood_on_both: Neighbourhood) -> None:
    def attempt(_: int) -> bool:
        try:
            give(hood_on_both, "noor")
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(attempt, range(4))) == [False, False, False, True]
    held = rows(
        hood_on_both.app,
        "select count(*) from role where person_id = :noor",
        noor=hood_on_both.people["noor"],
    )
    assert held == [(1,)]
    assert row_counts(hood_on_both.app, "message") == {"message": 1}


def test_ended_twice_at_once_is_ended_once(hood_on_both: Neighbourhood) -> None:
    give(hood_on_both, "noor")
    with ThreadPoolExecutor(4) as pool:
        ended = list(pool.map(lambda _: end(hood_on_both, "noor"), range(4)))
    assert sorted(ended) == [False, False, False, True]
    assert hood_on_both.actor("noor").functions == {}
    found = rows(hood_on_both.app, "select count(*) from audit where action = 'function_ended'")
    assert found == [(1,)]


def test_who_gives_and_loses_that_right_at_once_gives_nothing(hood: Neighbourhood) -> None:
    end(hood, "fatma", Function.CHAIR, by="mo", is_sure=True)
    assert refused(hood, give, "noor") == [Reason.NOT_YOURS_TO_GIVE]


def test_everybody_may_stop_and_others_may_not_stop_them(hood: Neighbourhood) -> None:
    assert refused(hood, end, "bram", by="riet", room_id=hood.linde) == [Reason.NOT_YOURS_TO_GIVE]
    assert end(hood, "bram", by="bram", room_id=hood.linde, until=TOMORROW)
    assert hood.actor("bram").functions == {hood.linde: {Function.HOST}}
    assert end(hood, "bram", by="bram", room_id=hood.linde)
    assert hood.actor("bram").functions == {}
    assert row_counts(hood.app, "message") == {"message": 0}


def test_function_that_is_still_to_begin_can_be_called_off(hood: Neighbourhood) -> None:
    give(hood, "noor", since=TOMORROW)
    assert end(hood, "noor", until=TODAY)
    assert rows(hood.app, "select count(*) from role where until = since") == [(1,)]
    assert not end(hood, "noor", until=TODAY)


def test_whoever_stops_has_it_no_longer_than_it_was_given(hood: Neighbourhood) -> None:
    give(hood, "noor", until=TOMORROW)
    for by in ("noor", "fatma"):
        later = TOMORROW + timedelta(days=1)
        assert refused(hood, end, "noor", by=by, until=later) == [Reason.ENDS_SOONER]
    assert not end(hood, "noor", by="noor", until=TOMORROW), "it was so already"
    assert rows(hood.app, "select until from role where person_id = :it", it=hood.people["noor"]) == [
        (str(TOMORROW),)
    ]
    assert rows(hood.app, "select count(*) from audit where action = 'function_ended'") == [(0,)]


def test_last_chair_is_asked_and_last_administrator_stays(hood: Neighbourhood) -> None:
    assert refused(hood, end, "fatma", Function.CHAIR, by="fatma") == [Reason.LAST_CHAIR]
    assert end(hood, "fatma", Function.CHAIR, by="fatma", is_sure=True)
    found = refused(hood, end, "mo", Function.ADMINISTRATOR, by="mo", room_id=None, is_sure=True)
    assert found == [Reason.LAST_ADMINISTRATOR]
    give(hood, "noor", Function.ADMINISTRATOR, by="mo", room_id=None)
    assert end(hood, "mo", Function.ADMINISTRATOR, by="noor", room_id=None)


def test_two_administrators_cannot_end_each_other_at_once(hood_on_both: Neighbourhood) -> None:
    give(hood_on_both, "noor", Function.ADMINISTRATOR, by="mo", room_id=None)

    def attempt(pair: tuple[str, str]) -> bool:
        try:
            return end(hood_on_both, pair[0], Function.ADMINISTRATOR, by=pair[1], room_id=None)
        except Refused:
            return False

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, [("mo", "noor"), ("noor", "mo")])) == [False, True]


def test_heavier_function_shortens_sessions_that_run(hood: Neighbourhood) -> None:
    with hood.app.app_context():
        make.make_session(person_id=hood.people["noor"], days=180)
    give(hood, "noor", Function.STAFF, by="mo")
    left = rows(hood.app, "select expires_at from session")[0][0] - int(clock.now().timestamp())
    assert left == 12 * 3600
