"""What the pages about requests show: the queue of a room, and what was said about one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app

from ontmoet.kernel.permissions import Permission, allows
from ontmoet.kernel.walltime import day_of
from ontmoet.rooms.pages import room_page
from ontmoet.web import dates
from ontmoet.web.access import known_actor
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import ngettext

from .request_queries import another_decides, beside, other_turns, settled_lately, waiting_in
from .request_rules import against_responsible
from .request_talk import talk_about
from .request_wording import beside_line, decided_line, kind_word, lapses_in, turns_line, waits_until
from .wording import helper_shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from flask import Response

    from ontmoet.rooms.rules import RoomView

    from .queries import BookingView
    from .request_forms import DeclineForm, QuestionForm
    from .request_queries import Beside
    from .request_talk import Talk


@dataclass(frozen=True, slots=True)
class SeriesAsked:
    """A series of which dates wait: what it is called, what is decided about, and the version that is seen.
    `days` are the dates one by one, where the series does not say which and when; `lapses_apart` is whether
    one lapses before another.
    """

    public_id: str
    version: int
    title: str
    line: str
    days: tuple[str, ...]
    lapses_apart: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One request as whoever decides reads it. `facts` are icon, term and text; `beside` is what else is in
    the room then. `obstacle` stands in the way of a yes; without `may_decide` there are no buttons.
    """

    public_id: str
    version: int
    when: str
    lapses: str
    until: str
    facts: list[tuple[str, str, str]]
    beside: list[str]
    talk: Sequence[Talk]
    is_own: bool
    may_decide: bool
    may_ask: bool
    obstacle: str
    path: str
    """Under which its deeds are: it stands alone, or for the series of which it is the first date."""


def queue_page(
    room: RoomView,
    *,
    now: datetime,
    problem: str = "",
    house_rules: tuple[str, str] | None = None,
    status: int = 200,
) -> Response:
    """All that waits in a room, the most urgent first, and under it what was settled of late. `house_rules`
    is the link to them, when they are the problem.
    """
    actor = known_actor()
    knows_names = allows(actor, Permission.NAMES_SEE, room)
    waiting, series = _first_of_each(waiting_in(room.room_id, now=now), now=now)
    ids = [found.booking_id for found in waiting]
    talk, around, turns = talk_about(ids), beside(waiting, now=now), other_turns(waiting, now=now)
    has_own = any(found.person_id == actor.person_id for found in waiting)
    another_may = has_own and another_decides(room.room_id, actor.person_id, today=day_of(now))
    return room_page(
        "bookings/requests.html",
        room,
        status=status,
        problem=problem,
        house_rules=house_rules,
        knows_names=knows_names,
        requests=[
            _shown(
                found,
                talk[found.booking_id],
                around[found.booking_id],
                others=turns[found.booking_id],
                knows_names=knows_names,
                is_own=found.person_id == actor.person_id,
                another_may=another_may,
                series=series.get(found.booking_id),
                is_shut=found.booking_id not in series and not room.hours.cover(found.slot),
                now=now,
            )
            for found in waiting
        ],
        settled=[
            _settled(found, reader_id=actor.person_id, knows_names=knows_names, now=now)
            for found in settled_lately(room.room_id, now=now)
        ],
    )


def about_page(
    template: str,
    found: BookingView,
    room: RoomView,
    form: DeclineForm | QuestionForm,
    *,
    now: datetime,
    status: int = 200,
) -> Response:
    """A page with a form about one request."""
    return room_page(
        template,
        room,
        status=status,
        booking=found,
        form=form,
        when=_when(found, now),
        facts=_facts(found, knows_names=allows(known_actor(), Permission.NAMES_SEE, room)),
    )


