"""How people reach the organisations of a room."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, request

from ontmoet.db import unit_of_work
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.permissions import Permission
from ontmoet.people.models import OrganisationKind
from ontmoet.proving.fresh import asked_again
from ontmoet.rooms.pages import room_or_404, room_page
from ontmoet.rooms.rules import RoomView
from ontmoet.web import dates
from ontmoet.web.access import ensure, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to

from . import partners
from .forms import ContactForm, OrganisationForm
from .partners import Newcomer, Partner
from .reaching import by, today
from .rules import Term
from .wording import kind_word, say, span_line

bp = Blueprint("partners", __name__)


@bp.route("/r/<slug:slug>/organisaties", methods=["GET", "POST"])
@requires(Permission.PARTNERS_MANAGE)
def organisations(slug: str) -> Response:
    """Which organisations work here, which others there are, and adding one."""
    room = room_or_404(slug)
    ensure(Permission.PARTNERS_MANAGE, room)
    form = OrganisationForm(request.form if request.method == "POST" else None)
    form.offer()
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work():
                public_id = partners.add_organisation(
                    form.organisation.data, OrganisationKind(form.kind.data), by(room)
                )
            flash(_("Gelukt. Zet er nu een contactpersoon bij."), "good")
            return go_to(f"/r/{slug}/organisaties/{public_id}")
        except Refused as refusal:
            form.refuse(refusal.objections, say)
    found = [(one, _line(one)) for one in partners.organisations(room.room_id, today=today())]
    return room_page(
        "membership/organisations.html",
        room,
        status=422 if form.is_refused else 200,
        form=form,
        here=[(one, line) for one, line in found if one.contacts],
        elsewhere=[(one, line) for one, line in found if not one.contacts],
    )


@bp.route("/r/<slug:slug>/organisaties/<public_id:public_id>", methods=["GET", "POST"])
@requires(Permission.PARTNERS_MANAGE)
def organisation(slug: str, public_id: str) -> Response:
    """One organisation: its contacts here, and adding one."""
    room = room_or_404(slug)
    ensure(Permission.PARTNERS_MANAGE, room, hide=True)
    found = _organisation_or_404(public_id, room)
    form = ContactForm(request.form if request.method == "POST" else None, data={"since": today()})
    if request.method == "POST" and form.validate():
        if (asking := asked_again()) is not None:
            return asking
        try:
            with unit_of_work():
                partners.add_contact(
                    found,
                    Newcomer(form.name.data, form.phone.data, form.email.data or None),
                    Term(form.since.data, form.until.data),
                    by(room),
                )
            flash(_("%(name)s is contactpersoon.", name=form.name.data), "good")
            return go_to(f"/r/{slug}/organisaties/{public_id}")
        except Refused as refusal:
            form.refuse(refusal.objections, say)
    return room_page(
        "membership/organisation.html",
        room,
        status=422 if form.is_refused else 200,
        form=form,
        organisation=found,
        kind=dates.capitalised(kind_word(found.kind)),
        contacts=[(contact, span_line(contact.since, contact.until)) for contact in found.contacts],
    )


@bp.route("/r/<slug:slug>/organisaties/<public_id:public_id>/wijzigen", methods=["GET", "POST"])
@requires(Permission.PARTNERS_MANAGE)
def edit(slug: str, public_id: str) -> Response:
    """Another name or kind."""
    room = room_or_404(slug)
    ensure(Permission.PARTNERS_MANAGE, room, hide=True)
    found = _organisation_or_404(public_id, room)
    form = OrganisationForm(
        request.form if request.method == "POST" else None,
        data={"organisation": found.name, "kind": found.kind},
    )
    form.offer()
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work():
                partners.edit_organisation(
                    found, form.organisation.data, OrganisationKind(form.kind.data), by(room)
                )
            flash(_("Gelukt."), "good")
            return go_to(f"/r/{slug}/organisaties/{public_id}")
        except Refused as refusal:
            form.refuse(refusal.objections, say)
    return room_page(
        "membership/edit_organisation.html",
        room,
        status=422 if form.is_refused else 200,
        form=form,
        organisation=found,
    )


def _organisation_or_404(public_id: str, room: RoomView) -> Partner:
    found = partners.organisation(public_id, room.room_id, today=today())
    if found is None:
        abort(404)
    return found


def _line(found: Partner) -> str:
    names = [contact.name for contact in found.contacts]
    return ", ".join([dates.capitalised(kind_word(found.kind)), *names])
