"""The style guide: every component in every state. For who builds Ontmoet; no page leads there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request

from ontmoet.web import pages
from ontmoet.web.access import public
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pieces import Piece

from . import style_examples
from .signage_views import TIME_HEADER
from .style_forms import examples

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

bp = Blueprint("style_guide", __name__)

# The screen in the hall has a style sheet and a page of its own, so here it is that page.
PARTS: dict[str, tuple[str, Callable[[], Mapping[str, Any]]]] = {
    "knoppen": ("portal/style_buttons.html", style_examples.of_buttons),
    "velden": ("portal/style_fields.html", lambda: {"forms": examples(), "more": examples("-meer")}),
    "meldingen": ("portal/style_facts.html", style_examples.of_facts),
    "tijd": ("portal/style_time.html", style_examples.of_time),
    "papier": ("portal/style_paper.html", style_examples.of_paper),
    "scherm-vrij": ("portal/screen.html", lambda: _screen("open")),
    "scherm-bezet": ("portal/screen.html", lambda: _screen("busy")),
    "scherm-dicht": ("portal/screen.html", lambda: _screen("dark")),
}


@bp.get("/stijlgids")
@public
def style_guide() -> Response:
    """One part of the guide, `deel`; the first when there is no such part."""
    wanted = request.args.get("deel", "")
    part = wanted if wanted in PARTS else next(iter(PARTS))
    template, shown = PARTS[part]
    titles = _titles()
    links = [(f"?deel={name}", titles[name], name == part) for name in PARTS]
    response = pages.html(template, status=200, parts=links, **shown())
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers[TIME_HEADER] = "12:00:00"
    return response


def _titles() -> Mapping[str, str]:
    return {
        "knoppen": _("Knoppen en links"),
        "velden": _("Velden"),
        "meldingen": _("Wat er is"),
        "tijd": _("Tijd"),
        "papier": _("Papier"),
        "scherm-vrij": _("Scherm: vrij"),
        "scherm-bezet": _("Scherm: bezet"),
        "scherm-dicht": _("Scherm: dicht"),
    }


def _screen(state: str) -> Mapping[str, Any]:
    return {**style_examples.of_screen(state), "piece": Piece(("style guide", state), state)}
