"""What is said about work that is announced for the time of somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.outbox.letters import one_line
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _

from .states import Status

if TYPE_CHECKING:
    from ontmoet.db import AnyRow


def works_said(row: AnyRow, *, room: str, when: str, who: str, what: str) -> str:
    """That somebody comes in to work, by telephone; `row` is the booking, the request or the offer."""
    who, what = one_line(who), one_line(what)
    if row.status == Status.CONFIRMED:
        return _(
            "Tijdens jouw reservering van %(room)s op %(when)s, komt er iemand binnen:"
            " %(who)s (%(what)s). Jouw reservering gaat door.",
            room=room,
            when=when,
            who=who,
            what=what,
        )
    comes = _("Op die tijd komt er iemand binnen: %(who)s (%(what)s).", who=who, what=what)
    return _not_yet_theirs(row, comes, room=room, when=when)


def works_off_said(row: AnyRow, *, room: str, when: str) -> str:
    """That nobody does after all."""
    if row.status == Status.CONFIRMED:
        return _(
            "Tijdens jouw reservering van %(room)s op %(when)s, komt er toch niemand werken.",
            room=room,
            when=when,
        )
    return _not_yet_theirs(row, _("Op die tijd komt er toch niemand werken."), room=room, when=when)


def _not_yet_theirs(row: AnyRow, news: str, *, room: str, when: str) -> str:
    """The news to who still waits for a yes, and to who is to say it."""
    if row.status == Status.OFFERED:
        freed = _("%(room)s is vrijgekomen op %(when)s.", room=room, when=when)
        until = dates.full_moment(row.lapses_at)
        asks = _("We houden de tijd voor je vast tot %(until)s. Wil je hem?", until=until)
        return f"{freed} {news} {asks}"
    asked = _("Je vroeg %(room)s aan voor %(when)s.", room=room, when=when)
    return f"{asked} {news} {_('Je hoort nog of het kan.')}"
