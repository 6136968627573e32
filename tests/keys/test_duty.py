"""The key duty changes hands: one keeper has it, both names stay, and a count corrects nothing silently."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from ontmoet.db import DatabaseBusy, execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.keys.duty_queries import counts_of, whom_to_call
from ontmoet.keys.duty_rules import DutyNews, Step
from ontmoet.keys.personal import PERSONAL
from ontmoet.keys.retention import RETENTIONS
from ontmoet.keys.rules import Reason
from ontmoet.my_data.erasing import erase
from tests.builders import at
from tests.fixtures import TUESDAY
from tests.keys.deeds import a_key, told
from tests.keys.duty_deeds import all_duties, answer_duty, current, hire, pass_duty
from tests.keys.test_actions import refused
from tests.keys.test_told import by_telephone, letters
from tests.watching import row_counts, rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Neighbourhood

DUE = at("2026-11-24 18:00")
COUNTED = "select counted, expected from duty_count order by id"


def test_duty_starts_goes_over_and_stops_and_both_names_stay(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    hire(hood)
    assert current(hood) is None
    pass_duty(hood, "bram")
    pass_duty(hood, "ali", note="Sleutel 2 klemt.")
    pass_duty(hood, None, by="ali")
    found = [(duty.step, duty.from_name, duty.to_name, duty.note) for duty in reversed(all_duties(hood))]
    assert found == [
        (Step.START, "", "Bram de Proef", ""),
        (Step.HAND_OVER, "Bram de Proef", "Ali de Proef", "Sleutel 2 klemt."),
        (Step.STOP, "Ali de Proef", "", ""),
    ]
    assert [duty.at for duty in all_duties(hood)] == [TUESDAY] * 3
    assert told(hood) == [("key_duty_given", "ali")]
    audit = rows(
        hood.app, "select action, on_behalf_of_id from audit where action like 'key_duty%' order by id"
    )
    assert [tuple(row) for row in audit] == [
        ("key_duty_passed", None),
        ("key_duty_passed", hood.people["ali"]),
        ("key_duty_passed", None),
    ]


def test_count_stands_beside_the_register_and_changes_nothing_in_it(hood: Neighbourhood) -> None:
    ring, other = a_key(hood), a_key(hood)
    a_key(hood)
    ring.give("noor", due_at=DUE)
    key_id = ring.copy.key_id
    pass_duty(hood, "bram", counted={key_id: 1})
    [(changes,)] = rows(hood.app, "select changes from audit where action = 'key_duty_passed'")
    assert changes == f'{{"key {key_id}": [2, 1]}}'
    ring.take_back()
    pass_duty(hood, None, counted={key_id: 4, 99: 1})
    assert [tuple(row) for row in rows(hood.app, COUNTED)] == [(1, 2), (4, 3)]
    with hood.app.app_context():
        [count] = counts_of(all_duties(hood)[0].duty_id)
    assert (count.opens, count.missing, count.extra) == ("voordeur en keuken", 0, 1)
    assert [ring.history[0].name, other.now.holder.kind] == ["Noor de Proef", "cabinet"]


def test_only_who_hands_out_keys_there_gets_the_duty(hood: Neighbourhood) -> None:
    assert refused(pass_duty, hood, "noor") == [Reason.NO_KEEPER]
    assert refused(pass_duty, hood, "fatma") == [Reason.NO_KEEPER]
    assert refused(pass_duty, hood, None) == [Reason.DUTY_IS_SO]
    pass_duty(hood, "sanne")
    assert refused(pass_duty, hood, "sanne") == [Reason.DUTY_IS_SO]
    pass_duty(hood, "fatma", by="fatma", room_id=hood.plein)
    assert current(hood) is not None
    assert row_counts(hood.app, "key_duty") == {"key_duty": 2}


def test_the_other_says_that_it_is_so_or_that_it_is_not(hood: Neighbourhood) -> None:
    hire(hood)
    pass_duty(hood, "ali", by="bram")
    found = current(hood)
    assert found is not None
    assert found.is_one_sided
    assert refused(answer_duty, hood, True, by="bram") == [Reason.NOT_YOURS_TO_SAY]
    assert refused(answer_duty, hood, True, by="sanne") == [Reason.NOT_YOURS_TO_SAY]
    for _ in range(2):
        answer_duty(hood, True, by="ali")
    assert [(duty.is_one_sided, duty.objected_at) for duty in all_duties(hood)] == [(False, None)]
    answer_duty(hood, False, by="ali")
    assert all_duties(hood)[0].objected_at is None, "what was confirmed stays so"

    # Bram has no phone with him: Ali wrote down that Bram took over, and Bram disagrees.
    pass_duty(hood, "bram", by="ali")
    answer_duty(hood, False, by="bram")
    answer_duty(hood, False, by="bram")
    answer_duty(hood, True, by="bram")
    found = current(hood)
    assert found is not None
    assert (found.is_one_sided, found.objected_at, found.to_name) == (True, TUESDAY, "Bram de Proef")
    assert told(hood) == [
        ("key_duty_given", "ali"),
        ("key_duty_given", "bram"),
        ("key_duty_objected", "ali"),
    ]
    [said] = by_telephone(hood, DutyNews.OBJECTED)
    assert said.startswith(
        "Bram de Proef zegt dat de overdracht van de sleuteldienst van De Linde niet klopt."
    )


def test_who_takes_it_over_is_answered_by_who_had_it(hood: Neighbourhood) -> None:
    hire(hood)
    pass_duty(hood, "bram")
    pass_duty(hood, "ali", by="ali")
    found = current(hood)
    assert found is not None
    assert [found.may_answer(hood.people[name]) for name in ("bram", "ali", "sanne")] == [True, False, False]
    assert by_telephone(hood, DutyNews.TAKEN) == [
        "De sleuteldienst van De Linde is nu bij Ali de Proef. Bedankt! Klopt dat niet? Laat het weten."
    ]
    (letter,) = letters(hood, DutyNews.TAKEN)
    assert letter is not None
    assert (letter.to, letter.subject) == ("bram@proef.example", "De sleuteldienst van De Linde")
    assert f"/r/de-linde/sleutels/dienst/{found.public_id}" in letter.body
    answer_duty(hood, False, by="bram")
    pass_duty(hood, "bram", by="bram")
    # Who wrote it hears so, also when the duty went on meanwhile.
    assert by_telephone(hood, DutyNews.OBJECTED)[0].startswith("Bram de Proef zegt")
    assert by_telephone(hood, DutyNews.GIVEN) == []
    pass_duty(hood, "sanne", by="sanne")
    assert len(by_telephone(hood, DutyNews.OBJECTED)) == 1, "that it was not so is told also when it went on"


def test_news_of_a_duty_that_went_on_is_told_no_more(hood: Neighbourhood) -> None:
    hire(hood)
    pass_duty(hood, "ali", by="sanne")
    assert by_telephone(hood, DutyNews.GIVEN)[0].startswith("Sanne de Proef schreef op dat jij nu")
    pass_duty(hood, None, by="sanne")
    assert (by_telephone(hood, DutyNews.GIVEN), letters(hood, DutyNews.GIVEN)) == ([], [None])
    assert by_telephone(hood, DutyNews.TAKEN) == [
        "De sleuteldienst van De Linde is niet meer bij jou. Bedankt! Klopt dat niet? Laat het weten."
    ]


def test_of_two_hand_overs_at_once_one_is_written_down(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    hire(hood)
    hire(hood, "noor")
    pass_duty(hood, "bram")
    first = current(hood)
    assert first is not None
    tries = [("ali", "bram"), ("noor", "sanne")] * 12

    def go(who: tuple[str, str]) -> str:
        try:
            pass_duty(hood, who[0], by=who[1], seen=first.duty_id)
        except Refused as refusal:
            return str(refusal.objections[0].reason)
        except DatabaseBusy:
            return "busy"
        return who[0]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(go, tries))
    winner = {name for name, _by in tries} & set(found)
    assert len(winner) == 1, "the second tap of the same keeper is the first"
    assert set(found) - winner <= {Reason.DUTY_MOVED, "busy"}
    assert Reason.DUTY_MOVED in found
    assert row_counts(hood.app, "key_duty") == {"key_duty": 2}


def test_two_who_begin_at_once_do_not_both_have_it(hood: Neighbourhood) -> None:
    hire(hood)
    first = pass_duty(hood, "bram", seen=None)
    assert pass_duty(hood, "bram", seen=None) == first
    assert refused(pass_duty, hood, "ali", by="ali", seen=None) == [Reason.DUTY_MOVED]


def test_database_refuses_a_second_duty_at_once(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    pass_duty(hood, "bram")
    second = (
        "insert into key_duty (public_id, room_id, step, at, is_one_sided, note)"
        " select 'another000', room_id, 'start', at, is_one_sided, '' from key_duty"
    )
    with hood.app.app_context(), pytest.raises(IntegrityError), unit_of_work():
        execute(text(second))


def test_clock_that_was_set_back_breaks_no_duty(
    hood: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    pass_duty(hood, "bram")
    moment(timedelta(hours=-1))
    pass_duty(hood, None)
    assert [duty.at for duty in all_duties(hood)] == [TUESDAY, TUESDAY]


def test_who_has_the_duty_is_called_first_as_long_as_they_hand_out_keys(hood: Neighbourhood) -> None:
    hire(hood)

    def called() -> list[tuple[str, bool]]:
        with hood.app.app_context():
            return [(one.name, one.has_duty) for one in whom_to_call(hood.linde, now=clock.now())]

    assert called() == [("Ali de Proef", False), ("Bram de Proef", False)]
    pass_duty(hood, "bram")
    assert called() == [("Bram de Proef", True), ("Ali de Proef", False)]
    pass_duty(hood, "sanne")
    assert called() == [("Sanne de Proef", True), ("Ali de Proef", False), ("Bram de Proef", False)]
    with hood.app.app_context(), unit_of_work():
        execute(text("update role set until = since where person_id = :it"), it=hood.people["sanne"])
    assert called() == [("Ali de Proef", False), ("Bram de Proef", False)]


def test_names_go_a_season_after_the_next_hand_over_and_with_who_leaves(
    hood_on_both: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    hood = hood_on_both
    ring = a_key(hood)
    hire(hood)
    pass_duty(hood, "bram", note="Tot zondag.")
    pass_duty(hood, "ali", counted={ring.copy.key_id: 0})
    row = next(row for row in RETENTIONS if row.name == "forget_key_duty")

    def forget() -> tuple[int, int]:
        before = clock.now() - row.term
        with hood.app.app_context():
            counted = row.count(before)
            with unit_of_work():
                return counted, row.forget(before)

    moment(timedelta(days=90))
    assert forget() == (0, 0)
    moment(timedelta(seconds=1))
    assert forget() == (1, 1)
    first, last = all_duties(hood)[1], all_duties(hood)[0]
    assert (first.to_name, first.recorded_by, first.note, first.step) == ("", "", "", Step.START)
    assert (last.from_name, last.to_name) == ("Bram de Proef", "Ali de Proef")

    subject = next(subject for subject in PERSONAL if subject.name == "key_duty")
    with hood.app.test_request_context():
        assert [set(facts) for facts in subject.export(hood.people["ali"])] == [
            {"Ruimte", "Sleuteldienst sinds", "Tot"}
        ]
        assert [set(facts) for facts in subject.export(hood.people["bram"])] == [
            {"Ruimte", "Sleuteldienst overgedragen op"}
        ]
    with hood.app.app_context(), unit_of_work():
        erase(hood.people["ali"], by=None, now=clock.now())
    found = current(hood)
    assert found is not None
    assert (found.to_id, found.from_name) == (None, "Bram de Proef")
    assert row_counts(hood.app, "duty_count") == {"duty_count": 1}
    pass_duty(hood, "bram")
    assert all_duties(hood)[0].step is Step.START
