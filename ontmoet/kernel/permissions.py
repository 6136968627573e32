"""Who may do what: the one table, read by views, templates and the page "Wie mag wat".

A permission is granted when any of its predicates holds. Predicates are pure: they see the actor and
the subject, never a request or a database. What is not in the table is refused.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from .actor import Function

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .actor import Actor
    from .subjects import BookingLike, ComplexLike, KeyLike, PersonLike, RoomLike


class Permission(StrEnum):
    """Everything that can be allowed or refused. The comment says on which subject it is asked."""

    OWN_PAGES = "own_pages"  # signed in, no subject
    BOOKING_MAKE = "booking_make"  # a room
    BOOKING_SEE = "booking_see"  # a booking
    BOOKING_CHANGE = "booking_change"  # a booking
    BOOKING_CANCEL = "booking_cancel"  # a booking
    BOOKING_CALL_OFF = "booking_call_off"  # a booking: against the wish of who booked, with a reason
    DROP_IN_HOLD = "drop_in_hold"  # a room: open it at set times to whoever walks in
    REQUEST_DECIDE = "request_decide"  # a room or a booking: say yes or no to who asks for the room
    CLOSURES_MANAGE = "closures_manage"  # a room: close it for a while, and displace who has it then
    CALENDAR_TAKE_OVER = "calendar_take_over"  # a room: read in the calendar that another program kept
    WORKS_ANNOUNCE = "works_announce"  # a room: tell that somebody comes in to work; it holds no time
    ATTENDANCE_COUNT = "attendance_count"  # a room: write down how many people came
    USE_RECORD = "use_record"  # a booking: say that somebody is there, and how the room is left
    ON_BEHALF = "on_behalf"  # a room: act for somebody who may use it
    FAIR_USE_EXCEPTION = "fair_use_exception"  # a room: let somebody go beyond fair use, with a reason
    HOUSE_RULES_AGREE = "house_rules_agree"  # a room
    LETTERS_MAKE = "letters_make"  # a room: letters with which its neighbours join
    PERSON_DATA = "person_data"  # a person: see, correct, take along, remove
    HOUSE_RULES_PUBLISH = "house_rules_publish"  # a room
    HOURS_CHANGE = "hours_change"  # a room: when it is open, and how it may be booked
    ROOM_TELL = "room_tell"  # a room: its welcome, what is in it, what to do in an emergency
    ROOM_ARRANGE = (
        "room_arrange"  # a room: what it is, its zones, who has the right to use it, open or closed
    )
    ROOMS_OVERSEE = "rooms_oversee"  # nothing: the list of rooms where one works for the corporation
    CORPORATION_ARRANGE = "corporation_arrange"  # nothing: a new complex, a new room
    COMPLEX_ARRANGE = "complex_arrange"  # a complex: its homes
    NAMES_SEE = "names_see"  # a room: who booked, on operational pages
    FUNCTIONS_SEE = "functions_see"  # a room: who does what here
    FUNCTIONS_GIVE = "functions_give"  # a room; which ones, says `membership.rules`
    PERSON_SEE = "person_see"  # a room: look up somebody of it
    PERSON_CHANGE = "person_change"  # a room: somebody of it moved, died, or is here twice
    PERSON_ERASE = "person_erase"  # a room: remove somebody of it who asks for that and cannot sign in
    GUESTS_ADMIT = "guests_admit"  # a room
    GUESTS_EXCEPT = "guests_except"  # a room: beyond whom it is for, with a reason
    PARTNERS_MANAGE = "partners_manage"  # a room
    COLLEAGUES_MANAGE = "colleagues_manage"  # nothing: who works for the corporation
    DATA_EXPORT = "data_export"  # nothing: all that is kept, as files
    UPKEEP_SEE = "upkeep_see"  # nothing: how the work goes that nobody asks for
    CALL_LIST_SEE = "call_list_see"  # a room: whom to tell what, with their phone number or address
    SLIP_MAKE = "slip_make"  # a room: a paper with which somebody there gets in once
    KEYS_HAND_OUT = "keys_hand_out"  # a room: who has which key; hand out, take back
    KEY_SEE = "key_see"  # a key: where it is
    KEY_BRING_BACK = "key_bring_back"  # a key: bring it back, pass it on, report it lost
    KEY_ANSWER = "key_answer"  # a key: say whether one was given it
    KEYS_MANAGE = "keys_manage"  # a room: the register of its keys, their tags, its code box and lockers
    KEY_TAKE = "key_take"  # a key: take it from the code box, alone
    BOX_CODE_SEE = "box_code_see"  # a booking: the code of the box in its room


VOLUNTEERS = frozenset(
    {
        Function.HOST,
        Function.KEY_KEEPER,
        Function.AGENDA_KEEPER,
        Function.ORGANISER,
        Function.CONNECTOR,
    }
)
BOARD = frozenset({Function.CHAIR, Function.SECRETARY, Function.TREASURER})
HELPERS = BOARD | {Function.HOST, Function.KEY_KEEPER, Function.AGENDA_KEEPER, Function.STAFF}
DECIDES_ON_BOOKINGS = frozenset({Function.AGENDA_KEEPER, Function.CHAIR, Function.SECRETARY, Function.STAFF})
KEEPERS = frozenset({Function.KEY_KEEPER, Function.HOST})
KEEPS_KEYS = BOARD | {Function.KEY_KEEPER, Function.STAFF}
HELPS_PEOPLE = BOARD | {Function.KEY_KEEPER, Function.HOST, Function.STAFF}


def signed_in(_actor: Actor, _: object) -> bool:
    return True


def lives_near(actor: Actor, room: RoomLike) -> bool:
    """A home of the actor has the right to use this room."""
    return any(
        dwelling.complex_id in room.used_by_complexes or dwelling.home_id in room.used_by_homes
        for dwelling in actor.dwellings
    )


def works_here(actor: Actor, subject: RoomLike | BookingLike) -> bool:
    """A volunteer, board member or member of staff of this room."""
    mine = actor.functions_in(subject.room_id)
    return bool(mine & (VOLUNTEERS | BOARD)) or Function.STAFF in mine


def helps_people_here(actor: Actor, subject: RoomLike | KeyLike) -> bool:
    """Those whom people of a room call or meet: at the key, at the door, in the board, at the office."""
    return bool(actor.functions_in(subject.room_id) & HELPS_PEOPLE)


def keeps_keys_here(actor: Actor, room: RoomLike) -> bool:
    return bool(actor.functions_in(room.room_id) & KEEPS_KEYS)


def has_key(actor: Actor, key: KeyLike) -> bool:
    """Has it with them, or comes here for the organisation that has it."""
    comes_for = actor.organisations.get(key.room_id)
    return key.holder_id == actor.person_id or (comes_for is not None and comes_for == key.organisation_id)


def comes_next(actor: Actor, key: KeyLike) -> bool:
    """Booked the room within a day."""
    return actor.person_id in key.next_ids


def opens_box(actor: Actor, key: KeyLike) -> bool:
    """Booked the room for about now, and the keys hang in a code box."""
    return actor.person_id in key.opener_ids


def partner_here(actor: Actor, room: RoomLike) -> bool:
    return Function.PARTNER in actor.functions_in(room.room_id)


def administers(actor: Actor, _: object) -> bool:
    return actor.has(Function.ADMINISTRATOR)


def staff_here(actor: Actor, room: RoomLike) -> bool:
    return Function.STAFF in actor.functions_in(room.room_id)


def staff_somewhere(actor: Actor, _: object) -> bool:
    """Works for the corporation in some room."""
    return any(Function.STAFF in functions for functions in actor.functions.values())


def staff_of_complex(actor: Actor, complex_: ComplexLike) -> bool:
    """Works for the corporation in a room of this complex."""
    return any(Function.STAFF in actor.functions_in(room_id) for room_id in complex_.room_ids)


def leads_here(actor: Actor, room: RoomLike) -> bool:
    """Chair or secretary of this room."""
    return bool(actor.functions_in(room.room_id) & {Function.CHAIR, Function.SECRETARY})


def board_here(actor: Actor, room: RoomLike) -> bool:
    return bool(actor.functions_in(room.room_id) & BOARD)


def booked_it(actor: Actor, booking: BookingLike) -> bool:
    return booking.person_id == actor.person_id


def is_that_person(actor: Actor, person: PersonLike) -> bool:
    return person.person_id == actor.person_id


def answers_for(actor: Actor, child: PersonLike) -> bool:
    return child.guardian_id == actor.person_id


def decides_here(actor: Actor, subject: RoomLike | BookingLike) -> bool:
    return bool(actor.functions_in(subject.room_id) & DECIDES_ON_BOOKINGS)


def helps_here(actor: Actor, room: RoomLike) -> bool:
    return bool(actor.functions_in(room.room_id) & HELPERS)


def helps_with(actor: Actor, booking: BookingLike) -> bool:
    """Acts for whoever booked. Nobody acts for the corporation, which fair use and approval do not bind."""
    is_somebodys = booking.person_id is not None and not booking.is_for_corporation
    return is_somebodys and bool(actor.functions_in(booking.room_id) & HELPERS)


def may_be_helped(person: Actor, room: RoomLike) -> bool:
    """Others may act here for this person: a resident or a partner. Nobody borrows what staff may."""
    is_corporations = Function.STAFF in person.functions_in(room.room_id) or administers(person, room)
    return not is_corporations and (lives_near(person, room) or partner_here(person, room))


GRANTS: Mapping[Permission, tuple[Callable[..., bool], ...]] = {
    Permission.OWN_PAGES: (signed_in,),
    Permission.BOOKING_MAKE: (lives_near, works_here, partner_here, administers),
    Permission.BOOKING_SEE: (booked_it, works_here),
    Permission.BOOKING_CHANGE: (booked_it, helps_with),
    Permission.BOOKING_CANCEL: (booked_it, helps_with, decides_here),
    Permission.BOOKING_CALL_OFF: (decides_here,),
    Permission.DROP_IN_HOLD: (works_here,),
    Permission.REQUEST_DECIDE: (decides_here, administers),
    Permission.CLOSURES_MANAGE: (board_here, staff_here, administers),
    Permission.CALENDAR_TAKE_OVER: (board_here, staff_here, administers),
    # Who keeps the agenda announces too: nobody loses a booking by it.
    Permission.WORKS_ANNOUNCE: (board_here, decides_here, administers),
    Permission.ATTENDANCE_COUNT: (works_here, administers),
    Permission.USE_RECORD: (booked_it, helps_with),
    Permission.ON_BEHALF: (helps_here,),
    Permission.FAIR_USE_EXCEPTION: (board_here,),
    Permission.HOUSE_RULES_AGREE: (lives_near, works_here, partner_here, administers),
    Permission.LETTERS_MAKE: (leads_here, staff_here, administers),
    Permission.PERSON_DATA: (is_that_person, answers_for),
    Permission.HOUSE_RULES_PUBLISH: (board_here, staff_here, administers),
    Permission.HOURS_CHANGE: (board_here, staff_here, administers),
    Permission.ROOM_TELL: (board_here, staff_here, administers),
    Permission.ROOM_ARRANGE: (staff_here, administers),
    Permission.ROOMS_OVERSEE: (staff_somewhere, administers),
    Permission.CORPORATION_ARRANGE: (administers,),
    Permission.COMPLEX_ARRANGE: (staff_of_complex, administers),
    Permission.NAMES_SEE: (works_here,),
    Permission.FUNCTIONS_SEE: (works_here, administers),
    Permission.FUNCTIONS_GIVE: (leads_here, staff_here, administers),
    Permission.PERSON_SEE: (leads_here, staff_here, administers),
    Permission.PERSON_CHANGE: (leads_here, staff_here),
    # Who leaves without signing in asks the corporation, so no neighbour can make another disappear.
    Permission.PERSON_ERASE: (staff_here, administers),
    Permission.GUESTS_ADMIT: (helps_people_here,),
    Permission.GUESTS_EXCEPT: (board_here, staff_here),
    Permission.PARTNERS_MANAGE: (staff_here, administers),
    Permission.COLLEAGUES_MANAGE: (administers,),
    Permission.DATA_EXPORT: (administers,),
    Permission.UPKEEP_SEE: (administers,),
    Permission.CALL_LIST_SEE: (helps_people_here,),
    Permission.SLIP_MAKE: (helps_people_here,),
    Permission.KEYS_HAND_OUT: (helps_people_here,),
    Permission.KEY_SEE: (helps_people_here, has_key, comes_next),
    Permission.KEY_BRING_BACK: (helps_people_here, has_key),
    Permission.KEY_ANSWER: (has_key,),
    Permission.KEYS_MANAGE: (keeps_keys_here,),
    # Whoever took it may press again; nothing happens then.
    Permission.KEY_TAKE: (opens_box, has_key),
    # Who hands out keys sees the code on the page of the box, and is written down as a helper.
    Permission.BOX_CODE_SEE: (booked_it,),
}

WITHOUT_SUBJECT = frozenset({Permission.OWN_PAGES})
"""Permissions that signing in settles; all others are asked about a subject by the view."""


def allows(actor: Actor | None, permission: Permission, subject: object = None) -> bool:
    """Whether the actor may; nobody signed in may nothing."""
    if actor is None:
        return False
    return any(predicate(actor, subject) for predicate in GRANTS[permission])
