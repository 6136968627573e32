"""Announced work: who is told, where it is seen, and that it holds no time."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ontmoet.bookings import works
from ontmoet.bookings.closure_rules import SpanReason
from ontmoet.bookings.works import Wanted, WorksView, works_in, works_of
from ontmoet.db import unit_of_work
from ontmoet.jobs import run_due
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.rooms.queries import room_by_id
from ontmoet.trail.actions import FormPost
from tests import builders as make
from tests.bookings.deeds import audited, half_hours, held
from tests.cast import sign_in
from tests.fixtures import TUESDAY
from tests.samples import span
from tests.watching import errors, inputs, row_counts, rows, statements, visible, writing

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from ontmoet.kernel.timeslot import TimeSlot
    from tests.cast import Neighbourhood

    Move = Callable[[timedelta], None]

WEDNESDAY = ("2026-11-25 14:00", "2026-11-25 16:00")
MORNING = span("2026-11-25 09:00", "2026-11-25 11:00")
AFTERNOON = span("2026-11-25 13:00", "2026-11-25 15:00")
VIEWS = ("", "?week=2026-W48", "?dag=2026-11-25", "?maand=2026-11", "?lijst=2026-11-24")
PATH = "/r/de-linde/werk"


def announce(
    hood: Neighbourhood, slot: TimeSlot = AFTERNOON, *, key: str | None = None, what: str = "Ketelkeuring"
) -> WorksView:
    """Announce it in De Linde, as Sanne; what is announced last."""
    post = FormPost(hood.people["sanne"], PATH, key or make.new_key(), {"slot": slot})
    with hood.app.app_context():
        with unit_of_work():
            where = works.announce(
                hood.linde,
                Wanted(slot, what, "Monteur cv"),
                actor_id=hood.people["sanne"],
                now=clock.now(),
                post=post,
            )
        assert where == PATH
        return works_in(room_by_id(hood.linde))[-1]


def change(hood: Neighbourhood, found: WorksView, slot: TimeSlot) -> None:
    post = FormPost(hood.people["sanne"], PATH, make.new_key(), {"slot": slot})
    with hood.app.app_context(), unit_of_work():
        works.change(
            found,
            hood.linde,
            Wanted(slot, found.what, found.who),
            seen_as=found.mark,
            actor_id=hood.people["sanne"],
            now=clock.now(),
            post=post,
        )


def take_back(hood: Neighbourhood, found: WorksView) -> None:
    with hood.app.app_context(), unit_of_work():
        works.take_back(found, hood.linde, actor_id=hood.people["sanne"], now=clock.now())


def told(hood: Neighbourhood) -> list[tuple[str, int]]:
    """What was posted about works, and to whom."""
    found = rows(hood.app, "select kind, person_id from message where kind like 'works%' order by id")
    return [(row.kind, row.person_id) for row in found]


def reason_of(deed: Callable[..., object], *args: object) -> list[object]:
    with pytest.raises(Refused) as refusal:
        deed(*args)
    return [o.reason for o in refusal.value.objections]


def test_announcement_holds_no_time_and_tells_who_has_the_room_then(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    hood.book("noor", *WEDNESDAY, zone="keuken")
    hood.book("ali", "2026-11-25 15:00", "2026-11-25 16:00")
    before = held(hood)
    announce(hood)
    assert held(hood) == before
    assert told(hood) == [("works_announced", hood.people["noor"])]
    assert audited(hood)[-1] == "works_announced"
    hood.book("ali", "2026-11-25 13:00", "2026-11-25 14:00")


def test_many_are_told_in_the_statements_of_one(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    counted = []
    for day, number in (("2026-11-25", 1), ("2026-11-26", 30)):
        half_hours(hood, day, number, names=("noor", "ali"))
        with statements(hood.app) as seen:
            found = announce(hood, span(f"{day} 00:00", f"{day} 24:00"))
        counted.append(len(writing(seen)))
    with statements(hood.app) as seen:
        take_back(hood, found)
    assert [*counted, len(writing(seen))] == [4, 4, 3]
    noor, ali = hood.people["noor"], hood.people["ali"]
    of_many = [noor, ali] * 15
    assert told(hood) == [
        *(("works_announced", person_id) for person_id in (noor, *of_many)),
        *(("works_off", person_id) for person_id in of_many),
    ]
    posted = rows(
        hood.app,
        "select m.kind, m.object_id, m.dedupe_key, m.useful_until - b.ends_at as late from message m"
        " join booking b on b.id = m.object_id where m.kind like 'works%' order by m.id",
    )
    its_id = found.works_id
    assert posted[1].dedupe_key == f"works_announced:{its_id}:1:{posted[1].object_id}"
    assert posted[-1].dedupe_key == f"works_off:{its_id}:2:{posted[-1].object_id}"
    assert not any(row.late for row in posted)


def test_change_tells_who_has_it_now_and_who_has_it_no_more(hood: Neighbourhood) -> None:
    hood.book("noor", *WEDNESDAY)
    hood.book("ali", "2026-11-25 09:00", "2026-11-25 10:00")
    found = announce(hood)
    change(hood, found, MORNING)
    noor, ali = hood.people["noor"], hood.people["ali"]
    assert told(hood) == [("works_announced", noor), ("works_announced", ali), ("works_off", noor)]
    assert reason_of(change, hood, found, AFTERNOON) == [SpanReason.CHANGED_MEANWHILE]


def test_taking_back_tells_and_doing_so_again_changes_nothing(hood: Neighbourhood) -> None:
    hood.book("noor", *WEDNESDAY)
    found = announce(hood)
    take_back(hood, found)
    before = row_counts(hood.app, "message", "audit", "works")
    take_back(hood, found)
    assert row_counts(hood.app, "message", "audit", "works") == before
    assert before["works"] == 0
    assert told(hood)[-1] == ("works_off", hood.people["noor"])


def test_same_form_twice_is_one_announcement(hood: Neighbourhood) -> None:
    key = make.new_key()
    hood.book("noor", "2026-11-25 14:00", "2026-11-25 16:00")
    announce(hood, key=key)
    announce(hood, key=key)
    announce(hood, key=make.new_key())
    assert row_counts(hood.app, "works") == {"works": 1}, "nor does a form that says just the same"
    assert told(hood) == [("works_announced", hood.people["noor"])]
    with pytest.raises(Refused):
        announce(hood, MORNING, key=key)


def test_what_is_over_is_not_announced_or_changed(hood: Neighbourhood, moment: Move) -> None:
    assert reason_of(announce, hood, span("2026-11-24 09:00", "2026-11-24 10:00")) == [SpanReason.OVER]
    found = announce(hood)
    moment(timedelta(days=2))
    later = span("2026-11-27 13:00", "2026-11-27 15:00")
    assert reason_of(change, hood, found, later) == [SpanReason.ALREADY_OVER]


def test_announcement_is_forgotten_a_year_after_it_is_over(hood: Neighbourhood) -> None:
    announce(hood)
    announce(hood, span("2026-12-24 09:00", "2026-12-24 10:00"))
    with hood.app.app_context():
        reports = [report.line for report in run_due(TUESDAY + timedelta(days=367))]
    assert "Aangekondigd werk: 1 vergeten." in reports
    assert row_counts(hood.app, "works") == {"works": 1}


@pytest.mark.parametrize("query", VIEWS)
def test_agenda_shows_it_to_everybody(client: FlaskClient, hood: Neighbourhood, query: str) -> None:
    found = announce(hood)
    page = client.get(f"/r/de-linde/agenda{query}").get_data(as_text=True)
    words = " ".join(visible(page).split())
    assert page.count(f'data-works="{found.public_id}"') == 1
    assert "Ketelkeuring" in words
    assert "er komt binnen: Monteur cv" in words or "Er komt binnen: Monteur cv" in words
    take_back(hood, found)
    assert "Ketelkeuring" not in client.get(f"/r/de-linde/agenda{query}").get_data(as_text=True)


def test_month_marks_the_day_explains_the_sign_and_counts_no_booking(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    path = "/r/de-linde/agenda?maand=2026-11"
    assert "om-legend" not in client.get(path).get_data(as_text=True)
    announce(hood)
    page = client.get(path).get_data(as_text=True)
    [day] = re.findall(r'<td><a [^>]*href="/r/de-linde/agenda\?dag=2026-11-25".*?</td>', page)
    assert visible(day).split() == ["25", "november,", "vrij", ",", "werk"]
    [legend] = re.findall(r'<p class="om-legend">.*?</p>', page)
    assert visible(legend).strip() == "werk"


def test_work_of_several_days_stands_on_each(client: FlaskClient, hood: Neighbourhood) -> None:
    found = announce(hood, span("2026-11-25 22:00", "2026-11-27 06:00"))
    page = client.get("/r/de-linde/agenda?week=2026-W48").get_data(as_text=True)
    assert page.count(f'data-works="{found.public_id}"') == 3


def test_door_shows_it_on_its_day(client: FlaskClient, hood: Neighbourhood) -> None:
    announce(hood, span("2026-11-24 15:00", "2026-11-24 16:00"))
    announce(hood, what="Morgen pas")
    words = visible(client.get("/r/de-linde").get_data(as_text=True))
    assert "Ketelkeuring" in words
    assert "Morgen pas" not in words


def test_booking_page_of_who_has_the_room_then_says_it(client: FlaskClient, hood: Neighbourhood) -> None:
    with_it = hood.book("noor", *WEDNESDAY, zone="keuken")
    without = hood.book("noor", "2026-11-25 18:00", "2026-11-25 19:00")
    announce(hood)
    sign_in(client, "noor")
    shown = [
        visible(client.get(f"/reserveringen/{each}").get_data(as_text=True)) for each in (with_it, without)
    ]
    assert ["Ketelkeuring" in words for words in shown] == [True, False]


FORM = "/r/de-linde/reserveren?day=2026-11-25&starts={}&ends={}&zone=keuken&people=2"


def test_form_says_it_before_somebody_books_and_refuses_nothing(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    announce(hood)
    announce(hood, MORNING, what="Schilderwerk")
    sign_in(client, "noor")
    during, after = FORM.format("14:30", "16:00"), FORM.format("16:00", "17:00")
    page = client.get(during).get_data(as_text=True)
    words = visible(page)
    said = r"Ketelkeuring\s+Morgen 13:00–15:00\suur\. Er komt binnen:\s+Monteur cv\s+Reserveren kan gewoon\."
    assert re.search(said, words)
    assert "Schilderwerk" not in words
    assert errors(page) == {}
    fragment = visible(client.get(during, headers={"HX-Request": "true"}).get_data(as_text=True))
    assert re.search(r"Ketelkeuring: Morgen 13:00–15:00\suur\.", fragment)  # what is read out
    assert "Ketelkeuring" not in visible(client.get(after).get_data(as_text=True))
    sent = {**inputs(page), "day": "2026-11-25", "starts": "14:30", "ends": "16:00", "zone": "keuken"}
    assert client.post("/r/de-linde/reserveren", data=sent).status_code == 303


def test_form_that_changes_a_booking_says_it_of_the_time_that_is_chosen(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    public_id = hood.book("noor", "2026-11-25 18:00", "2026-11-25 19:00")
    announce(hood)
    sign_in(client, "noor")
    path = f"/reserveringen/{public_id}/wijzigen"
    chosen = f"{path}?day=2026-11-25&starts=14:30&ends=16:00"
    shown = [visible(client.get(each).get_data(as_text=True)) for each in (path, chosen)]
    assert ["Ketelkeuring" in words for words in shown] == [False, True]


def test_form_asks_no_more_statements_for_what_is_announced(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "noor")
    counts = []
    for _ in range(2):
        client.get(FORM.format("14:30", "16:00"))
        with statements(hood.app) as seen:
            client.get(FORM.format("14:30", "16:00"))
        counts.append(len(seen))
        announce(hood)
    assert counts == [1, 1]


def test_pages_announce_change_and_take_back(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "sanne")
    fields = {
        **inputs(client.get(f"{PATH}/nieuw").get_data(as_text=True)),
        "first": "2026-11-25",
        "starts": "13:00",
        "ends": "15:00",
        "last": "",
        "what": "Ketelkeuring",
        "who": "Monteur cv",
    }
    answer = client.post(f"{PATH}/nieuw", data=fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, PATH)
    page = client.get(PATH).get_data(as_text=True)
    assert "Morgen 13:00–15:00" in visible(page)
    [path] = re.findall(rf'href="({PATH}/\w{{10}})"', page)
    form = inputs(client.get(path).get_data(as_text=True))
    assert (form["what"], form["starts"], form["last"]) == ("Ketelkeuring", "13:00", "2026-11-25")
    assert client.post(path, data={**form, "what": "Lampen vervangen"}).status_code == 303
    second = client.post(path, data={**form, "idempotency_key": make.new_key(), "what": "Iets anders"})
    assert second.status_code == 422
    assert "intussen veranderd" in second.get_data(as_text=True)
    assert "Lampen vervangen" in second.get_data(as_text=True)
    assert client.post(f"{path}/weg", data=form).status_code == 303
    assert client.get(path).status_code == 404
    assert row_counts(hood.app, "works") == {"works": 0}


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"what": ""}, "what"),
        ({"who": "x" * 81}, "who"),
        ({"first": "vrijdag"}, "first"),
        ({"starts": "15:00", "ends": "13:00"}, "ends"),
        ({"last": "2026-11-20"}, "last"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field_and_kept(
    client: FlaskClient, hood: Neighbourhood, typed: dict[str, str], field: str
) -> None:
    sign_in(client, "sanne")
    form = inputs(client.get(f"{PATH}/nieuw").get_data(as_text=True))
    answer = client.post(f"{PATH}/nieuw", data={**form, "what": "Keuring", "who": "Monteur", **typed})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert list(errors(page)) == [field]
    assert inputs(page)[field] == typed[field]
    assert row_counts(hood.app, "works") == {"works": 0}


def test_pages_of_works_ask_few_statements(client: FlaskClient, hood: Neighbourhood) -> None:
    found = announce(hood)
    sign_in(client, "sanne")
    counts = {}
    for path in ("", "/nieuw", f"/{found.public_id}"):
        client.get(f"{PATH}{path}")
        with statements(hood.app) as seen:
            client.get(f"{PATH}{path}")
        counts[path] = len(seen)
    assert counts == {"": 1, "/nieuw": 1, f"/{found.public_id}": 2}


def test_announcement_of_another_room_is_not_found(client: FlaskClient, hood: Neighbourhood) -> None:
    found = announce(hood)
    sign_in(client, "mo")
    assert client.get(f"/r/het-plein/werk/{found.public_id}").status_code == 404
    with hood.app.app_context():
        assert works_of(hood.plein, found.public_id) is None
