"""Giving a key to an organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from ontmoet.kernel.objections import Refused
from ontmoet.kernel.permissions import Permission
from ontmoet.kernel.walltime import day_of
from ontmoet.rooms.pages import room_page
from ontmoet.web.access import requires
from ontmoet.web.pages import go_to

from .doing import do, grip_of, seen_key
from .forms import OrganisationForm
from .holders import partners_in
from .organisation_keys import hand_out_to, organisation
from .rules import Due, HolderKind, due_choices
from .wording import copy_name, given_to, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .holders import KeyPartner
    from .key_pages import Seen

bp = Blueprint("organisation_keys", __name__)


@bp.route("/sleutels/<public_id:public_id>/aan-een-organisatie", methods=["GET", "POST"])
@requires(Permission.KEYS_HAND_OUT)
def give(public_id: str) -> Response:
    """Give the key to an organisation that works here; proposed is for good."""
    seen = seen_key(public_id, Permission.KEYS_HAND_OUT)
    if seen.copy.now.holder.kind is HolderKind.LOST:
        return go_to(f"/sleutels/{public_id}")
    partners = partners_in(seen.room_id, today=day_of(seen.now))
    form = OrganisationForm(request.form if request.method == "POST" else None)
    form.offer({Due.NEVER: None} | due_choices(seen.now), seen.now)
    form.offer_organisations(partners)
    if request.method != "POST":
        return _page(seen, form, partners)
    grip = grip_of(seen)
    if not form.validate():
        return _page(seen, form, partners, status=422)
    partner = next(one for one in partners if one.public_id == form.organisation.data)

    def refused(again: Seen, refusal: Refused) -> Response:
        form.refuse(refusal.objections, say)
        return _page(again, form, partners, status=422)

    return do(
        seen,
        lambda: hand_out_to(partner, grip, due_at=form.due_at),
        organisation(partner.organisation_id),
        said=given_to(partner.name, form.due_at, seen.now),
        refused=refused,
    )


def _page(
    seen: Seen, form: OrganisationForm, partners: Sequence[KeyPartner], *, status: int = 200
) -> Response:
    return room_page(
        "keys/organisation.html",
        seen.room,
        status=status,
        seen=seen,
        title=copy_name(seen.copy),
        form=form,
        due_form=form,
        contacts={one.public_id: ", ".join(contact.name for contact in one.contacts) for one in partners},
    )
