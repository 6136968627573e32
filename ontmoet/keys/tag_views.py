"""The tag on a key: what its code opens, and the sheet on which tags are printed."""

from __future__ import annotations

import segno
from flask import Blueprint, Response, abort, g
from markupsafe import Markup

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.permissions import Permission, allows
from ontmoet.kernel.tokens import in_groups
from ontmoet.rooms.pages import room_for, room_page
from ontmoet.web.access import current_actor, ensure, known_actor, may, public, requires
from ontmoet.web.pages import go_to, page
from ontmoet.web.settings import current_config

from .key_pages import Seen
from .queries import copies_in, copy_and_room
from .register import renew_tag
from .tags import is_tag, public_id_in, tag_code
from .wording import copy_name

bp = Blueprint("key_tags", __name__)


@bp.get("/s/<letter_code:code>")
@public
def tag(code: str) -> Response:
    """Who may know about this key goes to its page. All others read where to bring it, and never of which
    room it is: also those with an old tag, or a code that is none.
    """
    g.is_personal = True
    actor = current_actor()
    found = copy_and_room(public_id_in(code)) if code else None
    is_real = found is not None and is_tag(
        code, found[0].public_id, found[0].tag_edition, key=current_config().token_key
    )
    if actor is not None and found is not None and is_real:
        seen = Seen(*found, clock.now())
        if allows(actor, Permission.KEY_SEE, seen):
            return go_to(f"/sleutels/{seen.copy.public_id}")
    return page(
        "keys/found.html",
        status=200 if is_real else 404,
        signs_in=actor is None,
        here=f"/s/{code}" if code else "/",
    )


@bp.get("/r/<slug:slug>/sleutels/labels")
@requires(Permission.KEYS_MANAGE)
def tags(slug: str) -> Response:
    """Tags for all keys of a room, to print, cut out and hang on."""
    room = room_for(slug, Permission.KEYS_MANAGE)
    config = current_config()
    codes = [
        (copy_name(copy), tag_code(copy.public_id, copy.tag_edition, key=config.token_key))
        for copy in copies_in(room.room_id)
    ]
    return room_page(
        "keys/tags.html",
        room,
        phone=room.corporation_phone,
        tags=[(name, _drawing(f"{config.base_url}/s/{code}"), in_groups(code)) for name, code in codes],
    )


@bp.post("/sleutels/<public_id:public_id>/nieuw-label")
@requires(Permission.KEYS_MANAGE)
def renew(public_id: str) -> Response:
    """Tags of this key that were printed before do not work any more."""
    found = copy_and_room(public_id)
    if found is None:
        abort(404)
    copy, room = found
    ensure(Permission.KEYS_MANAGE, room, hide=not may(Permission.KEYS_HAND_OUT, room))
    with unit_of_work():
        renew_tag(copy, actor_id=known_actor().person_id, now=clock.now())
    return go_to(f"/r/{room.slug}/sleutels/labels")


def _drawing(address: str) -> Markup:
    # Correction Q: a tag on a bunch of keys gets scratched.
    return Markup(  # noqa: S704 - drawn by the library
        segno.make_qr(address, error="q").svg_inline(scale=2, border=2, light="#fff", omitsize=True)
    )
