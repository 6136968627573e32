"""Pages made of several slices."""

from __future__ import annotations

import io
from re import fullmatch

import segno
from flask import Blueprint, Response, abort, current_app, request

from ontmoet.arranging.hours_pages import hours_lines
from ontmoet.bookings.agenda import entry_of
from ontmoet.bookings.agenda_queries import shows_own
from ontmoet.bookings.bars import Bar, day_bar, legend_of
from ontmoet.bookings.coming import activities_after
from ontmoet.bookings.use_pages import arrival_of
from ontmoet.db import Memory
from ontmoet.house_rules.queries import published_rules
from ontmoet.kernel import clock, matrix
from ontmoet.kernel.permissions import Permission, allows
from ontmoet.kernel.walltime import day_of
from ontmoet.people.entering import DEVICE_COOKIE
from ontmoet.people.queries import contact_of
from ontmoet.rooms import queries as rooms
from ontmoet.rooms.pages import lead_managers_on, lead_on, room_or_404, room_page
from ontmoet.rooms.rules import RoomView
from ontmoet.rooms.wording import facility_word, for_whom
from ontmoet.web import dates
from ontmoet.web.access import current_actor, public
from ontmoet.web.converters import SlugConverter
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import page
from ontmoet.web.pieces import Piece
from ontmoet.web.settings import current_config

from .about import STATED_ON, kept_texts
from .door import DoorText, door_agenda, door_text
from .wording import deed, own_deed, person

bp = Blueprint("portal", __name__)

_doors: Memory[int, tuple[DoorText, Bar]] = Memory(most=1000)
"""What a room's door says in this minute. All times in an agenda are whole minutes."""


@bp.get("/")
@public
def home() -> Response:
    """All rooms of the corporation."""
    return page(
        "portal/home.html",
        nav="room",
        rooms=rooms.live_rooms(clock.now()),
    )


@bp.get("/r/<slug:slug>")
@public
def room(slug: str) -> Response:
    """The door of a room: free or busy now, today, and one big button."""
    now = clock.now()
    today = day_of(now)
    found = room_or_404(slug)
    if found.live_at is None:
        lead_managers_on(found)
        # The navigation goes on pointing at a room that has an agenda.
        return page(
            "portal/room_out_of_use.html",
            corporation=rooms.corporation_of(found),
            room=found,
            heading=_("%(room)s is nog niet open", room=found.name),
            told=_("Zodra je hier kunt reserveren, zie je dat op deze pagina."),
        )
    lead_on(found)
    if found.closed_at is not None and found.is_closed(now):
        last = dates.full_day(day_of(found.closed_at))
        return room_page(
            "portal/room_out_of_use.html",
            found,
            heading=_("%(room)s is gesloten", room=found.name),
            told=_(
                "Sinds %(day)s kun je hier niet meer reserveren. Dank aan iedereen die er kwam.", day=last
            ),
        )
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
    may_book = actor is None or allows(actor, Permission.BOOKING_MAKE, found)
    links = {
        "on_behalf": allows(actor, Permission.ON_BEHALF, found),
        "hand_out_keys": allows(actor, Permission.KEYS_HAND_OUT, found),
        "poster": allows(actor, Permission.NAMES_SEE, found),
        "manage": allows(actor, Permission.FUNCTIONS_SEE, found),
    }
    has_house_rules = bool(published_rules(found, now=now))
    activities = activities_after(found, today)

    def facts() -> dict[str, object]:
        coming = [line for line in lines if line.day == today and line.slot.ends > now]
        return {
            "today": dates.short_day(today),
            "bar": bar,
            "legend": legend_of(bar, now),
            "entries": [entry_of(line, found) for line in coming],
            "activities": [
                (dates.short_day(day_of(one.slot.starts)), dates.clock_at(one.slot.starts), one.title)
                for one in activities
            ],
            "contact": contact_of(found, today=today),
            "for_whom": for_whom(found.access_policy),
            "hours": hours_lines(found, now=now),
            "facilities": [facility_word(facility) for facility in found.facilities],
        }

    return room_page(
        "portal/room.html",
        found,
        came_from=_came_from(found) if request.query_string else "",
        door=door,
        arrival=arrival_of(lines, now=now),
        facts=facts,
        has_house_rules=has_house_rules,
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
        groups=[
            (_people(group), _deeds(more or group), more is not None, group is residents)
            for group, more in on_top
        ],
    )


@bp.get("/privacy")
@public
def privacy() -> Response:
    """What is kept, why and how long, and which rights people have."""
    kept = kept_texts()
    return page(
        "portal/privacy.html",
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
    return page(
        "portal/accessibility.html",
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
