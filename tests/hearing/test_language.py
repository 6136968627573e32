"""What one person gets is in the language that person chose; pages, and what others read, stay Dutch."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.bookings.states import CancelReason
from ontmoet.config import Config
from ontmoet.db import execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.people.addresses import ask_for_address
from ontmoet.people.queries import language_read_by
from ontmoet.people.rules import Language, language_of
from ontmoet.web import dates, i18n
from tests.bookings.deeds import cancel
from tests.cast import sign_in, token_in
from tests.fixtures import TUESDAY
from tests.hearing.test_call_list import PATH as CALL_LIST
from tests.hearing.test_call_list import page_of
from tests.hearing.test_hearing_views import CHOSEN, PATH, save
from tests.outbox.mailbox import mail_server, words
from tests.watching import statements, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood
    from tests.outbox.mailbox import Mailbox

DUTCH_WORDS = re.compile(r"\b(?:je|jouw|het|een|niet|voor|naar|uur|dinsdag)\b", re.IGNORECASE)


@pytest.fixture
def mailbox(hood: Neighbourhood) -> Iterator[Mailbox]:
    """The mail server of the corporation."""
    with mail_server() as found:
        config: Config = hood.app.extensions["ontmoet_config"]
        hood.app.extensions["ontmoet_config"] = Config(**{**vars(config), "smtp_url": found.url})
        yield found


def reads(hood: Neighbourhood, *names: str, tag: str = "en", **values: str | None) -> None:
    """These people chose a language; `values` are other things of theirs that are different."""
    changed = ", ".join(f"{column} = :{column}" for column in {"language": tag, **values})
    with hood.app.app_context(), unit_of_work():
        for name in names:
            execute(
                text(f"update person set {changed} where id = :id"),  # noqa: S608 - names of columns
                id=hood.people[name],
                language=tag,
                **values,
            )


def by_address(mailbox: Mailbox) -> dict[str, str]:
    """Subject and text of the last mail to each address."""
    return {one.to[0]: f"{one.mail['Subject']}\n{words(one.mail.get_body())}" for one in mailbox.received}


def test_choice_is_kept_and_the_pages_stay_dutch(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "noor")
    assert 'value="nl" checked' in client.get(PATH).get_data(as_text=True)
    assert save(client, **{**CHOSEN, "language": "en"}).location == PATH
    page = client.get(PATH).get_data(as_text=True)
    assert 'value="en" checked' in page
    assert '<html lang="nl"' in page
    assert "Bewaard. Zo hoor je voortaan van ons." in visible(page)
    with hood.app.app_context():
        assert language_read_by(hood.people["noor"]) is Language.ENGLISH
        assert language_read_by(None) is Language.DUTCH


def test_language_that_is_none_of_ours_is_refused_with_a_sentence(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    sign_in(client, "noor")
    answer = save(client, **{**CHOSEN, "language": "tlh", "channel": "call"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Kies een van deze talen." in visible(page)
    assert 'href="#language"' in page
    assert 'value="call" checked' in page, "what was chosen beside it is kept"
    with hood.app.app_context():
        assert language_read_by(hood.people["noor"]) is Language.DUTCH


def test_booking_is_confirmed_in_the_language_of_each_who_booked(
    hood: Neighbourhood, mailbox: Mailbox
) -> None:
    reads(hood, "noor")
    hood.book("noor", "2026-11-28 14:00", "2026-11-28 16:00")
    hood.book("ali", "2026-11-29 14:00", "2026-11-29 16:00")
    hood.work()
    tags = {one.to[0]: one.mail["Content-Language"] for one in mailbox.received}
    assert tags == {"noor@proef.example": "en", "ali@proef.example": "nl"}
    said = by_address(mailbox)
    assert "Zondag 29 november, 14:00–16:00\u00a0uur" in said["ali@proef.example"]
    english = said["noor@proef.example"]
    assert "De Linde is yours on Sat 28 Nov" in english
    assert "Saturday 28 November, 14:00–16:00\n" in english
    assert "This is how you get in:" in english
    assert "Questions? Call us: 0800 555 00 00." in english


def test_forgotten_password_is_helped_in_english(
    client: FlaskClient, hood: Neighbourhood, mailbox: Mailbox
) -> None:
    reads(hood, "noor")
    token = token_in(client.get("/inloggen/vergeten").get_data(as_text=True))
    client.post("/inloggen/vergeten", data={"csrf_token": token, "email": "noor@proef.example"})
    hood.work()
    (received,) = mailbox.received
    assert received.mail["Subject"] == "Your link to sign in"
    assert received.mail["Content-Language"] == "en"
    said = words(received.mail)
    assert re.search(r"^http://127\.0\.0\.1:8000/inloggen/link\?t=\S+$", said, re.MULTILINE)
    assert "Link and code work once, until 14:15." in said
    assert DUTCH_WORDS.findall(re.sub(r"http\S+", "", said)) == []


def test_address_that_is_taken_is_told_in_the_language_of_its_owner(
    hood: Neighbourhood, mailbox: Mailbox
) -> None:
    reads(hood, "noor")
    with hood.app.app_context(), unit_of_work():
        ask_for_address(hood.people["ali"], "noor@proef.example", now=clock.now())
    hood.work()
    said = by_address(mailbox)
    assert "that is not possible: it is already yours" in said["noor@proef.example"].lower()
    assert "Er is gevraagd om een ander e-mailadres" in said["ali@proef.example"]
    (to_owner,) = [one for one in mailbox.received if one.to == ["noor@proef.example"]]
    assert to_owner.mail["Content-Language"] == "en"


def test_keeper_tells_it_in_the_language_of_the_reader_and_reads_it_in_dutch(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    reads(hood, "ali", email=None, channel="call")
    reads(hood, "bram")  # whoever tells it reads Dutch pages whatever they chose
    for day in ("2026-11-28", "2026-11-29"):
        booked = hood.book("ali", f"{day} 14:00", f"{day} 16:00")
        cancel(hood, "sanne", booked, CancelReason.DEFECT)
    reads(hood, "noor", tag="nl", channel="call")
    cancel(hood, "sanne", hood.book("noor", "2026-11-30 14:00", "2026-11-30 16:00"), CancelReason.DEFECT)
    hood.work()
    sign_in(client, "bram")
    with statements(hood.app) as seen:
        page = page_of(client)
    assert len(seen) <= 8, seen
    said = " ".join(visible(page).split())
    assert (
        "Your booking of De Linde on Saturday 28 November, 14:00–16:00 cannot go ahead. Something is broken."
        " In het Nederlands: Jouw reservering van De Linde op zaterdag 28 november, 14:00–16:00 uur, gaat"
    ) in said
    assert "Niet bereikt" in said
    assert page.count('<p lang="en">') == 2
    assert said.count("In het Nederlands:") == 2
    assert page.count('<p lang="nl">') == 1


def test_slips_are_in_the_language_of_whom_they_are_for(client: FlaskClient, hood: Neighbourhood) -> None:
    reads(hood, "ali", email=None, channel="print")
    booked = hood.book("ali", "2026-11-28 14:00", "2026-11-28 16:00")
    hood.work()
    sign_in(client, "bram")
    told = page_of(client, f"{CALL_LIST}/briefjes")
    assert '<article class="om-slip" lang="en">' in told
    said = " ".join(visible(told).split())
    assert "For Ali de Proef linde-16 De Linde is yours on Saturday 28 November" in said
    assert "Er gaan vier briefjes op een A4." in visible(told)
    booking = " ".join(visible(page_of(client, f"/reserveringen/{booked}/briefje")).split())
    assert "Booked Saturday 28 November 14:00–16:00" in booking
    assert "Pick up the key." in booking
    assert "Druk af" in booking
    found = client.get("/r/de-linde/briefje").get_data(as_text=True)
    made = client.post(
        "/r/de-linde/briefje/maken",
        data={"csrf_token": token_in(found), "person": public_id_of(hood, "ali")},
    ).get_data(as_text=True)
    assert "Works once, until Wednesday 25 November at 14:05." in " ".join(visible(made).split())
    assert "Het inlogbriefje is klaar" in visible(made)


def public_id_of(hood: Neighbourhood, name: str) -> str:
    with hood.app.app_context():
        found: str = execute(
            text("select public_id from person where id = :id"), id=hood.people[name]
        ).scalar_one()
    return found


def test_name_is_escaped_on_a_slip_whatever_its_language(client: FlaskClient, hood: Neighbourhood) -> None:
    reads(hood, "ali", email=None, channel="print", name="Ali <b>& %(name)s")
    hood.book("ali", "2026-11-28 14:00", "2026-11-28 16:00")
    hood.work()
    sign_in(client, "bram")
    page = page_of(client, f"{CALL_LIST}/briefjes")
    assert "For Ali &lt;b&gt;&amp; %(name)s" in page


@pytest.mark.parametrize("tag", ["tlh", "", "../nl", "en-GB"])
def test_language_that_nobody_knows_is_dutch(hood: Neighbourhood, mailbox: Mailbox, tag: str) -> None:
    reads(hood, "noor", tag=tag)
    assert language_of(tag) is Language.DUTCH
    hood.book("noor", "2026-11-28 14:00", "2026-11-28 16:00")
    hood.work()
    assert mailbox.received[-1].mail["Content-Language"] == "nl"
    assert "De Linde is van jou op za 28 nov" in by_address(mailbox)["noor@proef.example"]


def test_what_has_no_translation_is_said_in_dutch() -> None:
    with i18n.speaking("en"):
        assert i18n.gettext("Dit zegt %(name)s alleen hier.", name="Noor") == "Dit zegt Noor alleen hier."
        assert i18n.ngettext("%(num)s kat", "%(num)s katten", 2) == "2 katten"
        assert (i18n.language(), i18n.direction()) == ("en", "ltr")
    with i18n.speaking("tlh"):
        assert (i18n.language(), i18n.gettext("Was je er?")) == ("nl", "Was je er?")
    assert i18n.language() == "nl"


def test_language_ends_with_what_was_said_in_it() -> None:
    def fail() -> None:
        with i18n.speaking("en"), i18n.speaking("nl"):
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert (i18n.language(), i18n.gettext("Was je er?")) == ("nl", "Was je er?")


def test_days_and_times_are_in_the_language_spoken() -> None:
    day = TUESDAY.date()
    with i18n.speaking("en"):
        days = [dates.long_day(day), dates.short_day(day), dates.full_day(day)]
        assert days == ["Tuesday 24 November", "Tue 24 Nov", "24 November 2026"]
        assert dates.full_moment(TUESDAY) == "Tuesday 24 November at\u00a014:05"
    assert dates.full_moment(TUESDAY) == "dinsdag 24 november 14:05\u00a0uur"
