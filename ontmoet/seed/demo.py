"""The demo: Woonstichting De Brink, six rooms with two years behind them, and the people to sign in as."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

from ontmoet.bookings.models import Booking
from ontmoet.db import unit_of_work
from ontmoet.kernel.actor import Function
from ontmoet.web.settings import current_config

from .attendance import add_attendance
from .boxes import add_box
from .drafts import GOES_ON, Span
from .history import Chronicle
from .keys import KEPT_BY, add_keys
from .missed import add_missed
from .programme import STORIES
from .requests import add_requests
from .series import add_series, numbers_of, series_to_come
from .settle import settle
from .telling import add_call
from .traces import Witness
from .world import CAST, SIX_ROOMS
from .writing import (
    Rows,
    add_booking,
    add_closure,
    add_visit,
    finish,
    public_ids,
    refuse_if_filled,
    thousands,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from .settle import Booker

PEOPLE = 440
AFTERNOON, EVENING = 15 * 60, 19 * 60
TURNS_OF_NOOR = COMING_OF_NOOR = 2


def fill_demo(now: datetime) -> str:
    """Fill an empty database with the demo; a report in one sentence.

    The same `now` gives the same rows again, the salt of passwords and of seals excepted. Everything or
    nothing. Raises `CannotFill` when the database belongs to a corporation already.
    """
    rows = Rows()
    with unit_of_work():
        # Two years are thought up in here, where slow work does not belong: who asks for a database that is
        # taken hears so at once, and an empty one has nobody who waits.
        refuse_if_filled()
        _add_everything(rows, now)
        finish(rows, rooms=len(SIX_ROOMS), now=now)
    bookings = thousands(rows.count(Booking))
    return f"De demo is gevuld: {len(SIX_ROOMS)} ruimtes, {PEOPLE} mensen, {bookings} reserveringen."


def _add_everything(rows: Rows, now: datetime) -> None:
    token_key = current_config().token_key
    dice = Random("the demo")
    settled = settle(rows, SIX_ROOMS, people=PEOPLE, now=now, dice=dice)
    ids = public_ids(dice)
    more_ids = public_ids(Random("announced work"))
    for room in settled.rooms:
        chronicle = Chronicle(room, STORIES[room.plan.slug], settled.cast, now=now)
        _live(chronicle, settled.cast)
        for works, slot in chronicle.closures:
            add_closure(rows, room, works, slot, next(ids))
        for visit in chronicle.story.visits:
            slot = chronicle.slot_of(visit.day, visit.opens, visit.day, visit.closes)
            add_visit(rows, room, visit, slot, next(more_ids))
        weekly = series_to_come(chronicle.story, chronicle.drafts, settled.cast, now=now)
        numbers = numbers_of(rows, weekly)
        booked = [
            (add_booking(rows, room, draft, next(ids), series_number=numbers.get(place)), draft)
            for place, draft in enumerate(chronicle.drafts)
        ]
        add_series(rows, room, weekly, chronicle.drafts, [booking_id for booking_id, _draft in booked])
        for booking_id, draft in booked:
            add_call(rows, room, draft, booking_id, now=now)
        went_on = [(booking_id, draft) for booking_id, draft in booked if draft.fate == GOES_ON]
        with_key = add_keys(
            rows,
            room,
            went_on,
            _keepers(room.plan.slug, settled.cast),
            ids,
            now=now,
            dice=dice,
            partner=_key_partner(room.plan.slug, settled.cast),
        )
        add_missed(rows, room, now=now)
        witness = Witness(rows, room, now=now)
        for booking_id, draft in booked:
            witness.look_at(draft, booking_id, got_key_at=with_key.get(booking_id))
        shut = [slot for works, slot in chronicle.closures if not works.zone]
        counter = (_keepers(room.plan.slug, settled.cast) or [settled.cast["Sanne"]])[0]
        add_attendance(rows, room, went_on, shut, counter, now=now)
        sanne = settled.cast["Sanne"].person_id
        add_box(rows, room, went_on, ids, set_by_id=sanne, token_key=token_key, now=now)


def _keepers(slug: str, cast: Mapping[str, Booker]) -> list[Booker]:
    """Who looks after the keys of a room, the key keeper first."""
    order = (Function.KEY_KEEPER, Function.HOST, Function.CHAIR, Function.TREASURER)
    return [
        cast[member.given_name]
        for function in order
        for member in CAST
        if (function, slug) in member.functions
    ]


def _key_partner(slug: str, cast: Mapping[str, Booker]) -> int | None:
    """The organisation that has a key of a room, known by who comes for it."""
    comes = next((member for member in CAST if member.organisation == KEPT_BY.get(slug, "-")), None)
    return cast[comes.given_name].organisation_id if comes else None


def _live(chronicle: Chronicle, cast: Mapping[str, Booker]) -> None:
    """What is sure to be there goes first, chance comes after it."""
    chronicle.add_works()
    chronicle.add_weekly()
    match chronicle.room.plan.slug:
        case "de-linde":
            _add_noor(chronicle, cast["Noor"])
            _add_henk(chronicle, cast["Henk"], entered_by=cast["Bram"])
            _add_something_today(chronicle)
            _keep_time_free(chronicle)
    add_requests(chronicle, cast)
    chronicle.add_own_use()


def _add_noor(chronicle: Chronicle, noor: Booker) -> None:
    """Two bookings to come, some behind her, and two of the four evenings of this month used."""
    today = chronicle.today
    evenings = coming = 0
    for back in dict.fromkeys((*range(3, today.day, 4), *range(1, today.day))):
        if evenings < TURNS_OF_NOOR:
            spans = _evening(today - timedelta(days=back))
            evenings += chronicle.book_somewhere(spans, noor, fate=GOES_ON)
    for back in (19, 40, 75):
        spans = _afternoon(today - timedelta(days=back))
        chronicle.book_somewhere(spans, noor, fate=GOES_ON, purpose="Koffie met buren")
    for ahead in (2, 6, 3, 7, 4, 5, 8, 9):
        # In the first days of a month the evenings are still to come.
        is_evening = evenings < TURNS_OF_NOOR
        day = today + timedelta(days=ahead)
        spans = _evening(day) if is_evening else _afternoon(day)
        if coming < COMING_OF_NOOR and chronicle.book_somewhere(
            spans, noor, fate=GOES_ON, purpose="Spelletjes"
        ):
            coming += 1
            evenings += is_evening


def _evening(day: date) -> list[Span]:
    return [
        Span(day, starts, starts + 120, zone)
        for zone in ("grote-zaal", "keuken")
        for starts in (EVENING, EVENING - 60, EVENING + 60)
    ]


def _afternoon(day: date) -> list[Span]:
    return [
        Span(day, starts, starts + 120, zone)
        for zone in ("grote-zaal", "keuken")
        for starts in (AFTERNOON, AFTERNOON + 60)
    ]


def _add_henk(chronicle: Chronicle, henk: Booker, *, entered_by: Booker) -> None:
    """Henk asks at the coffee table; the host enters it for him."""
    for days in (-61, -33, -12, 5):
        chronicle.book_somewhere(
            _afternoon(chronicle.today + timedelta(days=days)),
            henk,
            entered_by=entered_by,
            fate=GOES_ON,
            purpose="Schaken",
            people=2,
        )


def _add_something_today(chronicle: Chronicle) -> None:
    """Even on a quiet day the agenda of today shows something."""
    if not chronicle.is_used_on(chronicle.today):
        span = Span(chronicle.today, 10 * 60, 12 * 60, "grote-zaal")
        somebody = chronicle.room.residents[0]
        chronicle.book_somewhere([span], somebody, fate=GOES_ON, purpose="Koffie met buren")


def _keep_time_free(chronicle: Chronicle) -> None:
    """Whoever looks at the demo finds two hours to book, today or else tomorrow."""
    for ahead in (0, 1):
        day = chronicle.today + timedelta(days=ahead)
        for starts in (12 * 60, 16 * 60):
            chronicle.keep_free(Span(day, starts, starts + 120))
