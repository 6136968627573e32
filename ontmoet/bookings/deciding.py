"""Saying yes or no to a request, and talking about it first. Each function runs inside a unit of work and
commits nothing itself.

A second tap of the same person changes nothing; whoever else is second learns what was decided.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, update

from ontmoet.db import execute
from ontmoet.house_rules.queries import agreement_of
from ontmoet.kernel.objections import Objection, Refused, refuse_any
from ontmoet.kernel.walltime import day_of
from ontmoet.outbox.actions import post
from ontmoet.people.actor_queries import actor_of
from ontmoet.rooms.queries import lock_room, room_by_id
from ontmoet.trail.actions import record

from .actions import hold_for
from .calling_off import say_no
from .ending import hand_on
from .holding import let_go
from .models import Booking, RequestQuestion
from .queries import booking_by_public_id
from .request_queries import another_decides
from .request_rules import (
    RequestNews,
    RequestReason,
    against_deciding,
    against_explanation,
    against_responsible,
    lapses_after_talk,
)
from .request_talk import talk_about
from .rules import BookingWish, Reason, objections_to
from .states import CancelReason, News, Status
from .telling import tell_outcome

if TYPE_CHECKING:
    from datetime import datetime

    from ontmoet.kernel.actor import Actor
    from ontmoet.rooms.rules import RoomView

    from .queries import BookingView
    from .request_talk import Talk

_booking = Booking.__table__
_question = RequestQuestion.__table__


def approve(booking: BookingView, *, seen_version: int, actor: Actor, now: datetime) -> None:
    """Say yes to the request as it was seen. Raises `Refused`, also when a rule does not allow it by now."""
    current = _locked(booking, now=now)
    if current.status is Status.CONFIRMED and current.decided_by_id == actor.person_id:
        return
    _ensure_may_decide(current, actor, now=now)
    if current.version != seen_version:
        raise Refused(Objection(Reason.CHANGED_MEANWHILE))
    room = room_by_id(current.room_id)
    wish = _wish_of(current, room)
    refuse_any(_against_approval(current, wish, room, now=now))
    execute(
        update(_booking)
        .where(_booking.c.id == current.booking_id)
        .values(
            status=Status.CONFIRMED,
            lapses_at=None,
            decided_by_id=actor.person_id,
            decided_at=now,
            version=current.version + 1,
        )
    )
    let_go(current.booking_id)
    hold_for(current.booking_id, wish, room, expires_at=None)
    _recorded("request_approved", current, actor, now)
    tell_outcome(News.CONFIRMED, current, now=now)


def decline(
    booking: BookingView, *, because: CancelReason, explanation: str, actor: Actor, now: datetime
) -> None:
    """Say no, and why; the time is free at once. Raises `Refused`."""
    current = _locked(booking, now=now)
    if current.status is Status.DECLINED and current.decided_by_id == actor.person_id:
        return
    _ensure_may_decide(current, actor, now=now)
    silent = against_explanation(because, explanation)
    if silent is not None:
        raise Refused(silent)
    say_no([current.booking_id], because, by_id=actor.person_id, now=now, explanation=explanation)
    _recorded("request_declined", current, actor, now, reason=because)
    tell_outcome(News.DECLINED, current, now=now)
    hand_on(current.room_id, now=now)


def ask_back(booking: BookingView, question: str, *, actor: Actor, now: datetime) -> None:
    """Ask who wants the room something first; the request waits a day longer at least. Raises `Refused`."""
    current = _locked(booking, now=now)
    open_one = _open_question(current)
    if open_one is not None and (open_one.asked_by_id, open_one.question) == (actor.person_id, question):
        return
    _ensure_may_decide(current, actor, now=now)
    if open_one is not None:
        raise Refused(Objection(RequestReason.ALREADY_ASKED, "question"))
    question_id: int = execute(
        insert(_question).returning(_question.c.id),
        booking_id=current.booking_id,
        question=question,
        asked_by_id=actor.person_id,
        asked_at=now,
    ).scalar_one()
    until = _wait_longer(current, now=now)
    _recorded("request_asked_back", current, actor, now)
    if current.person_id not in (None, actor.person_id):
        _posted(RequestNews.QUESTION, question_id, current.person_id, current, now, until)


def answer(booking: BookingView, words: str, *, actor: Actor, now: datetime) -> None:
    """Answer the open question about a request, for oneself or for whom one helps; it waits a day longer at
    least, and whoever asked is told. Raises `Refused`.
    """
    current = _locked(booking, now=now)
    if current.status is not Status.REQUESTED:
        raise Refused(Objection(RequestReason.ALREADY_DECIDED, facts={"status": current.status}))
    talk = talk_about([current.booking_id])[current.booking_id]
    open_one = next((each for each in talk if each.is_open), None)
    if open_one is None:
        if talk and (talk[-1].answered_by_id, talk[-1].answer) == (actor.person_id, words):
            return
        raise Refused(Objection(RequestReason.NOTHING_ASKED, "answer"))
    execute(
        update(_question)
        .where(_question.c.id == open_one.question_id)
        .values(answer=words, answered_by_id=actor.person_id, answered_at=now)
    )
    # Who approves says yes to what they read: an answer that came meanwhile is read first.
    execute(
        update(_booking).where(_booking.c.id == current.booking_id).values(version=_booking.c.version + 1)
    )
    until = _wait_longer(current, now=now)
    _recorded("request_answered", current, actor, now)
    if open_one.asked_by_id not in (None, actor.person_id):
        _posted(RequestNews.ANSWERED, open_one.question_id, open_one.asked_by_id, current, now, until)


def _locked(booking: BookingView, *, now: datetime) -> BookingView:
    """The booking as it is under the lock of its room."""
    lock_room(booking.room_id)
    current = booking_by_public_id(booking.public_id, now=now)
    if current is None:
        raise Refused(Objection(Reason.ALREADY_OVER))
    return current


def against_decision(found: BookingView, actor: Actor, *, now: datetime) -> Objection | None:
    """Why this person may not decide about the request, which may do so here; None when they may."""
    is_own = found.person_id == actor.person_id
    another_may = is_own and another_decides(found.room_id, actor.person_id, today=day_of(now))
    return against_deciding(found.status, is_own=is_own, another_may=another_may)


def _ensure_may_decide(current: BookingView, actor: Actor, *, now: datetime) -> None:
    against = against_decision(current, actor, now=now)
    if against is not None:
        raise Refused(against)


def _wish_of(current: BookingView, room: RoomView) -> BookingWish:
    zone = next((each for each in room.zones if each.zone_id == current.zone_id), None)
    if zone is None and current.zone_id is not None:
        raise Refused(Objection(Reason.NO_SUCH_ZONE))
    return BookingWish(current.slot, zone, current.people, current.purpose)


def _against_approval(
    current: BookingView, wish: BookingWish, room: RoomView, *, now: datetime
) -> tuple[Objection, ...]:
    """What the rules of now say about it. Its time is held and its turn is spent already."""
    nobody = against_responsible(
        is_organisation=current.organisation_id is not None, responsible=current.responsible
    )
    person = None if current.person_id is None else actor_of(current.person_id, today=day_of(now))
    # An organisation whose booker left agreed already; the next one comes with an own booking.
    has_agreed = person is None or not agreement_of(person, room, now=now).is_missing
    found = objections_to(wish, room, taken=(), fair_use=(), now=now, has_agreed=has_agreed)
    return (*found, *([nobody] if nobody is not None else []))


def _open_question(current: BookingView) -> Talk | None:
    return next((each for each in talk_about([current.booking_id])[current.booking_id] if each.is_open), None)


def _wait_longer(current: BookingView, *, now: datetime) -> datetime:
    """Renew the term of a request, and of the time it holds; when it lapses now."""
    if current.lapses_at is None:
        return current.slot.starts
    until = lapses_after_talk(current.lapses_at, current.slot.starts, now=now)
    if until == current.lapses_at:
        return until
    room = room_by_id(current.room_id)
    execute(update(_booking).where(_booking.c.id == current.booking_id).values(lapses_at=until))
    let_go(current.booking_id)
    hold_for(current.booking_id, _wish_of(current, room), room, expires_at=until)
    return until


def _recorded(action: str, current: BookingView, actor: Actor, now: datetime, **changes: object) -> None:
    record(
        action,
        object_kind="booking",
        object_id=current.booking_id,
        room_id=current.room_id,
        actor_id=actor.person_id,
        on_behalf_of_id=current.person_id,
        now=now,
        changes=changes,
    )


def _posted(
    news: RequestNews,
    question_id: int,
    person_id: int,
    current: BookingView,
    now: datetime,
    until: datetime,
) -> None:
    """Tell somebody of one question, once; after `until` the request has lapsed."""
    post(
        news,
        person_id=person_id,
        object_id=question_id,
        dedupe_key=f"{news}:{question_id}",
        due_at=now,
        now=now,
        room_id=current.room_id,
        useful_until=until,
    )
