"""The page on which somebody chooses a time: what it shows besides the fields themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from ontmoet.kernel import clock
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.walltime import day_of, minutes_of, start_of
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _

from . import taken_queries
from .actions import WishedFor, moving_of, needs_decision, wish_in
from .alternatives import (
    DAYS_SEARCHED,
    Alternative,
    alternatives_to,
    first_day_searched,
    last_day_searched,
    next_free,
)
from .bars import Bar, day_bar, legend_of
from .closure_pages import works_lines
from .forms import STEP_MINUTES, BookingForm
from .parties import Party
from .refusal_wording import say
from .rules import BookingWish, FairUse, Reason, objections_to
from .states import Status
from .turns import fair_use_of
from .waiting_rules import may_wait
from .wording import alternative_lines, fair_use_line

if TYPE_CHECKING:
    from ontmoet.rooms.rules import RoomView

    from .queries import BookingView

DAYS_SHOWN = 14

Day = tuple[str, str, int, str]
"""In a strip of days: the day, its weekday, its number in the month and what stands under it."""


@dataclass
class Preview:
    """What would happen if the form was sent as it is now."""

    bar: Bar
    legend: list[tuple[str, str]]
    objections: list[str] = field(default_factory=list)
    alternatives: list[tuple[str, str, str, str]] = field(default_factory=list)
    fair_use: str = ""
    fair_use_note: str = ""
    dots: tuple[int, int, int] | None = None
    asks: bool = False
    may_wait: bool = False
    refusals: tuple[Objection, ...] = ()
    has_agreed: bool = True
    own: str = ""
    """Where the booking is that stands in the way and is one's own."""
    works: list[tuple[str, str, str]] = field(default_factory=list)
    """Who comes in to work during that time: what, who and when. It holds no time, so it refuses nobody."""


def proposal(room: RoomView, *, now: datetime) -> Alternative | None:
    """What the form starts with when nothing was chosen: the next free slot. One statement, or none when this
    process knows; another for a room that has nothing for weeks.
    """
    today = day_of(now)
    until = start_of(today + timedelta(days=DAYS_SEARCHED))
    taken = taken_queries.taken_as_known(room, start_of(today), until, now=now)
    soon = next_free(room, taken=taken, now=now, days=DAYS_SEARCHED)
    if soon is not None or not room.is_open_to_bookings(now):
        return soon
    end = start_of(last_day_searched(room, now) + timedelta(days=1))
    taken = taken_queries.taken_between(room.room_id, until, end, now=now)
    return next_free(room, taken=taken, now=now, days=room.horizon_days + 1, after=DAYS_SEARCHED)


def preview(
    room: RoomView,
    party: Party,
    wished: WishedFor | None,
    day: date | None,
    *,
    unlike: tuple[Objection, ...] = (),
    now: datetime,
    has_agreed: bool = True,
    changing: BookingView | None = None,
    may_have_more: bool = True,
    person_id: int | None = None,
    whose: str = "",
) -> Preview:
    """The day as a bar, and for a whole wish: what stands in its way and what can be done instead. With
    `unlike`, what was filled in is no slot for these reasons, and `wished` is what may be meant.

    `has_agreed` tells whether the person it is for goes along with the house rules. Who does not is refused
    when sending the form; until then the page only says so. Nor does it offer another time for a booking that
    began, or of who may have no more. `person_id` is who it is for, `whose` their given name when somebody
    else fills it in.
    """
    today = day_of(now)
    day = day or today
    leave_out = changing.booking_id if changing else None
    wish = _wish_or_none(room, wished)
    first = first_day_searched(wish, room, now) if wish else day
    last = first + timedelta(days=DAYS_SEARCHED - 1)
    taken = taken_queries.taken_as_known(
        room,
        start_of(min(first, day)),
        start_of(max(last, day) + timedelta(days=1)),
        now=now,
        leave_out=leave_out,
    )
    fair_use = fair_use_of(room, party, min(first, day), max(last, day), now=now, leave_out=(leave_out,))
    zone_ids = wish.zone_ids(room) if wish else room.zone_ids
    mine = wish.slot if wish and not unlike else None
    bar = day_bar(room, day, taken, zone_ids=zone_ids, now=now, mine=mine)
    has, keeps = None, False
    if changing is not None:
        needs_yes = needs_decision(room, party, changing.responsible or "")
        has = moving_of(changing, room, may_have_more=may_have_more, needs_yes=needs_yes)
        keeps = changing.status is Status.CONFIRMED and wish is not None and has.holds(wish, room)
    found = Preview(
        bar=bar,
        legend=legend_of(bar, now, mine=_("gekozen tijd") if whose else _("jouw tijd")),
        asks=party.is_bound and room.use_rule(party.use_kind).needs_approval and not keeps,
        has_agreed=has_agreed,
        works=works_lines(room, mine, now=now) if mine else [],
    )
    for month in fair_use:
        if month.month[0] <= day < month.month[1]:
            _tell_fair_use(found, month, None if unlike else wish, whose, today)
    if wish is None:
        return found
    found.refusals = unlike or objections_to(
        wish,
        room,
        taken=taken,
        fair_use=fair_use,
        now=now,
        moving=has,
        has_agreed=has_agreed,
        person_id=person_id,
    )
    own = next((o.facts["own"] for o in found.refusals if "own" in o.facts), None)
    found.own = f"/reserveringen/{own}" if own else ""
    against_time = [o for o in found.refusals if o.reason is not Reason.HOUSE_RULES_NOT_AGREED]
    if against_time:
        found.objections = [say(objection, whose) for objection in against_time]
        is_new = changing is None
        found.may_wait = is_new and may_wait(found.refusals, wish.slot.starts, now=now)
        if has is not None and (has.has_begun(now) or not has.may_have_more):
            return found
        ways = alternatives_to(wish, room, taken=taken, fair_use=fair_use, now=now)
        if not ways and not any(o.reason in NEVER for o in against_time):
            ways = _further_on(wish, room, party, last + timedelta(days=1), now=now, leave_out=leave_out)
        found.alternatives = [_way(way, day, today) for way in ways]
    return found


