"""What the tests of public pages do again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from ontmoet.bookings.models import Booking
from ontmoet.bookings.states import Visibility
from ontmoet.db import execute, unit_of_work

if TYPE_CHECKING:
    from tests.cast import Neighbourhood


def open_to_all(hood: Neighbourhood, public_id: str) -> None:
    """Everybody may read what this booking is for, and come."""
    booking = Booking.__table__
    with hood.app.app_context(), unit_of_work():
        execute(update(booking).where(booking.c.public_id == public_id).values(visibility=Visibility.OPEN))
