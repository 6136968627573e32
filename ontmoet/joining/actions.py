"""What happens to letters. Runs inside a unit of work and commits nothing itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, select, update

from ontmoet.db import Instant, execute, lock_row
from ontmoet.house_rules.actions import agree
from ontmoet.kernel.objections import Objection, Refused, refuse_any
from ontmoet.kernel.tokens import digest_of, new_code
from ontmoet.kernel.walltime import day_of
from ontmoet.outbox.actions import post as post_message
from ontmoet.people.actions import start_session
from ontmoet.people.actor_queries import actor_of
from ontmoet.people.guardians import grown_up_named, name_guardian, waits_for_guardian
from ontmoet.people.pins import check_nickname, give_pin
from ontmoet.people.queries import lock_home
from ontmoet.people.rules import limits_on_network
from ontmoet.rooms.models import Complex, Home, Room
from ontmoet.trail.actions import FormPost, FormReused, count_try, earlier_answer, record, remember_answer

from .models import Invitation as InvitationRow
from .models import InvitationUse
from .newcomers import put_person
from .queries import ENDED, expected_at_home, invitation_by_code, people_at_home, rooms_of, rules_of, use_on
from .rules import (
    GUESSES_WINDOW,
    MOST_AT_ONCE,
    MOST_GUESSES,
    MOST_USES,
    TAP_AGAIN,
    WORKS_FOR,
    Invitation,
    Newcomer,
    Reason,
    objections_to,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ontmoet.db import AnyRow
    from ontmoet.house_rules.rules import RulesVersion
    from ontmoet.people.actor_queries import SignedIn
    from ontmoet.rooms.rules import RoomView

HOUSEMATE_JOINED = "housemate_joined"
MOST_FORGOTTEN = 500
"""Letters at once, each minute."""

_invitation = InvitationRow.__table__
_use = InvitationUse.__table__
_home = Home.__table__
_room = Room.__table__

_HOMES = (
    select(_home.c.id, _home.c.address_name, _home.c.address)
    .join_from(_room, _home, _home.c.complex_id == _room.c.complex_id)
    .where(
        _room.c.id == bindparam("room_id"),
        _home.c.address_name.in_(bindparam("address_names", expanding=True)),
        _home.c.ended_at.is_(None),
    )
)
_COMPLEX_ID = select(_room.c.complex_id).where(_room.c.id == bindparam("room_id"))
_REVOKE = (
    update(_invitation)
    .where(
        _invitation.c.home_id.in_(bindparam("home_ids", expanding=True)), _invitation.c.revoked_at.is_(None)
    )
    .values(revoked_at=bindparam("moment", type_=Instant()))
)
_USE_UP = (
    update(_invitation)
    .where(
        _invitation.c.id == bindparam("which"),
        _invitation.c.uses_left > 0,
        _invitation.c.revoked_at.is_(None),
    )
    .values(uses_left=_invitation.c.uses_left - 1)
)
_OLD = select(_invitation.c.id).where(ENDED).limit(MOST_FORGOTTEN)


@dataclass(frozen=True, slots=True)
class NewLetter:
    """A letter to print now: afterwards nobody knows its code."""

    address_name: str
    address: str
    code: str


def make_letters(
    room: RoomView, address_names: Collection[str], *, post: FormPost, location: str, now: datetime
) -> tuple[NewLetter, ...]:
    """New letters for these homes of the room's complex; the letters they had work no longer.

    Raises `Refused`: NOTHING_CHOSEN without a home, TOO_MANY_CHOSEN for more than go at once, MADE_ALREADY
    when this form did so before, because nobody can show those letters again.
    """
    lock_row(Complex.__table__, execute(_COMPLEX_ID, room_id=room.room_id).scalar_one())
    try:
        is_second = earlier_answer(post) is not None
    except FormReused:
        is_second = True
    if is_second:
        raise Refused(Objection(Reason.MADE_ALREADY))
    homes = execute(_HOMES, room_id=room.room_id, address_names=list(address_names)).all()
    if not homes:
        raise Refused(Objection(Reason.NOTHING_CHOSEN))
    if len(homes) > MOST_AT_ONCE:
        raise Refused(Objection(Reason.TOO_MANY_CHOSEN))
    letters = {home.id: NewLetter(home.address_name, home.address, new_code()) for home in homes}
    execute(_REVOKE, home_ids=list(letters), moment=now)
    _insert_letters(letters, post.actor_id, now)
    record(
        "letters_made",
        object_kind="room",
        object_id=room.room_id,
        room_id=room.room_id,
        actor_id=post.actor_id,
        changes={"letters": len(letters)},
        now=now,
    )
    remember_answer(post, location, now=now)
    return tuple(letters.values())


def join(
    code: str,
    newcomer: Newcomer,
    *,
    pin_hash: str,
    form_key: str,
    device: str,
    secret: str,
    now: datetime,
    device_name: str = "",
) -> SignedIn | None:
    """Somebody new lives in the home of the letter from now on, and is signed in on this device. None for a
    child: the guardian is asked first.

    The same form again within two minutes gives the same person, not a second one. Raises `Refused`:
    NO_LETTER when the letter does not work, or not any more on this device; else everything that is to
    be filled in otherwise.
    """
    letter = invitation_by_code(code)
    if letter is None:
        raise Refused(Objection(Reason.NO_LETTER))
    lock_home(letter.home_id)
    earlier = use_on(letter.invitation_id, digest_of(device))
    if earlier is not None:
        person_id = _second_tap(earlier, form_key, now)
    elif not use_up(letter, now=now):
        raise Refused(Objection(Reason.NO_LETTER))
    else:
        person_id = _join(letter, newcomer, pin_hash=pin_hash, now=now)
        note_use(letter, person_id, device=device, form_key=form_key, now=now)
    if waits_for_guardian(person_id):
        return None
    return start_session(
        person_id,
        secret=secret,
        device=device,
        own_phone=newcomer.own_phone,
        device_name=device_name,
        now=now,
    )


def use_up(letter: Invitation, *, now: datetime) -> bool:
    """Whether the letter still works; it does so for one person less from now on. Inside the home's lock."""
    return now < letter.expires_at and execute(_USE_UP, which=letter.invitation_id).rowcount == 1


