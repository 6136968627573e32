"""How people reach house rules: one page, and the button with which they go along."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, abort, flash, request

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock, text
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.permissions import Permission, allows
from ontmoet.kernel.text import Malformed
from ontmoet.kernel.walltime import day_of
from ontmoet.rooms.pages import lead_visitors_on, room_or_404, room_page
from ontmoet.rooms.rules import RoomView
from ontmoet.web import dates
from ontmoet.web.access import current_actor, ensure, known_actor, may, public, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to
from ontmoet.web.redirects import safe_path

from . import actions
from .changes import MarkedGroup, changes_between
from .queries import agreed_with, agreement_of
from .rules import Agreement, RulesVersion, groups_in
from .wording import agreed_line, say

bp = Blueprint("house_rules", __name__)

LAST_NUMBER = 99_999


@bp.get("/r/<slug:slug>/huisregels")
@public
def house_rules(slug: str) -> Response:
    """The house rules in force, or with `versie` earlier ones. `next` is where one goes after agreeing."""
    return _rules_page(readable_room(slug), request.args.get("next"), now=clock.now())


@bp.post("/r/<slug:slug>/huisregels")
@requires(Permission.HOUSE_RULES_AGREE)
def agree(slug: str) -> Response:
    """Go along with the version that was on the screen, and go back to where one came from."""
    now = clock.now()
    room = readable_room(slug)
    ensure(Permission.HOUSE_RULES_AGREE, room)
    target = request.form.get("next")
    try:
        number = text.whole_number(request.form.get("number", ""), least=1, most=LAST_NUMBER)
        with unit_of_work():
            actions.agree(room.room_id, number, actor=known_actor(), now=now)
    except Malformed:
        abort(400)
    except Refused as refusal:
        problem = " ".join(say(objection) for objection in refusal.objections)
        return _rules_page(room, target, now=now, problem=problem, status=422)
    flash(_("Fijn dat je meedoet."), "good")
    return go_to(safe_path(target) or f"/r/{slug}/huisregels")


def readable_room(slug: str) -> RoomView:
    """A room that people use; for who writes its rules also before."""
    room = room_or_404(slug)
    if room.live_at is None and not may(Permission.HOUSE_RULES_PUBLISH, room):
        abort(404)
    lead_visitors_on(room)
    return room


def _rules_page(
    room: RoomView, target: str | None, *, now: datetime, problem: str = "", status: int = 200
) -> Response:
    actor = current_actor()
    agreement = agreement_of(actor, room, now=now)
    asked = _version_asked(agreement)
    shown = asked or agreement.current
    is_current = shown is agreement.current
    may_publish = allows(actor, Permission.HOUSE_RULES_PUBLISH, room)
    return room_page(
        "house_rules/house_rules.html",
        room,
        status=status,
        shown=shown,
        is_current=is_current,
        since=dates.full_day(day_of(shown.published_at)) if shown else "",
        groups=groups_in(shown.body) if shown else (),
        marked=_marked(agreement, shown, asked),
        note=shown.change_note if shown and asked else "",
        others=_others(agreement, shown),
        agreed=agreed_line(agreed_with(room, now=now)) if may_publish and agreement.current else "",
        may_publish=may_publish,
        may_help=allows(actor, Permission.ON_BEHALF, room),
        changes=agreement.changes if is_current else (),
        may_agree=is_current and agreement.is_missing and allows(actor, Permission.HOUSE_RULES_AGREE, room),
        has_agreed=is_current and agreement.accepted > 0 and not agreement.is_missing,
        next=safe_path(target) or "",
        problem=problem,
    )


def _version_asked(agreement: Agreement) -> RulesVersion | None:
    asked = request.args.get("versie")
    return next((version for version in agreement.published if str(version.number) == asked), None)


def _marked(
    agreement: Agreement, shown: RulesVersion | None, asked: RulesVersion | None
) -> tuple[MarkedGroup, ...]:
    """What is different from the version that this reader knows, or that came before the one asked for."""
    before = agreement.accepted_version if agreement.changes else None
    if asked is not None:
        before = next((v for v in reversed(agreement.published) if v.number < asked.number), None)
    if shown is None or before is None or before is shown:
        return ()
    return changes_between(before.body, shown.body)


def _others(agreement: Agreement, shown: RulesVersion | None) -> list[tuple[str, str, str]]:
    """The other versions, newest first: where they are, since when, and what changed then."""
    return [
        (
            f"huisregels?versie={version.number}",
            dates.capitalised(dates.full_day(day_of(version.published_at))),
            version.change_note or _("De eerste huisregels"),
        )
        for version in reversed(agreement.published)
        if version is not shown
    ]
