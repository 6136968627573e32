"""Keys change hands: one holder at a time, whoever is at it at once, and nothing silently."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from ontmoet.db import DatabaseBusy, execute, unit_of_work, violated
from ontmoet.kernel.objections import Refused
from ontmoet.keys import actions
from ontmoet.keys.register import add_copies, renew_tag, retire
from ontmoet.keys.rules import CABINET, LOST, MOST_COPIES, Condition, Holder, HolderKind, Reason, person
from tests import builders as make
from tests.builders import at
from tests.fixtures import TUESDAY
from tests.keys.deeds import a_key, numbers_of, told
from tests.watching import rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Neighbourhood

DUE = at("2026-11-24 18:00")


def refused(deed: Callable[..., object], *args: object, **kwargs: object) -> list[object]:
    with pytest.raises(Refused) as refusal:
        deed(*args, **kwargs)
    return [objection.reason for objection in refusal.value.objections]


def test_key_goes_out_and_comes_back_and_both_are_written_down(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    ring = a_key(hood)
    ring.give("noor", due_at=DUE)
    held = ring.now
    assert (held.holder, held.name, held.due_at) == (person(hood.people["noor"]), "Noor de Proef", DUE)
    assert (
        held.recorded_by,
        held.is_one_sided,
        held.is_late(DUE),
        held.is_late(DUE + timedelta(seconds=1)),
    ) == (
        "Bram de Proef",
        True,
        False,
        True,
    )
    ring.take_back(condition=Condition.NOTE, note="Een stoel is stuk.")
    assert ring.now.holder == CABINET
    before = ring.history[0]
    assert (before.name, before.condition, before.note) == ("Noor de Proef", "note", "Een stoel is stuk.")
    assert told(hood) == [("key_given", "noor"), ("key_taken_back", "noor")]
    assert [
        row[0] for row in rows(hood.app, "select action from audit where action like 'key%' order by id")
    ] == [
        "key_added",
        "key_handed_out",
        "key_taken_back",
    ]
    assert ring.breaks() == []


def test_key_for_a_booking_is_a_trace_of_its_use(hood: Neighbourhood) -> None:
    hood.book("noor", "2026-11-24 15:00", "2026-11-24 17:00")
    ring = a_key(hood)
    ring.give("noor", due_at=DUE)
    ring.take_back()
    assert rows(hood.app, "select * from use_trace") == []
    for _ in range(2):  # it came back, and went out again
        ring.give("noor", due_at=DUE, booking_id=1)
        ring.take_back()
    traces = rows(hood.app, "select booking_id, kind, recorded_by_id from use_trace")
    assert [tuple(row) for row in traces] == [(1, "key", hood.people["bram"])]


def test_receiver_says_that_it_is_so_or_that_it_is_not(hood: Neighbourhood) -> None:
    ring = a_key(hood)
    ring.give("noor", due_at=DUE)
    assert refused(ring.confirm, by="ali") == [Reason.MOVED]
    ring.confirm(by="noor")
    ring.confirm(by="noor")
    assert ring.now.is_one_sided is False
    assert refused(ring.object_to, by="noor") == [Reason.SAYS_SO_ALREADY]
    other = a_key(hood)
    other.give("ali", due_at=DUE)
    other.object_to(by="ali")
    assert other.now.objected_at == TUESDAY
    assert other.now.holder == person(hood.people["ali"]), "it stays with them until it is sorted out"
    assert refused(other.object_to, by="ali") == [Reason.SAYS_SO_ALREADY]
    assert told(hood) == [("key_given", "noor"), ("key_given", "ali"), ("key_objected", "bram")]


def test_holder_brings_it_back_alone_and_whoever_gave_it_hears(hood: Neighbourhood) -> None:
    ring = a_key(hood)
    ring.give("noor", due_at=DUE)
    ring.take_back(by="noor")
    assert (ring.now.holder, ring.now.is_one_sided) == (CABINET, True)
    assert told(hood)[-1] == ("key_brought_back", "bram")


def test_key_is_passed_on_without_passing_the_cabinet(hood: Neighbourhood) -> None:
    ring = a_key(hood)
    ring.give("noor", due_at=DUE)
    ring.give("ali", by="noor", due_at=DUE)
    assert ring.now.holder == person(hood.people["ali"])
    assert told(hood)[1:] == [("key_given", "ali")], "Noor passed it on herself and need not hear"
    ring.give("riet", by="bram")
    assert told(hood)[2:] == [("key_given", "riet"), ("key_taken_back", "ali")]
    assert [held.name for held in ring.history] == ["Ali de Proef", "Noor de Proef", ""]
    assert ring.now.due_at is None


def test_nobody_gets_a_key_who_does_not_go_along_with_the_rules_and_everybody_can_bring_it_back(
    hood: Neighbourhood,
) -> None:
    ring = a_key(hood)
    ring.give("noor", due_at=DUE)
    with hood.app.app_context():
        version_id = make.make_rules(room_id=hood.linde)
    other = a_key(hood)
    assert refused(other.give, "ali", due_at=DUE) == [Reason.NEEDS_RULES]
    ring.take_back()
    with hood.app.app_context():
        make.make_acceptance(person_id=hood.people["ali"], rules_version_id=version_id)
    other.give("ali", due_at=DUE)


def test_lost_key_is_never_silently_back(hood: Neighbourhood) -> None:
    ring = a_key(hood)
    ring.give("noor", due_at=DUE)
    ring.lose(by="noor")
    assert ring.now.holder == LOST
    assert set(told(hood)[1:]) == {("key_lost", "bram"), ("key_lost", "sanne")}
    assert refused(ring.take_back) == [Reason.LOST]
    assert refused(ring.give, "ali", due_at=DUE) == [Reason.LOST]
    assert refused(ring.lose) == [Reason.LOST]
    ring.find()
    assert ring.now.holder == CABINET
    assert refused(ring.find) == [Reason.MOVED]
    assert ring.breaks() == []


def test_return_of_a_key_that_was_never_out_is_refused(hood: Neighbourhood) -> None:
    assert refused(a_key(hood).take_back) == [Reason.NOT_OUT]


def test_key_goes_to_somebody_without_an_account_by_name(hood: Neighbourhood) -> None:
    ring = a_key(hood)
    ring.give(Holder(HolderKind.OTHER, name="Loodgieter De Kraan"), due_at=DUE)
    assert (ring.now.name, ring.now.is_one_sided, told(hood)) == ("Loodgieter De Kraan", False, [])


def test_who_is_second_is_told_and_changes_nothing(hood: Neighbourhood) -> None:
    ring = a_key(hood)
    seen = ring.now.custody_id
    ring.give("noor", due_at=DUE)
    assert refused(ring.give, "ali", seen=seen, due_at=DUE) == [Reason.MOVED]
    assert refused(ring.take_back, seen=seen) == [Reason.MOVED]
    assert ring.now.holder == person(hood.people["noor"])


def test_of_fifty_takes_at_once_one_holds_it(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    ring = a_key(hood)
    seen = ring.now.custody_id
    names = [("noor", "ali", "riet")[number % 3] for number in range(50)]

    def take(name: str) -> str:
        try:
            ring.give(name, due_at=DUE, seen=seen)
        except Refused as refusal:
            return str(refusal.objections[0].reason)
        except DatabaseBusy:
            return "busy"
        return "got it"

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(take, names))
    assert found.count("got it") == 1
    assert set(found) <= {"got it", "moved", "busy"}
    assert ring.breaks() == []
    assert len(ring.history) == 1


def test_key_that_leaves_the_register_at_the_same_moment_is_given_to_nobody(
    hood_on_both: Neighbourhood,
) -> None:
    hood = hood_on_both
    ring = a_key(hood)
    copy, grip = ring.copy, ring.grip("bram")
    is_leaving = Event()

    def leave() -> None:
        with hood.app.app_context(), unit_of_work():
            retire(copy, actor_id=hood.people["sanne"], now=TUESDAY)
            is_leaving.set()
            time.sleep(0.3)

    with ThreadPoolExecutor(1) as pool:
        leaving = pool.submit(leave)
        assert is_leaving.wait(10)
        with hood.app.app_context(), pytest.raises(Refused) as refusal, unit_of_work():
            actions.hand_out(grip, person(hood.people["noor"]), due_at=DUE)
        leaving.result()
    assert refusal.value.objections[0].reason is Reason.MOVED
    assert [row[0] for row in rows(hood.app, "select holder from custody")] == ["cabinet"]


def test_clock_that_was_set_back_breaks_no_history(
    hood: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    ring = a_key(hood)
    moment(timedelta(days=-1))
    ring.give("noor", due_at=DUE)
    ring.take_back()
    assert ring.breaks() == []


def test_database_refuses_a_second_holder_a_gap_and_another_past(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    ring = a_key(hood)
    ring.give("noor", due_at=DUE)
    ring.take_back()
    second = (
        "insert into custody (copy_id, holder, holder_name, since, is_one_sided, note)"
        " select copy_id, 'cabinet', '', since, is_one_sided, '' from custody where until is null"
    )
    for statement, guard in (
        (second, "custody_unbroken"),
        ("update custody set holder = 'lost' where until is null", "custody_ends_once"),
        ("update custody set until = null where holder = 'person'", "custody_ends_once"),
    ):
        with hood.app.app_context(), pytest.raises(IntegrityError) as problem, unit_of_work():
            execute(text(statement))
        assert violated(problem.value, guard), statement


def test_register_numbers_on_and_knows_what_opens_the_same(hood: Neighbourhood) -> None:
    by = {"actor_id": hood.people["sanne"], "now": TUESDAY}
    with hood.app.app_context(), unit_of_work():
        add_copies(hood.linde, "Voordeur", 2, **by)
        add_copies(hood.linde, " VOORDEUR", 1, **by)
        add_copies(hood.linde, "Kelder", 1, **by)
    assert numbers_of(hood) == [1, 2, 3, 4]
    assert rows(hood.app, "select count(*) from key")[0][0] == 2
    with hood.app.app_context(), pytest.raises(Refused) as refusal, unit_of_work():
        add_copies(hood.linde, "Voordeur", 47, **by)
    assert refusal.value.objections[0].reason is Reason.TOO_MANY


def test_key_that_left_the_register_makes_room_for_another(hood: Neighbourhood) -> None:
    by = {"actor_id": hood.people["sanne"], "now": TUESDAY}
    ring = a_key(hood)
    with hood.app.app_context(), unit_of_work():
        add_copies(hood.linde, "Voordeur", MOST_COPIES - 1, **by)
        retire(ring.copy, **by)
    assert a_key(hood).copy.number == MOST_COPIES + 1
    with pytest.raises(Refused):
        a_key(hood)


def test_two_who_renew_a_tag_at_once_renew_it_once(hood: Neighbourhood) -> None:
    copy = a_key(hood).copy
    for _ in range(2):
        with hood.app.app_context(), unit_of_work():
            renew_tag(copy, actor_id=hood.people["sanne"], now=TUESDAY)
    assert rows(hood.app, "select tag_edition from key_copy") == [(2,)]
    assert rows(hood.app, "select count(*) from audit where action = 'key_tag_renewed'") == [(1,)]


def test_key_leaves_the_register_only_from_the_cabinet(hood: Neighbourhood) -> None:
    ring = a_key(hood)
    ring.give("noor", due_at=DUE)
    by = {"actor_id": hood.people["sanne"], "now": TUESDAY}
    with hood.app.app_context(), pytest.raises(Refused) as refusal, unit_of_work():
        retire(ring.copy, **by)
    assert refusal.value.objections[0].reason is Reason.STILL_OUT
    ring.take_back()
    copy = ring.copy
    with hood.app.app_context(), unit_of_work():
        renew_tag(copy, **by)
        retire(copy, **by)
        retire(copy, **by)
    assert numbers_of(hood) == []
    assert rows(hood.app, "select tag_edition from key_copy")[0][0] == 2
    assert a_key(hood).copy.number == 2, "a number is never used twice"
