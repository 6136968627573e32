"""What keepers are told about the key duty, in words."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from ontmoet.db import execute
from ontmoet.outbox.letters import one_line
from ontmoet.people.models import Person
from ontmoet.rooms.models import Room
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

from .duty_rules import DutyNews, answerer
from .letters import letter_to
from .models import KeyDuty

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from ontmoet.hearing.call_list import Says
    from ontmoet.outbox.letters import Letter
    from ontmoet.outbox.sending import Composer
    from ontmoet.outbox.waiting import Waiting

_duty = KeyDuty.__table__
_room = Room.__table__
_recorder = Person.__table__.alias("recorder")
_from = Person.__table__.alias("giver")
_to = Person.__table__.alias("getter")

_ABOUT = (
    select(
        _duty.c.id,
        _duty.c.public_id,
        _duty.c.until,
        _duty.c.recorded_by_id,
        _duty.c.from_id,
        _duty.c.to_id,
        _room.c.name.label("room_name"),
        _room.c.slug,
        _recorder.c.name.label("recorded_by"),
        _from.c.name.label("giver"),
        _to.c.name.label("getter"),
    )
    .join_from(_duty, _room, _room.c.id == _duty.c.room_id)
    .outerjoin(_recorder, _recorder.c.id == _duty.c.recorded_by_id)
    .outerjoin(_from, _from.c.id == _duty.c.from_id)
    .outerjoin(_to, _to.c.id == _duty.c.to_id)
    .where(_duty.c.id.in_(bindparam("duty_ids", expanding=True)))
)


def letter(news: DutyNews, message: Waiting, *, now: datetime) -> Letter | None:  # noqa: ARG001 - asked of every composer
    """The news as it is now; None for a reader without e-mail, or when the duty went on to somebody else."""
    about = execute(_ABOUT, duty_ids=[message.object_id]).one_or_none()
    if about is None or not _is_still_so(news, about):
        return None
    return letter_to(
        message.person_id,
        subject=_("De sleuteldienst van %(room)s", room=about.room_name),
        says=_says(news, about),
        path=f"/r/{about.slug}/sleutels/dienst/{about.public_id}",
    )


def sentences(
    news: DutyNews,
    messages: Sequence[Waiting],
    now: datetime,  # noqa: ARG001 - asked of all
) -> Mapping[int, Says]:
    """What to say to each person by telephone, as long as it is still true. One statement."""
    rows = execute(_ABOUT, duty_ids=[message.object_id for message in messages])
    found = {row.id: row for row in rows if _is_still_so(news, row)}
    return {
        message.number: partial(_says, news, found[message.object_id])
        for message in messages
        if message.object_id in found
    }


TITLES = {
    DutyNews.GIVEN: _l("je kreeg de sleuteldienst"),
    DutyNews.TAKEN: _l("je hebt de sleuteldienst niet meer"),
    DutyNews.OBJECTED: _l("een overdracht van de sleuteldienst klopt niet"),
}
"""What a message was about, for whoever got it."""

LETTERS: Mapping[str, Composer] = {news: partial(letter, news) for news in DutyNews}
TOLD = {news: partial(sentences, news) for news in DutyNews}


def _is_still_so(news: DutyNews, about: Any) -> bool:
    """That the duty came to somebody is over with the next hand-over; the rest stays true."""
    return news is not DutyNews.GIVEN or about.until is None


def _says(news: DutyNews, about: Any) -> str:
    facts = {
        "room": about.room_name,
        "who": one_line(about.recorded_by or _("Iemand")),
        "getter": one_line(about.getter or _("iemand anders")),
    }
    match news:
        case DutyNews.GIVEN:
            return _(
                "%(who)s schreef op dat jij nu de sleuteldienst van %(room)s hebt. Klopt dat, en klopt de"
                " telling? Laat het weten.",
                **facts,
            )
        case DutyNews.TAKEN:
            if about.to_id is None:
                says = _("De sleuteldienst van %(room)s is niet meer bij jou. Bedankt!", **facts)
            else:
                says = _("De sleuteldienst van %(room)s is nu bij %(getter)s. Bedankt!", **facts)
            # Only who had the duty is told this.
            may_answer = answerer(about.from_id, about.to_id, about.recorded_by_id) == about.from_id
            if about.from_id is None or not may_answer:
                return says
            return says + " " + _("Klopt dat niet? Laat het weten.")
        case DutyNews.OBJECTED:
            # The other of a hand-over is who did not write it down.
            other = about.giver if about.recorded_by_id == about.to_id else about.getter or about.giver
            facts["who"] = one_line(other or _("Iemand"))
            return _(
                "%(who)s zegt dat de overdracht van de sleuteldienst van %(room)s niet klopt. Zoek je het"
                " samen uit?",
                **facts,
            )
