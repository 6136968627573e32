"""The demo world as data: six rooms, one for each story, and the people who have a name in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ontmoet.kernel.actor import Function
from ontmoet.people.models import OrganisationKind
from ontmoet.people.personas import PERSONAS
from ontmoet.rooms.rules import AccessPolicy, Door, KeyPlan, Stretch, Typology

if TYPE_CHECKING:
    from collections.abc import Sequence

CORPORATION = "Woonstichting De Brink"
CORPORATION_PHONE = "0800 555 01 23"
TOWN = "Hofwijk"

HOLIDAYS = {
    (1, 1): "Nieuwjaarsdag",
    (4, 27): "Koningsdag",
    (12, 25): "Eerste Kerstdag",
    (12, 26): "Tweede Kerstdag",
}
"""Days (month, day) on which a room with staff stays shut."""


@dataclass(frozen=True, slots=True)
class ZonePlan:
    """A part of a room that can be booked apart."""

    slug: str
    name: str
    capacity: int


@dataclass(frozen=True, slots=True)
class RoomPlan:
    """A room and its complex. `hours` has seven entries, Monday first, None for a day it is shut."""

    slug: str
    name: str
    door: Door
    typology: Typology
    address: str
    homes: int
    address_prefix: str
    area_m2: int
    capacity: int
    zones: tuple[ZonePlan, ...]
    hours: Sequence[Stretch | None]
    welcome: str
    access_policy: AccessPolicy
    key_plan: KeyPlan
    key_note: str
    buffer_minutes: int = 0
    longest_minutes: int = 480
    needs_approval: bool = False
    quota: int | None = None
    quota_from: int = 0
    shut_on_holidays: bool = False

    @property
    def is_divisible(self) -> bool:
        return len(self.zones) > 1

    @property
    def buffer(self) -> timedelta:
        return timedelta(minutes=self.buffer_minutes)

    def zone_slugs(self, zone: str) -> tuple[str, ...]:
        """The zones that a booking takes; an empty slug is the whole room."""
        return (zone,) if zone else tuple(plan.slug for plan in self.zones)

    def capacity_of(self, zone: str) -> int:
        return next((plan.capacity for plan in self.zones if plan.slug == zone), self.capacity)

    def open_on(self, day: date) -> Stretch | None:
        """The hours of a day, None when the room stays shut."""
        if self.shut_on_holidays and (day.month, day.day) in HOLIDAYS:
            return None
        return self.hours[day.weekday()]


def hours(opens: float, closes: float) -> Stretch:
    """Open from one hour to another: 8.5 is half past eight."""
    return Stretch(int(opens * 60), int(closes * 60))


SIX_ROOMS = (
    RoomPlan(
        slug="de-linde",
        name="De Linde",
        door=Door.LINDE,
        typology=Typology.SEN,
        address="Lindestraat 12",
        homes=64,
        address_prefix="linde",
        area_m2=118,
        capacity=45,
        zones=(ZonePlan("grote-zaal", "Grote zaal", 40), ZonePlan("keuken", "Keuken", 8)),
        hours=[hours(8, 22)] * 7,
        welcome="Iedereen uit De Linde is welkom, en buren bij de activiteiten.",
        access_policy=AccessPolicy.TENANTS,
        key_plan=KeyPlan.HANDED_OUT,
        key_note="De sleutelbeheerder geeft je de sleutel in het uur voor je begint.",
        longest_minutes=840,
        quota=4,
        quota_from=18 * 60,
    ),
    RoomPlan(
        slug="t-hoekje",
        name="’t Hoekje",
        door=Door.HOEKJE,
        typology=Typology.KH,
        address="Brinkstraat 40",
        homes=24,
        address_prefix="hoekje",
        area_m2=26,
        capacity=12,
        zones=(ZonePlan("hoekje", "Koffiehoek", 12),),
        hours=[hours(8, 22)] * 7,
        welcome="Voor alle bewoners van de Brinkstraat en hun bezoek.",
        access_policy=AccessPolicy.TENANTS,
        key_plan=KeyPlan.CODE_BOX,
        key_note="De kluis hangt naast de deur. De code zie je een half uur van tevoren bij je reservering.",
    ),
    RoomPlan(
        slug="het-plein",
        name="Het Plein",
        door=Door.PLEIN,
        typology=Typology.MFO,
        address="Marktplein 3",
        homes=60,
        address_prefix="plein",
        area_m2=210,
        capacity=80,
        zones=(
            ZonePlan("zaal", "Zaal", 60),
            ZonePlan("atelier", "Atelier", 14),
            ZonePlan("huiskamer", "Huiskamer", 20),
        ),
        hours=[*[hours(9, 22)] * 6, hours(12, 20)],
        welcome="Voor de hele buurt, jong en oud.",
        access_policy=AccessPolicy.NEIGHBOURS,
        key_plan=KeyPlan.NEIGHBOUR_OPENS,
        key_note="Een buur van de beheergroep doet de deur voor je open.",
        buffer_minutes=15,
        needs_approval=True,
    ),
    RoomPlan(
        slug="de-brug",
        name="De Brug",
        door=Door.BRUG,
        typology=Typology.BH,
        address="Kadeweg 18",
        homes=58,
        address_prefix="brug",
        area_m2=180,
        capacity=60,
        zones=(ZonePlan("grote-zaal", "Grote zaal", 50), ZonePlan("kleine-zaal", "Kleine zaal", 12)),
        hours=[*[hours(8.5, 21.5)] * 5, hours(10, 17), None],
        welcome="Een buurthuis voor iedereen uit Hofwijk.",
        access_policy=AccessPolicy.HIRERS,
        key_plan=KeyPlan.CODE_BOX,
        key_note="De kluis hangt bij de ingang. De code zie je een half uur van tevoren bij je reservering.",
        buffer_minutes=30,
        shut_on_holidays=True,
    ),
    RoomPlan(
        slug="de-wilgen",
        name="De Wilgen",
        door=Door.WILGEN,
        typology=Typology.CPO,
        address="Wilgenhof 1",
        homes=40,
        address_prefix="wilgen",
        area_m2=95,
        capacity=30,
        zones=(
            ZonePlan("woonkeuken", "Woonkeuken", 24),
            ZonePlan("werkplaats", "Werkplaats", 10),
        ),
        hours=[hours(8, 22.5)] * 7,
        welcome="Voor bewoners van het Wilgenhof en wie zij meenemen.",
        access_policy=AccessPolicy.TENANTS,
        key_plan=KeyPlan.OWN_KEY,
        key_note="Je groep heeft een eigen sleutel. Bewaar hem goed.",
    ),
    RoomPlan(
        slug="de-ark",
        name="De Ark",
        door=Door.ARK,
        typology=Typology.MFO,
        address="Havenstraat 77",
        homes=84,
        address_prefix="ark",
        area_m2=160,
        capacity=55,
        zones=(ZonePlan("zaal", "Zaal", 50), ZonePlan("keuken", "Keuken", 10)),
        hours=[*[hours(9, 21.5)] * 5, hours(10, 18), hours(10, 18)],
        welcome="Voor bewoners van de Havenstraat en de buurt eromheen.",
        access_policy=AccessPolicy.NEIGHBOURS,
        key_plan=KeyPlan.HANDED_OUT,
        key_note="Haal de sleutel bij de sleutelbeheerder. Bel gerust even van tevoren.",
    ),
)

ORGANISATIONS = {
    "Welzijn Rivierenland": OrganisationKind.P5,
    "Zorggroep De Waard": OrganisationKind.P4,
}


@dataclass(frozen=True, slots=True)
class CastMember:
    """Somebody with a name in the stories. `home` is a room's slug and the number of a home in its
    complex; `functions` name a room by its slug, or the corporation by an empty one, and with
    `stops_after` they end so long after the demo is filled.
    """

    name: str
    home: tuple[str, int] | None = None
    functions: tuple[tuple[Function, str], ...] = ()
    organisation: str = ""
    stops_after: timedelta | None = None

    @property
    def given_name(self) -> str:
        return self.name.split(" ", 1)[0]

    def may_book_in(self, slug: str) -> bool:
        """Lives there, does something there, or does it for the whole corporation."""
        lives_in = self.home[0] if self.home else None
        return lives_in == slug or any(where in (slug, "") for _function, where in self.functions)


_NAME = {persona.given_name: persona.name for persona in PERSONAS}

PHONES = {
    "Henk Mulder": "06 0000 0123",
    _NAME["Bram"]: "06 0000 0112",
    "Hennie Vos": "06 0000 0108",
    "Cor Hendriks": "06 0000 0131",
    "Hamid Ouali": "06 0000 0144",
}
"""Of who is called. It is nobody's: no mobile number begins like this."""

