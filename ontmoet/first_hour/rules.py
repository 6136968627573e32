"""The steps of the first hour, and which of them are done. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ontmoet.rooms.rules import KeyPlan


class Reason(StrEnum):
    """Why an installation cannot begin so."""

    IN_USE = "in_use"


class Step(StrEnum):
    """What a corporation does before its first room is booked, in the order in which that goes best."""

    COMPLEX = "complex"
    HOMES = "homes"
    ROOM = "room"
    ABOUT = "about"
    CONTACT = "contact"
    HOURS = "hours"
    HOUSE_RULES = "house_rules"
    KEYS = "keys"
    LIVE = "live"
    LETTERS = "letters"
    BOOKING = "booking"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a room is. Without a room only the complex is known. `homes` and `letters` are numbers."""

    has_complex: bool
    homes: int = 0
    has_room: bool = False
    about_is_told: bool = False
    has_contact: bool = False
    has_hours: bool = False
    has_house_rules: bool = False
    key_plan: KeyPlan = KeyPlan.HANDED_OUT
    has_keys: bool = False
    has_code: bool = False
    is_live: bool = False
    letters: int = 0
    has_booking: bool = False


def steps_of(progress: Progress) -> dict[Step, bool]:
    """Each step, and whether it is done. Where a neighbour opens the door nobody is given a key."""
    done = {
        Step.COMPLEX: progress.has_complex,
        Step.HOMES: progress.homes > 0,
        Step.ROOM: progress.has_room,
        Step.ABOUT: progress.about_is_told,
        Step.CONTACT: progress.has_contact,
        Step.HOURS: progress.has_hours,
        Step.HOUSE_RULES: progress.has_house_rules,
        Step.KEYS: progress.has_code if progress.key_plan is KeyPlan.CODE_BOX else progress.has_keys,
        Step.LIVE: progress.is_live,
        Step.LETTERS: progress.letters > 0,
        Step.BOOKING: progress.has_booking,
    }
    if progress.key_plan is KeyPlan.NEIGHBOUR_OPENS:
        del done[Step.KEYS]
    return done


def next_of(steps: dict[Step, bool]) -> Step | None:
    """The first step that is not done; None when all are."""
    return next((step for step, is_done in steps.items() if not is_done), None)
