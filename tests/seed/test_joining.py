"""Letters of the demo: some used, some not, some over, some never made."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ontmoet.joining.queries import letters_of
from ontmoet.joining.wording import letter_state
from ontmoet.kernel import clock
from ontmoet.kernel.walltime import day_of
from ontmoet.rooms.queries import room_by_slug

if TYPE_CHECKING:
    from flask import Flask


def test_letters_of_de_linde_stand_in_every_state(demo_app: Flask, moment: object) -> None:
    with demo_app.test_request_context():
        room = room_by_slug("de-linde")
        assert room is not None
        letters = letters_of(room.room_id, today=day_of(clock.now()))
        said = [letter_state(letter, now=clock.now()) for letter in letters]
        hoekje = room_by_slug("t-hoekje")
        assert hoekje is not None
        assert {letter.made_at for letter in letters_of(hoekje.room_id, today=day_of(clock.now()))} == {None}
    people, states = zip(*(sentence.split(". ") for sentence in said), strict=True)
    # A second name is known in 25 of these homes, of somebody who never came in.
    assert Counter(people) == {"1 persoon doet mee": 64}
    assert Counter(states) == {
        "Brief van 16 augustus 2026, verlopen": 20,
        "Brief van 4 november 2026, 1 keer gebruikt": 8,
        "Brief van 4 november 2026, nog niet gebruikt": 16,
        "Nog geen brief": 20,
    }
    henk = next(
        sentence for letter, sentence in zip(letters, said, strict=True) if letter.address_name == "linde-3"
    )
    assert henk.startswith("1 persoon doet mee")
