"""Merging on screen: choose, read what happens, let it happen; and where old codes lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ontmoet.arranging.merging import MERGED
from ontmoet.arranging.merging_messages import LETTERS, TOLD
from ontmoet.bookings.states import CancelReason, Status
from ontmoet.kernel import clock
from ontmoet.kernel.actor import Function
from ontmoet.outbox.waiting import Waiting
from ontmoet.people.rules import Language
from ontmoet.web.i18n import speaking
from tests import builders as make
from tests.arranging.deeds import press
from tests.bookings.deeds import cancel, change
from tests.bookings.deeds import seen as booking_seen
from tests.calendars.reading import events
from tests.cast import sign_in
from tests.keys.deeds import a_key
from tests.watching import errors, rows, statements, visible

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from ontmoet.outbox.letters import Letter
    from tests.cast import Neighbourhood

PATH = "/r/het-plein/inrichting/samenvoegen"
LOOK = f"{PATH}?into=de-linde&zone=grote-zaal"


@pytest.fixture
def mo(client: FlaskClient, hood: Neighbourhood) -> FlaskClient:
    sign_in(client, "mo")
    return client


def told_of_merging(hood: Neighbourhood, name: str, old_id: int | None = None) -> tuple[Letter, str]:
    """What somebody is told of it, as a letter and by telephone: of Het Plein, or of another room."""
    statement = (
        "select id, kind, person_id, object_id, made_at, due_at, attempts from message"
        " where kind = 'room_merged' and person_id = :id and object_id = :old_id"
    )
    told = rows(hood.app, statement, id=hood.people[name], old_id=old_id or hood.plein)
    [message] = [Waiting(*row) for row in told]
    with hood.app.app_context():
        letter = LETTERS[MERGED](message, now=clock.now())
        said = TOLD[MERGED]([message], clock.now())[message.number]().replace("\u00a0", " ")
    assert letter is not None
    return letter, said


def page_of(client: FlaskClient, path: str) -> str:
    return client.get(path).get_data(as_text=True).replace("\u00a0", " ")


def seen(client: FlaskClient, look: str = LOOK) -> str:
    return mark_in(page_of(client, look))


def mark_in(page: str) -> str:
    return page.split('name="seen" value="', 1)[1].split('"', 1)[0]


def merge(client: FlaskClient, old: str = "het-plein", **fields: str) -> str:
    """Where the confirmed step leads."""
    path, chosen = f"/r/{old}/inrichting/samenvoegen", {"into": "de-linde", "zone": "grote-zaal", **fields}
    mark = chosen.pop("seen", None) or seen(client, f"{path}?into={chosen['into']}&zone={chosen['zone']}")
    answer = press(client, path, seen=mark, step="merge", **chosen)
    assert answer.status_code == 303, visible(answer.get_data(as_text=True))
    return answer.location


def test_page_says_what_happens_in_words_and_does_so_on_one_button(
    mo: FlaskClient, hood: Neighbourhood
) -> None:
    hood.book("fatma", "2026-11-25 14:00", "2026-11-25 16:00", room="plein", zone="")
    collides = hood.book("fatma", "2026-11-26 14:00", "2026-11-26 16:00", room="plein", zone="")
    hood.book("noor", "2026-11-26 15:00", "2026-11-26 17:00")
    assert f'href="{PATH}"' in page_of(mo, "/r/het-plein/inrichting")
    assert 'value="de-linde"' in page_of(mo, PATH)
    words = visible(page_of(mo, LOOK))
    for sentence in (
        "1 reservering gaat mee naar De Linde (Grote zaal): zelfde dag, zelfde tijd.",
        "1 kan niet mee",
        "Donderdag 26 november, 14:00–16:00 uur",
        "Fatma de Proef (voorzitter) doet dat nu in De Linde.",
        "Bewoners van Pleinhof mogen vanaf nu De Linde gebruiken.",
        "Het Plein heeft geen sleutels op de lijst.",
        "Dit kun je niet terugdraaien.",
    ):
        assert sentence in words
    with statements(hood.app) as asked:
        mo.get(LOOK)
    assert len(asked) == 7
    assert merge(mo) == "/r/de-linde/inrichting"
    assert "Het Plein gaat verder in De Linde." in visible(page_of(mo, "/r/de-linde/inrichting"))
    assert "is al opgegaan in De Linde" in visible(page_of(mo, PATH))
    fatma = hood.app.test_client()
    sign_in(fatma, "fatma")
    # Who could not go along finds other times, and those are in the room that goes on.
    assert 'href="/r/de-linde/reserveren?' in page_of(fatma, f"/reserveringen/{collides}")


def test_whatever_leads_to_the_old_room_leads_on_and_says_why(mo: FlaskClient, hood: Neighbourhood) -> None:
    press(mo, "/r/het-plein/inrichting/naam", name="Het Oude Plein")
    press(mo, "/r/het-oude-plein/inrichting/naam", name="Het Plein")
    merge(mo)
    guest = hood.app.test_client()
    for path in ("/r/het-plein", "/r/het-plein/agenda?week=2026-W48", "/r/het-plein/poster"):
        assert guest.get(path).location == "/r/de-linde?uit=het-plein"
    assert guest.get("/r/het-plein/scherm").location == "/r/de-linde/scherm"
    door = guest.get("/r/het-oude-plein", follow_redirects=True)
    assert "Het Plein en De Linde zijn samen één ruimte geworden." in visible(door.get_data(as_text=True))
    for other in (
        "/r/de-linde",
        "/r/de-linde?uit=de-linde",
        "/r/de-linde?uit=nergens",
        "/r/de-linde?uit=%00",
    ):
        assert "samen één ruimte" not in page_of(guest, other)
    noor = hood.app.test_client()
    sign_in(noor, "noor")
    assert noor.get("/r/het-plein/reserveren").location == "/r/de-linde?uit=het-plein"
    # Who stands in the old room with water on the floor reads what to do there.
    assert guest.get("/r/het-plein/nood").status_code == 200
    # The corporation goes on reading what was.
    assert mo.get("/r/het-plein/agenda?week=2026-W46").status_code == 200
    assert "opgegaan in De Linde" in visible(page_of(mo, "/corporatie/beheer"))


def test_what_changed_meanwhile_is_read_before_anything_is_done(mo: FlaskClient, hood: Neighbourhood) -> None:
    mark = seen(mo)
    hood.book("fatma", "2026-11-25 14:00", "2026-11-25 16:00", room="plein", zone="")
    answer = press(mo, PATH, into="de-linde", zone="grote-zaal", seen=mark, step="merge")
    words = visible(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert "Er is nog niets samengevoegd." in words
    assert "1 reservering gaat mee" in words
    assert rows(hood.app, "select 1 from room where closed_at is not null") == []
    # The page that brought the news carries the mark of what it shows.
    assert merge(mo, seen=mark_in(answer.get_data(as_text=True))) == "/r/de-linde/inrichting"


def test_only_rooms_that_one_arranges_can_be_chosen(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "sanne")
    assert "Vraag de beheerder" in visible(page_of(client, "/r/de-linde/inrichting/samenvoegen"))
    assert client.get("/r/de-linde/inrichting/samenvoegen?into=het-plein").status_code == 422
    with hood.app.app_context():
        make.make_role(person_id=hood.people["sanne"], function=Function.STAFF, room_id=hood.plein)
    assert client.get("/r/de-linde/inrichting/samenvoegen?into=het-plein").status_code == 200
    for wrong in ("into=de-linde", "step=look", "into=het-plein&zone=zolder"):
        answer = client.get(f"/r/de-linde/inrichting/samenvoegen?{wrong}")
        assert answer.status_code == 422, wrong
        assert wrong.rsplit("zone", 1)[-1] != wrong or "into" in errors(answer.get_data(as_text=True))
    # A second press is the first; a form without its button does nothing.
    asked = press(client, "/r/de-linde/inrichting/samenvoegen", into="het-plein")
    assert asked.status_code == 200
    assert rows(hood.app, "select 1 from room where closed_at is not null") == []


def test_rooms_of_one_name_are_told_apart_by_where_they_are(mo: FlaskClient, hood: Neighbourhood) -> None:
    with hood.app.app_context():
        other = make.make_complex(name="Elders")
        make.make_room(
            complex_id=other, slug="de-linde-2", name="De Linde", address="Dorpsweg 8", town="Elders"
        )
    choose = visible(page_of(mo, PATH))
    assert choose.count("De Linde") == 2
    for place in ("Proefstraat 1, Proefwijk", "Dorpsweg 8, Elders"):
        assert place in choose
    assert "Dorpsweg 8, Elders" in visible(page_of(mo, f"{PATH}?into=de-linde-2"))
    assert "Proefstraat 1, Proefwijk" in visible(page_of(mo, LOOK))


def test_letter_and_call_list_say_what_goes_along_and_what_does_not(
    mo: FlaskClient, hood: Neighbourhood
) -> None:
    went = hood.book("fatma", "2026-11-25 14:00", "2026-11-25 16:00", room="plein", zone="", purpose="Koffie")
    stayed = hood.book("fatma", "2026-11-26 14:00", "2026-11-26 16:00", room="plein", zone="")
    hood.book("noor", "2026-11-26 15:00", "2026-11-26 17:00")
    a_key(hood, room_id=hood.plein).give("fatma", by="mo")
    merge(mo)
    fields = "id, kind, person_id, object_id, made_at, due_at, attempts"
    fatma = hood.people["fatma"]
    statement = f"select {fields} from message where kind = 'room_merged' and person_id = :id"  # noqa: S608 - ours
    [message] = [Waiting(*row) for row in rows(hood.app, statement, id=fatma)]
    with hood.app.app_context():
        letter = LETTERS[MERGED](message, now=clock.now())
        with speaking(Language.ENGLISH):
            in_english = LETTERS[MERGED](message, now=clock.now())
        said = TOLD[MERGED]([message], clock.now())[message.number]
        told = said().replace("\u00a0", " ")
    assert letter is not None
    assert in_english is not None
    body = letter.body.replace("\u00a0", " ")
    for line in (
        "Het Plein is dicht en gaat verder in De Linde.",
        "- Woensdag 25 november, 14:00–16:00 uur",
        "- Donderdag 26 november, 14:00–16:00 uur",
        "  Wel vrij: donderdag 26 november, 14:00–16:00 uur, Keuken, tot 8 mensen",
        "Heb je een sleutel van Het Plein? Die hoort nu bij De Linde. De sleutelbeheerder daar weet ervan.",
        "Deed je iets voor Het Plein? Kijk bij ‘Mijn’ wat je nu in De Linde doet.",
    ):
        assert line in body.splitlines(), body
    # Whoever has them in a calendar would else go to the old door.
    assert letter.calendar is not None
    assert [
        (event["UID"], event["SEQUENCE"], event["STATUS"], event["SUMMARY"], event["LOCATION"])
        for event in events(letter.calendar)
    ] == [
        (f"{went}@ontmoet", 1, "CONFIRMED", "Koffie", "De Linde, Proefstraat 1, Proefwijk"),
        (
            f"{stayed}@ontmoet",
            1,
            "CANCELLED",
            "Gaat niet door: Het Plein",
            "Het Plein, Proefstraat 1, Proefwijk",
        ),
    ]
    assert "Het Plein is closed and continues in De Linde." in in_english.body
    assert told == (
        "Het Plein is dicht en gaat verder in De Linde."
        " 1 reservering van jou gaat mee: op dezelfde dag en tijd, in De Linde."
        " Jouw reservering op donderdag 26 november, 14:00–16:00 uur, gaat niet door: in De Linde is het dan"
        " bezet. Zullen we een andere tijd zoeken?"
        " Een sleutel van Het Plein hoort nu bij De Linde."
    )


def test_time_that_was_only_offered_is_no_booking_that_does_not_go_along(
    mo: FlaskClient, hood: Neighbourhood
) -> None:
    first = hood.book("mo", "2026-11-28 14:00", "2026-11-28 16:00", room="plein", zone="")
    offered = hood.book("fatma", "2026-11-28 14:00", "2026-11-28 16:00", room="plein", zone="", or_wait=True)
    hood.book("noor", "2026-11-28 15:00", "2026-11-28 17:00")
    cancel(hood, "mo", first)
    assert booking_seen(hood, offered).status is Status.OFFERED
    merge(mo)
    found = booking_seen(hood, offered)
    assert (found.status, found.reason) == (Status.LAPSED, CancelReason.CLOSED)
    letter, said = told_of_merging(hood, "fatma")
    assert letter.calendar is None, "no calendar had it"
    body = letter.body.replace("\u00a0", " ")
    assert "Dit gaat niet door, want in De Linde is het dan bezet." in body
    assert "- Zaterdag 28 november, 14:00–16:00 uur\n  Wel vrij: " in body
    assert said.startswith(
        "Het Plein is dicht en gaat verder in De Linde. De tijd waarop je wachtte was vrijgekomen:"
        " zaterdag 28 november, 14:00–16:00 uur. Toch kan hij niet: in De Linde is het dan bezet."
    )


def test_request_that_goes_along_is_told_as_one(mo: FlaskClient, hood: Neighbourhood) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.plein, needs_approval=True)
    asked = hood.book("fatma", "2026-11-28 14:00", "2026-11-28 16:00", room="plein", zone="")
    merge(mo)
    assert booking_seen(hood, asked).status is Status.REQUESTED
    letter, said = told_of_merging(hood, "fatma")
    assert said == (
        "Het Plein is dicht en gaat verder in De Linde. 1 aanvraag van jou gaat mee."
        " Wie in De Linde beslist, zegt ja of nee."
    )
    assert "- Zaterdag 28 november, 14:00–16:00 uur" in letter.body.replace("\u00a0", " ")
    assert letter.calendar is None, "what is only asked for is in no calendar of ours"


def test_request_that_was_a_booking_goes_along_in_calendars(mo: FlaskClient, hood: Neighbourhood) -> None:
    public_id = hood.book("fatma", "2026-11-27 14:00", "2026-11-27 16:00", room="plein", zone="")
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.plein, needs_approval=True)
    found = booking_seen(hood, public_id)
    change(hood, "fatma", found, "2026-11-28 14:00", "2026-11-28 16:00", zone="")
    merge(mo)
    letter, _said = told_of_merging(hood, "fatma")
    assert letter.calendar is not None
    [event] = events(letter.calendar)
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (f"{public_id}@ontmoet", 2, "TENTATIVE")
    assert event["LOCATION"] == "De Linde, Proefstraat 1, Proefwijk"


def test_what_came_along_once_and_does_not_go_along_again_is_told_so(
    mo: FlaskClient, hood: Neighbourhood
) -> None:
    with hood.app.app_context():
        oak = make.make_room(complex_id=1, slug="de-eik")
    goes = hood.book("fatma", "2026-11-25 14:00", "2026-11-25 16:00", room="plein", zone="")
    collides = hood.book("fatma", "2026-11-26 14:00", "2026-11-26 16:00", room="plein", zone="")
    hood.book("noor", "2026-11-26 15:00", "2026-11-26 17:00")
    merge(mo, into="de-eik", zone="")
    merge(mo, "de-eik")
    assert [booking_seen(hood, each).status for each in (goes, collides)] == [
        Status.CONFIRMED,
        Status.CANCELLED,
    ]
    letter, said = told_of_merging(hood, "fatma", oak)
    along, off = letter.body.replace("\u00a0", " ").split("Dit gaat niet door", 1)
    assert "- Woensdag 25 november, 14:00–16:00 uur\n" in along
    assert "- Donderdag 26 november" not in along
    assert "- Donderdag 26 november, 14:00–16:00 uur\n  Wel vrij: " in off
    assert said.startswith(
        "De Eik is dicht en gaat verder in De Linde."
        " 1 reservering van jou gaat mee: op dezelfde dag en tijd, in De Linde."
        " Jouw reservering op donderdag 26 november, 14:00–16:00 uur, gaat niet door"
    )


def test_request_that_does_not_go_along_was_no_booking(mo: FlaskClient, hood: Neighbourhood) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.plein, needs_approval=True)
    asked = hood.book("fatma", "2026-11-28 14:00", "2026-11-28 16:00", room="plein", zone="")
    hood.book("noor", "2026-11-28 15:00", "2026-11-28 17:00")
    merge(mo)
    found = booking_seen(hood, asked)
    assert (found.status, found.reason) == (Status.DECLINED, CancelReason.CLOSED)
    letter, said = told_of_merging(hood, "fatma")
    assert letter.calendar is not None
    [event] = events(letter.calendar)
    assert (event["UID"], event["STATUS"]) == (f"{asked}@ontmoet", "CANCELLED")
    body = letter.body.replace("\u00a0", " ")
    assert "- Zaterdag 28 november, 14:00–16:00 uur\n  Wel vrij: " in body
    assert said.startswith(
        "Het Plein is dicht en gaat verder in De Linde. Jouw aanvraag voor zaterdag 28 november,"
        " 14:00–16:00 uur, gaat niet door: in De Linde is het dan bezet."
    )
    fatma = hood.app.test_client()
    sign_in(fatma, "fatma")
    page = page_of(fatma, f"/reserveringen/{asked}")
    assert "Jouw aanvraag gaat niet door: de ruimte is dan dicht." in visible(page)
    assert "/r/de-linde/reserveren?" in page
