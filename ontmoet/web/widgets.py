"""How the controls of fields are drawn."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup, escape
from wtforms import widgets

if TYPE_CHECKING:
    from .forms import TimeField


_EARLY = re.compile(r"0\d:\d\d")


def attributes(**given: object) -> Markup:
    """The attributes of a tag, in order of name; True stands for the name alone, False for nothing. What is
    markup already is not escaped.

    For WTForms' `html_params`, which takes ten times as long: it was most of what a field cost.
    """
    shown = (
        name if value is True else f'{name}="{escape(value)}"'
        for name, value in sorted(given.items())
        if value is not False
    )
    return Markup(" ".join(shown))  # noqa: S704 - names are ours, values are escaped


class _Drawn:
    html_params = staticmethod(attributes)


class TextInput(_Drawn, widgets.TextInput):
    """One line that is typed."""


class PasswordInput(_Drawn, widgets.PasswordInput):
    """One line that nobody sees who looks along."""


class HiddenInput(_Drawn, widgets.HiddenInput):
    """What the form brings back without showing it."""


class DateInput(_Drawn, widgets.DateInput):
    """A day that is typed, or picked from the browser's own calendar."""


class TimeSelect:
    """A list of times, read as 9:00 and sent as 09:00. What was sent but is not in it is added, so that
    nothing typed is lost.
    """

    def __call__(self, field: TimeField, **given: object) -> Markup:
        named = attributes(id=field.id, name=field.name, **given)
        choices, chosen = tuple(field.choices), field._value()
        if chosen and chosen not in choices:
            # Not remembered: it may be anything, of any length.
            options = _options.__wrapped__(tuple(sorted([*choices, chosen])), chosen)
        else:
            options = _options(choices, chosen)
        return Markup(f"<select {named}>{options}</select>")  # noqa: S704 - both parts are escaped


@lru_cache(maxsize=4096)
def _options(choices: tuple[str, ...], chosen: str) -> str:
    return "".join(_option(option, chosen=option == chosen) for option in choices)


def _option(time: str, *, chosen: bool) -> str:
    said = time[1:] if _EARLY.fullmatch(time) else time
    value = attributes(value=time if said != time else False, selected=chosen)
    return f"<option{' ' if value else ''}{value}>{escape(said)}</option>"
