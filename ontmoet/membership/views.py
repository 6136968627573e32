"""How people reach who does what: the list of a room, somebody's page, giving and ending."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, request

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.actor import Function
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.permissions import Permission, allows
from ontmoet.kernel.walltime import day_of
from ontmoet.people.finding import Scope
from ontmoet.people.forms import NameForm
from ontmoet.people.found_pages import found_before, found_by
from ontmoet.people.wording import function_word
from ontmoet.proving.fresh import asked_again
from ontmoet.rooms.pages import room_or_404, room_page
from ontmoet.rooms.rules import RoomView
from ontmoet.web import dates
from ontmoet.web.access import ensure, known_actor, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to

from . import actions
from .actions import Post
from .deeds import deeds_with
from .forms import EndForm, FunctionForm
from .queries import PersonCard, roles_in
from .reaching import looked_up, person_or_404, today
from .rules import Reason, Term, givable
from .wording import home_line, role_line, say

bp = Blueprint("membership", __name__)


@bp.get("/r/<slug:slug>/mensen")
@requires(Permission.FUNCTIONS_SEE)
def people(slug: str) -> Response:
    """Who does what here; for those who give functions also a field to look somebody up."""
    room = room_or_404(slug)
    ensure(Permission.FUNCTIONS_SEE, room)
    return _people_page(room, NameForm())


@bp.post("/r/<slug:slug>/mensen")
@requires(Permission.PERSON_SEE)
def find(slug: str) -> Response:
    """People of this room by name."""
    room = room_or_404(slug)
    ensure(Permission.PERSON_SEE, room)
    form = NameForm(request.form)
    shown = found_by(form, room, Scope.KNOWN)
    return go_to(shown) if shown else _people_page(room, form, status=422)


@bp.get("/r/<slug:slug>/mensen/<public_id:public_id>")
@requires(Permission.PERSON_SEE)
def person(slug: str, public_id: str) -> Response:
    """Somebody of this room; each look is written down."""
    room = room_or_404(slug)
    ensure(Permission.PERSON_SEE, room, hide=True)
    found = looked_up(room, public_id)
    mine, day = givable(known_actor(), room.room_id), today()
    may_end = {role for role in found.roles if role.function in mine and role.lasts_on(day)}
    return room_page(
        "membership/person.html",
        room,
        person=found,
        homes=[home_line(home) for home in found.homes],
        roles=[
            (role, function_word(role.function), role_line(role), role in may_end) for role in found.roles
        ],
        deeds=deeds_with(known_actor(), room, found, day=day),
    )


@bp.route("/r/<slug:slug>/mensen/<public_id:public_id>/functie", methods=["GET", "POST"])
@requires(Permission.FUNCTIONS_GIVE)
def give_function(slug: str, public_id: str) -> Response:
    """Somebody of this room gets a function."""
    room = room_or_404(slug)
    ensure(Permission.FUNCTIONS_GIVE, room, hide=True)
    found = person_or_404(room, public_id)
    form = FunctionForm(request.form if request.method == "POST" else None, data={"since": today()})
    form.offer(givable(known_actor(), room.room_id) - {Function.PARTNER})
    if request.method == "POST" and form.validate():
        if (asking := asked_again()) is not None:
            return asking
        try:
            _give(room, found, form)
            flash(_("Gelukt. %(name)s krijgt bericht.", name=found.name), "good")
            return go_to(f"/r/{slug}/mensen/{public_id}")
        except Refused as refusal:
            form.refuse(refusal.objections, say)
    return room_page("membership/give.html", room, status=_status(form), form=form, person=found)


@bp.route("/r/<slug:slug>/mensen/<public_id:public_id>/stoppen", methods=["GET", "POST"])
@requires(Permission.FUNCTIONS_GIVE)
def end_function(slug: str, public_id: str) -> Response:
    """Somebody stops with the function that `functie` names."""
    room = room_or_404(slug)
    ensure(Permission.FUNCTIONS_GIVE, room, hide=True)
    found = person_or_404(room, public_id)
    back = f"/r/{slug}/mensen/{public_id}"
    return _end_page(room, found.person_id, found.name, action=f"{back}/stoppen", back=back)


@bp.route("/r/<slug:slug>/mensen/zelf-stoppen", methods=["GET", "POST"])
@requires(Permission.FUNCTIONS_SEE)
def stop_myself(slug: str) -> Response:
    """I stop with the function that `functie` names."""
    room = room_or_404(slug)
    ensure(Permission.FUNCTIONS_SEE, room)
    path = f"/r/{slug}/mensen/zelf-stoppen"
    # Who stops may see nothing here afterwards; the own page is always there.
    return _end_page(room, known_actor().person_id, "", action=path, back="/mijn")


def asked_function() -> Function:
    """The function that the address or the form names."""
    try:
        return Function(request.values.get("functie", ""))
    except ValueError:
        abort(400)


def _give(room: RoomView, found: PersonCard, form: FunctionForm) -> None:
    now = clock.now()
    with unit_of_work():
        place = Post(found.person_id, Function(form.function.data), room.room_id)
        actions.lock_place(room.room_id)
        if not person_or_404(room, found.public_id).is_here_on(day_of(now)):
            raise Refused(Objection(Reason.NOT_OF_THIS_ROOM))
        term = Term(form.since.data, form.until.data)
        actions.give(place, term, actor_id=known_actor().person_id, now=now)


def _end_page(room: RoomView, person_id: int, name: str, *, action: str, back: str) -> Response:
    function = asked_function()
    form = EndForm(request.form if request.method == "POST" else None, data={"until": today()})
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work():
                ended = actions.end(
                    Post(person_id, function, room.room_id),
                    form.until.data,
                    is_sure=form.is_sure.data,
                    actor_id=known_actor().person_id,
                    now=clock.now(),
                )
            flash(_("Gelukt.") if ended else _("Dat was al zo."), "good")
            return go_to(back)
        except Refused as refusal:
            form.refuse(refusal.objections, say)
    return room_page(
        "membership/end.html",
        room,
        status=_status(form),
        form=form,
        name=name,
        function=function,
        word=function_word(function),
        asks_if_sure=bool(form.is_sure.errors),
        action=action,
        back=back,
    )


def _status(form: FunctionForm | EndForm) -> int:
    return 422 if form.is_refused else 200


def _people_page(room: RoomView, form: NameForm, *, status: int = 200) -> Response:
    actor = known_actor()
    may_look_up = allows(actor, Permission.PERSON_SEE, room)
    roles = roles_in(room.room_id, today=today())
    return room_page(
        "membership/people.html",
        room,
        status=status,
        form=form,
        found=found_before(room, Scope.KNOWN) if may_look_up else None,
        roles=[(role, dates.capitalised(role_line(role))) for role in roles],
        mine=[
            (role.function, function_word(role.function))
            for role in roles
            if role.person_id == actor.person_id
        ],
        may_look_up=may_look_up,
    )
