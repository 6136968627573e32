"""My data, or those of a child I answer for: see, correct, take along, remove."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, abort, flash, request, session

from ontmoet.bookings.queries import coming_bookings_of
from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.permissions import Permission
from ontmoet.people.addresses import asked_address
from ontmoet.people.confirming import is_confirmed
from ontmoet.people.entering import DEVICE_COOKIE
from ontmoet.people.guardians import agree_as_guardian, children_of
from ontmoet.people.personal import PERSONAL as OF_PEOPLE
from ontmoet.web.access import ensure, known_actor, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to, page

from . import actions, erasing
from .declared import PERSONAL
from .forms import CorrectForm, RemoveForm
from .queries import Subject, subject_by_id, subject_by_public_id
from .removing import leave
from .takeout import NAME, SHOWN, explained, packed
from .wording import say, value_in_words

bp = Blueprint("my_data", __name__)

HOME = "/mijn/gegevens"
CHILD = f"{HOME}/<public_id:public_id>"

AT_ONCE = 6
"""Subjects on a page."""


@bp.get(HOME)
@bp.get(CHILD)
@requires(Permission.PERSON_DATA)
def my_data(public_id: str | None = None) -> Response:
    """What is known, why, how long and who sees it."""
    subject, now = _subject_or_404(public_id), clock.now()
    if not is_confirmed(now):
        return _ask_again(_path(subject))
    is_mine = _is_mine(subject)
    if not is_mine:
        with unit_of_work():
            actions.record_look("person_seen", subject, by=known_actor().person_id, now=now)
    self_facts, places, *_others = OF_PEOPLE
    return page(
        "my_data/my_data.html",
        nav="mine",
        subject=subject,
        is_mine=is_mine,
        base=_path(subject),
        rows=_rows(self_facts.export(subject.person_id)),
        places=_rows(places.export(subject.person_id)),
        chapters=explained(),
        has_code=is_mine and asked_address(subject.person_id, now=now) is not None,
        children=children_of(subject.person_id) if is_mine else [],
    )


@bp.get(f"{HOME}/alles")
@requires(Permission.PERSON_DATA)
def everything() -> Response:
    """All of it on a few pages, the newest first."""
    subject, now = _subject_or_404(None, known=True), clock.now()
    if not is_confirmed(now):
        return _ask_again(f"{HOME}/alles")
    parts = [PERSONAL[first : first + AT_ONCE] for first in range(0, len(PERSONAL), AT_ONCE)]
    numbers = [str(number) for number in range(1, len(parts) + 1)]
    if (shown := request.args.get("deel", "1")) not in numbers:
        abort(404)
    chapters = explained(subject.person_id, parts[numbers.index(shown)])
    return page(
        "my_data/everything.html",
        nav="mine",
        chapters=[(chapter, *chapter.table(SHOWN)) for chapter in chapters],
        most=SHOWN,
        parts=[
            (f"{HOME}/alles?deel={number}", _("Deel %(number)s", number=number), number == shown, {})
            for number in numbers
        ],
    )


@bp.post(f"{HOME}/downloaden")
@bp.post(f"{CHILD}/downloaden")
@requires(Permission.PERSON_DATA)
def take_along(public_id: str | None = None) -> Response:
    """Everything in one zip: a page to read and a file for computers."""
    subject, now = _subject_or_404(public_id), clock.now()
    if not is_confirmed(now):
        return _ask_again(_path(subject))
    with unit_of_work():
        actions.record_look("person_exported", subject, by=known_actor().person_id, now=now)
    response = Response(packed(explained(subject.person_id), now=now), mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{NAME}.zip"'
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.route(f"{HOME}/wijzigen", methods=["GET", "POST"])
@bp.route(f"{CHILD}/wijzigen", methods=["GET", "POST"])
@requires(Permission.PERSON_DATA)
def correct(public_id: str | None = None) -> Response:
    """Another name or phone number."""
    subject, now = _subject_or_404(public_id), clock.now()
    if not is_confirmed(now):
        return _ask_again(f"{_path(subject)}/wijzigen")
    if request.method != "POST":
        return _correct_page(CorrectForm(name=subject.name, phone=subject.phone or ""), subject, 200)
    form = CorrectForm(request.form)
    if not form.validate():
        return _correct_page(form, subject, 422)
    try:
        with unit_of_work():
            actions.correct(
                subject,
                name=form.name.data,
                phone=form.phone.data,
                by=known_actor().person_id,
                now=now,
            )
    except Refused as refusal:
        form.refuse(refusal.objections, say)
        return _correct_page(form, subject, 422)
    flash(_("Verbeterd."), "good")
    return go_to(_path(subject))


@bp.route(f"{HOME}/verwijderen", methods=["GET", "POST"])
@bp.route(f"{CHILD}/verwijderen", methods=["GET", "POST"])
@requires(Permission.PERSON_DATA)
def remove(public_id: str | None = None) -> Response:
    """Leave for good: what happens then, what is in the way, and a yes."""
    subject, now = _subject_or_404(public_id), clock.now()
    if not is_confirmed(now):
        return _ask_again(f"{_path(subject)}/verwijderen")
    form = RemoveForm(request.form if request.method == "POST" else None)
    if request.method != "POST":
        return _remove_page(form, subject, 200, now=now)
    try:
        with unit_of_work():
            leave(subject.person_id, is_sure=form.sure.data, by=known_actor().person_id, now=now)
    except Refused as refusal:
        form.refuse(refusal.objections, say)
        return _remove_page(form, subject, 422, now=now)
    return _gone(subject, now=now)


@bp.post(f"{CHILD}/akkoord")
@requires(Permission.PERSON_DATA)
def agree(public_id: str) -> Response:
    """A guardian lets a child take part."""
    subject, now = _subject_or_404(public_id), clock.now()
    # Else a child does it on a phone that lies on the table.
    if not is_confirmed(now):
        return _ask_again(HOME)
    try:
        with unit_of_work():
            agree_as_guardian(subject.person_id, known_actor().person_id, now=now)
        flash(_("%(name)s kan nu meedoen.", name=subject.name.split(" ", 1)[0]), "good")
    except Refused:
        flash(_("Dat kan niet meer: jullie wonen niet op hetzelfde adres."), "warn")
    return go_to(HOME)


def _gone(subject: Subject, *, now: datetime) -> Response:
    erasing.wipe_at_once(now)
    if not _is_mine(subject):
        flash(_("De gegevens zijn weg."), "good")
        return go_to(HOME)
    session.clear()
    flash(_("Je gegevens zijn weg. Bedankt dat je er was."), "good")
    response = go_to("/inloggen")
    response.delete_cookie(DEVICE_COOKIE)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _subject_or_404(public_id: str | None, *, known: bool = False) -> Subject:
    """Whose data it is about; 404 for whom the actor does not answer for. `known` reads nothing anew."""
    actor = known_actor()
    subject: Subject | None
    if known:
        subject = Subject(actor.person_id, "", actor.name, None, None, None, has_agreement=True)
    elif public_id is None:
        subject = subject_by_id(actor.person_id)
    else:
        subject = subject_by_public_id(public_id)
    if subject is None:
        abort(404)
    ensure(Permission.PERSON_DATA, subject, hide=True)
    return subject


def _is_mine(subject: Subject) -> bool:
    return subject.person_id == known_actor().person_id


def _path(subject: Subject) -> str:
    return HOME if _is_mine(subject) else f"{HOME}/{subject.public_id}"


def _ask_again(target: str) -> Response:
    return go_to(f"{HOME}/bevestigen?next={target}")


def _rows(facts: object) -> list[tuple[str, str]]:
    return [
        (term, value_in_words(value))
        for fact in facts  # type: ignore[attr-defined]
        for term, value in fact.items()
    ]


def _correct_page(form: CorrectForm, subject: Subject, status: int) -> Response:
    return page(
        "my_data/correct.html",
        status=status,
        nav="mine",
        form=form,
        back=_path(subject),
        is_mine=_is_mine(subject),
    )


def _remove_page(form: RemoveForm, subject: Subject, status: int, *, now: datetime) -> Response:
    return page(
        "my_data/remove.html",
        status=status,
        nav="mine",
        form=form,
        subject=subject,
        is_mine=_is_mine(subject),
        back=_path(subject),
        coming=len(coming_bookings_of(subject.person_id, now=now)),
        obstacles=erasing.obstacles(subject.person_id, now=now),
    )
