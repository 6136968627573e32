"""Work that is due: done once, written down, and one failure stops nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert

from ontmoet.backups.folder import workplace
from ontmoet.db import DatabaseBusy, execute, unit_of_work
from ontmoet.jobs import JOBS, Job, NotWell, run_due
from ontmoet.people.models import Session
from ontmoet.trail.actions import RUNS_KEPT, FormPost, count_try, remember_answer
from ontmoet.trail.queries import job_states
from ontmoet.trail.rules import JobState
from tests import builders as make
from tests.fixtures import TUESDAY
from tests.outbox.mailbox import free_port, mail_server
from tests.watching import row_counts, rows
from tools.demo import running_clock

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from tests.cast import Neighbourhood

WEDNESDAY = ("2026-11-25 14:00", "2026-11-25 16:00")
LATER = TUESDAY + timedelta(days=60)


def due(app: Flask, now: datetime = TUESDAY) -> list[str]:
    """Do what is due; the lines it reports."""
    with app.app_context():
        return [report.line for report in run_due(now)]


def mail_to(app: Flask, url: str) -> None:
    app.extensions["ontmoet_config"] = replace(app.extensions["ontmoet_config"], smtp_url=url)


def test_all_work_is_done_and_written_down(hood_on_both: Neighbourhood) -> None:
    app = hood_on_both.app
    with app.app_context():
        make.make_use_rule(room_id=hood_on_both.linde, needs_approval=True)
    hood_on_both.book("noor", *WEDNESDAY)
    with app.app_context(), unit_of_work():
        remember_answer(FormPost(1, "/x", "k" * 16, {}), "/y", now=TUESDAY)
        count_try("somebody", window=timedelta(minutes=10), now=TUESDAY)
        for expires_at in (TUESDAY, LATER):
            execute(
                insert(Session.__table__),
                id_hash=str(expires_at),
                person_id=hood_on_both.people["noor"],
                device_hash="d",
                own_phone=False,
                started_at=TUESDAY,
                expires_at=expires_at,
            )
    done = due(app, LATER)
    assert [re.sub(", [0-9].*", ".", line) if "kopie: " in line else line for line in done] == [
        "Gewist en teruggekomen met een oude kopie: 0 opnieuw gewist.",
        "Aanvragen, aanbod en wensen waarvan de tijd om is: 1 verlopen.",
        "Herinneringen: 0 nieuw.",
        "Vragen of iemand er was: 0 nieuw.",
        "Reeksen die aflopen of iets horen: 0 lopen af of zijn gevraagd.",
        "Vrijgekomen dagen van reeksen: 0 vrijgekomen.",
        "Sleutels die terug moeten: 0 te laat.",
        "Codes van sleutelkluizen: 0 aan vervanging toe.",
        "Berichten: 0 verstuurd, 3 niet nodig, 0 later opnieuw, 0 mislukt.",
        "Namen bij reserveringen: 0 zonder naam gemaakt.",
        "Foto’s bij de afsluitlijst: 0 vergeten.",
        "Codes bij oude reserveringen: 0 vergeten.",
        "Adressen bij oude reserveringen: 0 vergeten.",
        "Gemiste uren: 0 vergeten.",
        "Aangekondigd werk: 0 vergeten.",
        "Namen bij reeksen: 0 zonder naam gemaakt.",
        "Wie de opkomst opschreef: 0 zonder naam gemaakt.",
        "Wie een sleutel had: 0 zonder naam gemaakt.",
        "Wie een code zag: 0 zonder naam gemaakt.",
        "Oude groepskastjes: 0 vergeten.",
        "Wie de sleuteldienst had: 0 zonder naam gemaakt.",
        "Oude formulieren: 2 vergeten.",
        "Oude inlogpogingen: 1 vergeten.",
        "Nummers in het logboek: 0 zonder naam gemaakt.",
        "Waar je was ingelogd: 1 vergeten.",
        "Nieuwe e-mailadressen zonder bevestiging: 0 vergeten.",
        "Wachtwoord vergeten: 0 vergeten.",
        "Inlogbriefjes: 0 vergeten.",
        "Gebruikte vragen bij het inloggen: 0 vergeten.",
        "Oude functies: 0 vergeten.",
        "Oude adressen: 0 vergeten.",
        "Buren die mochten komen: 0 vergeten.",
        "Oude brieven om mee te doen: 0 vergeten.",
        "Oude berichten: 0 vergeten.",
        "Bellijst: 0 vergeten.",
        "Oude huisregels waar je mee meedeed: 0 vergeten.",
        "Kinderen die wachten op een ouder of verzorger: 0 vergeten.",
        "Mensen die hier niet meer wonen of werken: 0 vergeten.",
        "Sporen van wie gewist is: van 0 mensen zijn de laatste sporen weg.",
        "Databasebestand opruimen: gedaan.",
        "Reservekopie: gemaakt en nagekeken.",
    ]
    runs = rows(app, "select name, ok, note from job_run order by id")
    assert [run.name for run in runs] == [job.name for job in JOBS]
    assert all(run.ok for run in runs)
    assert runs[1].note == "1 verlopen."
    assert [line.split(": ")[1] for line in due(app, LATER)] == [
        "0 opnieuw gewist.",
        "0 verlopen.",
        "0 nieuw.",
        "0 nieuw.",
        "0 lopen af of zijn gevraagd.",
        "0 vrijgekomen.",
        "0 te laat.",
        "0 aan vervanging toe.",
        "0 verstuurd, 0 niet nodig, 0 later opnieuw, 0 mislukt.",
        "0 zonder naam gemaakt.",
        *["0 vergeten."] * 5,
        *["0 zonder naam gemaakt."] * 4,
        "0 vergeten.",
        "0 zonder naam gemaakt.",
        *["0 vergeten."] * 2,
        "0 zonder naam gemaakt.",
        *["0 vergeten."] * 14,
        "van 0 mensen zijn de laatste sporen weg.",
    ]
    assert "Oude berichten: 3 vergeten." in due(app, LATER + timedelta(days=91))


def test_message_of_what_lapsed_leaves_in_the_same_round(hood: Neighbourhood) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, needs_approval=True)
    hood.book("noor", *WEDNESDAY)
    with mail_server() as mailbox:
        mail_to(hood.app, mailbox.url)
        due(hood.app, make.at("2026-11-25 10:00"))
    assert [received.mail["Subject"] for received in mailbox.received] == [
        "Gaat niet door: De Linde op wo 25 nov"
    ]


def test_without_a_mail_server_mail_goes_to_the_folder(hood: Neighbourhood, tmp_path: Path) -> None:
    hood.book("noor", *WEDNESDAY)
    assert "Berichten: 1 verstuurd, 0 niet nodig, 0 later opnieuw, 0 mislukt." in due(hood.app)
    assert [path.suffix for path in (tmp_path / "outbox").iterdir()] == [".eml"]


def test_failing_job_stops_no_other(app: Flask) -> None:
    def fail(now: datetime) -> str:
        raise DatabaseBusy("noor@proef.example")

    bad, good = Job("bad", "Slecht", fail), Job("good", "Goed", lambda now: "gedaan.")
    with app.app_context():
        reports = run_due(TUESDAY, [bad, good])
    assert [(report.ok, report.line) for report in reports] == [
        (False, "Slecht: mislukt (DatabaseBusy)."),
        (True, "Goed: gedaan."),
    ]
    assert [(run.name, bool(run.ok)) for run in rows(app, "select name, ok from job_run order by id")] == [
        ("bad", False),
        ("good", True),
    ]


def test_last_runs_of_each_job_are_kept(app_on_both: Flask) -> None:
    often, seldom = Job("often", "Vaak", lambda now: "gedaan."), Job("seldom", "Soms", lambda now: "x" * 300)
    with app_on_both.app_context():
        run_due(TUESDAY, [seldom])
        run_due(TUESDAY, [often] * (RUNS_KEPT + 3))
    kept = rows(app_on_both, "select name, count(*), min(length(note)) from job_run group by name order by 1")
    assert [tuple(row) for row in kept] == [("often", RUNS_KEPT, 7), ("seldom", 1, 200)]


def test_last_run_that_went_well_is_kept_however_long_ago(app_on_both: Flask) -> None:
    def fail(now: datetime) -> str:
        raise DatabaseBusy

    well, not_well = Job("mail", "Berichten", lambda now: "gedaan."), Job("mail", "Berichten", fail)
    with app_on_both.app_context():
        run_due(TUESDAY, [well])
        run_due(LATER, [not_well] * (RUNS_KEPT + 3))
        (state,) = job_states().values()
    assert state == JobState(LATER, TUESDAY, False, "mislukt (DatabaseBusy).")
    assert row_counts(app_on_both, "job_run") == {"job_run": RUNS_KEPT + 1}


def test_work_of_the_night_is_done_once_a_night(app: Flask) -> None:
    tries: list[datetime] = []
    goes_well = [False, True, True]

    def work(now: datetime) -> str:
        tries.append(now)
        if not goes_well[len(tries) - 1]:
            raise NotWell("vol.")
        return "gedaan."

    job = Job("nightly", "Nacht", work, nightly=True)
    with app.app_context():
        for minutes in range(0, 24 * 60, 10):
            run_due(TUESDAY + timedelta(minutes=minutes), [job])
    # At once, for it never was; again after an hour; and then in the night.
    assert tries == [
        TUESDAY,
        TUESDAY + timedelta(minutes=60),
        make.at("2026-11-25 03:05"),
    ]


def test_work_that_another_process_does_is_left_to_it(app: Flask) -> None:
    (back_up,) = [job for job in JOBS if job.name == "back_up"]
    with app.app_context():
        with workplace():
            assert run_due(TUESDAY, [back_up]) == []
        assert row_counts(app, "job_run") == {"job_run": 0}
        assert [report.ok for report in run_due(TUESDAY, [back_up])] == [True]
        assert run_due(TUESDAY + timedelta(minutes=1), [back_up]) == []


def test_command_tells_what_was_done(hood: Neighbourhood) -> None:
    hood.book("noor", *WEDNESDAY)
    done = hood.app.test_cli_runner().invoke(args=["jobs", "due"])
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[1] == "Aanvragen, aanbod en wensen waarvan de tijd om is: 0 verlopen."
    assert len(done.output.splitlines()) == len(JOBS)
    assert row_counts(hood.app, "job_run") == {"job_run": len(JOBS)}


def test_command_fails_when_one_job_does(hood: Neighbourhood) -> None:
    hood.book("noor", *WEDNESDAY)
    mail_to(hood.app, f"smtp://127.0.0.1:{free_port()}")
    done = hood.app.test_cli_runner().invoke(args=["jobs", "due"])
    assert done.exit_code == 1
    assert "De mailserver neemt niets aan (ConnectionRefusedError)." in done.output
    assert done.output.splitlines()[-1].startswith("Reservekopie: "), "the others still ran"


def test_command_takes_another_moment(hood: Neighbourhood) -> None:
    hood.book("noor", *WEDNESDAY)
    done = hood.app.test_cli_runner().invoke(args=["jobs", "due", "--now", "2026-11-26T00:00+01:00"])
    assert "Berichten: 0 verstuurd, 1 niet nodig" in done.output


@pytest.mark.parametrize("given", ["gisteren", "2026-11-26T00:00", ""])
def test_command_refuses_what_is_no_moment(app: Flask, given: str) -> None:
    done = app.test_cli_runner().invoke(args=["jobs", "due", "--now", given])
    assert done.exit_code == 2
    assert row_counts(app, "job_run") == {"job_run": 0}


def test_clock_of_the_demo_runs_on_for_each_process() -> None:
    env = {"ONTMOET_NOW": "2026-11-24T14:05+01:00", "PORT": "8000"}
    later = running_clock(env, 61.5)
    assert datetime.fromisoformat(later["ONTMOET_NOW"]) == TUESDAY + timedelta(seconds=61.5)
    assert later["PORT"] == "8000"
    assert running_clock({"PORT": "8000"}, 61.5) == {"PORT": "8000"}