NEVER = (Reason.ROOM_CLOSED, Reason.TOO_MANY_PEOPLE)
"""Why it is of no use to look further on."""


def _further_on(
    wish: BookingWish, room: RoomView, party: Party, first: date, *, now: datetime, leave_out: int | None
) -> tuple[Alternative, ...]:
    """What is possible from this day until nobody can book yet: a room may be closed for weeks, or the turns
    of a month spent.
    """
    last = last_day_searched(room, now)
    if first > last:
        return ()
    until = start_of(last + timedelta(days=1))
    return alternatives_to(
        wish,
        room,
        taken=taken_queries.taken_between(room.room_id, start_of(first), until, now=now, leave_out=leave_out),
        fair_use=fair_use_of(room, party, first, last, now=now, leave_out=(leave_out,)),
        now=now,
        first=first,
        days=(last - first).days + 1,
    )


def times_offered(room: RoomView) -> list[str]:
    """The times of the two lists, over all opening hours of the week and of days of their own to come."""
    today = day_of(clock.now())
    to_come = (found for day, found in room.hours.exceptions.items() if day >= today)
    stretches = [s for day in (*room.hours.weekly.values(), *to_come) for s in day]
    first = min((s.opens for s in stretches), default=9 * 60)
    last = max((s.closes for s in stretches), default=22 * 60)
    return [dates.field_time(m) for m in range(first - first % STEP_MINUTES, last + 1, STEP_MINUTES)]


def days_offered(day: date | None, room: RoomView, now: datetime) -> list[Day]:
    """A strip of days: from today, or around the chosen day when that is further on.

    A chosen day that is past or too far ahead is shown beside them: it stays chosen until another is.
    """
    today = day_of(now)
    last = today + timedelta(days=room.horizon_days)
    first = today
    if day is not None and day >= today + timedelta(days=DAYS_SHOWN):
        first = max(today, min(day, last + timedelta(days=1)) - timedelta(days=3))
    shown = {d for d in (first + timedelta(days=n) for n in range(DAYS_SHOWN)) if d <= last}
    if day is not None:
        shown.add(day)
    return [(d.isoformat(), dates.weekday(d), d.day, _word_under(d, today, last)) for d in sorted(shown)]


def _word_under(day: date, today: date, last: date) -> str:
    """Within the horizon a month says enough."""
    if day == today:
        return _("vandaag")
    return dates.month_name(day) if today < day <= last else dates.near_month(day, today)


def further_days(days: list[Day], room: RoomView, now: datetime) -> str | None:
    """The day with which the strip would go on, None at the end of the horizon."""
    after = date.fromisoformat(days[-1][0]) + timedelta(days=4) if days else day_of(now)
    last = day_of(now) + timedelta(days=room.horizon_days)
    return min(after, last).isoformat() if days and date.fromisoformat(days[-1][0]) < last else None


def way_back(days: list[Day], now: datetime) -> str | None:
    """Today, when the strip starts further on."""
    today = day_of(now).isoformat()
    return today if days and days[0][0] > today else None


def fill_from(form: BookingForm, found: Alternative) -> None:
    """Put a slot into the form."""
    form.day.data = day_of(found.slot.starts)
    form.starts.data = minutes_of(found.slot.starts)
    form.ends.data = dates.end_minutes(found.slot)
    if "zone" in form:
        form.zone.data = found.zone.slug if found.zone else ""


def _wish_or_none(room: RoomView, wished: WishedFor | None) -> BookingWish | None:
    if wished is None:
        return None
    try:
        return wish_in(room, wished)
    except Refused:
        return None


def _tell_fair_use(
    found: Preview, fair_use: FairUse, wish: BookingWish | None, whose: str, today: date
) -> None:
    found.fair_use = fair_use_line(fair_use, today, whose)
    counts = wish is not None and fair_use.counts(wish.slot)
    if wish is not None and not counts:
        found.fair_use_note = _("Deze tijd telt niet mee.")
    extra = 1 if counts and not fair_use.is_spent else 0
    if extra:
        found.fair_use_note = _("Met deze tijd erbij: %(num)s.", num=fair_use.used + extra)
    if fair_use.kept:
        kept = _("Een tijd die we nog vasthouden, telt mee. Wie nee zegt, houdt de beurt.")
        found.fair_use_note = " ".join(filter(None, (found.fair_use_note, kept)))
    found.dots = (min(fair_use.used, fair_use.quota), fair_use.quota, extra)


def _way(way: Alternative, asked_day: date, today: date) -> tuple[str, str, str, str]:
    """(value for the form, icon, when, where) of an alternative; its times stay together on a line."""
    when, where = alternative_lines(way, asked_day=asked_day, today=today)
    zone = way.zone.slug if way.zone else ""
    value = f"{dates.local_iso(way.slot.starts)}/{dates.field_time(dates.end_minutes(way.slot))}/{zone}"
    icon_name = "clock" if day_of(way.slot.starts) == asked_day else "calendar"
    return value, icon_name, when.replace("–", "–\u2060"), where