def _shown(
    found: BookingView,
    talk: Sequence[Talk],
    around: Sequence[Beside],
    *,
    others: int,
    knows_names: bool,
    is_own: bool,
    another_may: bool,
    series: SeriesAsked | None,
    is_shut: bool,
    now: datetime,
) -> Shown:
    lapses_at = found.lapses_at or found.slot.starts
    is_organisation = found.organisation_id is not None
    lapses = lapses_in(lapses_at, now=now)
    nobody = against_responsible(is_organisation=is_organisation, responsible=found.responsible)
    return Shown(
        public_id=found.public_id,
        version=series.version if series else found.version,
        when=series.title if series else _when(found, now),
        lapses=_("de eerste dag %(lapses)s", lapses=lapses) if series and series.lapses_apart else lapses,
        until=waits_until(lapses_at, day_of(now)),
        facts=[
            *((("calendar", _("Reeks"), series.line),) if series else ()),
            *(("calendar", _("Dag"), day) for day in (series.days if series else ())),
            *((("lock", _("Openingstijden"), _("De ruimte is dan niet open.")),) if is_shut else ()),
            *_facts(found, knows_names=knows_names),
            ("house", _("Eerlijk delen"), turns_line(others, is_organisation=is_organisation)),
        ],
        beside=[beside_line(other, knows_names=knows_names) for other in around],
        talk=talk,
        is_own=is_own,
        may_decide=not (is_own and another_may),
        # One question about one date of many would keep only that one waiting.
        may_ask=not found.is_asked and not is_own and series is None,
        obstacle=_("Er is nog niemand verantwoordelijk.") if nobody else "",
        path=f"/reeksen/{series.public_id}" if series else f"/reserveringen/{found.public_id}",
    )


def _first_of_each(
    waiting: Sequence[BookingView], *, now: datetime
) -> tuple[list[BookingView], dict[int, SeriesAsked]]:
    """Of a series that waits only the first date, with what there is to say about all; series stand above
    bookings, and say it themselves.
    """
    asked: dict[int, SeriesAsked] = current_app.extensions["ontmoet_series_asked"](
        [found.booking_id for found in waiting if found.series_number], now=now
    )
    seen: set[str] = set()
    first = []
    for found in sorted(waiting, key=lambda found: (found.lapses_at or found.slot.starts, found.slot.starts)):
        series = asked.get(found.booking_id)
        if series is None or series.public_id not in seen:
            first.append(found)
        if series is not None:
            seen.add(series.public_id)
    return first, asked


def _facts(found: BookingView, *, knows_names: bool) -> list[tuple[str, str, str]]:
    people = ngettext("%(num)s persoon", "%(num)s mensen", found.people)
    facts = [("people", _("Mensen en plek"), f"{people}, {(found.zone_name or _('Hele ruimte')).lower()}")]
    what = kind_word(found.use_kind)
    facts.append(("list", _("Wat"), f"{found.purpose}. {what}." if found.purpose else f"{what}."))
    who = found.organisation_name or (found.person_name if knows_names else "") or _("Een bewoner")
    helper = helper_shown(found) if knows_names else ""
    if helper:
        who = _("%(who)s, gevraagd door %(helper)s", who=who, helper=helper)
    facts.append(("person", _("Wie"), who))
    if found.responsible and knows_names:
        facts.append(
            ("key", _("Verantwoordelijk"), _("%(name)s is verantwoordelijk", name=found.responsible))
        )
    return facts


def _settled(
    found: BookingView, *, reader_id: int, knows_names: bool, now: datetime
) -> tuple[str, str, str, str]:
    """Where it is (empty for who may not see it), an icon, whose it was and when, and how it ended."""
    href = f"/reserveringen/{found.public_id}" if knows_names else ""
    icon = "check" if found.status == "confirmed" else "cross"
    if found.status == "lapsed":
        icon = "hourglass"
    how = decided_line(found, reader_id=reader_id, knows_names=knows_names)
    return href, icon, which_request(found, knows_names=knows_names, now=now), how


def which_request(found: BookingView, *, knows_names: bool, now: datetime) -> str:
    """Whose it was and when, for who does not see it any more."""
    who = found.organisation_name or (found.person_name if knows_names else "") or _("Een bewoner")
    return f"{who}, {_when(found, now, is_first=False)}"


def _when(found: BookingView, now: datetime, *, is_first: bool = True) -> str:
    """Day and time; with a capital where the line begins with it."""
    day = dates.near_day(day_of(found.slot.starts), day_of(now))
    return f"{dates.capitalised(day) if is_first else day}, {dates.times_in_words(found.slot)}"
