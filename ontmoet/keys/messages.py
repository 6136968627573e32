"""What people are told about keys, in words: by mail, and by telephone for who has none."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select

from ontmoet.db import execute
from ontmoet.kernel.walltime import day_of
from ontmoet.outbox.letters import one_line
from ontmoet.people.models import Organisation, Person
from ontmoet.rooms.models import Room
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

from .holders import somebody_comes_for
from .letters import letter_to
from .models import Custody, KeyCopy
from .rules import HolderKind, News, is_overdue
from .wording import full_moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ontmoet.hearing.call_list import Says
    from ontmoet.outbox.letters import Letter
    from ontmoet.outbox.sending import Composer
    from ontmoet.outbox.waiting import Waiting

_custody = Custody.__table__
_copy = KeyCopy.__table__
_room = Room.__table__
_holder = Person.__table__.alias("holder")
_organisation = Organisation.__table__

_ABOUT = (
    select(
        _custody.c.id,
        _custody.c.holder,
        _custody.c.until,
        _custody.c.due_at,
        _custody.c.objected_at,
        _custody.c.holder_name,
        _copy.c.public_id,
        _copy.c.number,
        _room.c.name.label("room_name"),
        func.coalesce(_holder.c.name, _organisation.c.name).label("held_by"),
        somebody_comes_for(_custody.c.organisation_id, _copy.c.room_id).label("can_be_reached"),
    )
    .join_from(_custody, _copy, _copy.c.id == _custody.c.copy_id)
    .join(_room, _room.c.id == _copy.c.room_id)
    .outerjoin(_holder, _holder.c.id == _custody.c.person_id)
    .outerjoin(_organisation, _organisation.c.id == _custody.c.organisation_id)
    .where(_custody.c.id.in_(bindparam("custody_ids", expanding=True)))
)


def letter(news: News, message: Waiting, *, now: datetime) -> Letter | None:
    """The news about a key as it is now; None for a reader without e-mail, or when it is not so any more."""
    about = execute(_ABOUT, custody_ids=[message.object_id], today=day_of(now)).one_or_none()
    if about is None or not _is_still_so(news, about, now):
        return None
    return letter_to(
        message.person_id,
        subject=_("Sleutel %(number)s van %(room)s", number=about.number, room=about.room_name),
        says=_says(news, about),
        path=f"/sleutels/{about.public_id}",
    )


def sentences(news: News, messages: Sequence[Waiting], now: datetime) -> Mapping[int, Says]:
    """What to say to each person by telephone, as long as it is still true. One statement."""
    custody_ids = [message.object_id for message in messages]
    rows = execute(_ABOUT, custody_ids=custody_ids, today=day_of(now))
    found = {row.id: row for row in rows if _is_still_so(news, row, now)}
    return {
        message.number: partial(_says, news, found[message.object_id])
        for message in messages
        if message.object_id in found
    }


TITLES = {
    News.GIVEN: _l("je kreeg een sleutel"),
    News.TAKEN_BACK: _l("een sleutel is niet meer bij jou"),
    News.BROUGHT_BACK: _l("een sleutel is teruggebracht"),
    News.OBJECTED: _l("iemand heeft een sleutel niet"),
    News.LOST: _l("een sleutel is kwijt"),
    News.DUE_CHANGED: _l("een sleutel mag langer of korter bij jou blijven"),
    News.LATE: _l("een sleutel moet terug"),
    News.LATE_FOR_KEEPER: _l("een sleutel is te laat"),
    News.LATE_FOR_BOARD: _l("een sleutel is een dag te laat"),
    News.UNREACHABLE: _l("een sleutel is bij wie hier niet meer komt"),
}
"""What a message was about, for whoever got it."""

LETTERS: Mapping[str, Composer] = {news: partial(letter, news) for news in News}
TOLD = {news: partial(sentences, news) for news in News}


def _is_still_so(news: News, about: Any, now: datetime) -> bool:
    """What ended needs no kind reminder; that a key was taken back stays true."""
    match news:
        case News.TAKEN_BACK:
            return about.until is not None
        case News.OBJECTED:
            return about.until is None and about.objected_at is not None
        case News.LATE | News.LATE_FOR_KEEPER | News.LATE_FOR_BOARD:
            return about.until is None and is_overdue(about.due_at, now)
        case News.UNREACHABLE:
            return about.until is None and not about.can_be_reached
        case _:
            return about.until is None


def _says(news: News, about: Any) -> str:
    due = full_moment(about.due_at) if about.due_at else ""
    facts = {
        "key": _("sleutel %(number)s van %(room)s", number=about.number, room=about.room_name),
        "who": one_line(about.held_by or about.holder_name or _("iemand")),
        "due": due,
    }
    match news:
        case News.GIVEN | News.DUE_CHANGED:
            return _says_until_when(news, facts, is_theirs=about.holder == HolderKind.ORGANISATION)
        case News.TAKEN_BACK if about.holder == HolderKind.ORGANISATION:
            return _("Bedankt, %(key)s is niet meer bij %(who)s.", **facts)
        case News.TAKEN_BACK:
            return _("Bedankt, %(key)s is niet meer bij jou.", **facts)
        case News.BROUGHT_BACK:
            return _("Iemand schreef op dat %(key)s weer in het kastje ligt. Kijk je even?", **facts)
        case News.OBJECTED:
            return _("%(who)s zegt %(key)s niet te hebben. Zoek je het samen uit?", **facts)
        case News.LOST:
            return _("Iemand meldde %(key)s kwijt. Kijk je mee?", **facts)
        case News.LATE:
            return _("Denk je aan %(key)s? Hij moest terug voor %(due)s. Breng je hem even?", **facts)
        case News.LATE_FOR_KEEPER | News.LATE_FOR_BOARD:
            return _("%(who)s heeft %(key)s nog. Die moest terug voor %(due)s. Bel je even?", **facts)
        case News.UNREACHABLE:
            return _(
                "%(who)s heeft %(key)s nog, maar niemand komt hier nog namens %(who)s. Vraag je hem terug?",
                **facts,
            )


def _says_until_when(news: News, facts: dict[str, str], *, is_theirs: bool) -> str:
    if is_theirs and news is News.GIVEN:
        if facts["due"]:
            return _(
                "%(who)s kreeg %(key)s. Breng hem terug voor %(due)s. Klopt dit niet? Laat het weten.",
                **facts,
            )
        return _("%(who)s kreeg %(key)s. Jullie mogen hem houden. Klopt dit niet? Laat het weten.", **facts)
    match news, bool(facts["due"]):
        case News.GIVEN, True:
            return _(
                "Je kreeg %(key)s. Breng hem terug voor %(due)s. Klopt dit niet? Laat het weten.", **facts
            )
        case News.GIVEN, False:
            return _("Je kreeg %(key)s. Je mag hem houden. Klopt dit niet? Laat het weten.", **facts)
        case _, True:
            return _("Er is iets veranderd: breng %(key)s terug voor %(due)s.", **facts)
        case _:
            return _("Er is iets veranderd: je mag %(key)s houden.", **facts)
