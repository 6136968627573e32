"""All that is kept, as files for an administrator. For all others these pages are not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, request

from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.permissions import Permission
from ontmoet.people.confirming import is_confirmed
from ontmoet.web.access import ensure, requires
from ontmoet.web.pages import go_to, page
from ontmoet.web.pieces import Piece
from ontmoet.web.settings import current_config

from .forms import ExportForm
from .making import ALL, is_known, make, mimetype
from .rules import Format
from .sending import send, told_so
from .tables import TABLES, meanings
from .told import LEFT_OUT
from .told_people import PEOPLE
from .told_rooms import ROOMS
from .told_series import SERIES
from .wording import KINDS, say

if TYPE_CHECKING:
    from datetime import datetime

bp = Blueprint("exports", __name__)

PATH = "/corporatie/beheer/gegevens"


@bp.get(PATH)
@requires(Permission.DATA_EXPORT)
def overview() -> Response:
    """Everything in one file, and which tables there are."""
    ensure(Permission.DATA_EXPORT, None, hide=True)
    return _shown(ALL, ExportForm(kind=Format.XLSX)) if is_confirmed(clock.now()) else _ask_again(ALL)


@bp.get(f"{PATH}/tabel")
@requires(Permission.DATA_EXPORT)
def table() -> Response:
    """One table (`naam`): what its columns mean, and a file of it."""
    ensure(Permission.DATA_EXPORT, None, hide=True)
    name = request.args.get("naam", ALL)
    if name == ALL:
        return go_to(PATH)
    if name not in TABLES:
        abort(404)
    return _shown(name, ExportForm(kind=Format.XLSX)) if is_confirmed(clock.now()) else _ask_again(name)


@bp.post(f"{PATH}/downloaden")
@requires(Permission.DATA_EXPORT)
def download() -> Response:
    """The file of a table (`what`), or of all."""
    ensure(Permission.DATA_EXPORT, None, hide=True)
    name, now = request.form.get("what", ALL), clock.now()
    if not is_known(name):
        abort(404)
    if not is_confirmed(now):
        return _ask_again(name)
    form = ExportForm(request.form)
    if not form.validate():
        return _shown(name, form)
    try:
        return _sent(name, Format(form.kind.data), now=now)
    except Refused as refusal:
        form.refuse(refusal.objections, say)
        return told_so(_shown(name, form), refusal)


def _sent(name: str, kind: Format, *, now: datetime) -> Response:
    folder = current_config().data
    return send(name, kind, lambda into: make(name, kind, into, folder=folder), mimetype(name, kind), now=now)


def _shown(name: str, form: ExportForm) -> Response:
    status = 422 if form.is_refused else 200
    small = {kind.value: str(line) for kind, (_name, line) in KINDS.items()}
    if name == ALL:
        return page(
            "exports/overview.html",
            status=status,
            form=form,
            small=small,
            what=name,
            piece=_piece(name),
            groups=(("mensen", {**PEOPLE, **SERIES}), ("ruimtes", ROOMS)),
            left_out=list(LEFT_OUT.items()),
        )
    return page(
        "exports/table.html",
        status=status,
        form=form,
        small=small,
        what=name,
        piece=_piece(name),
        told=TABLES[name],
        meanings=[(each.column, each.what, each.values) for each in meanings(name)],
        left_out=[
            (left.partition(".")[2], why) for left, why in LEFT_OUT.items() if left.startswith(f"{name}.")
        ],
    )


def _piece(name: str) -> Piece:
    """What comes from the code alone is drawn once."""
    return Piece(("exports", name), None)


def _ask_again(name: str) -> Response:
    target = PATH if name == ALL else f"{PATH}/tabel?naam={name}"
    return go_to(f"/mijn/gegevens/bevestigen?next={target}")
