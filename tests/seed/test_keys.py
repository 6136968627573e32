"""The keys of the demo: who has the duty, what was counted, and what an organisation keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.watching import rows

if TYPE_CHECKING:
    from flask import Flask

DUTIES = """
select room.slug, key_duty.at, key_duty.until, duty_count.expected, duty_count.counted,
    (select count(*) from custody join key_copy on key_copy.id = custody.copy_id
     where key_copy.key_id = duty_count.key_id and custody.holder = 'cabinet' and custody.since <= key_duty.at
       and (custody.until is null or custody.until > key_duty.at)) as lay
from key_duty join room on room.id = key_duty.room_id join duty_count on duty_count.duty_id = key_duty.id
order by room.slug, key_duty.at
"""
KEPT = """
select room.slug, organisation.name, custody.due_at from custody
join key_copy on key_copy.id = custody.copy_id join room on room.id = key_copy.room_id
join organisation on organisation.id = custody.organisation_id where custody.until is null
"""
NOW = """
select person.name, key_duty.is_one_sided from key_duty join person on person.id = key_duty.to_id
join room on room.id = key_duty.room_id where room.slug = 'de-linde' and key_duty.until is null
"""


def test_duty_changes_hands_each_week_and_counts_what_the_register_said(demo_app: Flask) -> None:
    found = rows(demo_app, DUTIES)
    assert {row.slug for row in found} == {"de-linde", "het-plein", "de-wilgen", "de-ark"}
    assert [row for row in found if row.expected != row.lay] == []
    of_linde = [row for row in found if row.slug == "de-linde"]
    assert len(of_linde) == 12
    assert [row.until for row in of_linde[:-1]] == [row.at for row in of_linde[1:]]
    assert sum(row.counted < row.expected for row in of_linde) == 2
    assert [row for row in found if row.counted > row.expected] == []
    assert [tuple(row) for row in rows(demo_app, NOW)] == [("Bram Visser", 1)]


def test_one_organisation_keeps_a_key_for_good(demo_app: Flask) -> None:
    assert [tuple(row) for row in rows(demo_app, KEPT)] == [("de-brug", "Welzijn Rivierenland", None)]
