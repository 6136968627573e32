"""Every reason, cause and state has words: short, Dutch and with 'je'."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from ontmoet.bookings import refusal_wording, wording
from ontmoet.bookings.alternatives import Alternative
from ontmoet.bookings.rules import FairUse, Reason
from ontmoet.bookings.states import REASONS_FOR_OTHERS, CancelReason, Status
from ontmoet.kernel.objections import Objection
from ontmoet.kernel.text import TextReason
from ontmoet.people import rules as people_rules
from ontmoet.people import wording as people_wording
from ontmoet.rooms.rules import KeyPlan, Stretch
from ontmoet.web.forms import Malformed, say_malformed
from tests.builders import at
from tests.samples import HALL, a_room, span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

FACTS = {
    Reason.ROOM_TAKEN: (
        {"clash": span("2026-11-25 14:00", "2026-11-25 16:00")},
        {"clash": span("2026-11-25 14:00", "2026-11-25 16:00"), "shut": True},
        {},
        {"clash": span("2026-11-25 14:00", "2026-11-25 16:00"), "part": True},
        {"clash": span("2026-11-25 14:00", "2026-11-25 16:00"), "parts": ("Keuken", "Kantoor")},
        *(
            {"clash": span("2026-11-25 00:00", "2026-11-26 00:00"), "shut": True, "all_along": True, **where}
            for where in ({}, {"part": True}, {"parts": ("Keuken",)})
        ),
        {"clash": span("2026-11-25 14:00", "2026-11-25 16:00"), "own": "k3v9m2q7xt", "offered": False},
        {"clash": span("2026-11-25 14:00", "2026-11-25 16:00"), "own": "k3v9m2q7xt", "offered": True},
        *(
            {
                "clash": span("2026-11-25 00:00", "2026-11-26 00:00"),
                "shut": True,
                "all_along": True,
                "closed_until": at(until),
                "why": "De vloer wordt gelakt",
                "today": date(2026, 11, 24),
            }
            for until in ("2026-11-28 00:00", "2026-11-25 17:00")
        ),
    ),
    Reason.OUTSIDE_OPENING_HOURS: (
        {"day": date(2026, 11, 25), "stretches": (Stretch(540, 720), Stretch(840, 1440))},
        {"day": date(2026, 11, 25), "stretches": ()},
    ),
    Reason.TOO_FAR_AHEAD: ({"last_day": date(2027, 5, 23), "today": date(2026, 11, 24)},),
    Reason.ENDS_BEFORE_START: ({"starts": 840},),
    Reason.TOO_SHORT: ({"minutes": 30}, {"minutes": 60}),
    Reason.TOO_LONG: ({"minutes": 480}, {"minutes": 90}),
    Reason.TOO_MANY_PEOPLE: ({"limit": 40, "zone": "Grote zaal"}, {"limit": 45, "zone": None}),
    Reason.NOT_YET: ({"since": at("2026-11-25 13:30")},),
    Reason.FAIR_USE_SPENT: (
        {"quota": 4, "quota_from": 1080, "month": date(2026, 11, 1), "today": date(2026, 11, 24)},
        {"quota": 4, "quota_from": 0, "month": date(2026, 12, 1), "today": date(2026, 11, 24)},
        {"quota": 1, "quota_from": 1020, "month": date(2026, 11, 1), "today": date(2026, 11, 24)},
    ),
}
ENGLISH_OR_FORMAL = re.compile(
    r"\b(u|uw|the|please|you|your|not|error|invalid|booking|sorry|oeps)\b", re.IGNORECASE
)


@pytest.fixture(autouse=True)
def request_of_somebody(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def said() -> dict[str, str]:
    """Every sentence this slice and its neighbours can say to somebody who is refused."""
    found = {
        f"{reason} {number}": refusal_wording.say(Objection(reason, None, facts))
        for reason in Reason
        for number, facts in enumerate(FACTS.get(reason, ({},)))
    }
    found |= {f"cancel {reason}": wording.reason_sentence(reason) for reason in CancelReason}
    found |= {f"text {r}": say_malformed(Malformed(r, 80)) for r in TextReason}
    for reason in people_rules.Reason:
        found[f"people {reason}"] = people_wording.say(Objection(reason, None, {"minutes": 15}))
    found["lapse"] = wording.lapse_line(at("2026-11-27 14:05"), date(2026, 11, 24))
    return found


def test_say_has_a_sentence_of_its_own_for_every_reason() -> None:
    first = [refusal_wording.say(Objection(reason, None, FACTS.get(reason, ({},))[0])) for reason in Reason]
    assert len(set(first)) == len(Reason)
    assert all(sentence.endswith(".") for sentence in first)


def test_no_sentence_is_long_english_or_formal() -> None:
    for name, text in said().items():
        assert "%(" not in text, name
        assert not ENGLISH_OR_FORMAL.search(text), name
        for sentence in re.split(r"(?<=[.?!:]) ", text):
            assert len(sentence.split()) <= 20, name


def test_every_cancel_reason_and_status_has_words_of_its_own() -> None:
    assert len({wording.reason_sentence(reason) for reason in CancelReason}) == len(CancelReason)
    assert len({wording.status_word(status) for status in Status}) == len(Status)


def test_others_choose_from_reasons_that_somebody_can_have() -> None:
    by_the_house = {CancelReason.PLANS_CHANGED, CancelReason.CLOSED, CancelReason.NO_ANSWER}
    assert not by_the_house & set(REASONS_FOR_OTHERS)
    assert len(set(REASONS_FOR_OTHERS)) == len(REASONS_FOR_OTHERS)


def test_sentences_hold_their_facts() -> None:
    sentences = said()
    expected = {
        "room_taken 0": "Van 14:00–16:00\u00a0uur is het bezet. Kies een andere tijd.",
        "room_taken 1": "Van 14:00–16:00\u00a0uur is de ruimte dicht. Kies een andere tijd.",
        "room_taken 2": "Iemand anders was je net voor. Kies een andere tijd.",
        "room_taken 3": (
            "Van 14:00–16:00\u00a0uur is dit deel bezet. Kies een andere tijd of een ander deel."
        ),
        "room_taken 4": (
            "Van 14:00–16:00\u00a0uur is een deel bezet (Keuken en Kantoor). "
            "Kies een andere tijd of een ander deel."
        ),
        "room_taken 5": "De ruimte is dan dicht. Kies een andere tijd.",
        "room_taken 6": "Dit deel is dan dicht. Kies een andere tijd of een ander deel.",
        "room_taken 7": "Een deel is dan dicht (Keuken). Kies een ander deel.",
        "room_taken 8": "Van 14:00–16:00\u00a0uur heb je zelf al gereserveerd.",
        "room_taken 9": (
            "Van 14:00–16:00\u00a0uur houden we de ruimte al voor jou vast. Zeg nog of je wilt."
        ),
        "room_taken 10": (
            "De ruimte is dan dicht. Dat duurt tot en met vr 27 nov. "
            "De reden: De vloer wordt gelakt. Kies een andere tijd."
        ),
        "room_taken 11": (
            "De ruimte is dan dicht. Dat duurt tot morgen 17:00\u00a0uur. "
            "De reden: De vloer wordt gelakt. Kies een andere tijd."
        ),
        "outside_opening_hours 0": ("De ruimte is die dag open van 9:00–12:00 en 14:00–24:00\u00a0uur."),
        "outside_opening_hours 1": "Op wo 25 nov is de ruimte dicht. Kies een andere dag.",
        "fair_use_spent 2": (
            "Jouw adres heeft deze maand al 1 van de 1 keer. "
            "Voor 17:00\u00a0uur beginnen kan nog wel, of een andere maand."
        ),
        "too_short 1": "Reserveer minstens 1 uur.",
        "too_long 1": "Reserveer hoogstens 1 uur en 30 minuten.",
        "too_many_people 0": (
            "In dit deel (Grote zaal) passen 40 mensen. Vul een kleiner aantal in of kies een ander deel."
        ),
        "too_many_people 1": "Hier passen 45 mensen in. Vul een kleiner aantal in.",
        "lapse": "Je krijgt antwoord voor vr 27 nov 14:05\u00a0uur. Tot dan houden we de tijd voor je vast.",
    }
    assert {name: sentences[name] for name in expected} == expected


def test_fair_use_is_told_per_address_and_month() -> None:
    today, month = date(2026, 11, 24), (date(2026, 11, 1), date(2026, 12, 1))
    assert wording.fair_use_line(FairUse(4, 1080, 2, month), today) == (
        "2 van de 4 avonden van jouw adres deze maand"
    )
    later = (date(2026, 12, 1), date(2027, 1, 1))
    assert wording.fair_use_line(FairUse(4, 0, 2, later), today) == (
        "2 van de 4 keer van jouw adres in december"
    )
    far = (date(2027, 11, 1), date(2027, 12, 1))
    assert wording.fair_use_line(FairUse(4, 0, 2, far), today).endswith("in november 2027")
    assert said()["fair_use_spent 1"] == (
        "Jouw adres heeft in december al 4 van de 4 keer. Een andere maand kan wel."
    )


def test_alternative_says_when_and_how_it_differs() -> None:
    found = Alternative(span("2026-11-25 14:00", "2026-11-25 15:00"), HALL, is_shorter=True)
    today, asked = date(2026, 11, 24), date(2026, 11, 25)
    assert wording.alternative_lines(found, asked_day=asked, today=today) == (
        "Morgen 14:00–15:00\u00a0uur",
        "Zaal, tot 40 mensen, iets korter",
    )
    whole = Alternative(span("2027-01-04 14:00", "2027-01-04 15:00"), None)
    assert wording.alternative_lines(whole, asked_day=asked, today=today) == (
        "Ma 4 jan 2027 14:00–15:00\u00a0uur",
        "Hele ruimte",
    )


@pytest.mark.parametrize("plan", KeyPlan)
def test_every_way_in_has_four_steps_with_words(plan: KeyPlan) -> None:
    steps = wording.steps_to_get_in(a_room(key_plan=plan), span("2026-11-25 14:00", "2026-11-25 16:00"))
    assert len(steps) == 4
    assert steps[0][1] == "Bij Bram."
    assert steps[1] == ("Kom om 14:00\u00a0uur", "Lindelaan 1")
    assert all(deed and how for deed, how in steps)
