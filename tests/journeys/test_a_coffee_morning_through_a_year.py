"""The weekly coffee morning through a year: a holiday, a renovation, summer time, a new host, and its end."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from ontmoet.bookings import closing
from ontmoet.bookings.closing import Displaces, Wanted
from ontmoet.bookings.closure_queries import closure_of
from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.series.queries import dates_of
from tests import builders as make
from tests.cast import sign_in, token_in
from tests.series.deeds import DAY, shown
from tests.series.test_views import REEKS, fields_of, series_form, the_series
from tests.watching import rows, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from ontmoet.series.queries import SeriesView
    from tests.cast import Neighbourhood

    Move = Callable[[timedelta], None]


def until(move: Move, moment: str) -> None:
    """The clock stands at this wall-clock time."""
    move(make.at(moment) - clock.now())


def told(hood: Neighbourhood) -> list[tuple[str, int]]:
    """The kinds of message about series so far, in order, and to whom."""
    found = rows(
        hood.app,
        "select kind, person_id from message where kind like 'series%' or kind = 'booking_offered'"
        " order by id",
    )
    return [(row.kind, row.person_id) for row in found]


def words(page: str) -> str:
    """What stands on a page, with single spaces."""
    return " ".join(visible(page).split())


def press(client: FlaskClient, page: str, path: str, **fields: str) -> str:
    """Send the form of a button; the page that follows, in words."""
    answer = client.post(path, data={"csrf_token": token_in(page), **fields})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return client.get(answer.location).get_data(as_text=True)


def close(hood: Neighbourhood, starts: str, ends: str, why: str) -> str:
    """The house closes the room over whoever has it, having seen who that is; where to open it again."""
    slot = TimeSlot(make.at(starts), make.at(ends))
    seen: set[str] = set()
    with hood.app.app_context():
        for _try in range(2):
            try:
                with unit_of_work():
                    closing.close(
                        hood.linde,
                        Wanted(slot, "", why),
                        seen=seen,
                        actor_id=hood.people["sanne"],
                        now=clock.now(),
                    )
            except Displaces as displaced:
                seen = {each.mark for each in displaced.bookings}
    return str(rows(hood.app, "select public_id from closure order by id desc")[0].public_id)


def test_coffee_morning_through_a_year(hood: Neighbourhood, client: FlaskClient, moment: Move) -> None:
    with hood.app.app_context():
        make.make_opening_exception(room_id=hood.linde, day=DAY("2027-05-05"))
    sign_in(client, "bram")

    # Bram opens every Wednesday, for whoever walks in. Liberation Day is a day off; New Year's week he skips.
    page = client.get(REEKS).get_data(as_text=True)
    assert "Inloop: iedereen is welkom" in page
    wish = series_form(
        client, weekday=["2"], first="2026-12-02", last="2027-06-30", purpose="koffie", drop_in="y", zone=""
    )
    looked = client.post(REEKS, data=wish).get_data(as_text=True)
    assert "Wo 5 mei 2027: de ruimte is dan dicht: Feestdag." in words(looked)
    sent = fields_of(looked)
    sent["take"].remove("2026-12-30")
    made = client.post(REEKS, data={**sent, "step": "save"})
    assert made.status_code == 303
    series = the_series(hood, made.location)
    path = made.location
    assert told(hood)[0] == ("series_made", hood.people["bram"])

    # Neighbours and the screen see what it is, and no name.
    for public in ("/r/de-linde/agenda?week=2026-W49", "/r/de-linde", "/r/de-linde/scherm"):
        seen = words(hood.app.test_client().get(public).get_data(as_text=True))
        assert "Inloop: koffie" in seen, public
        assert "Bram" not in seen.split("Wie", 1)[0], public

    # In February the house renovates for two weeks: those mornings make way, and are kept.
    until(moment, "2027-01-20 12:00")
    closure = close(hood, "2027-02-08 00:00", "2027-02-22 00:00", "Renovatie")
    assert "02-10:displaced 02-17:displaced 02-24:10-12" in shown(hood, series)

    # It is ready a week early: the second of them is offered again, once, and taken back with one tap.
    until(moment, "2027-02-15 09:00")
    with hood.app.app_context(), unit_of_work():
        found = closure_of(hood.linde, closure)
        assert found is not None
        closing.reopen(found, hood.linde, actor_id=hood.people["sanne"], now=clock.now())
    hood.work()
    hood.work()
    hood.forget()
    assert told(hood).count(("booking_offered", hood.people["bram"])) == 1
    client = hood.app.test_client()
    sign_in(client, "bram")
    page = client.get(path).get_data(as_text=True)
    assert "Wo 17 feb: vrijgekomen. We houden hem vast tot dinsdag 16 februari 20:00" in words(page)
    press(client, page, f"{path}/terugzetten", day="2027-02-17")
    assert "02-10:displaced 02-17:10-12" in shown(hood, series)

    # The group was asked whether it still comes, and said yes with one tap.
    assert ("series_still_coming", hood.people["bram"]) in told(hood)
    page = client.get(path).get_data(as_text=True)
    assert "Komen jullie de komende weken nog?" in page
    assert "Komen jullie de komende weken nog?" not in press(client, page, f"{path}/blijven")

    # Summer time begins on 28 March; coffee stays at ten.
    assert "03-24:10-12 03-31:10-12" in shown(hood, series)

    # From April on Sanne opens and Bram closes. What was before stays with Bram.
    page = client.get(f"{path}/gastheer").get_data(as_text=True)
    sanne, bram = hood.public_id("sanne"), hood.public_id("bram")
    page = press(client, page, f"{path}/gastheer", opens=sanne, closes=bram, since="2027-04-01")
    assert "Sanne de Proef opent, Bram de Proef sluit af" in words(page)
    assert hosts_by_day(hood, series) == {"2027-03-31": "bram", "2027-04-07": "sanne"}

    # From May on an hour later, and what was left out stays so.
    client = hood.app.test_client()
    sign_in(client, "sanne")
    change = f"{path}/wijzigen?vanaf=2027-05-12"
    fields = {**fields_of(client.get(change).get_data(as_text=True)), "starts": "11:00", "ends": "13:00"}
    fields |= {"last": "2027-06-30", "every": "1", "people": "8", "purpose": "Inloop: koffie"}
    looked = client.post(change, data=fields).get_data(as_text=True)
    done = client.post(f"{path}/wijzigen", data={**fields_of(looked), "step": "save"})
    assert done.status_code == 303, done.get_data(as_text=True)
    later = the_series(hood, done.location)
    assert shown(hood, later).startswith("05-12:11-13 05-19:11-13")
    assert "12-30:struck" in shown(hood, series)
    assert "05-05:refused" in shown(hood, series)

    # It ends in June: weeks before, Sanne hears so and goes on with one tap.
    until(moment, "2027-06-03 12:00")
    hood.work()
    hood.work()
    hood.forget()
    assert told(hood).count(("series_ends_soon", hood.people["sanne"])) == 1
    client = hood.app.test_client()
    sign_in(client, "sanne")
    page = client.get(done.location).get_data(as_text=True)
    assert "Deze reeks loopt bijna af" in page
    last = re.search(r'name="last" value="([^"]+)"', page)
    assert last is not None
    assert "Verlengd: 8 keer erbij." in press(client, page, f"{done.location}/verlengen", last=last[1])
    assert shown(hood, later).endswith("08-18:11-13 08-25:11-13")

    # Nothing of the year is lost: each morning of it is still there, with what became of it.
    [there] = rows(hood.app, "select count(*) as n from booking where use_kind = 'open_activity'")
    standing = [*dates(hood, series), *dates(hood, later)]
    assert there.n == len([one for one in standing if one.booking_id is not None]) + 1


def dates(hood: Neighbourhood, series: SeriesView) -> list[object]:
    with hood.app.app_context():
        return list(dates_of(series.series_id, now=clock.now()))


def hosts_by_day(hood: Neighbourhood, series: SeriesView) -> dict[str, str]:
    """Whose the mornings around the change are."""
    names = {person_id: name for name, person_id in hood.people.items()}
    found = rows(
        hood.app,
        "select d.day, b.person_id from series_date d join booking b on b.id = d.booking_id"
        " where d.series_id = :id and d.day in ('2027-03-31', '2027-04-07') order by d.day",
        id=series.series_id,
    )
    return {str(row.day): names[row.person_id] for row in found}
