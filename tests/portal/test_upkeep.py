"""The page of the work that nobody asks for: true at a glance, and for administrators only."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import insert

from ontmoet.db import execute, unit_of_work
from ontmoet.jobs import JOBS, NotWell, run_due
from ontmoet.kernel import clock
from ontmoet.trail.models import Installation, InstallationKind
from tests.cast import sign_in
from tests.fixtures import TUESDAY
from tests.watching import statements

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tests.cast import Neighbourhood

PATH = "/corporatie/beheer/vanzelf"


def test_page_tells_what_runs_and_turns_red(
    hood_on_both: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    hood = hood_on_both
    with hood.app.app_context(), unit_of_work():
        execute(insert(Installation.__table__), id=1, kind=InstallationKind.REAL, made_at=TUESDAY)
    mo = hood.app.test_client()
    sign_in(mo, "mo")

    def shown() -> str:
        return mo.get(PATH).get_data(as_text=True)

    assert "Het is nog maar net begonnen." in shown()
    assert "Alles loopt." not in shown()
    assert "nog nooit" in shown()
    assert all(job.title in shown() for job in JOBS)

    def full(now: datetime) -> str:
        raise NotWell("de schijf is vol.")

    with hood.app.app_context():
        run_due(clock.now(), [replace(job, run=full) if job.name == "back_up" else job for job in JOBS])
    red = shown()
    assert "1 ding loopt niet" in red
    assert "Ging mis: Reservekopie" in red
    assert "De schijf is vol." in red
    assert "vandaag 14:05" in red
    moment(timedelta(hours=1))
    with hood.app.app_context():
        run_due(clock.now())
    assert "Alles loopt." in shown()

    moment(timedelta(minutes=11))
    by_day = len([job for job in JOBS if not job.nightly])
    assert f"{by_day} dingen lopen niet" in shown()
    assert "Het werk staat stil" in shown()
    with statements(hood.app) as seen:
        shown()
    # Who asks, the jobs, when the house began, the messages; and whose house it is.
    assert len(seen) == 5


def test_for_all_others_it_is_not_there(hood: Neighbourhood) -> None:
    for name in ("noor", "sanne"):
        client = hood.app.test_client()
        sign_in(client, name)
        assert client.get(PATH).status_code == 404
    assert hood.app.test_client().get(PATH).status_code == 302
