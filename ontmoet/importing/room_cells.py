"""A room as one row of cells: read out of it, and written in it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from ontmoet.arranging.hours_rules import MOST_STRETCHES
from ontmoet.arranging.rules import slug_of
from ontmoet.arranging.use_rules import Settings
from ontmoet.arranging.use_rules import objections_to as objections_to_settings
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.walltime import MINUTES_A_DAY
from ontmoet.rooms.rules import USUAL_SERIES_DAYS, Stretch

from .columns import (
    DOORS,
    FACILITIES,
    KEY_PLANS,
    POLICIES,
    TYPOLOGIES,
    WEEKDAYS,
    YES_NO,
    word_of,
)
from .rules import Reason, folded, minutes_in, number_in, tidy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ontmoet.arranging.hours_rules import Stretches, Week

MOST_PEOPLE, MOST_M2, MOST_DAYS, MOST_BUFFER, MOST_TURNS = 2000, 20_000, 400, 240, 99
LEAST_SERIES_DAYS, MOST_SERIES_DAYS = 7, 800
ONLY_PART = "Zaal"
"""What the one part is called of a room of which the list names none."""

_BETWEEN = re.compile(r"\s*(?:[,;+&]|\ben\b)\s*")
_UNTIL = re.compile(r"(.+?)\s*(?:-|–|—|\btot\b)\s*(.+)")


@dataclass(frozen=True, slots=True)
class RoomSheet:
    """A room as a list has it. Parts as (name, how many people); codes as the database has them."""

    complex_name: str
    name: str
    slug: str
    capacity: int
    address: str
    town: str
    typology: str
    area_m2: int | None
    parts: tuple[tuple[str, int], ...]
    week: Week
    access_policy: str
    also_for: tuple[str, ...]
    key_plan: str
    key_note: str
    facilities: tuple[str, ...]
    welcome: str
    door: str
    settings: Settings
    is_live: bool


def read_room(cells: Mapping[str, str]) -> RoomSheet:
    """The room that stands in a row. What is empty is as it is in a new room. Raises `Refused`."""
    capacity = _number(cells, "mensen", most=MOST_PEOPLE)
    return RoomSheet(
        complex_name=cells["complex"],
        name=cells["ruimte"],
        slug=slug_of(cells.get("korte naam", "")),
        capacity=capacity,
        address=cells.get("adres", ""),
        town=cells.get("plaats", ""),
        typology=_word(cells, "soort", TYPOLOGIES, ""),
        area_m2=_number(cells, "vierkante meter", most=MOST_M2) if cells.get("vierkante meter") else None,
        parts=_parts(cells.get("delen", ""), capacity),
        week=tuple(_hours(cells.get(day, ""), day) for day in WEEKDAYS),
        access_policy=_word(cells, "voor wie", POLICIES, POLICIES["bewoners"]),
        also_for=tuple(_names(cells.get("ook voor", ""))),
        key_plan=_word(cells, "sleutel", KEY_PLANS, KEY_PLANS["sleutelbeheerder"]),
        key_note=cells.get("uitleg sleutel", ""),
        facilities=_facilities(cells.get("wat is er", "")),
        welcome=cells.get("welkom", ""),
        door=_word(cells, "deur", DOORS, DOORS["groen"]),
        settings=_settings(cells),
        is_live=_says_yes(cells, "open"),
    )


def cells_of(room: RoomSheet) -> dict[str, str]:
    """The row of a room, by head."""
    settings = room.settings
    return {
        "complex": in_a_row(room.complex_name),
        "ruimte": room.name,
        "korte naam": room.slug,
        "mensen": str(room.capacity),
        "adres": room.address,
        "plaats": room.town,
        "soort": word_of(TYPOLOGIES, room.typology) if room.typology else "",
        "vierkante meter": "" if room.area_m2 is None else str(room.area_m2),
        "delen": "; ".join(f"{in_a_row(name)}: {most}" for name, most in room.parts),
        **{day: _hours_cell(stretches) for day, stretches in zip(WEEKDAYS, room.week, strict=True)},
        "voor wie": word_of(POLICIES, room.access_policy),
        "ook voor": "; ".join(map(in_a_row, room.also_for)),
        "sleutel": word_of(KEY_PLANS, room.key_plan),
        "uitleg sleutel": room.key_note,
        "wat is er": "; ".join(word_of(FACILITIES, one) for one in room.facilities),
        "welkom": room.welcome,
        "deur": word_of(DOORS, room.door),
        "kortste tijd": str(settings.shortest),
        "gewone tijd": str(settings.usual),
        "langste tijd": str(settings.longest),
        "dagen vooruit": str(settings.horizon_days),
        "opruimtijd": str(settings.buffer),
        "reeks vooruit": str(settings.series_days),
        "eerst vragen": _yes_no(settings.own_asks),
        "activiteit eerst vragen": _yes_no(settings.open_asks),
        "keer per maand": "" if settings.quota is None else str(settings.quota),
        "telt vanaf": time_cell(settings.quota_from) if settings.quota and settings.quota_from else "",
        "open": _yes_no(room.is_live),
    }


def in_a_row(name: str) -> str:
    """A name as it can stand in a cell beside others of its kind."""
    return tidy(name.replace(";", ","))


def time_cell(minutes: int) -> str:
    """14:00."""
    return f"{minutes // 60}:{minutes % 60:02d}"


def _hours_cell(stretches: Stretches) -> str:
    return " en ".join(f"{time_cell(one.opens)}-{time_cell(one.closes)}" for one in stretches)


def _yes_no(value: bool) -> str:
    return "ja" if value else "nee"


def _refuse(reason: Reason, head: str, **facts: object) -> Refused:
    return Refused(Objection(reason, head, facts))


def _number(cells: Mapping[str, str], head: str, *, most: int, least: int = 1) -> int:
    found = number_in(cells[head], most=most, least=least)
    if found is None:
        raise _refuse(Reason.NO_NUMBER, head, most=most, least=least)
    return found


def _number_or(cells: Mapping[str, str], head: str, usual: int, *, most: int, least: int = 1) -> int:
    return _number(cells, head, most=most, least=least) if cells.get(head) else usual


def _word(cells: Mapping[str, str], head: str, words: Mapping[str, str], usual: str) -> str:
    typed = cells.get(head, "")
    return code_of(typed, head, words) if typed else usual


def code_of(typed: str, head: str, words: Mapping[str, str]) -> str:
    """What a word of a list stands for. Raises `Refused` (NO_SUCH_WORD)."""
    found = {folded(word): code for word, code in words.items()}.get(folded(typed))
    if found is None:
        raise _refuse(Reason.NO_SUCH_WORD, head, words=", ".join(words))
    return found


def _says_yes(cells: Mapping[str, str], head: str) -> bool:
    return _word(cells, head, YES_NO, "nee") == "ja"


def _names(cell: str) -> list[str]:
    return [name for part in cell.split(";") if (name := part.strip())]


def _parts(cell: str, capacity: int) -> tuple[tuple[str, int], ...]:
    found: dict[str, tuple[str, int]] = {}
    for part in _names(cell):
        name, _colon, number = (each.strip() for each in part.rpartition(":"))
        most = number_in(number, most=MOST_PEOPLE)
        if most is None or not slug_of(name) or folded(name) in found or len(name) > 60:
            raise _refuse(Reason.NO_PARTS, "delen")
        found[folded(name)] = (name, most)
    return tuple(found.values()) or ((ONLY_PART, capacity),)


def _facilities(cell: str) -> tuple[str, ...]:
    named = {code_of(name, "wat is er", FACILITIES) for name in _names(cell.replace(",", ";"))}
    return tuple(code for code in FACILITIES.values() if code in named)


def _hours(cell: str, day: str) -> Stretches:
    found = []
    for part in _BETWEEN.split(cell) if cell and folded(cell) != "dicht" else []:
        times = _UNTIL.fullmatch(part)
        opens, closes = (minutes_in(times[1]), minutes_in(times[2])) if times else (None, None)
        closes = MINUTES_A_DAY if closes == 0 else closes
        if opens is None or closes is None or closes <= opens:
            raise _refuse(Reason.NO_HOURS, day)
        found.append(Stretch(opens, closes))
    found.sort(key=lambda one: one.opens)
    overlap = any(after.opens < before.closes for before, after in pairwise(found))
    if overlap or len(found) > MOST_STRETCHES:
        raise _refuse(Reason.NO_HOURS, day)
    return tuple(found)


def _settings(cells: Mapping[str, str]) -> Settings:
    shortest = _number_or(cells, "kortste tijd", 30, most=MINUTES_A_DAY)
    longest = _number_or(cells, "langste tijd", max(480, shortest), most=MINUTES_A_DAY)
    quota = _number(cells, "keer per maand", most=MOST_TURNS) if cells.get("keer per maand") else None
    counts_from = minutes_in(cells["telt vanaf"]) if cells.get("telt vanaf") and quota else 0
    if counts_from is None:
        raise _refuse(Reason.NO_TIME, "telt vanaf")
    settings = Settings(
        own_asks=_says_yes(cells, "eerst vragen"),
        open_asks=_says_yes(cells, "activiteit eerst vragen"),
        quota=quota,
        quota_from=counts_from,
        shortest=shortest,
        usual=_number_or(
            cells, "gewone tijd", min(max(120, shortest), max(shortest, longest)), most=MINUTES_A_DAY
        ),
        longest=longest,
        horizon_days=_number_or(cells, "dagen vooruit", 180, most=MOST_DAYS),
        buffer=_number_or(cells, "opruimtijd", 0, most=MOST_BUFFER, least=0),
        series_days=_number_or(
            cells, "reeks vooruit", USUAL_SERIES_DAYS, most=MOST_SERIES_DAYS, least=LEAST_SERIES_DAYS
        ),
    )
    if objections_to_settings(settings):
        raise _refuse(Reason.LENGTHS_CLASH, "gewone tijd" if longest >= shortest else "langste tijd")
    return settings
