"""What the components of the style guide show. Made up: the guide asks nothing of the database."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ontmoet.attendance.sheet import SheetRow
from ontmoet.attendance.sheet_views import Sheet
from ontmoet.bookings.agenda_grid import MonthDay, WeekDay, WeekSlot
from ontmoet.bookings.bars import Bar, Frame
from ontmoet.house_rules.changes import Kind, Piece
from ontmoet.kernel.actor import Place
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _
from ontmoet.web.qr import qr_drawing

from .door import DoorState
from .screen import Item, Screen

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOM = Place(0, "de-linde", "De Linde", "linde")
PHONE = "030 555 01 00"
DOORS = ("linde", "hoekje", "plein", "brug", "wilgen", "ark")
MONDAY = date(2026, 11, 23)
TODAY = MONDAY + timedelta(days=1)
WEEK = [MONDAY + timedelta(days=ahead) for ahead in range(7)]
FRAME = Frame(first=9 * 60, rows=16)
NOW = FRAME.at(12 * 60)
HERE = "?deel=tijd"
CODE = qr_drawing("https://ontmoet.example/r/de-linde")
GROUPS = ["7K4P", "X2MD", "9TQ3"]


def of_buttons() -> Mapping[str, Any]:
    return {"before": ("?deel=knoppen", _("Week 47")), "after": ("?deel=knoppen", _("Week 49"))}


def of_facts() -> Mapping[str, Any]:
    return {
        "badges": [
            ("free", _("vrij")),
            ("busy", _("bezet")),
            ("asked", _("aangevraagd")),
            ("closed", _("gesloten")),
            ("mine", _("van jou")),
            ("works", _("werk")),
        ],
        "notices": [
            ("info", _("Deze tijd is nog vrij.")),
            ("good", _("Gelukt. De ruimte is van jou.")),
            ("warn", _("De sleutel is nog niet terug.")),
            ("error", _("Dit lukt nog niet.")),
        ],
        "facts": [
            ("people", _("Hoeveel mensen"), _("40 mensen")),
            ("key", _("Sleutel"), _("Bij de gastheer")),
        ],
        "doors": DOORS,
        "states": [("open", _("Vrij")), ("busy", _("Bezet")), ("dark", _("Dicht"))],
        "phone": PHONE,
    }


def of_time() -> Mapping[str, Any]:
    weekdays = [(dates.weekday(day), dates.long_day(day).split()[0]) for day in WEEK]
    return {
        "bar": Bar(
            FRAME.rows,
            [*((at, label.split(":")[0]) for at, label in FRAME.hours(120)), (FRAME.rows + 1, "17")],
            [("closed", 1, 2), ("busy", 3, 3), ("mine", 9, 5), ("clash", 12, 2)],
            NOW,
            _("Tot 10:00 gesloten, dan bezet. Jouw tijd botst."),
        ),
        "empty_bar": Bar(FRAME.rows, [(1, "9"), (FRAME.rows + 1, "17")], [], None, _("De hele dag is vrij.")),
        "days": [
            ("?deel=tijd", dates.weekday(day), day.day, dates.month_name(day), day == TODAY, {})
            for day in WEEK
        ],
        "frame": FRAME,
        "week": [_week_day(day) for day in WEEK],
        "weekdays": weekdays,
        "weeks": [[_month_day(day + timedelta(days=7 * ahead)) for day in WEEK] for ahead in range(2)],
    }


def of_paper() -> Mapping[str, Any]:
    rows = [
        SheetRow("koffie", "10:00–12:00", _("Koffie met de buren")),
        SheetRow("", "14:00–16:00", _("Gesloten: schoonmaak")),
        SheetRow("inloop", "", _("Inloop, zonder reservering")),
    ]
    day = dates.short_day(TODAY)
    return {
        "groups": GROUPS,
        "code": CODE,
        "phone": PHONE,
        "marked": (
            Piece(Kind.SAME, _("Zet het geluid zacht na")),
            Piece(Kind.REMOVED, _("22 uur.")),
            Piece(Kind.ADDED, _("21 uur.")),
        ),
        "sheets": [
            Sheet(_("blad voor één dag"), day, [(day, rows)], CODE),
            Sheet(_("een dag zonder iets"), day, [], CODE),
        ],
    }


def of_screen(state: str) -> Mapping[str, Any]:
    """The screen in the hall: `open`, `busy`, or `dark` by night."""
    door = {
        "open": DoorState("open", _("Vrij"), _("tot 14:00"), ""),
        "busy": DoorState("busy", _("Bezet"), _("tot 16:00"), ""),
        "dark": DoorState("dark", _("Dicht"), _("tot 9:00"), _("Schoonmaak")),
    }[state]
    coffee = Item(_("nu"), "10:00", _("Koffie met de buren"), _("Iedereen welkom"), is_now=state == "busy")
    later = Item(_("vandaag"), "14:00", _("Bezet"), _("tot 16:00"), is_now=False)
    return {
        "shown": Screen(
            day=dates.long_day(TODAY),
            door=door,
            hours=(_("Elke dag van 9 tot 22 uur"),),
            items=() if state == "dark" else (coffee, later),
            more="" if state == "dark" else _("En nog 2."),
            is_night=False,
        ),
        "room": ROOM,
        "code": CODE,
        "time": "12:00",
    }


def _week_day(day: date) -> WeekDay:
    is_today = day == TODAY
    return WeekDay(
        day=day,
        href=HERE,
        title=dates.short_day(day),
        spoken=dates.long_day(day),
        today=is_today,
        now=NOW if is_today else None,
        slots=[_morning(day), *([_at_once(1), _at_once(2)] if is_today else [])] if day != WEEK[-1] else [],
        shut=[(15, 2)] if day != WEEK[-1] else [(1, FRAME.rows)],
        remarks=[] if day != WEEK[-1] else [_("Dicht")],
    )


def _morning(day: date) -> WeekSlot:
    """Each day another kind."""
    kind, title = (
        ("busy", _("Bezet")),
        ("open", _("Koffie")),
        ("asked", _("Feest")),
        ("mine", _("Puzzelclub")),
        ("closed", _("Gesloten")),
        ("works", _("Schilder")),
    )[day.weekday()]
    href = HERE if kind == "mine" else None
    return WeekSlot(kind, title, "10:00", "12:00", [_("Keuken")], href, Markup(), at=3, span=4)


def _at_once(lane: int) -> WeekSlot:
    """One of two that stand beside each other."""
    return WeekSlot("busy", _("Bezet"), "14:00", "16:00", [], None, Markup(), 11, 4, lane, 2)


def _month_day(day: date) -> MonthDay:
    state = "closed" if day.weekday() == 6 else "busy" if day.weekday() < 3 else "free"
    return MonthDay(
        href=HERE,
        number=day.day,
        month=dates.month_name(day),
        count=day.weekday() + 1 if state == "busy" else 0,
        word={"closed": _("dicht"), "busy": _("bezet"), "free": _("vrij")}[state],
        state=state,
        today=day == TODAY,
        other=day.month != TODAY.month,
        has_works=day.weekday() == 4,
    )
