"""Sending a list: first what would happen, then all of it or nothing. Nothing of a file is kept."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from flask import Blueprint, Response, flash, request
from werkzeug.datastructures import CombinedMultiDict

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.permissions import Permission
from ontmoet.rooms.queries import corporation_name
from ontmoet.web.access import ensure, known_actor, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to, page

from .actions import Report, judge, store
from .forms import ListForm
from .reading import read
from .rules import COLUMNS, Kind, Reason, State, rows_under
from .wording import MEANINGS, SAID, counted, line_of, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .rules import Row

bp = Blueprint("importing", __name__)

PATH = "/corporatie/beheer/inlezen"
KINDS = {"adressen": Kind.HOMES, "reserveringen": Kind.BOOKINGS}
MOST_SHOWN = 100


@bp.get(PATH)
@requires(Permission.CORPORATION_ARRANGE)
def overview() -> Response:
    """Which lists can be sent."""
    ensure(Permission.CORPORATION_ARRANGE, None, hide=True)
    lists = [(f"{PATH}/{what}", SAID[kind]) for what, kind in KINDS.items()]
    return page("importing/overview.html", corporation_name=corporation_name(), lists=lists)


@bp.route(f"{PATH}/adressen", methods=["GET", "POST"])
@requires(Permission.CORPORATION_ARRANGE)
def homes() -> Response:
    """Addresses: judged, and with the `seal` of what was judged stored."""
    ensure(Permission.CORPORATION_ARRANGE, None, hide=True)
    return _list("adressen")


@bp.route(f"{PATH}/reserveringen", methods=["GET", "POST"])
@requires(Permission.CORPORATION_ARRANGE)
def bookings() -> Response:
    """Bookings: judged, and with the `seal` of what was judged stored."""
    ensure(Permission.CORPORATION_ARRANGE, None, hide=True)
    return _list("reserveringen")


@bp.get(f"{PATH}/adressen/voorbeeld")
@requires(Permission.CORPORATION_ARRANGE)
def example_of_homes() -> Response:
    """A list of addresses to fill in."""
    ensure(Permission.CORPORATION_ARRANGE, None, hide=True)
    return _example("adressen")


@bp.get(f"{PATH}/reserveringen/voorbeeld")
@requires(Permission.CORPORATION_ARRANGE)
def example_of_bookings() -> Response:
    """A list of bookings to fill in."""
    ensure(Permission.CORPORATION_ARRANGE, None, hide=True)
    return _example("reserveringen")


def _list(what: str) -> Response:
    kind = KINDS[what]
    form = ListForm(CombinedMultiDict((request.files, request.form)) if request.method == "POST" else None)
    if request.method != "POST":
        return _page(what, form, None)
    report = None
    if form.validate():
        try:
            rows = rows_under(kind, read(form.raw))
            report = judge(kind, rows)
            if report.has_faults:
                raise Refused(Objection(Reason.HAS_FAULTS, "file"))
            if form.seal.data:
                return _stored(kind, rows, form.seal.data)
        except Refused as refusal:
            form.refuse([Objection(one.reason, "file", one.facts) for one in refusal.objections], say)
    return _page(what, form, report, status=422 if form.is_refused else 200)


def _example(what: str) -> Response:
    """The heads of the columns and one row."""
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, delimiter=";")
    writer.writerow([column.head for column in COLUMNS[KINDS[what]]])
    writer.writerow([column.example for column in COLUMNS[KINDS[what]]])
    response = Response("\ufeff" + lines.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f"attachment; filename=voorbeeld-{what}.csv"
    return response


def _stored(kind: Kind, rows: Sequence[Row], seal: str) -> Response:
    with unit_of_work():
        report = store(kind, rows, seal, actor_id=known_actor().person_id, now=clock.now())
    if report.number(State.NEW):
        flash(_("De lijst is bewaard."), "good")
    else:
        flash(_("Er is niets bewaard. Alles was er al."), "info")
    return go_to(PATH)


def _page(what: str, form: ListForm, report: Report | None, *, status: int = 200) -> Response:
    kind = KINDS[what]
    faults = [row for row in report.rows if row.state is State.WRONG] if report else []
    return page(
        "importing/list.html",
        status=status,
        corporation_name=corporation_name(),
        form=form,
        path=f"{PATH}/{what}",
        said=SAID[kind],
        columns=[(column.head, MEANINGS[kind][column.head]) for column in COLUMNS[kind]],
        counted=counted(report) if report else [],
        faults=[line_of(row) for row in faults[:MOST_SHOWN]],
        left_out=max(0, len(faults) - MOST_SHOWN),
        seal=report.seal if report and not form.is_refused and report.number(State.NEW) else "",
    )
