"""What somebody has to do with Ontmoet, on one page."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from flask import Blueprint, Response, request

from ontmoet.bookings import queries as bookings
from ontmoet.bookings.request_queries import how_many_wait
from ontmoet.bookings.request_wording import waiting_line
from ontmoet.bookings.states import Status
from ontmoet.bookings.wording import helper_shown, word_of
from ontmoet.hearing.queries import is_refused
from ontmoet.joining.queries import joined_lately
from ontmoet.kernel import clock
from ontmoet.kernel.actor import Actor, Function
from ontmoet.kernel.permissions import DECIDES_ON_BOOKINGS, Permission, allows
from ontmoet.kernel.walltime import day_of
from ontmoet.recovery.slip_lines import slip_lines
from ontmoet.web import dates
from ontmoet.web.access import known_actor, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import ngettext
from ontmoet.web.pages import page

bp = Blueprint("own", __name__)

SOONEST = 8
"""Bookings on one's own page; the others are one press away."""


@bp.get("/mijn")
@requires(Permission.OWN_PAGES)
def mine() -> Response:
    """What I have coming, first of it the soonest or with `alles` all; what is over; signing out."""
    now = clock.now()
    actor = known_actor()
    waiting = _waiting(actor, now=now)
    # What waits for an answer of the reader is not to be missed, however far ahead it is.
    coming = sorted(
        bookings.coming_bookings_of(actor.person_id, now=now),
        key=lambda found: not _waits_for_reader(found),
    )
    rows = _series_as_one(coming)
    shown = rows if "alles" in request.args else rows[:SOONEST]
    joined = joined_lately(actor, now=now)
    return page(
        "portal/mine.html",
        nav="mine",
        waiting=[
            (place, waiting_line(waiting[place.room_id]))
            for place in actor.places
            if place.room_id in waiting
        ],
        joined=[(dates.long_day(day_of(one.at)), one.asks_reader) for one in joined],
        coming=[_row(found, now, later) for found, later in shown],
        left_out=len(rows) - len(shown),
        past=[_row(found, now) for found in bookings.past_bookings_of(actor.person_id, now=now)],
        works_in=[place for place in actor.places if actor.functions_in(place.room_id) - {Function.PARTNER}],
        is_administrator=allows(actor, Permission.COLLEAGUES_MANAGE),
        oversees_rooms=allows(actor, Permission.ROOMS_OVERSEE),
        mail_refused=is_refused(actor.person_id),
        slip_lines=slip_lines(actor.person_id, now=now),
    )


def _waiting(actor: Actor, *, now: datetime) -> dict[int, int]:
    """How many requests wait in each room where this person decides about them.

    An administrator decides everywhere, and is not reminded of it: the rooms do it themselves.
    """
    mine = [
        place.room_id for place in actor.places if actor.functions_in(place.room_id) & DECIDES_ON_BOOKINGS
    ]
    return how_many_wait(mine, now=now) if mine else {}


def _waits_for_reader(found: bookings.BookingView) -> bool:
    return found.is_asked or found.status is Status.OFFERED


def _series_as_one(coming: list[bookings.BookingView]) -> list[tuple[bookings.BookingView, int]]:
    """Of a series only the date that comes next, and how many come after it. What waits for an answer stands
    by itself.
    """
    later = Counter(
        found.series_number for found in coming if found.series_number and not _waits_for_reader(found)
    )
    seen: set[int] = set()
    kept = []
    for found in coming:
        number = found.series_number
        if number is None or _waits_for_reader(found):
            kept.append((found, 0))
        elif number not in seen:
            seen.add(number)
            kept.append((found, later[number] - 1))
    return kept


def _row(found: bookings.BookingView, now: datetime, later: int = 0) -> dict[str, object]:
    facts = [dates.times_in_words(found.slot), found.room_name]
    if later:
        facts.append(ngettext("reeks, hierna nog %(num)s keer", "reeks, hierna nog %(num)s keer", later))
    if found.zone_name:
        facts.append(found.zone_name.lower())
    if found.is_asked:
        facts.append(_("er is een vraag aan jou"))
    elif found.status is not Status.CONFIRMED:
        facts.append(word_of(found, now=now))
    helper = helper_shown(found)
    if helper:
        facts.append(_("gedaan door %(name)s", name=helper))
    day = dates.near_day(day_of(found.slot.starts), day_of(now))
    return {
        "href": f"/reserveringen/{found.public_id}",
        "when": dates.capitalised(day),
        "where": ", ".join(facts),
    }
