"""Opening hours in words, and what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ontmoet.kernel.walltime import day_of
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l
from ontmoet.web.i18n import ngettext

from .hours_rules import FURTHEST_DAYS, MOST_DAYS_AT_ONCE, SMALLEST_GROUP, DayPart, Reason, often_missed
from .hours_school import Region

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ontmoet.kernel.objections import Objection

    from .hours_queries import Coming
    from .hours_rules import DaysWanted, MissedLike, SpecialDays, Stretches, Week

ACTIONS = {
    "opening_hours_changed": _l("openingstijden veranderd"),
    "opening_days_changed": _l("openingstijden op een dag veranderd"),
}

WEEKDAYS = (
    _l("Maandag"),
    _l("Dinsdag"),
    _l("Woensdag"),
    _l("Donderdag"),
    _l("Vrijdag"),
    _l("Zaterdag"),
    _l("Zondag"),
)


def say(objection: Objection) -> str:
    """The sentence for an objection. Total over `Reason`."""
    facts = objection.facts
    match Reason(objection.reason):
        case Reason.ENDS_BEFORE_START:
            return _("Kies een eindtijd na %(time)s.", time=dates.hour(cast("int", facts["opens"])))
        case Reason.OVERLAPS:
            return _(
                "Deze tijd valt in de andere. Begin om %(time)s of later.",
                time=dates.hour(cast("int", facts["closes"])),
            )
        case reason:
            return {
                Reason.HALF_A_STRETCH: _("Vul een begin en een eind in, of laat allebei leeg."),
                Reason.CHANGED_MEANWHILE: _(
                    "Iemand anders heeft dit net veranderd. Kijk hoe het nu is, en kies opnieuw."
                ),
                Reason.DAY_IS_PAST: _("Deze dag is al voorbij. Kies vandaag of later."),
                Reason.DAYS_REVERSED: _("De laatste dag ligt voor de eerste dag. Kies een latere dag."),
                Reason.TOO_MANY_DAYS: _(
                    "Kies hoogstens %(days)s dagen achter elkaar.", days=MOST_DAYS_AT_ONCE
                ),
                Reason.TOO_FAR_AHEAD: _(
                    "Dit kan tot %(days)s dagen vooruit. Kies een eerdere dag.", days=FURTHEST_DAYS
                ),
                Reason.NO_HOURS: _("Vul in hoe laat de ruimte open is. Blijft hij dicht, kies dan ‘Dicht’."),
                Reason.NO_REASON: _("Schrijf kort op waarom. Iedereen kan dit lezen."),
            }[reason]


def say_of_week(objection: Objection) -> str:
    """The same with the day of the week that its field is about."""
    sentence = say(objection)
    if objection.field is None:
        return sentence
    return f"{WEEKDAYS[int(objection.field.split('_')[1])]}: {sentence[0].lower()}{sentence[1:]}"


def hours_line(stretches: Stretches) -> str:
    """8:00–12:00 en 13:00–22:00 uur, or dicht."""
    if not stretches:
        return _("dicht")
    # With a word joiner: no line ends inside a time.
    spans = (f"{dates.clock_of(s.opens)}{dates.EN_DASH}\u2060{dates.clock_of(s.closes)}" for s in stretches)
    return dates.o_clock(_(" en ").join(spans))


def week_lines(week: Week) -> list[str]:
    """Maandag tot en met vrijdag: 9:00–17:00 uur. Days in a row that go the same are one."""
    if len(set(week)) == 1:
        return [_("Elke dag: %(hours)s", hours=hours_line(week[0]))]
    lines, first = [], 0
    for day in range(1, 8):
        if day == 7 or week[day] != week[first]:
            lines.append(f"{_weekdays(first, day - 1)}: {hours_line(week[first])}")
            first = day
    return lines


def _weekdays(first: int, last: int) -> str:
    begin, end = str(WEEKDAYS[first]), str(WEEKDAYS[last]).lower()
    if first == last:
        return begin
    if last == first + 1:
        return _("%(first)s en %(last)s", first=begin, last=end)
    return _("%(first)s tot en met %(last)s", first=begin, last=end)


def changed_lines(seen: Week, current: Week) -> list[str]:
    """What differs between two weeks, a sentence for each day."""
    return [
        _("%(day)s is nu: %(hours)s.", day=WEEKDAYS[day], hours=hours_line(now))
        for day, (before, now) in enumerate(zip(seen, current, strict=True))
        if before != now
    ]


def days_line(first: date, last: date, today: date) -> str:
    """di 24 nov, or za 19 dec tot en met zo 3 jan 2027."""
    if first == last:
        return dates.near_day(first, today)
    return _(
        "%(first)s tot en met %(last)s",
        first=dates.near_day(first, today),
        last=dates.near_day(last, today),
    )


def special_line(row: SpecialDays) -> str:
    """dicht, of 10:00–14:00 uur, with the reason."""
    hours = dates.capitalised(hours_line(row.stretches))
    return f"{hours}: {row.reason}" if row.reason else hours


def saved_line(wanted: DaysWanted, today: date) -> str:
    """That it was saved, and how it goes on which days: of many days in a row one was just chosen."""
    days = dates.capitalised(days_line(wanted.first, wanted.last, today))
    how = _("zoals anders") if wanted.stretches is None else hours_line(wanted.stretches)
    return _("Bewaard. %(days)s: %(how)s.", days=days, how=how)


def affected_title(count: int) -> str:
    """How many stand outside."""
    return ngettext(
        "%(num)s reservering valt buiten deze tijden",
        "%(num)s reserveringen vallen buiten deze tijden",
        count,
    )


def who_line(coming: Coming, *, with_name: bool) -> str:
    """Who comes, with how many, and where."""
    name = (coming.organisation_name or coming.person_name or _("Iemand")) if with_name else _("Bezet")
    people = ngettext("%(num)s persoon", "%(num)s mensen", coming.people)
    return ", ".join(part for part in (name, people, coming.zone_name) if part)


def when_lines(coming: Coming, today: date) -> tuple[str, str]:
    """The day and the times."""
    return dates.capitalised(dates.near_day(day_of(coming.slot.starts), today)), dates.times(coming.slot)


def missed_lines(missed: Sequence[MissedLike], *, was_taken: bool = False) -> list[str]:
    """How often somebody wanted to come when the room was shut, or others had it: in all and most of all,
    then the rest. Empty when it is too little to say anything.
    """
    missed = [one for one in missed if one.was_taken == was_taken]
    total = sum(one.times for one in missed)
    if total < SMALLEST_GROUP:
        return []
    groups = [(_part_word(*group), times) for group, times in often_missed(missed)]
    if was_taken:
        first = _("%(num)s keer wilde iemand komen toen het bezet was", num=total)
    else:
        first = _("%(num)s keer wilde iemand komen buiten de openingstijden", num=total)
    if not groups:
        return [f"{first}."]
    first = _("%(first)s, meestal %(part)s.", first=first, part=groups[0][0])
    return [first, *(f"{dates.capitalised(word)}: {times}" for word, times in groups)]


def _part_word(weekday: int, part: DayPart) -> str:
    day = str(WEEKDAYS[weekday]).lower()
    return {
        DayPart.NIGHT: _("%(day)snacht", day=day),
        DayPart.MORNING: _("%(day)sochtend", day=day),
        DayPart.AFTERNOON: _("%(day)smiddag", day=day),
        DayPart.EVENING: _("%(day)savond", day=day),
    }[part]


def region_word(region: Region) -> str:
    """The region as people in it call it."""
    return {
        Region.NORTH: _("Noord"),
        Region.MIDDLE: _("Midden"),
        Region.SOUTH: _("Zuid"),
    }[region]
