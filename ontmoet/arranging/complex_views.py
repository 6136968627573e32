"""A complex and its addresses on screen. Never who lives there."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, request

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.permissions import Permission
from ontmoet.kernel.tokens import new_form_key
from ontmoet.kernel.walltime import day_of
from ontmoet.trail.actions import FormPost
from ontmoet.web.access import ensure, known_actor, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import ngettext
from ontmoet.web.pages import go_to, page
from ontmoet.web.pieces import Piece

from . import complexes as actions
from .complexes import ComplexView, HomeView, complex_by_public_id, home_of, homes_of
from .forms import AddressForm, CorrectHomeForm, EndHomeForm, StreetForm
from .rules import Side
from .wording import say

bp = Blueprint("complexes", __name__)

PATH = "/corporatie/complexen/<public_id:public_id>"
MOST_SHOWN = 100


@bp.get(PATH)
@requires(Permission.COMPLEX_ARRANGE)
def homes(public_id: str) -> Response:
    """The addresses of a complex, those with the words `zoek`."""
    found = _complex(public_id)
    words = request.args.get("zoek", "")[:80]
    listed = homes_of(found.complex_id, words=words)
    shown = tuple(listed[:MOST_SHOWN])
    return _page(
        "arranging/homes.html",
        found,
        words=words,
        homes=shown,
        # What somebody looked for is no piece: there is no end to words.
        piece=None if words else Piece(("homes", found.complex_id), (found.public_id, shown)),
        line_of=_line,
        number=len(listed),
        left_out=len(listed) - MOST_SHOWN,
    )


@bp.route(f"{PATH}/straat", methods=["GET", "POST"])
@requires(Permission.COMPLEX_ARRANGE)
def add_street(public_id: str) -> Response:
    """Many addresses in one go."""
    found = _complex(public_id)
    form = StreetForm(request.form if request.method == "POST" else None)
    form.offer()
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work():
                number = actions.add_street(
                    found.complex_id,
                    form.street.data,
                    form.first.data,
                    form.last.data,
                    Side(form.side.data),
                    actor=known_actor(),
                    now=clock.now(),
                )
            return _added(found, number)
        except Refused as refusal:
            form.refuse(refusal.objections, say)
    return _page("arranging/street.html", found, status=422 if form.is_refused else 200, form=form)


@bp.route(f"{PATH}/adres", methods=["GET", "POST"])
@requires(Permission.COMPLEX_ARRANGE)
def add_home(public_id: str) -> Response:
    """One address more."""
    found = _complex(public_id)
    form = AddressForm(request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work():
                number = actions.add_home(
                    found.complex_id,
                    form.address.data,
                    form.address_name.data,
                    actor=known_actor(),
                    now=clock.now(),
                )
            return _added(found, number)
        except Refused as refusal:
            form.refuse(refusal.objections, say)
    return _page(
        "arranging/home.html", found, status=422 if form.is_refused else 200, form=form, home=None, problem=""
    )


@bp.route(f"{PATH}/adres-wijzigen", methods=["GET", "POST"])
@requires(Permission.COMPLEX_ARRANGE)
def home(public_id: str) -> Response:
    """One address (`adres`, its short name): correct it, or take it away (`step=remove`)."""
    found = _complex(public_id)
    if "adres" not in request.args:
        return go_to(f"/corporatie/complexen/{public_id}")
    if request.method == "POST" and "step" not in request.form:
        return _correct(found)
    one, problem = _home(found), ""
    if request.form.get("step") == "remove":
        try:
            with unit_of_work():
                actions.remove_home(found.complex_id, one, actor=known_actor(), now=clock.now())
            flash(_("Het adres is weg."), "good")
            return go_to(f"/corporatie/complexen/{public_id}")
        except Refused as refusal:
            problem = " ".join(say(objection) for objection in refusal.objections)
    form = CorrectHomeForm(address=one.address, address_name=one.address_name, idempotency_key=new_form_key())
    status = 422 if problem else 200
    return _page("arranging/home.html", found, status=status, form=form, home=one, problem=problem)


def _correct(found: ComplexView) -> Response:
    form, location = CorrectHomeForm(request.form), f"/corporatie/complexen/{found.public_id}"
    # None for who comes too late, or taps twice: then it may have another name by now.
    one = home_of(found.complex_id, request.args["adres"], today=day_of(clock.now()))
    if form.validate():
        fields = {"address": form.address.data, "address_name": form.address_name.data}
        actor = known_actor()
        post = FormPost(actor.person_id, request.full_path, form.idempotency_key.data, fields)
        try:
            with unit_of_work():
                actions.correct_home(
                    found.complex_id,
                    one,
                    form.address.data,
                    form.address_name.data,
                    actor=actor,
                    post=post,
                    location=location,
                    now=clock.now(),
                )
            flash(_("Het adres is verbeterd."), "good")
            return go_to(location)
        except Refused as refusal:
            form.refuse(refusal.objections, say)
    if one is None:
        abort(404)
    return _page("arranging/home.html", found, status=422, form=form, home=one, problem="")


@bp.route(f"{PATH}/adres-beeindigen", methods=["GET", "POST"])
@requires(Permission.COMPLEX_ARRANGE)
def end_home(public_id: str) -> Response:
    """One address (`adres`) is no more."""
    found = _complex(public_id)
    if "adres" not in request.args:
        return go_to(f"/corporatie/complexen/{public_id}")
    one = _home(found)
    form = EndHomeForm(request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work():
                actions.end_home(
                    found.complex_id, one, form.reason.data, actor=known_actor(), now=clock.now()
                )
            flash(_("Het adres is beëindigd."), "good")
            return go_to(f"/corporatie/complexen/{public_id}")
        except Refused as refusal:
            form.refuse(refusal.objections, say)
    return _page(
        "arranging/end_home.html", found, status=422 if form.is_refused else 200, form=form, home=one
    )


def _complex(public_id: str) -> ComplexView:
    found = complex_by_public_id(public_id)
    if found is None:
        abort(404)
    ensure(Permission.COMPLEX_ARRANGE, found, hide=True)
    return found


def _home(found: ComplexView) -> HomeView:
    one = home_of(found.complex_id, request.args["adres"], today=day_of(clock.now()))
    if one is None:
        abort(404)
    return one


def _added(found: ComplexView, number: int) -> Response:
    if number:
        flash(ngettext("%(num)s adres toegevoegd.", "%(num)s adressen toegevoegd.", number), "good")
    else:
        flash(_("Er is niets toegevoegd. Deze adressen zijn er al."), "info")
    return go_to(f"/corporatie/complexen/{found.public_id}")


def _line(one: HomeView) -> str:
    if one.ended_at is not None:
        return _("%(name)s, beëindigd: %(why)s", name=one.address_name, why=one.end_reason)
    return one.address_name


def _page(template: str, found: ComplexView, *, status: int = 200, **context: Any) -> Response:
    return page(template, status=status, complex=found, **context)
