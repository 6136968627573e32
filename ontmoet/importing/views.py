"""Sending a list: first what would happen, then all of it or nothing. Nothing of a file is kept. And taking
one along.
"""

from __future__ import annotations

import csv
import io
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from flask import Blueprint, Response, flash, request
from werkzeug.datastructures import CombinedMultiDict

from ontmoet.db import unit_of_work
from ontmoet.exports.making import MIMETYPES
from ontmoet.exports.rules import Format
from ontmoet.exports.sending import send, told_so
from ontmoet.exports.wording import say as say_export
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.permissions import Permission
from ontmoet.people.confirming import is_confirmed
from ontmoet.web.access import ensure, known_actor, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to, page

from .actions import Report, judge, note_look_ups, store
from .columns import COLUMNS, Kind
from .forms import FileForm, TakeForm
from .lists import write_list
from .meanings import MEANINGS, SAID
from .reading import read
from .rules import Reason, State, rows_under
from .wording import counted, line_of, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .rules import Row

    View = Callable[..., Response]

bp = Blueprint("importing", __name__)

PATH = "/corporatie/beheer/inlezen"
KINDS = {
    "adressen": Kind.HOMES,
    "ruimtes": Kind.ROOMS,
    "organisaties": Kind.ORGANISATIONS,
    "mensen": Kind.PEOPLE,
    "reserveringen": Kind.BOOKINGS,
}
MOST_SHOWN = 100


def _for_each_list(end: str, *methods: str) -> Callable[[View], View]:
    """Let a view have a path of its own for each list, and be told which."""

    def add(view: View) -> View:
        for what in KINDS:
            bp.add_url_rule(f"{PATH}/{what}{end}", view_func=view, methods=methods, defaults={"what": what})
        return view

    return add


@bp.get(PATH)
@requires(Permission.CORPORATION_ARRANGE)
def overview() -> Response:
    """Which lists there are."""
    ensure(Permission.CORPORATION_ARRANGE, None, hide=True)
    lists = [(f"{PATH}/{what}", SAID[kind]) for what, kind in KINDS.items()]
    return page("importing/overview.html", lists=lists)


@_for_each_list("", "GET", "POST")
@requires(Permission.CORPORATION_ARRANGE)
def one_list(what: str) -> Response:
    """A list: judged, and with the `seal` of what was judged stored."""
    ensure(Permission.CORPORATION_ARRANGE, None, hide=True)
    return _list(what)


@_for_each_list("/voorbeeld", "GET")
@requires(Permission.CORPORATION_ARRANGE)
def example(what: str) -> Response:
    """A list to fill in."""
    ensure(Permission.CORPORATION_ARRANGE, None, hide=True)
    return _example(what)


@_for_each_list("/meenemen", "POST")
@requires(Permission.DATA_EXPORT)
def take(what: str) -> Response:
    """The list as it is now, as a file."""
    ensure(Permission.DATA_EXPORT, None, hide=True)
    now = clock.now()
    if not is_confirmed(now):
        return go_to(f"/mijn/gegevens/bevestigen?next={PATH}/{what}")
    form = TakeForm(request.form)
    if form.validate():
        kind = Format(form.kind.data)
        try:
            write = partial(write_list, KINDS[what], kind, now=now)
            return send(KINDS[what], kind, write, MIMETYPES[kind], now=now)
        except Refused as refusal:
            form.refuse(refusal.objections, say_export)
            return told_so(_page(what, FileForm(), None, taking=form, status=422), refusal)
    return _page(what, FileForm(), None, taking=form, status=422)


def _list(what: str) -> Response:
    kind = KINDS[what]
    form = FileForm(CombinedMultiDict((request.files, request.form)) if request.method == "POST" else None)
    if request.method != "POST":
        return _page(what, form, None)
    report = None
    if form.validate():
        try:
            rows = rows_under(kind, read(form.raw))
            report = _judged(kind, rows)
            if report.has_faults:
                raise Refused(Objection(Reason.HAS_FAULTS, "file"))
            if form.seal.data:
                return _stored(kind, rows, report, form.seal.data)
        except Refused as refusal:
            form.refuse([Objection(one.reason, "file", one.facts) for one in refusal.objections], say)
    return _page(what, form, report, status=422 if form.is_refused else 200)


def _judged(kind: Kind, rows: Sequence[Row]) -> Report:
    now = clock.now()
    report = judge(kind, rows, now=now)
    if kind is Kind.PEOPLE:
        with unit_of_work():
            note_look_ups(report, actor_id=known_actor().person_id, now=now)
    return report


def _example(what: str) -> Response:
    """The heads of the columns and one row."""
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, delimiter=";")
    writer.writerow([column.head for column in COLUMNS[KINDS[what]]])
    writer.writerow([column.example for column in COLUMNS[KINDS[what]]])
    response = Response("\ufeff" + lines.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f"attachment; filename=voorbeeld-{what}.csv"
    return response


def _stored(kind: Kind, rows: Sequence[Row], judged: Report, seal: str) -> Response:
    with unit_of_work():
        report = store(kind, rows, judged, seal, actor_id=known_actor().person_id, now=clock.now())
    if report.number(State.NEW):
        flash(_("De lijst is bewaard."), "good")
    else:
        flash(_("Er is niets bewaard. Alles was er al."), "info")
    return go_to(PATH)


def _page(
    what: str, form: FileForm, report: Report | None, *, taking: TakeForm | None = None, status: int = 200
) -> Response:
    kind = KINDS[what]
    faults = [row for row in report.rows if row.state is State.WRONG] if report else []
    remarks = [row for row in report.rows if row.state is State.NEW and row.objection] if report else []
    return page(
        "importing/list.html",
        status=status,
        form=form,
        taking=taking or TakeForm(kind=Format.XLSX),
        small={Format.XLSX.value: _("Voor Excel, LibreOffice en Numbers.")},
        path=f"{PATH}/{what}",
        said=SAID[kind],
        columns=_columns(kind),
        counted=counted(report) if report else [],
        remarks=[line_of(row) for row in remarks[:MOST_SHOWN]],
        faults=[line_of(row) for row in faults[:MOST_SHOWN]],
        left_out=max(0, len(faults) - MOST_SHOWN),
        seal=form.seal_of(report.seal if report and report.number(State.NEW) else ""),
    )


def _columns(kind: Kind) -> list[tuple[str, str]]:
    """What stands in each column; those that stand beside each other and mean the same are told together."""
    told = [(column.head, str(MEANINGS[kind][column.head])) for column in COLUMNS[kind]]
    return [
        (", ".join(head for head, _meaning in columns), meaning)
        for meaning, columns in groupby(told, key=itemgetter(1))
    ]
