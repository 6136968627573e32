"""The page that leads through the first hour. Nothing of it is kept: what is done is read each time."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request

from ontmoet.arranging.complexes import all_complexes
from ontmoet.arranging.queries import sheet_of
from ontmoet.kernel import clock
from ontmoet.kernel.permissions import Permission
from ontmoet.kernel.walltime import day_of
from ontmoet.web.access import ensure, may, requires
from ontmoet.web.pages import page

from .queries import Begun, begun_rooms, progress_of
from .rules import Progress, Step, next_of, steps_of
from .wording import all_told, done_line, keys_by_others

bp = Blueprint("first_hour", __name__)

START = "/corporatie/beheer/start"


@bp.get(START)
@requires(Permission.CORPORATION_ARRANGE)
def start() -> Response:
    """What is done for a room (`ruimte`, or the first that is not open yet), and what comes next."""
    ensure(Permission.CORPORATION_ARRANGE, None, hide=True)
    rooms = begun_rooms()
    room = _chosen(rooms)
    sheet = sheet_of(room.room_id, today=day_of(clock.now())) if room else None
    begun = None if sheet else next(iter(all_complexes()), None)
    progress = progress_of(sheet) if sheet else Progress(begun is not None, begun.homes if begun else 0)
    steps = steps_of(progress)
    current = next_of(steps)
    complex_id = sheet.complex_public_id if sheet else begun.public_id if begun else ""
    told = all_told(sheet.slug if sheet else "", complex_id)
    if room and not may(Permission.KEYS_MANAGE, room):
        told[Step.KEYS] = keys_by_others()
    return page(
        "first_hour/start.html",
        sheet=sheet,
        others=[other for other in rooms if other is not room and not other.is_live],
        steps=[
            (told[step], done_line(step, progress) if is_done else "", step is current)
            for step, is_done in steps.items()
        ],
        done=sum(steps.values()),
        is_ready=current is None,
    )


def _chosen(rooms: list[Begun]) -> Begun | None:
    asked = request.args.get("ruimte")
    if asked is not None:
        return next((room for room in rooms if room.slug == asked), None) or abort(404)
    return next(iter(rooms), None)
