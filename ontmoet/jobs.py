"""Work that is due, done by `flask jobs due` once a minute. Safe to run twice, late or at the same time."""

from __future__ import annotations

import secrets
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from ontmoet.backups.daily import back_up
from ontmoet.backups.folder import AtWork
from ontmoet.backups.making import NotMade
from ontmoet.bookings.ending import lapse_overdue
from ontmoet.bookings.queries import rooms_with_overdue
from ontmoet.bookings.telling import ask_who_left_no_trace, remind
from ontmoet.bookings.waiting import offer_freed
from ontmoet.db import current_connection, let_go, migrations, trouble, unit_of_work
from ontmoet.db.sqlite import NoTurn
from ontmoet.db.wiping import tidy
from ontmoet.hearing.readers import READERS
from ontmoet.kernel.correlation import request_id
from ontmoet.kernel.retention import Outcome, Retention
from ontmoet.keys.reminding import remind_of_codes, remind_of_keys
from ontmoet.my_data.erasing import reapply, wipe_traces
from ontmoet.outbox.sending import send_due
from ontmoet.outbox.transport import transport_for
from ontmoet.portal.retention import RETENTIONS
from ontmoet.rooms.queries import lock_room
from ontmoet.series.noticing import rooms_to_look_in, tell_of_series
from ontmoet.trail.actions import record_run
from ontmoet.trail.queries import job_states
from ontmoet.trail.rules import is_due
from ontmoet.web.settings import current_config

log = structlog.get_logger("ontmoet")


class NotWell(Exception):
    """A job did what it could and something is wrong; the message says what, without personal data."""


class NotMigrated(Exception):
    """The database lacks migrations: no work is done in it."""


