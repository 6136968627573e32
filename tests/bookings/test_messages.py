"""What people are told about their bookings."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from icalendar import Calendar
from sqlalchemy import text

from ontmoet.bookings.ending import lapse_overdue
from ontmoet.bookings.messages import LETTERS
from ontmoet.bookings.states import CancelReason, News, Status
from ontmoet.bookings.still_news import TRUE_WHILE
from ontmoet.bookings.telling import ask_who_left_no_trace, remind
from ontmoet.db import execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.outbox.letters import Letter, mail_of
from ontmoet.outbox.waiting import Waiting
from tests import builders as make
from tests.bookings.deeds import cancel, change, close, half_hours, seen
from tests.bookings.request_deeds import decline
from tests.cast import sign_in
from tests.samples import span
from tests.watching import rows, statements

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Neighbourhood

    Move = Callable[[timedelta], None]

WEDNESDAY = ("2026-11-25 14:00", "2026-11-25 16:00")
LONGEST_SENTENCE = 15


def told(hood: Neighbourhood) -> list[tuple[str, Letter | None]]:
    """Every message about a booking posted so far, as it would be sent now."""
    posted = rows(
        hood.app, "select id, kind, person_id, object_id, made_at, due_at, attempts from message order by id"
    )
    with hood.app.app_context():
        return [
            (row.kind, LETTERS[row.kind](Waiting(*row), now=clock.now()))
            for row in posted
            if row.kind in LETTERS
        ]


def last_told(hood: Neighbourhood, kind: News) -> Letter:
    """The letter of the newest message, which is of this kind."""
    found, letter = told(hood)[-1]
    assert found == kind
    assert letter is not None
    return letter


def ask(hood: Neighbourhood) -> str:
    """Fatma asks for Het Plein, which answers first; the public id."""
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.plein, needs_approval=True)
    return hood.book("fatma", *WEDNESDAY, room="plein", zone="")


def do(hood: Neighbourhood, statement: str, **values: object) -> None:
    with hood.app.app_context(), unit_of_work():
        execute(text(statement), **values)


def test_who_books_gets_a_letter_with_the_time_for_the_calendar(hood: Neighbourhood) -> None:
    public_id = hood.book("noor", *WEDNESDAY, purpose="Breien")
    letter = last_told(hood, News.CONFIRMED)
    assert letter.to == "noor@proef.example"
    assert letter.sender == "Woonstichting De Proef"
    assert letter.subject == "De Linde is van jou op wo 25 nov"
    assert letter.body.startswith("Hallo Noor,\n\nDe Linde is van jou.\n\n")
    assert "Woensdag 25 november, 14:00–16:00\u00a0uur\nGrote zaal, Proefstraat 1, Proefwijk\n" in letter.body
    assert "- Haal de sleutel op. De sleutelbeheerder geeft je de sleutel.\n" in letter.body
    assert f"\nhttp://127.0.0.1:8000/reserveringen/{public_id}\n" in letter.body
    assert letter.body.endswith("Groeten,\nWoonstichting De Proef")
    assert letter.calendar is not None
    (event,) = Calendar.from_ical(letter.calendar).walk("VEVENT")
    assert event["UID"] == f"{public_id}@ontmoet"
    assert event.start == make.at(WEDNESDAY[0])
    assert event["SUMMARY"] == "Breien"


def test_who_asks_hears_until_when_to_wait(hood: Neighbourhood) -> None:
    ask(hood)
    letter = last_told(hood, News.REQUESTED)
    assert letter.subject == "Aangevraagd: Het Plein op wo 25 nov"
    assert "Je krijgt antwoord voor woensdag 25 november 10:00\u00a0uur.\n" in letter.body
    assert letter.calendar is None


def test_change_is_told_with_the_new_time(hood: Neighbourhood) -> None:
    booking = seen(hood, hood.book("noor", *WEDNESDAY))
    change(hood, "noor", booking, "2026-11-26 10:00", "2026-11-26 12:00", zone="keuken")
    letter = last_told(hood, News.CHANGED)
    assert letter.subject == "Veranderd: De Linde op do 26 nov"
    assert "Donderdag 26 november, 10:00–12:00\u00a0uur\nKeuken, " in letter.body
    assert "beheergroep" not in letter.body
    assert letter.calendar is not None
    assert Calendar.from_ical(letter.calendar).walk("VEVENT")[0]["SEQUENCE"] == 1


def test_change_that_asks_again_says_so(hood: Neighbourhood) -> None:
    booking = seen(hood, ask(hood))
    change(hood, "fatma", booking, "2026-11-26 10:00", "2026-11-26 12:00", zone="")
    letter = last_told(hood, News.CHANGED)
    assert "De beheergroep kijkt of het kan.\n" in letter.body
    assert letter.calendar is None


def test_booking_that_was_sure_stays_in_calendars_as_a_request_when_it_is_asked_for_again(
    hood_on_both: Neighbourhood,
) -> None:
    hood = hood_on_both
    public_id = hood.book("noor", *WEDNESDAY)
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, needs_approval=True)
    files = [last_told(hood, News.CONFIRMED).calendar]
    for day in ("2026-11-26", "2026-11-27"):
        change(hood, "noor", seen(hood, public_id), f"{day} 10:00", f"{day} 12:00")
        files.append(last_told(hood, News.CHANGED).calendar)
    found = [event for each in files if each for event in Calendar.from_ical(each).walk("VEVENT")]
    assert {event["UID"] for event in found} == {f"{public_id}@ontmoet"}
    assert [(f"{event.start:%m-%d}", event["SEQUENCE"], event["STATUS"]) for event in found] == [
        ("11-25", 0, "CONFIRMED"),
        ("11-26", 1, "TENTATIVE"),
        ("11-27", 2, "TENTATIVE"),
    ]
    assert found[-1]["SUMMARY"] == "Aangevraagd: De Linde"
    noor = hood.people["noor"]
    do(hood, "insert into opt_in (person_id, kind) values (:id, 'booking_without_file')", id=noor)
    assert last_told(hood, News.CHANGED).calendar is None


def test_who_is_cancelled_by_another_hears_why(hood: Neighbourhood) -> None:
    public_id = hood.book("noor", *WEDNESDAY)
    cancel(hood, "sanne", public_id, CancelReason.DEFECT)
    letter = last_told(hood, News.CANCELLED)
    assert letter.to == "noor@proef.example"
    assert letter.subject == "Gaat niet door: De Linde op wo 25 nov"
    assert "Jouw reservering van De Linde gaat niet door.\nEr is iets kapot.\n" in letter.body
    assert "\nhttp://127.0.0.1:8000/r/de-linde/reserveren\n" in letter.body
    assert "sanne" not in letter.body.lower()
    assert letter.calendar is not None
    (event,) = Calendar.from_ical(letter.calendar).walk("VEVENT")
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (f"{public_id}@ontmoet", 1, "CANCELLED")


def test_who_wants_no_file_gets_mail_without(hood: Neighbourhood) -> None:
    do(
        hood,
        "insert into opt_in (person_id, kind) values (:noor, 'booking_without_file')",
        noor=hood.people["noor"],
    )
    hood.book("noor", *WEDNESDAY)
    assert last_told(hood, News.CONFIRMED).calendar is None


def test_who_cancels_knows_already(hood: Neighbourhood) -> None:
    cancel(hood, "noor", hood.book("noor", *WEDNESDAY))
    assert [kind for kind, _ in told(hood)] == [News.CONFIRMED]


def test_request_without_an_answer_is_told_once(hood: Neighbourhood, moment: Move) -> None:
    ask(hood)
    moment(timedelta(hours=20, minutes=55))
    for _ in range(2):
        with hood.app.app_context(), unit_of_work():
            lapse_overdue(hood.plein, now=clock.now())
    assert [kind for kind, _ in told(hood)] == [News.REQUESTED, News.LAPSED]
    letter = last_told(hood, News.LAPSED)
    assert "Jouw aanvraag voor Het Plein gaat niet door.\nEr kwam niet op tijd antwoord.\n" in letter.body


def test_request_that_somebody_put_in_a_calendar_is_called_off_there_when_it_is_off(
    hood: Neighbourhood, moment: Move
) -> None:
    lapses = ask(hood)
    declined = hood.book("fatma", "2026-12-02 14:00", "2026-12-02 16:00", room="plein", zone="")
    client = hood.app.test_client()
    sign_in(client, "fatma")
    before = {each: client.get(f"/reserveringen/{each}/agenda.ics").data for each in (lapses, declined)}
    decline(hood, "fatma", declined)
    no = last_told(hood, News.DECLINED)
    moment(timedelta(hours=20, minutes=55))
    with hood.app.app_context(), unit_of_work():
        lapse_overdue(hood.plein, now=clock.now())
    late = last_told(hood, News.LAPSED)
    for public_id, letter in ((declined, no), (lapses, late)):
        assert letter.calendar is not None
        (put,) = Calendar.from_ical(before[public_id]).walk("VEVENT")
        (event,) = Calendar.from_ical(letter.calendar).walk("VEVENT")
        assert (put["SEQUENCE"], put["STATUS"]) == (0, "TENTATIVE")
        assert (event["SEQUENCE"], event["STATUS"]) == (1, "CANCELLED")
        assert event["UID"] == put["UID"] == f"{public_id}@ontmoet"
        assert (event.start, event["SUMMARY"]) == (put.start, "Gaat niet door: Het Plein")
    fatma = hood.people["fatma"]
    do(hood, "insert into opt_in (person_id, kind) values (:id, 'booking_without_file')", id=fatma)
    assert last_told(hood, News.LAPSED).calendar is None


def test_same_form_twice_tells_once(hood: Neighbourhood) -> None:
    key = make.new_key()
    for _ in range(2):
        hood.book("noor", *WEDNESDAY, key=key)
    assert [kind for kind, _ in told(hood)] == [News.CONFIRMED]


def test_refused_booking_tells_nothing(hood: Neighbourhood) -> None:
    hood.book("ali", *WEDNESDAY)
    with pytest.raises(Refused):
        hood.book("noor", *WEDNESDAY)
    assert len(told(hood)) == 1


def test_news_that_was_overtaken_is_not_told(hood: Neighbourhood) -> None:
    public_id = hood.book("noor", *WEDNESDAY)
    cancel(hood, "sanne", public_id, CancelReason.DEFECT)
    assert [letter is None for _, letter in told(hood)] == [True, False]


def test_news_about_what_is_over_is_not_told(hood: Neighbourhood, moment: Move) -> None:
    hood.book("noor", *WEDNESDAY)
    moment(timedelta(days=2))
    assert told(hood) == [(News.CONFIRMED, None)]


def test_person_without_email_gets_no_mail(hood: Neighbourhood) -> None:
    hood.book("noor", *WEDNESDAY)
    do(hood, "update person set email = null where id = :id", id=hood.people["noor"])
    assert told(hood) == [(News.CONFIRMED, None)]


def test_person_of_an_old_booking_may_be_gone(hood: Neighbourhood) -> None:
    public_id = hood.book("noor", *WEDNESDAY)
    do(hood, "update booking set person_id = null where public_id = :id", id=public_id)
    cancel(hood, "sanne", public_id, CancelReason.DEFECT)
    assert [kind for kind, _ in told(hood)] == [News.CONFIRMED]


@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r"])
def test_names_and_purposes_make_no_headers(hood: Neighbourhood, ending: str) -> None:
    evil = f"Noor{ending}Bcc: vera@elders.example{ending}{ending}<b>Hoi</b> {{{{ 7*7 }}}}"
    hood.book("noor", *WEDNESDAY)
    do(hood, "update booking set purpose = :evil", evil=evil)
    do(hood, "update person set name = :evil", evil=evil)
    do(hood, "update room set name = :evil", evil=evil)
    do(hood, "update corporation set name = :evil", evil=evil)
    letter = last_told(hood, News.CONFIRMED)
    mail = mail_of(letter, number=1, from_address="ontmoet@proef.example", now=clock.now())
    head = mail.split(b"\r\n\r\n", 1)[0]
    names = {line.split(b":", 1)[0] for line in head.split(b"\r\n") if not line.startswith((b" ", b"\t"))}
    assert names == {
        b"From",
        b"To",
        b"Subject",
        b"Date",
        b"Message-ID",
        b"Auto-Submitted",
        b"Content-Language",
        b"MIME-Version",
        b"Content-Type",
    }
    assert "<b>Hoi</b> {{ 7*7 }}" in letter.body
    assert letter.calendar is not None
    (event,) = Calendar.from_ical(letter.calendar).walk("VEVENT")
    assert "BCC" not in event


def test_every_kind_of_news_has_words_that_are_easy_to_read(hood: Neighbourhood, moment: Move) -> None:
    """All letters there are: sentences of at most fifteen words, and nobody is called "u"."""
    booked = seen(hood, hood.book("noor", *WEDNESDAY))
    ali = hood.book("ali", "2026-11-27 14:00", "2026-11-27 16:00")
    found = told(hood)
    change(hood, "noor", booked, *WEDNESDAY, people=5)
    cancel(hood, "sanne", ali, CancelReason.HOURS)
    asked = ask(hood)
    change(hood, "fatma", seen(hood, asked), "2026-11-26 10:00", "2026-11-26 12:00", zone="")
    found += told(hood)
    other = hood.book("fatma", "2026-12-01 10:00", "2026-12-01 12:00", room="plein", zone="")
    found += told(hood)
    decline(hood, "fatma", hood.book("fatma", "2026-12-02 10:00", "2026-12-02 12:00", room="plein", zone=""))
    found += told(hood)
    cancel(hood, "mo", hood.book("fatma", "2026-12-03 10:00", "2026-12-03 12:00", room="plein", zone=""))
    found += told(hood)
    assert seen(hood, other).lapses_at is not None
    moment(timedelta(hours=72))
    with hood.app.app_context(), unit_of_work():
        lapse_overdue(hood.plein, now=clock.now())
    found += told(hood)
    do(hood, "insert into opt_in values (:id, 'booking_reminder')", id=hood.people["noor"])
    hood.book("noor", "2026-11-30 14:00", "2026-11-30 16:00")
    moment(timedelta(hours=49))
    with hood.app.app_context(), unit_of_work():
        remind(clock.now())
    found += told(hood)
    moment(timedelta(hours=26))
    with hood.app.app_context(), unit_of_work():
        ask_who_left_no_trace(clock.now())
    found += told(hood)

    for starts in ("2026-12-05 14:00", "2026-12-06 14:00"):
        ends = starts.replace("14", "16")
        first = hood.book("ali", starts, ends)
        hood.book("noor", starts, ends, or_wait=True)
        found += told(hood)
    cancel(hood, "ali", first)
    found += told(hood)
    moment(make.at("2026-12-05 12:00") - clock.now())
    with hood.app.app_context(), unit_of_work():
        lapse_overdue(hood.linde, now=clock.now())
    found += told(hood)

    letters = [(kind, letter) for kind, letter in found if letter is not None]
    assert {kind for kind, _ in letters} == set(News) == set(LETTERS) == set(TRUE_WHILE)
    for _, letter in letters:
        for line in [letter.subject, *letter.body.splitlines()]:
            if line.startswith("http"):
                continue
            for sentence in re.split(r"(?<=[.?!])\s", line):
                assert len(sentence.split()) <= LONGEST_SENTENCE, sentence
            assert not re.search(r"\b(u|uw)\b", line, re.IGNORECASE), line
        assert "\n\n\n" not in letter.body
        assert not re.search(r"[ \t]\n", letter.body)


def test_letter_names_who_did_it_for_you_and_how_to_undo_it(hood: Neighbourhood) -> None:
    public_id = hood.book("noor", *WEDNESDAY, helper="bram")
    done = "Bram deed dit voor je. Klopt het niet? Je kunt het zelf veranderen, of ons bellen."
    assert done in last_told(hood, News.CONFIRMED).body
    change(hood, "bram", seen(hood, public_id), "2026-11-25 15:00", "2026-11-25 17:00")
    assert done in last_told(hood, News.CHANGED).body
    change(hood, "noor", seen(hood, public_id), *WEDNESDAY)
    assert "deed dit voor je" not in last_told(hood, News.CHANGED).body
    cancel(hood, "bram", public_id)
    assert done in last_told(hood, News.CANCELLED).body


def test_message_for_who_has_no_mail_is_posted_too(hood: Neighbourhood) -> None:
    do(hood, "update person set email = null, channel = 'call' where name like 'Noor%'")
    hood.book("noor", *WEDNESDAY, helper="bram")
    assert told(hood) == [(News.CONFIRMED, None)]


def test_many_are_reminded_and_asked_in_the_statements_of_one(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    do(hood, "insert into opt_in values (:id, 'booking_reminder')", id=hood.people["noor"])
    half_hours(hood, "2026-11-26", 1)
    half_hours(hood, "2026-11-28", 30)
    for job, day, number in (
        (remind, "2026-11-26", 1),
        (remind, "2026-11-28", 30),
        (ask_who_left_no_trace, "2026-11-26", 1),
        (ask_who_left_no_trace, "2026-11-28", 30),
    ):
        # Again a minute later: then nothing is posted again.
        for minute, expected in (("00", (number, 2)), ("01", (0, 1))):
            with statements(hood.app) as run, hood.app.app_context(), unit_of_work():
                done = job(make.at(f"{day} {'07' if job is remind else '23'}:{minute}"))
            assert (done, len(run)) == expected
    posted = rows(
        hood.app,
        "select m.kind, m.person_id, m.dedupe_key, b.id, b.version, b.room_id - m.room_id as elsewhere,"
        " b.starts_at, b.ends_at, m.useful_until from message m join booking b on b.id = m.object_id"
        " where m.kind in ('booking_reminder', 'use_asked') order by m.id",
    )
    assert [row.dedupe_key for row in posted] == [
        f"booking_reminder:{row.id}:{row.version}"
        if row.kind == "booking_reminder"
        else f"use_asked:{row.id}"
        for row in posted
    ]
    assert [row.kind for row in posted] == ["booking_reminder"] * 31 + ["use_asked"] * 31
    assert {(row.person_id, row.elsewhere) for row in posted} == {(hood.people["noor"], 0)}
    assert [row.useful_until for row in posted[:31]] == [row.starts_at for row in posted[:31]]
    assert [row.starts_at for row in posted] == sorted(row.starts_at for row in posted[:31]) * 2


def test_who_waits_for_time_that_will_be_shut_hears_that_and_not_that_a_booking_is_called_off(
    hood: Neighbourhood,
) -> None:
    saturday = ("2026-11-28 14:00", "2026-11-28 16:00")
    hood.book("noor", *saturday, zone="keuken")
    hood.book("ali", *saturday, zone="", or_wait=True)
    close(hood, span("2026-11-28 12:00", "2026-11-28 18:00"), "grote-zaal")
    letter = last_told(hood, News.NOT_FREED)
    assert letter.subject == "Niet vrijgekomen: De Linde op za 28 nov"
    assert "De ruimte is dan dicht. De reden: Nieuwe vloer. Je staat nu niet meer" in letter.body
    assert "ouw reservering" not in letter.body
    assert "niet op tijd vrij" not in letter.body
    assert letter.calendar is None, "no calendar had it"


def test_who_waited_without_a_turn_hears_that_and_not_that_the_time_was_never_free(
    hood: Neighbourhood, moment: Move
) -> None:
    saturday = ("2026-11-28 14:00", "2026-11-28 16:00")
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, quota=1)
    first, ali = hood.book("noor", *saturday), hood.book("ali", *saturday, or_wait=True)
    hood.book("ali", "2026-11-29 14:00", "2026-11-29 16:00")
    cancel(hood, "noor", first)
    assert seen(hood, ali).status is Status.WAITING
    moment(make.at("2026-11-28 12:00") - clock.now())
    with hood.app.app_context(), unit_of_work():
        lapse_overdue(hood.linde, now=clock.now())
    assert seen(hood, ali).reason is CancelReason.FAIR_USE
    letter = last_told(hood, News.NOT_FREED)
    assert letter.subject == "Geen beurt meer: De Linde op za 28 nov"
    assert "De tijd was vrij, maar de beurten van jouw adres waren op." in letter.body
    assert "niet op tijd vrij" not in letter.body
