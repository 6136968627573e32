"""Somebody with something in every table, and looking for them afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import insert, text, update

from ontmoet.bookings.models import UseTrace
from ontmoet.bookings.states import News
from ontmoet.bookings.use_rules import Trace
from ontmoet.db import execute, unit_of_work
from ontmoet.kernel.actor import Function
from ontmoet.kernel.tokens import digest_of
from ontmoet.my_data.erasing import erase
from ontmoet.outbox.actions import post
from ontmoet.people.addresses import ask_for_address
from ontmoet.people.models import Credential, Person
from ontmoet.people.passwords import hash_password
from ontmoet.trail.actions import count_try
from tests import builders as make
from tests.fixtures import TUESDAY

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from tests.cast import Neighbourhood

NAME, EMAIL, PHONE = "Zebedeus Xanthippe", "zebedeus@xanthippe.example", "06 98 76 54 32"
NICKNAME, PURPOSE, NEW_EMAIL = "zebekind", "Zilveren bruiloft Xanthippe", "xanthippe@nieuw.example"
TRACES = (NAME, "Xanthippe", EMAIL, PHONE, NICKNAME, PURPOSE, NEW_EMAIL)


def move_in_everywhere(hood: Neighbourhood) -> int:
    """Somebody in Noor's home with something in every table that can hold something; their id."""
    app = hood.app
    with app.app_context():
        person_id = make.make_person(name=NAME, email=EMAIL, password=make.PASSWORD)
        hood.people["zebedeus"] = person_id
        home_id = home_of(app, "linde-14b")
        make.make_residency(person_id=person_id, home_id=home_id)
        make.make_role(person_id=person_id, function=Function.HOST, room_id=hood.linde)
        make.make_acceptance(person_id=person_id, rules_version_id=make.make_rules(room_id=hood.linde))
        with unit_of_work():
            execute(update(Person.__table__).where(Person.__table__.c.id == person_id).values(phone=PHONE))
            execute(
                insert(Credential.__table__),
                person_id=person_id,
                home_id=home_id,
                nickname=NICKNAME,
                pin_hash=hash_password("314159"),
            )
            ask_for_address(person_id, NEW_EMAIL, now=TUESDAY)
            count_try(f"sign-in/account/{digest_of(EMAIL)}", window=timedelta(minutes=15), now=TUESDAY)
            post(
                News.CONFIRMED,
                person_id=person_id,
                object_id=1,
                dedupe_key="x",
                due_at=TUESDAY,
                now=TUESDAY,
                room_id=None,
            )
    hood.book("zebedeus", "2026-11-24 15:00", "2026-11-24 16:00", purpose=PURPOSE)
    hood.book("zebedeus", "2026-11-26 10:00", "2026-11-26 12:00", purpose=PURPOSE)
    hood.book("zebedeus", "2026-12-03 10:00", "2026-12-03 12:00", purpose=PURPOSE)
    with app.app_context(), unit_of_work():
        execute(
            insert(UseTrace.__table__),
            booking_id=1,
            kind=Trace.CLOSING,
            at=TUESDAY,
            recorded_by_id=person_id,
            note=f"Groet van {NAME}",
        )
    return person_id


def home_of(app: Flask, address_name: str) -> int:
    with app.app_context():
        found: int = execute(
            text("select id from home where address_name = :name"), name=address_name
        ).scalar_one()
    return found


def leave(hood: Neighbourhood, name: str = "zebedeus", now: object = TUESDAY) -> None:
    """Erase them, as their own page does."""
    with hood.app.app_context(), unit_of_work():
        erase(hood.people[name], by=hood.people[name], now=now)  # type: ignore[arg-type]


def found_in(folder: Path, *texts: str) -> dict[str, list[str]]:
    """Which of these texts stand in which files, byte by byte."""
    found = {
        str(path.relative_to(folder)): [text for text in texts if text.encode() in path.read_bytes()]
        for path in folder.rglob("*")
        if path.is_file()
    }
    return {name: hits for name, hits in found.items() if hits}