def note_use(letter: Invitation, person_id: int, *, device: str, form_key: str, now: datetime) -> None:
    """Who used the letter, and on which device: there it works no more."""
    execute(
        insert(_use),
        invitation_id=letter.invitation_id,
        person_id=person_id,
        device_hash=digest_of(device),
        form_hash=digest_of(form_key),
        at=now,
    )


def is_guess_too_many(network: str, *, now: datetime) -> bool:
    """Count a code that is none, tried from this network; whether there were too many."""
    limits = limits_on_network("letter", network, MOST_GUESSES, GUESSES_WINDOW)
    return any(count_try(limit.bucket, window=limit.window, now=now) > limit.most for limit in limits)


def forget_old_invitations(before: datetime) -> int:
    """Remove letters that were over before then, and who used them, some at a time; the number removed."""
    ids = list(execute(_OLD, before=before).scalars())
    execute(delete(_use).where(_use.c.invitation_id.in_(ids)))
    return execute(delete(_invitation).where(_invitation.c.id.in_(ids))).rowcount


def _insert_letters(letters: dict[int, NewLetter], made_by_id: int, now: datetime) -> None:
    execute(
        insert(_invitation).values(
            [
                {
                    "home_id": home_id,
                    "code_hash": digest_of(letter.code),
                    "made_at": now,
                    "made_by_id": made_by_id,
                    "expires_at": now + WORKS_FOR,
                    "uses_left": MOST_USES,
                }
                for home_id, letter in letters.items()
            ]
        )
    )


def _second_tap(earlier: AnyRow, form_key: str, now: datetime) -> int:
    if earlier.form_hash != digest_of(form_key) or now - earlier.at > TAP_AGAIN:
        raise Refused(Objection(Reason.NO_LETTER))
    person_id: int = earlier.person_id
    return person_id


def _join(letter: Invitation, newcomer: Newcomer, *, pin_hash: str, now: datetime) -> int:
    expected = None
    if not newcomer.is_somebody_else:
        expected = expected_at_home(letter.home_id, newcomer.name, today=day_of(now))
    housemates = [one for one in people_at_home(letter.home_id, today=day_of(now)) if one.id != expected]
    rules = rules_of(rooms_of(letter, now=now), now=now)
    guardian_id = None
    if newcomer.is_child:
        guardian_id = grown_up_named([letter.home_id], newcomer.guardian, today=day_of(now))
    objections = objections_to(
        newcomer,
        at_home=[name for _, name in housemates],
        has_guardian=guardian_id is not None,
        rules_now=rules_label(rules),
    )
    _refuse_what_does_not_fit(letter, newcomer, objections)
    person_id = put_person(newcomer, expected, home_id=letter.home_id, now=now)
    record(
        "joined",
        object_kind="invitation",
        object_id=letter.invitation_id,
        actor_id=person_id,
        now=now,
    )
    nickname = newcomer.chosen_nickname
    give_pin(
        person_id, home_id=letter.home_id, nickname=nickname, pin_hash=pin_hash, actor_id=person_id, now=now
    )
    if guardian_id is not None:
        name_guardian(person_id, guardian_id, now=now)
    actor = actor_of(person_id, today=day_of(now))
    for room, version in rules:
        agree(room.room_id, version.number, actor=actor, now=now)
    # The guardian hears more than that somebody joined.
    tell_housemates(letter, person_id, [one for one, _ in housemates if one != guardian_id], now)
    return person_id


def tell_housemates(letter: Invitation, person_id: int, housemates: Iterable[int], now: datetime) -> None:
    """Those who live there hear that somebody came to live there."""
    room_id = next((room.room_id for room in rooms_of(letter, now=now)), None)
    for housemate_id in housemates:
        post_message(
            HOUSEMATE_JOINED,
            person_id=housemate_id,
            object_id=letter.home_id,
            dedupe_key=f"{HOUSEMATE_JOINED}/{letter.home_id}/{person_id}/{housemate_id}",
            due_at=now,
            now=now,
            room_id=room_id,
        )


def _refuse_what_does_not_fit(letter: Invitation, newcomer: Newcomer, objections: list[Objection]) -> None:
    # The nickname may come from the name, and who has that name may have it: one question at a time.
    if not any(objection.field == "name" for objection in objections):
        try:
            check_nickname(newcomer.chosen_nickname, home_id=letter.home_id)
        except Refused as refusal:
            objections += refusal.objections
    refuse_any(objections)


def rules_label(rules: Iterable[tuple[RoomView, RulesVersion]]) -> str:
    """Which house rules are on the screen, for the form to say what was agreed with."""
    return " ".join(f"{room.slug}:{version.number}" for room, version in rules)
