"""The page that leads through the first hour. Nothing of it is kept: what is done is read each time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, request

from ontmoet.arranging.complexes import all_complexes
from ontmoet.arranging.queries import all_sheets
from ontmoet.kernel import clock
from ontmoet.kernel.permissions import Permission
from ontmoet.kernel.walltime import day_of
from ontmoet.rooms.queries import corporation_name, room_by_slug
from ontmoet.web.access import ensure, may, requires
from ontmoet.web.pages import page

from .queries import progress_of
from .rules import Progress, Step, next_of, steps_of
from .wording import done_line, keys_by_others, told

if TYPE_CHECKING:
    from ontmoet.arranging.queries import Sheet

bp = Blueprint("first_hour", __name__)

START = "/corporatie/beheer/start"


@bp.get(START)
@requires(Permission.CORPORATION_ARRANGE)
def start() -> Response:
    """What is done for a room (`ruimte`, or the first that is not open yet), and what comes next."""
    ensure(Permission.CORPORATION_ARRANGE, None, hide=True)
    sheets = [sheet for sheet in all_sheets(today=day_of(clock.now())) if sheet.closed_at is None]
    sheet = _chosen(sheets)
    begun = None if sheet else next(iter(all_complexes()), None)
    progress = progress_of(sheet) if sheet else Progress(begun is not None, begun.homes if begun else 0)
    steps = steps_of(progress)
    current = next_of(steps)
    complex_id = sheet.complex_public_id if sheet else begun.public_id if begun else ""
    room = room_by_slug(sheet.slug) if sheet else None
    has_help = room is None or may(Permission.KEYS_MANAGE, room)
    return page(
        "first_hour/start.html",
        corporation_name=corporation_name(),
        sheet=sheet,
        others=[other for other in sheets if other is not sheet and other.live_at is None],
        steps=[
            (
                told(step, sheet.slug if sheet else "", complex_id)
                if step is not Step.KEYS or has_help
                else keys_by_others(),
                done_line(step, progress) if is_done else "",
                step is current,
            )
            for step, is_done in steps.items()
        ],
        done=sum(steps.values()),
        is_ready=current is None,
    )


def _chosen(sheets: list[Sheet]) -> Sheet | None:
    asked = request.args.get("ruimte")
    if asked is not None:
        return next((sheet for sheet in sheets if sheet.slug == asked), None) or abort(404)
    return next((sheet for sheet in sheets if sheet.live_at is None), sheets[0] if sheets else None)
