"""Pages made of several slices."""

from __future__ import annotations

import io
from collections import Counter
from datetime import datetime
from re import fullmatch

import segno
from flask import Blueprint, Response, abort, current_app, request

from ontmoet.arranging.hours_pages import hours_lines
from ontmoet.bookings import queries as bookings
from ontmoet.bookings.agenda import entry_of
from ontmoet.bookings.agenda_queries import shows_own
from ontmoet.bookings.bars import Bar, day_bar, legend_of
from ontmoet.bookings.coming import activities_after
from ontmoet.bookings.request_queries import corporation_and_waiting
from ontmoet.bookings.request_wording import waiting_line
from ontmoet.bookings.states import Status
from ontmoet.bookings.use_pages import arrival_of
from ontmoet.bookings.wording import helper_shown, status_word
from ontmoet.db import Memory
from ontmoet.hearing.queries import is_refused
from ontmoet.house_rules.queries import published_rules
from ontmoet.joining.queries import joined_lately
from ontmoet.kernel import clock, matrix
from ontmoet.kernel.actor import Actor, Function
from ontmoet.kernel.permissions import DECIDES_ON_BOOKINGS, Permission, allows
from ontmoet.kernel.walltime import day_of
from ontmoet.people.entering import DEVICE_COOKIE
from ontmoet.people.queries import contact_of
from ontmoet.recovery.slip_lines import slip_lines
from ontmoet.rooms import queries as rooms
from ontmoet.rooms.pages import lead_on, room_page
from ontmoet.rooms.rules import RoomView
from ontmoet.rooms.wording import facility_word, for_whom
from ontmoet.web import dates
from ontmoet.web.access import current_actor, known_actor, public, requires
from ontmoet.web.converters import SlugConverter
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import ngettext
from ontmoet.web.pages import page
from ontmoet.web.pieces import Piece
from ontmoet.web.settings import current_config

from .about import STATED_ON, kept_texts
from .door import DoorText, door_agenda, door_text
from .wording import deed, own_deed, person

bp = Blueprint("portal", __name__)

SOONEST = 8
"""Bookings on one's own page; the others are one press away."""

_doors: Memory[int, tuple[DoorText, Bar]] = Memory(most=1000)
"""What a room's door says in this minute. All times in an agenda are whole minutes."""


@bp.get("/")
@public
def home() -> Response:
    """All rooms of the corporation."""
    return page(
        "portal/home.html",
        nav="room",
        corporation_name=rooms.corporation_name(),
        rooms=rooms.live_rooms(clock.now()),
    )


@bp.get("/r/<slug:slug>")
@public
def room(slug: str) -> Response:
    """The door of a room: free or busy now, today, and one big button."""
    now = clock.now()
    today = day_of(now)
    found = rooms.room_by_slug(slug)
    if found is None or found.live_at is None:
        abort(404)
    lead_on(found)
    if found.closed_at is not None and found.is_closed(now):
        return room_page("portal/closed_room.html", found, closed_on=dates.full_day(day_of(found.closed_at)))
    actor = current_actor()
    lines, taken = door_agenda(found, reader=actor, now=now)
    door, bar = _doors.recall(
        found.room_id,
        (found.version, found.agenda_version, taken, now.replace(second=0)),
        lambda: (
            door_text(found, lines, taken, now=now),
            day_bar(found, today, taken, zone_ids=found.zone_ids, now=now),
        ),
    )
    coming = [line for line in lines if line.day == today and line.slot.ends > now]
    may_book = actor is None or allows(actor, Permission.BOOKING_MAKE, found)
    links = {
        "on_behalf": allows(actor, Permission.ON_BEHALF, found),
        "hand_out_keys": allows(actor, Permission.KEYS_HAND_OUT, found),
        "poster": allows(actor, Permission.NAMES_SEE, found),
        "manage": allows(actor, Permission.FUNCTIONS_SEE, found),
    }
    has_house_rules = bool(published_rules(found, now=now))
    activities = activities_after(found, today)
    return room_page(
        "portal/room.html",
        found,
        came_from=_came_from(found),
        door=door,
        arrival=arrival_of(lines, now=now),
        today=dates.short_day(today),
        bar=bar,
        legend=legend_of(bar, now),
        is_quiet=not coming,
        entries=(entry_of(line, found) for line in coming),
        activities=[
            (dates.short_day(day_of(one.slot.starts)), dates.clock_at(one.slot.starts), one.title)
            for one in activities
        ],
        contact=contact_of(found, today=today),
        has_house_rules=has_house_rules,
        for_whom=for_whom(found.access_policy),
        hours=hours_lines(found, now=now),
        facilities=[facility_word(facility) for facility in found.facilities],
        piece=None
        if shows_own(lines)
        else Piece(
            ("door", found.room_id, actor is None, may_book, *links.values()),
            (found.version, lines, taken, activities, has_house_rules, now.replace(second=0)),
        ),
        is_visitor=actor is None,
        may_book=may_book,
        links=links,
    )


