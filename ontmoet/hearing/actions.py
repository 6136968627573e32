"""What happens to how people hear from us. Runs inside a unit of work and commits nothing itself."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, select, text, update

from ontmoet.db import Instant, execute, lock_row
from ontmoet.kernel.tokens import digest_of
from ontmoet.outbox.actions import post, take_back, write_down
from ontmoet.outbox.models import Outcome
from ontmoet.people.models import Person
from ontmoet.trail.actions import record

from .models import OptIn
from .rules import QuietHours

if TYPE_CHECKING:
    from collections.abc import Collection

    from ontmoet.people.rules import Channel, Language

CHOSEN_FOR_YOU = "hearing_chosen_for_you"
"""The kind of message that says so; it is about who chose."""

_person = Person.__table__
_opt_in = OptIn.__table__

_SET = text(
    "insert into hearing (person_id, quiet_from, quiet_until) values (:person_id, :quiet_from, :quiet_until)"
    " on conflict (person_id) do update set quiet_from = :quiet_from, quiet_until = :quiet_until,"
    " refused_digest = null, refused_at = null"
)
_REFUSE = text(
    "insert into hearing (person_id, quiet_from, quiet_until, refused_digest, refused_at)"
    " values (:person_id, :quiet_from, :quiet_until, :digest, :at)"
    " on conflict (person_id) do update set refused_digest = :digest, refused_at = :at"
).bindparams(bindparam("at", type_=Instant()))
_WAY = select(_person.c.channel, _person.c.language).where(_person.c.id == bindparam("person_id"))
_ADDRESS = select(_person.c.email).where(_person.c.id == bindparam("person_id"))


def choose(
    person_id: int,
    *,
    channel: Channel,
    language: Language,
    quiet: QuietHours,
    wants: Collection[str],
    now: datetime,
) -> None:
    """How somebody wants to hear from us from now on. Whoever says so tries a refused address again."""
    lock_row(_person, person_id)
    execute(update(_person).where(_person.c.id == person_id).values(channel=channel, language=language))
    execute(_SET, person_id=person_id, quiet_from=quiet.starts, quiet_until=quiet.ends)
    execute(delete(_opt_in).where(_opt_in.c.person_id == person_id))
    for kind in sorted(wants):
        execute(insert(_opt_in), person_id=person_id, kind=kind)
    record(
        "hearing_chosen",
        object_kind="person",
        object_id=person_id,
        actor_id=person_id,
        now=now,
        changes={"channel": channel, "language": language, "wants": sorted(wants)},
    )


def choose_for(
    person_id: int, way: tuple[Channel, Language], *, actor_id: int, room_id: int, now: datetime
) -> None:
    """A neighbour or staff says for somebody how and in which language they hear from us, and they are
    told. Choosing what is so already changes nothing.
    """
    lock_row(_person, person_id)
    channel, language = way
    if execute(_WAY, person_id=person_id).one() == way:
        return
    execute(update(_person).where(_person.c.id == person_id).values(channel=channel, language=language))
    record(
        "hearing_chosen",
        object_kind="person",
        object_id=person_id,
        room_id=room_id,
        actor_id=actor_id,
        now=now,
        changes={"channel": channel, "language": language},
    )
    post(
        CHOSEN_FOR_YOU,
        person_id=person_id,
        object_id=actor_id,
        dedupe_key=f"{CHOSEN_FOR_YOU}:{person_id}:{int(now.timestamp())}",
        due_at=now,
        now=now,
        room_id=room_id,
    )


def want_no_more(person_id: int, kind: str, *, now: datetime) -> None:
    """Somebody ends messages of a kind by the link in one. Doing so again changes nothing."""
    ended = execute(delete(_opt_in).where(_opt_in.c.person_id == person_id, _opt_in.c.kind == kind))
    if ended.rowcount:
        record(
            "message_kind_ended",
            object_kind="person",
            object_id=person_id,
            actor_id=person_id,
            now=now,
            changes={"kind": kind},
        )


def note_refused(person_id: int, address: str, *, now: datetime) -> None:
    """A mail server does not know this address. Nothing when somebody has another one by now."""
    if execute(_ADDRESS, person_id=person_id).scalar() != address:
        return
    usual = QuietHours()
    execute(
        _REFUSE,
        person_id=person_id,
        quiet_from=usual.starts,
        quiet_until=usual.ends,
        digest=digest_of(address),
        at=now,
    )
    record("address_refused", object_kind="person", object_id=person_id, actor_id=None, now=now)


def note_seen(room_id: int, message_ids: Collection[int], *, actor_id: int, now: datetime) -> None:
    """Somebody looked at the call list of a room, with these messages on it."""
    record(
        "call_list_seen",
        object_kind="room",
        object_id=room_id,
        room_id=room_id,
        actor_id=actor_id,
        now=now,
        changes={"messages": sorted(message_ids)},
    )


def note_told(message_id: int, outcome: Outcome, *, room_id: int, actor_id: int, now: datetime) -> bool:
    """Somebody told a message or did not reach its person; False when the list is not so any more."""
    if not write_down(message_id, outcome, by_id=actor_id, now=now):
        return False
    _record(
        "message_told" if outcome is Outcome.TOLD else "message_not_reached",
        message_id,
        room_id=room_id,
        actor_id=actor_id,
        now=now,
    )
    return True


def undo_told(message_id: int, *, room_id: int, actor_id: int, now: datetime) -> bool:
    """Undo what this person wrote down last about a message; False when that is not there any more."""
    if not take_back(message_id, by_id=actor_id):
        return False
    _record("message_telling_undone", message_id, room_id=room_id, actor_id=actor_id, now=now)
    return True


def _record(action: str, message_id: int, *, room_id: int, actor_id: int, now: datetime) -> None:
    record(
        action,
        object_kind="message",
        object_id=message_id,
        room_id=room_id,
        actor_id=actor_id,
        now=now,
    )