CAST = (
    CastMember(_NAME["Mo"], functions=((Function.ADMINISTRATOR, ""),)),
    CastMember(_NAME["Sanne"], functions=tuple((Function.STAFF, plan.slug) for plan in SIX_ROOMS)),
    CastMember(_NAME["Noor"], ("de-linde", 21)),
    CastMember(
        _NAME["Bram"],
        ("de-linde", 12),
        ((Function.HOST, "de-linde"), (Function.KEY_KEEPER, "de-linde")),
    ),
    CastMember("Henk Mulder", ("de-linde", 3)),
    CastMember("Wil Kuipers", ("de-linde", 40), ((Function.ORGANISER, "de-linde"),)),
    CastMember("Hennie Vos", ("de-linde", 8), ((Function.HOST, "de-linde"),)),
    CastMember("Kees Brouwer", ("de-linde", 55), ((Function.AGENDA_KEEPER, "de-linde"),)),
    CastMember(
        "Els de Groot",
        None,
        ((Function.PARTNER, "de-linde"), (Function.PARTNER, "de-ark")),
        "Zorggroep De Waard",
    ),
    CastMember("Ans Peeters", ("t-hoekje", 5), ((Function.HOST, "t-hoekje"),)),
    CastMember(_NAME["Fatma"], ("het-plein", 7), ((Function.CHAIR, "het-plein"),)),
    CastMember(
        "Cor Hendriks",
        ("het-plein", 31),
        ((Function.KEY_KEEPER, "het-plein"), (Function.ORGANISER, "het-plein")),
    ),
    CastMember(_NAME["Riet"], None, ((Function.PARTNER, "de-brug"),), "Welzijn Rivierenland"),
    CastMember("Marek Lis", ("de-brug", 14), ((Function.HOST, "de-brug"),), stops_after=timedelta(days=38)),
    CastMember("Gonny Smit", ("de-brug", 33), ((Function.ORGANISER, "de-brug"),)),
    CastMember(_NAME["Joost"], ("de-wilgen", 9), ((Function.TREASURER, "de-wilgen"),)),
    CastMember("Linda Post", ("de-wilgen", 2), ((Function.CHAIR, "de-wilgen"),)),
    CastMember("Ravi Jagroep", ("de-wilgen", 15), ((Function.SECRETARY, "de-wilgen"),)),
    CastMember("Truus Schouten", ("de-ark", 20), ((Function.CHAIR, "de-ark"),)),
    CastMember("Hamid Ouali", ("de-ark", 44), ((Function.KEY_KEEPER, "de-ark"),)),
)


@dataclass(frozen=True, slots=True)
class NeighbourPlan:
    """Somebody from outside the complexes who was let in: where, by whom, why when by exception."""

    name: str
    phone: str
    address: str
    room: str
    admitted_by: str
    reason: str = ""


NEIGHBOURS = (
    NeighbourPlan("Dirk Aalbers", "06 5550 0141", "Kerkpad 8", "het-plein", "Fatma"),
    NeighbourPlan(
        "Anneke Prins", "06 5550 0172", "Lindestraat 31", "de-linde", "Sanne", "Ze kookt elke maand mee."
    ),
)
"""Vera, who lives at Marktplein 5, was not let in: she sees what everybody sees."""