class LeftToOther(Exception):
    """Another process does this at this moment; it writes down how it goes."""


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do every minute, or once a night. `run` gets the time and gives one sentence; it raises
    `NotWell`, and `LeftToOther`.
    """

    name: str
    title: str
    run: Callable[[datetime], str]
    nightly: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """How one job went, in a sentence."""

    job: Job
    ok: bool
    note: str

    @property
    def line(self) -> str:
        return f"{self.job.title}: {self.note}"


def _lapse(now: datetime) -> str:
    lapsed = 0
    for room_id in rooms_with_overdue(now):
        with unit_of_work():
            lock_room(room_id)
            lapsed += lapse_overdue(room_id, now=now)
    return f"{lapsed} verlopen."


def _send(now: datetime) -> str:
    # After a restore a consumer may begin this before the job that erases again is done. Nothing may leave
    # before that.
    reapply(now)
    config = current_config()
    transport = transport_for(
        config.smtp_url, folder=config.data / "outbox", from_address=config.from_address
    )
    letters = current_app.extensions["ontmoet_letters"]
    report = send_due(now, transport=transport, compose=letters, readers=READERS)
    note = (
        f"{report.sent} verstuurd, {report.not_needed} niet nodig, "
        f"{report.put_off} later opnieuw, {report.failed} mislukt."
    )
    if report.by_hand:
        note = f"{note} {report.by_hand} op de bellijst."
    if report.away is not None:
        note = f"{note} De mailserver neemt niets aan ({report.away})."
    if report.barred:
        note = f"{note} {report.barred} keer weigert de mailserver om zijn regels; kijk zijn instellingen na."
    if report.broken:
        note = f"{note} {report.broken} keer een fout van ons; kijk in het logboek."
    if not report.is_well:
        raise NotWell(note)
    return note


def _erase_again(now: datetime) -> str:
    return f"{reapply(now)} opnieuw gewist."


def _wipe(now: datetime) -> str:
    wiped = wipe_traces(now)
    if wiped.left:
        raise NotWell(f"Van {wiped.left} mensen staan nog sporen in het bestand: het wordt nog gelezen.")
    return f"van {wiped.gone} mensen zijn de laatste sporen weg."


def _remind(now: datetime) -> str:
    with unit_of_work():
        return f"{remind(now)} nieuw."


def _ask(now: datetime) -> str:
    with unit_of_work():
        return f"{ask_who_left_no_trace(now)} nieuw."


def _tell_of_series(now: datetime) -> str:
    with unit_of_work():
        return f"{tell_of_series(now)} lopen af of zijn gevraagd."


def _offer(now: datetime) -> str:
    with unit_of_work():
        rooms = rooms_to_look_in(now)
    offered = 0
    for room_id in rooms:
        with unit_of_work():
            lock_room(room_id)
            lapse_overdue(room_id, now=now)
            offered += offer_freed(room_id, now=now)
    return f"{offered} vrijgekomen."


def _remind_of_keys(now: datetime) -> str:
    with unit_of_work():
        return f"{remind_of_keys(now)} te laat."


def _remind_of_codes(now: datetime) -> str:
    with unit_of_work():
        return f"{remind_of_codes(now)} aan vervanging toe."


def _tidy(_now: datetime) -> str:
    try:
        is_tidy = tidy(patience=5.0)
    except NoTurn:
        is_tidy = False
    if not is_tidy:
        raise NotWell("het bestand wordt nog gelezen.")
    return "gedaan."


def _back_up(now: datetime) -> str:
    try:
        made, gone = back_up(now)
    except AtWork:
        raise LeftToOther from None
    except NotMade as problem:
        raise NotWell(f"niet gemaakt: {problem}") from None
    if made.faults:
        raise NotWell(f"gemaakt, maar in de database klopt iets niet: {made.faults[0]}")
    size = f"{max(made.size / 1_000_000, 0.1):.1f}".replace(".", ",")
    return f"gemaakt en nagekeken, {size} MB; {gone} oude weg."


_DONE = {Outcome.GONE: "vergeten", Outcome.NAMELESS: "zonder naam gemaakt"}


def _forgetting(row: Retention) -> Job:
    def run(now: datetime) -> str:
        with unit_of_work():
            return f"{row.forget(now - row.term)} {_DONE[row.outcome]}."

    return Job(row.name, str(row.title), run)


FORGETTING = tuple(_forgetting(row) for row in RETENTIONS)

# The order of `flask jobs due`; a consumer begins them in it, two at a time. Who was erased is erased again
# before anything is sent to them (a restore does so by itself, and sending waits for it). What is overdue
# lapses, and people are reminded and asked, before messages leave, so that those about it leave in the same
# round. Files are emptied when all else is done.
JOBS = (
    Job("erase_again", "Gewist en teruggekomen met een oude kopie", _erase_again),
    Job("lapse_overdue", "Aanvragen, aanbod en wensen waarvan de tijd om is", _lapse),
    Job("remind", "Herinneringen", _remind),
    Job("ask_who_left_no_trace", "Vragen of iemand er was", _ask),
    Job("tell_of_series", "Reeksen die aflopen of iets horen", _tell_of_series),
    Job("offer_what_came_free", "Vrijgekomen dagen van reeksen", _offer),
    Job("remind_of_keys", "Sleutels die terug moeten", _remind_of_keys),
    Job("remind_of_codes", "Codes van sleutelkluizen", _remind_of_codes),
    Job("send_messages", "Berichten", _send),
    *FORGETTING,
    Job("wipe_traces", "Sporen van wie gewist is", _wipe),
    Job("tidy", "Databasebestand opruimen", _tidy, nightly=True),
    Job("back_up", "Reservekopie", _back_up, nightly=True),
)


def run_due(now: datetime, jobs: Sequence[Job] = JOBS) -> list[Report]:
    """Do all work that is due at `now`; what waits for the night, or is done by another process, has no
    report. A job that fails stops no other; its report says so. Raises `NotMigrated`.
    """
    _ensure_migrated()
    token = request_id.set(secrets.token_hex(8))
    try:
        return [report for job in _due(jobs, now) if (report := _run(job, now)) is not None]
    finally:
        request_id.reset(token)


def _ensure_migrated() -> None:
    try:
        connection = current_connection()
        if not migrations.is_current(connection, current_app.extensions["migrate"].directory):
            raise NotMigrated
    except SQLAlchemyError:
        # The database is away, and each job has to tell that.
        return
    finally:
        let_go()


def would_forget(now: datetime) -> list[str]:
    """What the rows of the table of retention would forget at `now`, a line each; nothing is changed."""
    return [f"{row.title}: {row.count(now - row.term)} te oud ({row.name})." for row in RETENTIONS]


def _due(jobs: Sequence[Job], now: datetime) -> list[Job]:
    try:
        states = job_states()
    except SQLAlchemyError:
        # The database is away, and each job has to tell that.
        states = {}
    finally:
        let_go()
    return [job for job in jobs if not job.nightly or is_due(states.get(job.name), now)]


def _run(job: Job, now: datetime) -> Report | None:
    began = time.monotonic()
    try:
        report = _attempt(job, lambda: job.run(now))
    except LeftToOther:
        return None
    ended_at = now + timedelta(seconds=int(time.monotonic() - began))

    def write_down() -> str:
        with unit_of_work():
            record_run(job.name, started_at=now, ended_at=ended_at, ok=report.ok, note=report.note)
        return report.note

    # A run that cannot be written down is not well either, however the work itself went.
    written = _attempt(job, write_down)
    return report if written.ok else Report(job, False, written.note)


def _attempt(job: Job, deed: Callable[[], str]) -> Report:
    try:
        return Report(job, True, deed())
    except LeftToOther:
        raise
    except NotWell as problem:
        return Report(job, False, str(problem))
    except Exception as problem:  # the outermost loop of all jobs: the next one still runs
        # The problem's own text may hold personal data, which has no place in a log.
        place = traceback.extract_tb(problem.__traceback__)[-1]
        where = f"{place.filename}:{place.lineno}"
        name, code = type(problem).__name__, trouble.code_of(problem)
        log.error("job_failed", job=job.name, problem=name, code=code, where=where)
        return Report(job, False, f"mislukt ({name})." if code is None else f"mislukt ({name}, {code}).")
