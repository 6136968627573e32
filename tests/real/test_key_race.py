"""One key and many hands at the same moment, over four processes, on both databases."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.real.browser import volley
from tests.real.keys import add_key, custody_of, give, signed_in_keeper

if TYPE_CHECKING:
    from tests.real.server import Server
    from tests.real.world import World

pytestmark = pytest.mark.slow

AT_ONCE = 50


def test_of_50_takes_at_once_one_holds_the_key_and_49_are_told(world: World, server: Server) -> None:
    key = add_key(world)
    keeper = signed_in_keeper(server)
    seen = custody_of(world, key)
    answers = volley(server.port, [give(keeper, key, seen, f"Buur {n}") for n in range(AT_ONCE)])
    assert Counter(answer.status for answer in answers) == {303: 1, 409: AT_ONCE - 1}
    assert all("Kijk hoe het nu is." in answer.text for answer in answers if answer.status == 409)
    holders = world.rows("select holder, until is null from custody order by id")
    assert [tuple(row) for row in holders] == [("cabinet", False), ("other", True)]


def test_one_form_sent_20_times_at_once_is_one_hand_over(world: World, server: Server) -> None:
    key = add_key(world)
    keeper = signed_in_keeper(server)
    answers = volley(server.port, [give(keeper, key, custody_of(world, key), "Loodgieter")] * 20)
    assert Counter(answer.status for answer in answers) == {303: 20}
    assert world.number("select count(*) from custody") == 2
