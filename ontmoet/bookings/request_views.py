"""How people of a room reach requests: the queue, a yes, a no, a question; and how it is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, flash, request

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.permissions import Permission, allows
from ontmoet.kernel.text import Malformed, whole_number
from ontmoet.rooms.pages import room_or_404
from ontmoet.rooms.queries import room_by_id
from ontmoet.web.access import ensure, known_actor, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to

from . import deciding
from .booking_pages import booking_or_404, booking_page, rules_to_read, whose_of
from .queries import booking_by_public_id
from .request_forms import AnswerForm, DeclineForm, QuestionForm
from .request_pages import about_page, queue_page, which_request
from .request_rules import RequestReason, against_responsible
from .request_wording import decided_line, say_request
from .rules import Reason
from .states import Status

if TYPE_CHECKING:
    from datetime import datetime

    from .queries import BookingView

bp = Blueprint("requests", __name__)

MOST_VERSIONS = 99_999_999


@bp.get("/r/<slug:slug>/aanvragen")
@requires(Permission.REQUEST_DECIDE)
def requests(slug: str) -> Response:
    """What waits for a decision in the room."""
    room = room_or_404(slug)
    ensure(Permission.REQUEST_DECIDE, room)
    return queue_page(room, now=clock.now())


@bp.post("/reserveringen/<public_id:public_id>/goedkeuren")
@requires(Permission.REQUEST_DECIDE)
def approve(public_id: str) -> Response:
    """One tap: the request is a booking."""
    now = clock.now()
    found = _request_or_404(public_id, now)
    try:
        version = whole_number(request.form.get("version", ""), least=1, most=MOST_VERSIONS)
    except Malformed:
        abort(400)
    try:
        with unit_of_work():
            deciding.approve(found, seen_version=version, actor=known_actor(), now=now)
    except Refused as refusal:
        return _not_now(refusal, public_id, now)
    name = _who_hears(found)
    flash(_("Goedgekeurd. %(name)s krijgt bericht.", name=name) if name else _("Goedgekeurd."), "good")
    return _to_queue(found)


@bp.route("/reserveringen/<public_id:public_id>/afwijzen", methods=["GET", "POST"])
@requires(Permission.REQUEST_DECIDE)
def decline(public_id: str) -> Response:
    """Say no, with a reason."""
    now = clock.now()
    found = _request_or_404(public_id, now)
    if request.method != "POST":
        return _unless_too_late(found, now) or _decline_page(found, DeclineForm(), now)
    form = DeclineForm(request.form)
    if not form.validate():
        return _unless_too_late(found, now) or _decline_page(found, form, now, status=422)
    try:
        with unit_of_work():
            deciding.decline(
                found,
                because=form.because,
                explanation=form.explanation.data,
                actor=known_actor(),
                now=now,
            )
    except Refused as refusal:
        if any(objection.field for objection in refusal.objections):
            form.refuse(refusal.objections, say_request)
            return _decline_page(found, form, now, status=422)
        return _not_now(refusal, public_id, now)
    name = _who_hears(found)
    heard = _("Afgewezen. %(name)s krijgt bericht, met andere tijden als die er zijn.", name=name)
    flash(heard if name else _("Afgewezen."), "good")
    return _to_queue(found)


@bp.route("/reserveringen/<public_id:public_id>/vraag", methods=["GET", "POST"])
@requires(Permission.REQUEST_DECIDE)
def ask_back(public_id: str) -> Response:
    """Ask who wants the room something first."""
    now = clock.now()
    found = _request_or_404(public_id, now)
    if request.method != "POST":
        return _unless_too_late(found, now) or _question_page(found, _first_question(found), now)
    form = QuestionForm(request.form)
    if not form.validate():
        return _unless_too_late(found, now) or _question_page(found, form, now, status=422)
    try:
        with unit_of_work():
            deciding.ask_back(found, form.question.data, actor=known_actor(), now=now)
    except Refused as refusal:
        if any(objection.field for objection in refusal.objections):
            form.refuse(refusal.objections, say_request)
            return _question_page(found, form, now, status=422)
        return _not_now(refusal, public_id, now)
    flash(_("Gevraagd. %(name)s krijgt bericht.", name=_who_hears(found) or _("De aanvrager")), "good")
    return _to_queue(found)


@bp.post("/reserveringen/<public_id:public_id>/antwoord")
@requires(Permission.BOOKING_CHANGE)
def answer(public_id: str) -> Response:
    """Answer what was asked, for oneself or for whom one helps."""
    now = clock.now()
    found = booking_or_404(public_id, now)
    ensure(Permission.BOOKING_CHANGE, found)
    form = AnswerForm(request.form)
    if not form.validate():
        is_decided = found.status is not Status.REQUESTED
        late = RequestReason.ALREADY_DECIDED if is_decided else RequestReason.NOTHING_ASKED
        problem = "" if found.is_asked else say_request(Objection(late))
        return booking_page(found, now=now, problem=problem, answer=form, status=422)
    try:
        with unit_of_work():
            deciding.answer(found, form.answer.data, actor=known_actor(), now=now)
    except Refused as refusal:
        found = booking_or_404(public_id, now)
        problem = " ".join(say_request(objection) for objection in refusal.objections)
        return booking_page(found, now=now, problem=problem, answer=form, status=422)
    flash(_("Je antwoord is verstuurd. De beheergroep kijkt ernaar."), "good")
    return go_to(f"/reserveringen/{public_id}")


def _request_or_404(public_id: str, now: datetime) -> BookingView:
    """The booking, for who decides about requests of its room."""
    found = booking_by_public_id(public_id, now=now)
    if found is None:
        abort(404)
    is_hidden = not allows(known_actor(), Permission.BOOKING_SEE, found)
    ensure(Permission.REQUEST_DECIDE, found, hide=is_hidden)
    return found


def _unless_too_late(found: BookingView, now: datetime) -> Response | None:
    """The queue, when there is nothing to fill in any more or this reader may not."""
    against = deciding.against_decision(found, known_actor(), now=now)
    if against is None:
        return None
    is_decided = against.reason is RequestReason.ALREADY_DECIDED
    flash(_decided_line(found, now) if is_decided else say_request(against), "warn")
    return _to_queue(found)


def _not_now(refusal: Refused, public_id: str, now: datetime) -> Response:
    """The queue as it is by now, and on top why nothing was done. Whoever was second gets 409."""
    found = booking_by_public_id(public_id, now=now)
    if found is None:
        abort(404)
    reasons = {objection.reason for objection in refusal.objections}
    house_rules = None
    if RequestReason.ALREADY_DECIDED in reasons:
        problem = _decided_line(found, now)
    else:
        why = [say_request(each, whose=_given_name(found)) for each in refusal.objections]
        problem = f"{_which(found, now)}. {' '.join(why)}"
        house_rules = _house_rules(found) if Reason.HOUSE_RULES_NOT_AGREED in reasons else None
    return queue_page(
        room_by_id(found.room_id), now=now, problem=problem, house_rules=house_rules, status=409
    )


def _decided_line(found: BookingView, now: datetime) -> str:
    """Which request it was, since it waits among the others no more, and how it ended."""
    actor = known_actor()
    knows_names = allows(actor, Permission.NAMES_SEE, found)
    how = decided_line(found, reader_id=actor.person_id, knows_names=knows_names)
    return f"{_which(found, now)}. {how}"


def _which(found: BookingView, now: datetime) -> str:
    knows_names = allows(known_actor(), Permission.NAMES_SEE, found)
    return which_request(found, knows_names=knows_names, now=now)


def _house_rules(found: BookingView) -> tuple[str, str] | None:
    """The link to the house rules, for who reads their own or may write down that somebody signed."""
    where = rules_to_read(found, f"/r/{found.room_slug}/aanvragen")
    if found.person_id == known_actor().person_id:
        return where, _("Naar de huisregels")
    if not allows(known_actor(), Permission.ON_BEHALF, room_by_id(found.room_id)):
        return None
    return where, _("Naar de huisregels om te tekenen")


def _to_queue(found: BookingView) -> Response:
    return go_to(f"/r/{found.room_slug}/aanvragen")


def _decline_page(found: BookingView, form: DeclineForm, now: datetime, *, status: int = 200) -> Response:
    return about_page("bookings/decline.html", found, room_by_id(found.room_id), form, now=now, status=status)


def _question_page(found: BookingView, form: QuestionForm, now: datetime, *, status: int = 200) -> Response:
    return about_page(
        "bookings/ask_back.html", found, room_by_id(found.room_id), form, now=now, status=status
    )


def _first_question(found: BookingView) -> QuestionForm:
    """An empty form; with the question filled in that stands in the way of a yes."""
    form = QuestionForm()
    if against_responsible(is_organisation=found.organisation_id is not None, responsible=found.responsible):
        form.question.data = _("Wie is er die dag verantwoordelijk? Vul de naam in bij je reservering.")
    return form


def _who_hears(found: BookingView) -> str:
    """Whom the decision is told, as far as this reader may know; nobody when it was their own request."""
    if found.person_id == known_actor().person_id:
        return ""
    if not allows(known_actor(), Permission.NAMES_SEE, found):
        return _("De aanvrager")
    return whose_of(found) or found.person_name or found.organisation_name or _("De aanvrager")


def _given_name(found: BookingView) -> str:
    return whose_of(found) if allows(known_actor(), Permission.NAMES_SEE, found) else ""
