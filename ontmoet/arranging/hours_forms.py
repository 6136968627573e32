"""The shape of opening hours as they are typed: a week, and a day of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import MultiDict
from wtforms import ValidationError

from ontmoet.web.forms import ChoiceField, DateField, Form, LineField, TypedTimeField
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

from .hours_rules import How, TypedStretch, week_in
from .hours_wording import WEEKDAYS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wtforms import Field

    from ontmoet.rooms.rules import OpeningHours

LONGEST_REASON = 80
PARTS = ("opens", "closes", "opens_2", "closes_2")
COPIES = {"workdays": range(1, 5), "all_days": range(1, 7)}
"""Buttons that fill days in like Monday, and which days."""


class WeekForm(Form):
    """Made by `week_form`: for each day two stretches at most."""

    def day_fields(self) -> list[tuple[str, Sequence[Field], bool]]:
        """Each day: its name, its four fields, and whether the second stretch is asked for or filled in."""
        days = [(str(WEEKDAYS[day]), [self[_name(day, part)] for part in PARTS]) for day in range(7)]
        return [
            (name, fields, any(f.data is not None or (f.raw_data and f.raw_data[0]) for f in fields[2:]))
            for name, fields in days
        ]

    def typed(self) -> list[list[TypedStretch]]:
        """What was typed for each day. Of a form that is valid."""
        return [_typed([self[_name(day, part)] for part in PARTS]) for day in range(7)]


def week_form(sent: Mapping[str, str] | None, hours: OpeningHours | None = None) -> WeekForm:
    """The form as it was sent, or filled in with the hours that are."""
    form = _WEEK(sent)
    if hours is not None:
        for day, stretches in enumerate(week_in(hours)):
            for stretch, parts in zip(stretches, (PARTS[:2], PARTS[2:]), strict=False):
                form[_name(day, parts[0])].data = stretch.opens
                form[_name(day, parts[1])].data = stretch.closes
    return form


def like_monday(sent: Mapping[str, str], days: range) -> MultiDict[str, str]:
    """What was sent, with these days as Monday."""
    copied = MultiDict(sent)
    for day in days:
        for part in PARTS:
            copied[_name(day, part)] = sent.get(_name(0, part), "")
    return copied


class DaysForm(Form):
    """How it goes on a day, or days in a row."""

    first = DateField(_l("Eerste dag"), required=True)
    last = DateField(_l("Laatste dag"))
    how = ChoiceField(_l("Hoe gaat het dan?"), validate_choice=False)
    opens = TypedTimeField(_l("Open van"))
    closes = TypedTimeField(_l("Open tot"))
    opens_2 = TypedTimeField(_l("En van"))
    closes_2 = TypedTimeField(_l("En tot"))
    reason = LineField(_l("Waarom?"), longest=LONGEST_REASON)

    def __init__(self, sent: Mapping[str, str] | None) -> None:
        super().__init__(sent)
        self.how.choices = [
            (How.SHUT.value, _("Dicht")),
            (How.USUAL.value, _("Zoals anders")),
            (How.OTHER.value, _("Andere tijden")),
        ]

    def validate_how(self, how: ChoiceField) -> None:
        """Nothing is chosen for anybody."""
        if not how.data or not how.is_listed:
            raise ValidationError(_("Kies hoe het gaat op deze dag."))

    def typed(self) -> list[TypedStretch]:
        """The hours as they were typed. Of a form that is valid."""
        return _typed([self[part] for part in PARTS])


def _typed(fields: Sequence[Field]) -> list[TypedStretch]:
    opens, closes, opens_2, closes_2 = fields
    return [
        TypedStretch(opens.data, closes.data, opens.name, closes.name),
        TypedStretch(opens_2.data, closes_2.data, opens_2.name, closes_2.name),
    ]


def _name(day: int, part: str) -> str:
    return f"day_{day}_{part}"


def _labels(day: int) -> dict[str, Any]:
    name = WEEKDAYS[day]
    return {
        "opens": _l("%(day)s van", day=name),
        "closes": _l("%(day)s tot", day=name),
        "opens_2": _l("%(day)s ook van", day=name),
        "closes_2": _l("%(day)s ook tot", day=name),
    }


_WEEK: type[WeekForm] = type(
    "_WeekForm",
    (WeekForm,),
    {_name(day, part): TypedTimeField(label) for day in range(7) for part, label in _labels(day).items()},
)
