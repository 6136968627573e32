"""How pages of a room find it, and how they are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, flash

from ontmoet.kernel.permissions import Permission
from ontmoet.web.access import current_session, ensure, may
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to, page

from .queries import corporation_contact, corporation_of, goes_on_in, place_of, room_by_slug, room_under

if TYPE_CHECKING:
    from flask import Response

    from .queries import Contact
    from .rules import RoomView


def room_or_404(slug: str) -> RoomView:
    """The room as it was when this was asked, also before it opens: its people come first. One statement, or
    none for who belongs to it: the one that told who asks told its versions too.
    """
    session = current_session()
    versions = None if session is None else session.room_versions.get(slug)
    room = room_by_slug(slug) if versions is None else room_under(*versions)
    if room is None:
        abort(404)
    return room


def room_for(slug: str, permission: Permission) -> RoomView:
    """The room, live or not, for who may do this in it; 404 when there is none, 403 for who may not. Whoever
    may not in a room that goes on in another one is led there.
    """
    room = room_or_404(slug)
    if room.merged_into_id is not None and not may(permission, room):
        lead_on(room)
    ensure(permission, room)
    return room


def lead_on(room: RoomView, page: str = "") -> None:
    """Whoever comes to a room that goes on in another one is sent there, and reads why at the door. `page` is
    another page of a room, as `/scherm`. Does nothing for any other room.
    """
    following = goes_on_in(room)
    if following is not None:
        abort(go_to(f"/r/{following.slug}{page or f'?uit={room.slug}'}"))


def lead_visitors_on(room: RoomView) -> None:
    """The same, but for who looks after the room: they read here what was."""
    if room.merged_into_id is not None and not may(Permission.FUNCTIONS_SEE, room):
        lead_on(room)


def own_corporation() -> Contact | None:
    """The corporation, for a page that is not about a room; None before there is one. One statement, or none
    for who belongs to a room: what is known of that tells it.
    """
    session = current_session()
    versions = None if session is None else next(iter(session.room_versions.values()), None)
    if versions is None:
        return corporation_contact()
    return corporation_of(room_under(*versions))


def stop_before_it_opens(room: RoomView) -> None:
    """As long as a room did not open there is only its door, which says so. Whoever runs it goes on as
    `lead_managers_on` tells. Does nothing once it opened.
    """
    if room.live_at is None:
        lead_managers_on(room)
        abort(go_to(f"/r/{room.slug}"))


def lead_managers_on(room: RoomView) -> None:
    """Whoever runs a room that did not open is led to its management and reads why: the navigation of their
    pages leads to what is not there yet.
    """
    if may(Permission.FUNCTIONS_SEE, room):
        flash(_("Deze ruimte is nog niet open. Dit kun je al wel doen."), "info")
        abort(go_to(f"/r/{room.slug}/beheer"))


def room_page(
    template: str, room: RoomView, *, status: int = 200, nav: str | None = "room", **context: Any
) -> Response:
    """A page of a room: the navigation points at the room, and the template has it as `room`. All else goes
    to `page` as it is given: `fragment`, `scripts` and what the template shows.
    """
    return page(
        template,
        status=status,
        place=place_of(room),
        nav=nav,
        corporation=corporation_of(room),
        room=room,
        **context,
    )
