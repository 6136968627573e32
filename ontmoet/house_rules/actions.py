"""What happens to house rules. Runs inside a unit of work and commits nothing itself."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, bindparam, insert, text

from ontmoet.db import Instant, execute
from ontmoet.kernel.objections import Objection, Refused, refuse_any
from ontmoet.rooms.queries import lock_room, room_by_id
from ontmoet.trail.actions import earlier_or_refused, record, remember_answer

from .models import RulesVersion as RulesVersionRow
from .queries import current_of
from .rules import How, Reason, objections_to, organisation_of

if TYPE_CHECKING:
    from ontmoet.kernel.actor import Actor
    from ontmoet.trail.actions import FormPost

    from .rules import Draft

_version = RulesVersionRow.__table__

_ACCEPT = text(
    "insert into acceptance (person_id, organisation_id, rules_version_id, how, at, recorded_by_id)"
    " values (:person_id, :organisation_id, :rules_version_id, :how, :at, :recorded_by_id)"
    " on conflict do nothing"
).bindparams(
    bindparam("person_id", type_=BigInteger()),
    bindparam("organisation_id", type_=BigInteger()),
    bindparam("recorded_by_id", type_=BigInteger()),
    bindparam("at", type_=Instant()),
)


def agree(
    room_id: int,
    number: int,
    *,
    actor: Actor,
    now: datetime,
    how: How = How.SCREEN,
    person: Actor | None = None,
) -> None:
    """A person, or the organisation that this person comes for, goes along with the version that was seen.
    `person` is who signed, when the actor writes down what is on paper. Again changes nothing.

    Raises `Refused` when that is not the version in force: nobody agrees with words they did not see.
    """
    person = person or actor
    room = room_by_id(room_id)
    current = current_of(room, now=now)
    if current is None or current.number != number:
        raise Refused(Objection(Reason.CHANGED_MEANWHILE))
    organisation_id = organisation_of(person, room)
    is_recorded = how is How.PAPER or organisation_id is not None
    added = execute(
        _ACCEPT,
        person_id=person.person_id if organisation_id is None else None,
        organisation_id=organisation_id,
        rules_version_id=current.version_id,
        how=how.value,
        at=now,
        recorded_by_id=actor.person_id if is_recorded else None,
    )
    if added.rowcount:
        record(
            "house_rules_accepted",
            object_kind="rules_version",
            object_id=current.version_id,
            room_id=room_id,
            actor_id=actor.person_id,
            on_behalf_of_id=person.person_id,
            now=now,
            changes={"how": how, "organisation": organisation_id},
        )


def publish(
    room_id: int, draft: Draft, *, seen_number: int, actor: Actor, post: FormPost, now: datetime
) -> str:
    """Make the draft the house rules in force, and tell where they are. Nothing published ever changes.

    `seen_number` is the version the writer started from, 0 for none. Raises `Refused`, also when another
    version came meanwhile. The same form again gives the same path.
    """
    lock_room(room_id)
    earlier = earlier_or_refused(post, Reason.FORM_REUSED)
    if earlier is not None:
        return earlier
    room = room_by_id(room_id)
    current = current_of(room, now=now)
    number = current.number if current else 0
    if number != seen_number:
        raise Refused(Objection(Reason.PUBLISHED_MEANWHILE))
    refuse_any(objections_to(draft, current))
    version_id: int = execute(
        insert(_version).returning(_version.c.id),
        room_id=room_id,
        number=number + 1,
        published_at=now,
        body=draft.body,
        change_note=draft.change_note if current else "",
        needs_acceptance=draft.needs_acceptance or current is None,
    ).scalar_one()
    record(
        "house_rules_published",
        object_kind="rules_version",
        object_id=version_id,
        room_id=room_id,
        actor_id=actor.person_id,
        now=now,
        changes={"number": number + 1},
    )
    location = f"/r/{room.slug}/huisregels?versie={number + 1}"
    remember_answer(post, location, now=now)
    return location
