"""How people say what they want to hear and how, and end messages by the link in one."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, abort, current_app, flash, request

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.permissions import Permission
from ontmoet.outbox.letters import Optional
from ontmoet.people.actor_queries import public_id_now
from ontmoet.people.rules import Channel, Language
from ontmoet.web.access import known_actor, public, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to, page

from . import actions
from .forms import HearingForm, form_for
from .links import read_unsubscribe
from .queries import person_id_of, reader_of
from .rules import Reader

bp = Blueprint("hearing", __name__)


@bp.route("/mijn/berichten", methods=["GET", "POST"])
@requires(Permission.OWN_PAGES)
def hearing() -> Response:
    """How I hear from Ontmoet, when not, and what about."""
    person_id = known_actor().person_id
    reader = reader_of(person_id)
    if reader is None:
        abort(404)
    kinds = optional_kinds()
    if request.method != "POST":
        return _hearing_page(form_for(reader, kinds), reader)
    form = form_for(reader, kinds, request.form)
    if not form.validate():
        return _hearing_page(form, reader, 422)
    with unit_of_work():
        actions.choose(
            person_id,
            channel=Channel(form.channel.data),
            language=Language(form.language.data),
            quiet=form.quiet,
            wants=form.wants(kinds),
            now=clock.now(),
        )
    flash(_("Bewaard. Zo hoor je voortaan van ons."), "good")
    return go_to("/mijn/berichten")


@bp.route("/afmelden", methods=["GET", "POST"])
@public
def unsubscribe() -> Response:
    """End messages of one kind: by a button, or by the button of somebody's mail program (RFC 8058).

    Looking changes nothing: programs that read mail follow every link in it.
    """
    found = read_unsubscribe(request.args.get("t", ""))
    kinds = optional_kinds()
    if found is None or found[1] not in kinds:
        abort(404)
    person_id, kind = person_id_of(public_id_now(found[0])), found[1]
    is_ended = request.method == "POST"
    if is_ended and person_id is not None:
        with unit_of_work():
            actions.want_no_more(person_id, kind, now=clock.now())
    return page("hearing/unsubscribe.html", title=kinds[kind].title, is_ended=is_ended)


def optional_kinds() -> Mapping[str, Optional]:
    """The kinds of message that one gets only after asking for them."""
    kinds: Mapping[str, Optional] = current_app.extensions["ontmoet_optional"]
    return kinds


def _hearing_page(form: HearingForm, reader: Reader, status: int = 200) -> Response:
    return page(
        "hearing/hearing.html",
        status=status,
        nav="mine",
        form=form,
        kinds=optional_kinds(),
        is_refused=reader.is_refused,
        has_address=reader.has_address,
        channel_hints={
            Channel.CALL.value: _("De sleutelbeheerder of de gastheer belt je."),
            Channel.PRINT.value: _("Je krijgt een papier in je brievenbus of in de ruimte."),
        },
    )
