"""A room as one row: what is empty, what is written otherwise, what cannot be."""

from __future__ import annotations

import pytest

from ontmoet.importing.columns import COLUMNS, Kind
from ontmoet.importing.room_cells import cells_of, read_room
from ontmoet.importing.rules import Reason
from ontmoet.kernel.objections import Refused
from ontmoet.rooms.rules import Stretch

LEAST = {"complex": "Lindehof", "ruimte": "De Linde", "mensen": "45"}


def test_what_is_empty_is_as_in_a_room_that_was_just_made() -> None:
    room = read_room(LEAST)
    assert (room.parts, room.week, room.typology, room.area_m2) == ((("Zaal", 45),), ((),) * 7, "", None)
    assert (room.access_policy, room.key_plan, room.door) == ("tenants", "handed_out", "linde")
    settings = room.settings
    assert (settings.shortest, settings.usual, settings.longest, settings.horizon_days) == (30, 120, 480, 180)
    assert (settings.own_asks, settings.quota, settings.buffer, room.is_live) == (False, None, 0, False)


def test_example_and_every_room_is_the_same_row_again() -> None:
    example = {column.head: column.example for column in COLUMNS[Kind.ROOMS]}
    room = read_room(example)
    assert room.parts == (("Grote zaal", 40), ("Keuken", 8))
    assert room.week[0] == (Stretch(540, 720), Stretch(780, 1320))
    assert room.week[6] == ()
    assert (room.settings.quota, room.settings.quota_from) == (4, 1080)
    assert cells_of(room) == example
    assert read_room(cells_of(room)) == room


@pytest.mark.parametrize(
    ("cell", "stretches"),
    [
        ("9-17", ((540, 1020),)),
        ("9.00 – 17.00 uur", ((540, 1020),)),
        ("13:00 tot 0:00, 9:00-12:00", ((540, 720), (780, 1440))),
        ("Dicht", ()),
    ],
)
def test_hours_are_read_however_people_write_them(cell: str, stretches: tuple[tuple[int, int], ...]) -> None:
    assert read_room({**LEAST, "dinsdag": cell}).week[1] == tuple(Stretch(*one) for one in stretches)


@pytest.mark.parametrize(
    ("head", "cell", "reason"),
    [
        ("mensen", "veel", Reason.NO_NUMBER),
        ("mensen", "0", Reason.NO_NUMBER),
        ("vierkante meter", "12,5", Reason.NO_NUMBER),
        ("opruimtijd", "241", Reason.NO_NUMBER),
        ("soort", "zaal", Reason.NO_SUCH_WORD),
        ("deur", "#ff0000", Reason.NO_SUCH_WORD),
        ("wat is er", "keuken; sauna", Reason.NO_SUCH_WORD),
        ("open", "misschien", Reason.NO_SUCH_WORD),
        ("delen", "Grote zaal", Reason.NO_PARTS),
        ("delen", "Zaal: 4; zaal: 5", Reason.NO_PARTS),
        ("delen", "!!!: 4", Reason.NO_PARTS),
        ("maandag", "9:00", Reason.NO_HOURS),
        ("maandag", "17:00-9:00", Reason.NO_HOURS),
        ("maandag", "9:00-12:00 en 11:00-13:00", Reason.NO_HOURS),
        ("maandag", "9:00-10:00 en 11:00-12:00 en 13:00-14:00", Reason.NO_HOURS),
        ("gewone tijd", "600", Reason.LENGTHS_CLASH),
        ("langste tijd", "15", Reason.LENGTHS_CLASH),
    ],
)
def test_what_cannot_be_is_told_at_its_column(head: str, cell: str, reason: Reason) -> None:
    with pytest.raises(Refused) as refusal:
        read_room({**LEAST, head: cell})
    [objection] = refusal.value.objections
    assert (objection.reason, objection.field) == (reason, head)
