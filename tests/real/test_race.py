"""Many people at the same moment, over four processes, on both databases."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from ontmoet.kernel import clock
from tests.builders import PIN, new_key
from tests.cast import token_in
from tests.fixtures import TUESDAY
from tests.joining.deeds import print_letters
from tests.real.browser import Answer, volley, wish
from tests.real.pins import BY_ADDRESS, WHERE, gets_in_again, guessed_at_once
from tests.real.server import Server
from tests.watching import inputs

if TYPE_CHECKING:
    from tests.real.world import World

pytestmark = pytest.mark.slow

RESERVE = "/r/de-linde/reserveren"
LONGEST = 5.0
"""Seconds, loosely: tests share their cores. `make bench` holds it to 1."""


def statuses(answers: list[Answer]) -> dict[int, int]:
    return dict(Counter(answer.status for answer in answers))


def worst(answers: list[Answer]) -> float:
    wait = max(answer.waited for answer in answers)
    print(f"{len(answers)} answers, worst wait {wait:.2f} s, {statuses(answers)}")  # noqa: T201 - shown by pytest -s
    return wait


def test_of_200_overlapping_wishes_one_is_booked_and_all_others_are_told_what_can(
    world: World, server: Server
) -> None:
    browsers = [server.browser().sign_in(email) for email in world.residents]
    # Times that differ and all hold 15:00–16:00.
    times = [("14:00", "16:00"), ("15:00", "17:00"), ("14:30", "16:30"), ("15:00", "16:00")]
    requests = [
        browsers[n % len(browsers)].post_bytes(RESERVE, wish("2026-11-25", *times[n % len(times)]))
        for n in range(200)
    ]
    answers = volley(server.port, requests)

    assert statuses(answers) == {303: 1, 422: 199}
    assert worst(answers) <= LONGEST
    for refused in (answer for answer in answers if answer.status == 422):
        assert "bezet" in refused.text or "net voor" in refused.text
        assert refused.offers == 3
    [won] = [answer for answer in answers if answer.status == 303]
    assert world.rows("select public_id from booking") == [(won.location.rsplit("/", 1)[1],)]
    assert world.number("select count(*) from occupancy") == 1
    agenda = browsers[0].get("/r/de-linde/agenda?week=2026-W48").text
    assert re.findall(r'data-booking="(\w+)"', agenda) == [won.location.rsplit("/", 1)[1]]
    world.assert_nothing_is_half()


def test_one_form_sent_40_times_at_once_is_one_booking(world: World, server: Server) -> None:
    browser = server.browser().sign_in(world.residents[0])
    request = browser.post_bytes(RESERVE, wish("2026-11-25", "14:00", "16:00"))
    answers = volley(server.port, [request] * 40)

    assert statuses(answers) == {303: 40}
    assert len({answer.location for answer in answers}) == 1
    world.assert_nothing_is_half()
    assert world.number("select count(*) from booking") == 1


def test_one_key_with_two_sets_of_fields_is_one_booking(world: World, server: Server) -> None:
    browser = server.browser().sign_in(world.residents[0])
    key = new_key()
    times = [("10:00", "11:00"), ("12:00", "13:00")]
    requests = [browser.post_bytes(RESERVE, wish("2026-11-25", *times[n % 2], key=key)) for n in range(20)]
    answers = volley(server.port, requests)

    assert statuses(answers) == {303: 10, 422: 10}
    assert world.number("select count(*) from booking") == 1


def test_fair_use_of_four_holds_for_20_at_once(world: World, server: Server) -> None:
    world.limit_fair_use(4)
    browser = server.browser().sign_in(world.residents[0])
    requests = [
        browser.post_bytes(RESERVE, wish(f"2026-12-{day:02d}", "14:00", "16:00")) for day in range(1, 21)
    ]
    answers = volley(server.port, requests)

    assert statuses(answers) == {303: 4, 422: 16}
    assert all("4 van de 4" in answer.text for answer in answers if answer.status == 422)
    assert world.number("select count(*) from booking") == 4


def test_a_part_and_the_whole_room_are_never_booked_together(world: World, server: Server) -> None:
    browsers = [server.browser().sign_in(email) for email in world.residents]
    days = [f"2026-12-{day:02d}" for day in range(1, 11)]
    requests = [
        browsers[n].post_bytes(RESERVE, wish(day, "14:00", "16:00", zone=zone))
        for day in days
        for n, zone in enumerate(("grote-zaal", "", "keuken", ""))
    ]
    answers = volley(server.port, requests)

    assert set(statuses(answers)) == {303, 422}
    for number in range(len(days)):
        hall, whole, kitchen, whole_too = (a.status == 303 for a in answers[number * 4 : number * 4 + 4])
        assert whole + whole_too == (0 if hall or kitchen else 1)
        assert hall == kitchen, "with the whole room refused, both parts are free"
    assert world.number("select count(*) from occupancy") == 2 * len(days)
    world.assert_nothing_is_half()


def test_moving_and_booking_race_for_a_slot_and_one_of_them_has_it(world: World, server: Server) -> None:
    mover, booker = (server.browser().sign_in(email) for email in world.residents[:2])
    days = [f"2026-12-{day:02d}" for day in range(1, 16)]
    made = [mover.post(RESERVE, wish(day, "10:00", "12:00")) for day in days]
    requests = []
    for n, (day, booked) in enumerate(zip(days, made, strict=True)):
        move = mover.post_bytes(
            f"{booked.location}/wijzigen", {**wish(day, "13:00", "15:00"), "version": "1"}
        )
        book = booker.post_bytes(RESERVE, wish(day, "14:00", "16:00"))
        requests += [move, book] if n % 2 else [book, move]
    answers = volley(server.port, requests)

    assert statuses(answers) == {303: len(days), 422: len(days)}
    assert all({answers[n].status, answers[n + 1].status} == {303, 422} for n in range(0, len(answers), 2))
    starts = Counter(starts for (starts,) in world.rows("select count(*) from occupancy group by booking_id"))
    assert set(starts) == {1}, "each booking holds one slot"
    moved = world.number("select count(*) from booking where version = 2")
    booked_too = world.number("select count(*) from booking") - len(days)
    assert moved + booked_too == len(days)
    assert (
        world.number(
            "select count(*) from booking b join occupancy o on o.booking_id = b.id "
            "where o.held_from = b.starts_at and o.held_until = b.ends_at"
        )
        == len(days) + booked_too
    )
    world.assert_nothing_is_half()


def test_of_60_wrong_passwords_at_once_exactly_ten_are_tried(world: World, server: Server) -> None:
    owner = server.browser().sign_in(world.residents[0])
    answers = volley(server.port, [wrong_password(server, world.residents[0])] * 60)

    assert statuses(answers) == {422: 10, 429: 50}
    assert all(answer.headers["retry-after"] for answer in answers if answer.status == 429)
    # The owner's own phone has a counter of its own: nobody is locked out by a stranger.
    owner.cookies.pop("ontmoet")
    owner.sign_in(world.residents[0])


def test_of_80_wrong_passwords_for_eight_accounts_one_network_tries_60(world: World, server: Server) -> None:
    requests = [wrong_password(server, email) for email in world.residents for _ in range(10)]
    answers = volley(server.port, requests)

    assert statuses(answers) == {422: 60, 429: 20}


def wrong_password(server: Server, email: str) -> bytes:
    stranger = server.browser()
    stranger.token = token_in(stranger.get("/inloggen").text)
    return stranger.post_bytes("/inloggen", {"email": email, "password": "not the right one"})


def test_of_100_wrong_pins_at_once_exactly_ten_are_tried(world: World, server: Server) -> None:
    answers, stranger, owner = guessed_at_once(world, server, 100)
    assert statuses(answers) == {422: 10, 429: 90}
    assert all(answer.headers["retry-after"] for answer in answers if answer.status != 422)
    assert stranger.post(BY_ADDRESS, WHERE).status == 429, "not even with the right PIN"
    # The owner's own phone has a counter of its own: nobody is locked out by a stranger.
    assert gets_in_again(owner)


def test_last_use_of_a_letter_is_for_one_of_20_at_once(world: World, server: Server) -> None:
    with clock.frozen(TUESDAY):
        code = print_letters(world.hood, "linde-101")["linde-101"]
    world.run("update invitation set uses_left = 1")
    people = world.number("select count(*) from person")
    requests = []
    for number in range(20):
        browser = server.browser()
        page = browser.get(f"/welkom/{code}").text
        filled_in = {"name": f"Buur {number}", "nickname": f"buur{number}", "pin": PIN, "device": "ander"}
        sent = {**inputs(page), **filled_in}
        browser.token = sent.pop("csrf_token")
        requests.append(browser.post_bytes(f"/welkom/{code}", sent))
    answers = volley(server.port, requests)

    assert statuses(answers) == {303: 1, 404: 19}
    assert world.number("select count(*) from person") == people + 1
    assert world.number("select count(*) from invitation_use") == 1
    assert world.number("select uses_left from invitation") == 0