def _came_from(found: RoomView) -> str:
    """What the room was called from which somebody was led here; empty for who came straight."""
    slug = request.args.get("uit", "")
    earlier = rooms.room_by_slug(slug) if fullmatch(SlugConverter.regex, slug) else None
    following = None if earlier is None else rooms.goes_on_in(earlier)
    return earlier.name if earlier and following and following.room_id == found.room_id else ""


@bp.get("/r/<slug:slug>/qr.svg")
@public
def door_qr(slug: str) -> Response:
    """The QR code for the door: it opens the room's page and nothing else."""
    if not rooms.is_known(slug):
        abort(404)
    address = f"{current_config().base_url}/r/{slug}"
    drawing = io.BytesIO()
    # Error correction H: a code at a door gets scratched, and is read in bad light.
    segno.make_qr(address, error="h").save(drawing, kind="svg", scale=8, border=4, light="white")
    response = Response(drawing.getvalue(), mimetype="image/svg+xml")
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/wie-mag-wat")
@public
def who_may_what() -> Response:
    """The permission table, in words. Of whoever may all that a resident may, only what comes on top."""
    groups = matrix.groups()
    residents = next(group for group in groups if matrix.Home.RESIDENT in group.people)
    on_top = [(group, group.beyond(residents) if group is not residents else None) for group in groups]
    return page(
        "portal/who_may_what.html",
        corporation_name=rooms.corporation_name(),
        groups=[
            (_people(group), _deeds(more or group), more is not None, group is residents)
            for group, more in on_top
        ],
    )


@bp.get("/mijn")
@requires(Permission.OWN_PAGES)
def mine() -> Response:
    """What I have coming, first of it the soonest or with `alles` all; what is over; signing out."""
    now = clock.now()
    actor = known_actor()
    name, waiting = _corporation_and_waiting(actor, now=now)
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
        corporation_name=name,
        waiting=[
            (place, waiting_line(waiting[place.room_id]))
            for place in actor.places
            if place.room_id in waiting
        ],
        joined=[(dates.long_day(day_of(one.at)), one.asks_reader) for one in joined],
        contact=rooms.corporation_contact() if joined else None,
        coming=[_row(found, now, later) for found, later in shown],
        left_out=len(rows) - len(shown),
        past=[_row(found, now) for found in bookings.past_bookings_of(actor.person_id, now=now)],
        works_in=[place for place in actor.places if actor.functions_in(place.room_id) - {Function.PARTNER}],
        is_administrator=allows(actor, Permission.COLLEAGUES_MANAGE),
        oversees_rooms=allows(actor, Permission.ROOMS_OVERSEE),
        mail_refused=is_refused(actor.person_id),
        slip_lines=slip_lines(actor.person_id, now=now),
    )


@bp.get("/privacy")
@public
def privacy() -> Response:
    """What is kept, why and how long, and which rights people have."""
    contact, kept = rooms.corporation_contact(), kept_texts()
    return page(
        "portal/privacy.html",
        corporation_name=contact and contact.name,
        contact=contact,
        kept=kept,
        kept_rows=[(text.what, text.why, text.how_long, text.then) for text in kept.values()],
        session_cookie=current_app.config["SESSION_COOKIE_NAME"],
        device_cookie=DEVICE_COOKIE,
        minimum_age=current_config().minimum_age,
    )


@bp.get("/toegankelijkheid")
@public
def accessibility() -> Response:
    """For whom Ontmoet works, what does not work yet, and whom to tell."""
    contact = rooms.corporation_contact()
    return page(
        "portal/accessibility.html",
        corporation_name=contact and contact.name,
        contact=contact,
        stated_on=dates.full_day(STATED_ON),
    )


def _people(group: matrix.Group) -> str:
    *others, last = [person(who) for who in group.people]
    return dates.capitalised(
        _("%(others)s en %(last)s", others=", ".join(others), last=last) if others else last
    )


def _deeds(group: matrix.Group) -> list[tuple[str, str, str]]:
    """What the group may, as facts with an icon; what is only for their own comes last."""
    yes = [("check", _("Mag"), deed(permission)) for permission in group.may(matrix.Answer.YES)]
    own = [("person", _("Alleen zelf"), own_deed(permission)) for permission in group.may(matrix.Answer.OWN)]
    return [(icon, term, dates.capitalised(line)) for icon, term, line in (*yes, *own)]


def _corporation_and_waiting(actor: Actor, *, now: datetime) -> tuple[str | None, dict[int, int]]:
    """The corporation's name, and how many requests wait in each room where this person decides about them.

    An administrator decides everywhere, and is not reminded of it: the rooms do it themselves.
    """
    mine = [
        place.room_id for place in actor.places if actor.functions_in(place.room_id) & DECIDES_ON_BOOKINGS
    ]
    return corporation_and_waiting(mine, now=now) if mine else (rooms.corporation_name(), {})


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
        facts.append(status_word(found.status))
    helper = helper_shown(found)
    if helper:
        facts.append(_("gedaan door %(name)s", name=helper))
    day = dates.near_day(day_of(found.slot.starts), day_of(now))
    return {
        "href": f"/reserveringen/{found.public_id}",
        "when": dates.capitalised(day),
        "where": ", ".join(facts),
    }
