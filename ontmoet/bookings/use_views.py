"""How people say that they are there, how they leave the room, and whether they were there."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, flash, request
from werkzeug.datastructures import CombinedMultiDict

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.permissions import Permission
from ontmoet.kernel.walltime import day_of
from ontmoet.rooms.pages import room_page
from ontmoet.rooms.queries import room_by_id
from ontmoet.rooms.rules import RoomView
from ontmoet.web import dates
from ontmoet.web.access import ensure, known_actor, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to
from ontmoet.web.settings import current_config

from . import using
from .booking_pages import booking_or_404, booking_page, whose_of
from .forms import LONGEST_NOTE, ClosingForm
from .photos import discard, keep, kept, new_name, photo_folder
from .queries import BookingView
from .refusal_wording import say
from .rules import Reason
from .states import Status
from .use_pages import chore_word
from .use_queries import use_of
from .use_rules import Chore, against_answer, against_closing, is_in_doubt

bp = Blueprint("use", __name__)

ANSWERS = {"ja": True, "nee": False}


@bp.post("/reserveringen/<public_id:public_id>/ik-ben-er")
@requires(Permission.USE_RECORD)
def check_in(public_id: str) -> Response:
    """One tap: somebody is there. With `deur` it was done at the door, and that is where it leads back to."""
    now = clock.now()
    found = _recordable_or_404(public_id, now)
    try:
        with unit_of_work():
            using.check_in(found, actor=known_actor(), now=now)
    except Refused as refusal:
        return booking_page(found, now=now, problem=_sentences(refusal), status=422)
    if whose_of(found):
        flash(_("Opgeschreven: %(name)s is er.", name=whose_of(found)), "good")
    else:
        flash(_("Fijn dat je er bent. Vul na afloop de afsluitlijst in."), "good")
    return go_to(f"/r/{found.room_slug}" if "deur" in request.form else f"/reserveringen/{public_id}")


@bp.route("/reserveringen/<public_id:public_id>/afsluiten", methods=["GET", "POST"])
@requires(Permission.USE_RECORD)
def closing_list(public_id: str) -> Response:
    """What is done before the door shuts. What is not done is a fact too: nothing has to be ticked."""
    now = clock.now()
    found = _recordable_or_404(public_id, now)
    if request.method != "POST":
        against = against_closing(found.status, found.slot, now=now)
        if against is not None:
            return _back_with(
                against, found, _("De afsluitlijst vul je in tot een dag na afloop. Dat is nu voorbij.")
            )
        use = use_of(found.booking_id)
        form = ClosingForm(data={"note": use.note})
        return _closing_page(found, form, use.done or frozenset(), has_photo=use.photo is not None)
    form = ClosingForm(CombinedMultiDict((request.files, request.form)))
    given = frozenset(request.form.getlist("done"))
    done = frozenset(chore for chore in Chore if chore in given)
    if form.validate():
        try:
            name = new_name() if form.jpeg else None
            with unit_of_work():
                using.close_up(found, done, form.note.data, photo=name, actor=known_actor(), now=now)
            if form.jpeg and name:
                keep(_folder(), name, form.jpeg)
            flash(_("Dank je wel. De afsluitlijst is ingevuld."), "good")
            return go_to(f"/reserveringen/{public_id}")
        except Refused as refusal:
            form.refuse(refusal.objections, say)
    return _closing_page(found, form, done, status=422)


@bp.get("/reserveringen/<public_id:public_id>/foto")
@requires(Permission.USE_RECORD)
def photo(public_id: str) -> Response:
    """The photo with the closing list, for who may fill that in."""
    found = _recordable_or_404(public_id, clock.now())
    name = use_of(found.booking_id).photo
    jpeg = kept(_folder(), name) if name else None
    if jpeg is None:
        return go_to(f"/reserveringen/{public_id}")
    response = Response(jpeg, mimetype="image/jpeg")
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/reserveringen/<public_id:public_id>/foto/weg")
@requires(Permission.USE_RECORD)
def remove_photo(public_id: str) -> Response:
    """Take the photo away, and nothing else. Doing so again changes nothing."""
    now = clock.now()
    found = _recordable_or_404(public_id, now)
    with unit_of_work():
        name = using.remove_photo(found, actor=known_actor(), now=now)
    if name:
        discard(_folder(), name)
    flash(_("De foto is weg."), "good")
    return go_to(f"/reserveringen/{public_id}")


@bp.route("/reserveringen/<public_id:public_id>/was-je-er", methods=["GET", "POST"])
@requires(Permission.USE_RECORD)
def were_you_there(public_id: str) -> Response:
    """A question to who left no trace. Yes or no is one tap, and neither has consequences."""
    now = clock.now()
    found = _recordable_or_404(public_id, now)
    room = room_by_id(found.room_id)
    against = against_answer(found.status, found.slot, now=now)
    if against is not None:
        return _back_with(against, found, _("Dit kun je zeggen tot een week na afloop. Dat is nu voorbij."))
    if not is_in_doubt(room.key_plan, use_of(found.booking_id).at):
        flash(_("Je hoeft dit niet meer te zeggen. Dank je wel."), "info")
        return go_to(f"/reserveringen/{public_id}")
    was_there = ANSWERS.get(request.form.get("answer", ""))
    if was_there is None:
        is_sent = request.method == "POST"
        return _page_about(
            found,
            room,
            "bookings/were_you_there.html",
            status=422 if is_sent else 200,
            problem=_("Kies ja of nee.") if is_sent else "",
        )
    try:
        with unit_of_work():
            using.answer(found, was_there, actor=known_actor(), now=now)
    except Refused as refusal:
        return booking_page(found, now=now, problem=_sentences(refusal), status=422)
    if was_there:
        flash(_("Dank je wel voor je antwoord."), "good")
    else:
        flash(_("Dank je wel. Kun je een keer niet? Zeg het af, dan kan een buur erin."), "good")
    return go_to(f"/reserveringen/{public_id}")


def _back_with(against: Objection, found: BookingView, too_late: str) -> Response:
    """The booking, and why a link of a message leads nowhere else by now."""
    is_late = against.reason is Reason.ALREADY_OVER and found.status is Status.CONFIRMED
    flash(too_late if is_late else say(against), "info")
    return go_to(f"/reserveringen/{found.public_id}")


def _recordable_or_404(public_id: str, now: datetime) -> BookingView:
    found = booking_or_404(public_id, now)
    ensure(Permission.USE_RECORD, found)
    return found


def _closing_page(
    found: BookingView,
    form: ClosingForm,
    done: frozenset[Chore],
    *,
    has_photo: bool = False,
    status: int = 200,
) -> Response:
    room = room_by_id(found.room_id)
    return _page_about(
        found,
        room,
        "bookings/closing_list.html",
        status=status,
        form=form,
        longest_note=LONGEST_NOTE,
        has_photo=has_photo,
        chores=[(chore, *chore_word(chore, room.key_plan), chore in done) for chore in Chore],
    )


def _page_about(
    found: BookingView, room: RoomView, template: str, *, status: int, **context: Any
) -> Response:
    """A page that says of which booking it is."""
    whose = whose_of(found)
    day = dates.near_day(day_of(found.slot.starts), day_of(clock.now()))
    return room_page(
        template,
        room,
        status=status,
        nav="agenda" if whose else "mine",
        booking=found,
        whose=whose,
        day=dates.capitalised(day),
        times=dates.times_in_words(found.slot),
        **context,
    )


def _folder() -> Path:
    return photo_folder(current_config().data)


def _sentences(refusal: Refused) -> str:
    return " ".join(say(objection) for objection in refusal.objections)
