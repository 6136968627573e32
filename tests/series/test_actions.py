"""Making a series: what is booked, kept and refused, and that a second form is the first."""

import pytest

from ontmoet.kernel.objections import Refused
from ontmoet.series.planning import Instead
from tests import builders as make
from tests.cast import Neighbourhood

from .deeds import DAY, asked, make_series, shown


def test_series_books_what_is_free_and_keeps_what_is_not(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    hood.book("ali", "2026-12-08 11:00", "2026-12-08 13:00")
    with hood.app.app_context():
        make.make_opening_exception(room_id=hood.linde, day=DAY("2026-12-22"))
    instead = {DAY("2026-12-29"): Instead(14 * 60, 16 * 60, "keuken")}
    series = make_series(hood, "noor", asked(), struck=("2026-12-15",), instead=instead)
    assert shown(hood, series) == "12-01:10-12 12-08:refused 12-15:struck 12-22:refused 12-29:14-16"


def test_something_else_for_one_date_obeys_the_rules_of_the_room(hood: Neighbourhood) -> None:
    for starts, ends, zone in ((10, 12, "keuken"), (8, 20, "grote-zaal"), (12, 10, "grote-zaal")):
        instead = {DAY("2026-12-08"): Instead(starts * 60, ends * 60, zone)}
        with pytest.raises(Refused):
            make_series(hood, "noor", asked(people=30), instead=instead)


def test_same_form_again_is_the_same_series(hood: Neighbourhood) -> None:
    key = make.new_key()
    first = make_series(hood, "noor", asked(zone="keuken"), key=key)
    with pytest.raises(Refused):
        make_series(hood, "noor", asked(zone="keuken", people=3), key=key)
    assert shown(hood, first).count("10-12") == 5


def test_wall_clock_stays_over_both_changes_of_the_clock(hood: Neighbourhood) -> None:
    series = make_series(hood, "noor", asked("2026-12-01", "2027-11-09"))
    assert shown(hood, series).count(":10-12") == 50
