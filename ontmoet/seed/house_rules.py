"""The house rules of the demo: what neighbours agreed on in each room, and when they changed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from ontmoet.house_rules.models import Acceptance, RulesVersion
from ontmoet.house_rules.rules import How

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from .settle import Booker
    from .writing import Rows

TIME_TO_AGREE = timedelta(days=2)
"""After a version was published, everybody in the demo went along with it."""


@dataclass(frozen=True, slots=True)
class Edition:
    """House rules as they were published so many days ago; None is when the room opened."""

    body: str
    days_ago: int | None = None
    change_note: str = ""
    needs_acceptance: bool = True


@dataclass(frozen=True, slots=True)
class Agreed:
    """The house rules of a room with their ids, oldest first, and who went along with all of them."""

    versions: tuple[tuple[datetime, int], ...]
    people: frozenset[int]

    def version_for(self, person_id: int, at: datetime) -> int | None:
        """The version that a person had accepted at a moment."""
        if person_id not in self.people:
            return None
        accepted = [version_id for since, version_id in self.versions if since + TIME_TO_AGREE <= at]
        return accepted[-1] if accepted else None


_COMMON = """
Met elkaar:
Groet elkaar, ook als je elkaar niet kent.
Laat iedereen meedoen die dat wil.
"""

_LINDE = """
Geluid:
Na {hour} uur is het stil op de gang.
Muziek mag, als je er nog bij kunt praten.
Keuken:
Was af wat je gebruikt.
Weggaan:
Stoelen recht, ramen dicht, lampen uit.
Breng de sleutel meteen terug.
"""

PLAIN = f"""{_COMMON}
Weggaan:
Laat de ruimte netjes achter.
Doe de lampen uit en de deur op slot.
"""
"""For rooms without a story of their own."""

EDITIONS = {
    "de-linde": (
        Edition(_COMMON + _LINDE.format(hour="22:00")),
        Edition(
            _COMMON + _LINDE.format(hour="21:30"),
            days_ago=266,
            change_note="Het is nu om 21:30 uur stil. Boven de zaal slapen mensen dan al.",
        ),
    ),
    "t-hoekje": (
        Edition(
            f"""{_COMMON}
Koffie:
Zet je kopje in de afwasmachine.
Is de koffie bijna op? Zeg het tegen de gastheer.
Weggaan:
Draai de cijfers van het kluisje door.
"""
        ),
    ),
    "het-plein": (
        Edition(
            f"""{_COMMON}
Feest:
Vertel de buren een week eerder dat je een feest geeft.
Alcohol mag alleen als de beheergroep het weet.
Atelier:
Maak kwasten en tafels schoon.
Weggaan:
Neem je afval mee naar huis.
"""
        ),
    ),
    "de-brug": (
        Edition(
            f"""{_COMMON}
Binnen:
Meld je eerst bij de balie.
Roken doe je buiten, niet voor de deur.
Weggaan:
Zet de tafels terug zoals ze stonden.
"""
        ),
        Edition(
            f"""{_COMMON}
Binnen:
Meld je eerst bij de balie.
Roken doe je buiten, niet bij de deur.
Weggaan:
Zet tafels en stoelen terug zoals ze stonden.
""",
            days_ago=120,
            change_note="Twee zinnen zijn duidelijker. De regels zijn gelijk gebleven.",
            needs_acceptance=False,
        ),
    ),
    "de-wilgen": (
        Edition(
            f"""{_COMMON}
Woonkeuken:
Wie kookt, ruimt ook op.
Zet je naam op wat je in de koelkast laat.
Werkplaats:
Draag een bril bij de zaag.
Werk nooit alleen met de machines.
"""
        ),
    ),
    "de-ark": (
        Edition(
            f"""{_COMMON}
Geluid:
Houd de deuren dicht als er muziek is.
Weggaan:
Veeg de vloer en zet de stoelen op elkaar.
Breng de sleutel dezelfde dag terug.
"""
        ),
    ),
}


def add_house_rules(
    rows: Rows,
    slug: str,
    room_id: int,
    people: Iterable[Booker],
    *,
    on_paper: Mapping[int, int],
    opened_at: datetime,
    now: datetime,
) -> Agreed:
    """Set the house rules of a room ready, and that these people went along with each version: themselves,
    for their organisation, or on a paper that somebody else wrote down (`on_paper`, by person).
    """
    members = {booker.person_id: booker for booker in people}
    versions = []
    for number, edition in enumerate(EDITIONS.get(slug, (Edition(PLAIN),)), start=1):
        since = opened_at if edition.days_ago is None else now - timedelta(days=edition.days_ago)
        version_id = rows.add(
            RulesVersion,
            room_id=room_id,
            number=number,
            published_at=since,
            body=edition.body.strip(),
            change_note=edition.change_note,
            needs_acceptance=edition.needs_acceptance,
        )
        if edition.needs_acceptance:
            versions.append((since, version_id))
            for person_id, booker in sorted(members.items()):
                recorded_by = on_paper.get(person_id, person_id if booker.organisation_id else None)
                rows.add(
                    Acceptance,
                    person_id=None if booker.organisation_id else person_id,
                    organisation_id=booker.organisation_id,
                    rules_version_id=version_id,
                    how=How.PAPER if person_id in on_paper else How.SCREEN,
                    at=since + TIME_TO_AGREE,
                    recorded_by_id=recorded_by,
                )
    return Agreed(tuple(versions), frozenset(members))
