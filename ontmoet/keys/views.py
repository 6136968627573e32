"""The keys of a room, and the page of one key with its deeds."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, request

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.permissions import Permission, allows
from ontmoet.kernel.tokens import new_form_key
from ontmoet.kernel.walltime import day_of
from ontmoet.people.actor_queries import actor_by_public_id
from ontmoet.people.finding import Scope
from ontmoet.people.forms import NameForm
from ontmoet.people.found_pages import found_before, found_by
from ontmoet.rooms.pages import room_for
from ontmoet.trail.actions import FormPost
from ontmoet.web.access import ensure, known_actor, may, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to

from . import actions
from .doing import do, grip_of, overtaken, seen_key
from .duty_queries import duty_now
from .duty_wording import duty_line
from .forms import GiveForm, NewKeyForm, TakeBackForm
from .key_pages import Seen, give_page, history_page, key_page, list_page, new_page, own_page
from .queries import copies_for, copies_in, copy_and_room
from .register import add_copies_once, retire
from .rules import CABINET, LOST, Holder, HolderKind, Reason, due_after, due_choices, person
from .wording import given_to, objected, say

bp = Blueprint("keys", __name__)


@bp.get("/r/<slug:slug>/sleutels")
@requires(Permission.KEYS_HAND_OUT)
def keys(slug: str) -> Response:
    """Where all keys of the room are now."""
    room = room_for(slug, Permission.KEYS_HAND_OUT)
    now = clock.now()
    return list_page(room, copies_in(room.room_id), now, duty=duty_line(duty_now(room.room_id), now))


@bp.get("/mijn/sleutels")
@requires(Permission.OWN_PAGES)
def mine() -> Response:
    """The keys that its reader has now, also for the organisation they come for."""
    return own_page(copies_for(known_actor()), clock.now())


@bp.route("/r/<slug:slug>/sleutels/nieuw", methods=["GET", "POST"])
@requires(Permission.KEYS_MANAGE)
def add(slug: str) -> Response:
    """Put new keys in the register."""
    room = room_for(slug, Permission.KEYS_MANAGE)
    if request.method != "POST":
        form = NewKeyForm()
        form.idempotency_key.data = new_form_key()
        return new_page(room, form)
    form, location = NewKeyForm(request.form), f"/r/{slug}/sleutels"
    if form.validate():
        opens, how_many = form.opens.data, form.how_many.data
        fields = {"opens": opens, "how_many": how_many}
        post = FormPost(known_actor().person_id, request.path, form.idempotency_key.data, fields)
        try:
            with unit_of_work():
                add_copies_once(post, room.room_id, opens, how_many, location=location, now=clock.now())
            flash(_("Erbij gezet. Hang aan elke sleutel een label."), "good")
            return go_to(location)
        except Refused as refusal:
            form.refuse(refusal.objections, say)
            if any(objection.reason is Reason.FORM_REUSED for objection in refusal.objections):
                form.idempotency_key.raw_data = None
                form.idempotency_key.data = new_form_key()
    return new_page(room, form, status=422)


@bp.get("/sleutels/<public_id:public_id>")
@requires(Permission.KEY_SEE)
def key(public_id: str) -> Response:
    """One key: where it is, and what its reader can do with it."""
    return key_page(seen_key(public_id, Permission.KEY_SEE))


@bp.get("/sleutels/<public_id:public_id>/hiervoor")
@requires(Permission.KEYS_HAND_OUT)
def history(public_id: str) -> Response:
    """Who had this key before, and how the room was."""
    return history_page(seen_key(public_id, Permission.KEYS_HAND_OUT))


@bp.post("/sleutels/<public_id:public_id>/geef")
@requires(Permission.KEY_BRING_BACK)
def give(public_id: str) -> Response:
    """Hand the key to whose turn it is, to somebody of the room, or to a name; or pass it on."""
    seen = seen_key(public_id, Permission.KEY_BRING_BACK)
    now = seen.now
    # A holder who passes it on need not know who comes next.
    asked = request.form.get("turn", "")
    if asked:
        turn = next((turn for turn in seen.turns if turn.public_id == asked), None)
        if turn is None:
            return overtaken(seen)
        due_at = due_after(turn.slot)
        holder, booking_id = person(turn.person_id), turn.booking_id
        return do(
            seen,
            lambda: actions.hand_out(grip_of(seen), holder, booking_id=booking_id, due_at=due_at),
            holder,
            said=given_to(turn.name if may(Permission.KEYS_HAND_OUT, seen.room) else "", due_at, now),
        )
    if not may(Permission.KEYS_HAND_OUT, seen.room):
        abort(400)  # who has it passes it on to whose turn it is, and to nobody else
    form = GiveForm(request.form)
    form.offer(due_choices(now), now)
    if not form.validate():
        return give_page(seen, give=form, status=422)
    try:
        other, name = _somebody(seen, form)
    except Refused as refusal:
        form.refuse(refusal.objections, say)
        return give_page(seen, give=form, status=422)
    return do(
        seen,
        lambda: actions.hand_out(grip_of(seen), other, due_at=form.due_at),
        other,
        said=given_to(name, form.due_at, now),
        give=form,
    )


@bp.route("/sleutels/<public_id:public_id>/aan-iemand-anders", methods=["GET", "POST"])
@requires(Permission.KEYS_HAND_OUT)
def somebody_else(public_id: str) -> Response:
    """Find somebody of the room to give the key to, or write down a name."""
    seen = seen_key(public_id, Permission.KEYS_HAND_OUT)
    if request.method != "POST":
        return give_page(seen, found=found_before(seen.room, Scope.HELPED))
    form = NameForm(request.form)
    shown = found_by(form, seen.room, Scope.HELPED)
    return go_to(shown) if shown else give_page(seen, search=form, status=422)


@bp.post("/sleutels/<public_id:public_id>/pak")
@requires(Permission.KEY_TAKE)
def take(public_id: str) -> Response:
    """Who booked took the key out of the code box, alone."""
    seen = seen_key(public_id, Permission.KEY_TAKE)
    me = known_actor().person_id
    turn = seen.turn_to_open_box(me)
    if turn is None:
        return go_to(f"/sleutels/{public_id}")  # they have it
    due_at = due_after(turn.slot)
    return do(
        seen,
        lambda: actions.take_from_box(grip_of(seen), booking_id=turn.booking_id, due_at=due_at),
        person(me),
    )


@bp.post("/sleutels/<public_id:public_id>/neem")
@requires(Permission.KEY_BRING_BACK)
def take_back(public_id: str) -> Response:
    """The key is in the cabinet again."""
    seen = seen_key(public_id, Permission.KEY_BRING_BACK)
    form = TakeBackForm(request.form)
    if not form.validate():
        return key_page(seen, back=form, status=422)
    return do(
        seen,
        lambda: actions.take_back(grip_of(seen), condition=form.found, note=form.note.data),
        CABINET,
        said=_("Teruggenomen.") if may(Permission.KEYS_HAND_OUT, seen.room) else "",
        back=form,
    )


@bp.post("/sleutels/<public_id:public_id>/kwijt")
@requires(Permission.KEY_BRING_BACK)
def lost(public_id: str) -> Response:
    """Nobody knows where the key is."""
    seen = seen_key(public_id, Permission.KEY_BRING_BACK)
    return do(seen, lambda: actions.report_lost(grip_of(seen)), LOST)


@bp.post("/sleutels/<public_id:public_id>/gevonden")
@requires(Permission.KEYS_HAND_OUT)
def found(public_id: str) -> Response:
    """The key was lost, and lies in the cabinet again."""
    seen = seen_key(public_id, Permission.KEYS_HAND_OUT)
    return do(seen, lambda: actions.report_found(grip_of(seen)), CABINET)


@bp.post("/sleutels/<public_id:public_id>/weg")
@requires(Permission.KEYS_MANAGE)
def retire_key(public_id: str) -> Response:
    """The key is broken, or its lock was changed: it leaves the list. Who had it stays in the history."""
    found = copy_and_room(public_id)
    if found is None:
        abort(404)
    copy, room = found
    ensure(Permission.KEYS_MANAGE, room, hide=not may(Permission.KEYS_HAND_OUT, room))
    try:
        with unit_of_work():
            retire(copy, actor_id=known_actor().person_id, now=clock.now())
    except Refused as refusal:
        problem = " ".join(say(objection) for objection in refusal.objections)
        return key_page(Seen(copy, room, clock.now()), problem=problem, status=422)
    flash(_("Deze sleutel staat niet meer in de lijst."), "good")
    return go_to(f"/r/{room.slug}/sleutels")


@bp.post("/sleutels/<public_id:public_id>/klopt")
@requires(Permission.KEY_ANSWER)
def confirm(public_id: str) -> Response:
    """Who was given the key says that it is so."""
    seen = seen_key(public_id, Permission.KEY_ANSWER)
    return do(seen, lambda: actions.confirm(grip_of(seen)))


@bp.post("/sleutels/<public_id:public_id>/klopt-niet")
@requires(Permission.KEY_ANSWER)
def object_to(public_id: str) -> Response:
    """Who was given the key says that it is not so."""
    seen = seen_key(public_id, Permission.KEY_ANSWER)
    return do(seen, lambda: actions.object_to(grip_of(seen)), said=objected(seen.copy.now.recorded_by))


def _somebody(seen: Seen, form: GiveForm) -> tuple[Holder, str]:
    """Who was chosen or written down, and their name."""
    asked = request.form.get("person", "")
    if asked:
        getter = actor_by_public_id(asked, today=day_of(seen.now))
        if getter is None or not allows(getter, Permission.BOOKING_MAKE, seen.room):
            raise Refused(Objection(Reason.NOT_OF_THIS_ROOM, "who"))
        return person(getter.person_id), getter.name
    if not form.who.data:
        raise Refused(Objection(Reason.NEEDS_A_HOLDER, "who"))
    return Holder(HolderKind.OTHER, name=form.who.data), form.who.data
