"""The door to HTML: one template serves the whole page and its fragments.

Nothing else in Ontmoet imports htmx-flask or jinja2-fragments.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from flask import Response, current_app, g, request
from flask_compress import Compress
from htmx_flask import Htmx
from jinja2_fragments import render_block
from markupsafe import Markup
from werkzeug.urls import iri_to_uri

from ontmoet.kernel.permissions import allows

from . import i18n
from .access import current_actor
from .csrf import form_token

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from ontmoet.kernel.actor import Actor, Place


COMPONENTS = (
    "components/ui.html",
    "components/fields.html",
    "components/time.html",
    "components/paper.html",
)
"""Files of components, reached together as `ui`."""

PUBLIC = "no-cache"
"""Cache-Control of a page that is the same for everybody: may be kept, is asked again."""


def init_app(app: Flask, *, corporation: Callable[[], tuple[str, str] | None]) -> None:
    """Give requests their `htmx` attribute and templates the components as `ui`. `corporation` gives the
    name and the phone of whose house it is, None before there is one.
    """
    Htmx(app)
    app.extensions["ontmoet_corporation"] = corporation
    app.config.update(COMPRESS_REGISTER=False, COMPRESS_ALGORITHM=["gzip"], COMPRESS_LEVEL=5)
    compress = Compress(app)
    app.after_request(lambda response: _compressed(compress, response))
    # A fragment is rendered without the top of its template, so `{% from %}` would not reach it.
    modules = [app.jinja_env.get_template(name).module for name in COMPONENTS]
    app.jinja_env.globals["ui"] = SimpleNamespace(
        **{name: macro for module in modules for name, macro in vars(module).items() if name[0] != "_"}
    )


def is_from_htmx() -> bool:
    """Whether htmx asks, for a fragment or a whole page."""
    return bool(request.htmx)  # type: ignore[attr-defined]


def wants_fragment() -> bool:
    """Whether a part will do. Boosted links and restored history need the whole page."""
    htmx = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def page(
    template: str,
    *,
    status: int = 200,
    fragment: str | None = None,
    place: Place | None = None,
    nav: str | None = None,
    corporation: tuple[str, str] | None = None,
    scripts: bool = False,
    **context: Any,
) -> Response:
    """Render `template`, or for htmx only its block `fragment` (element id with hyphens).

    `place` is the room the navigation points at, `nav` the entry that is current. The block's name
    comes from the view, never from the request. Each page says whose house it is and whom to call: the name
    and the phone of the `corporation` are looked up where they are not given.
    """
    actor = current_actor()
    house = corporation or current_app.extensions["ontmoet_corporation"]() or (None, None)
    shown_place = place or (actor.places[0] if actor and actor.places else None)
    return html(
        template,
        status=status,
        fragment=fragment if wants_fragment() else None,
        actor=actor,
        place=shown_place,
        nav_current=nav,
        corporation_name=house[0],
        corporation_phone=house[1],
        # Without htmx every page works as it is; only people signed in get it, where it makes a difference.
        scripts=scripts and actor is not None,
        **context,
    )


def html(template: str, *, status: int, fragment: str | None = None, **context: Any) -> Response:
    """Render with exactly this context; asks neither session nor database. For error pages."""
    context.setdefault("actor", None)
    # What one person sees must not stay on a shared computer; the rest may be kept but is asked again.
    personal = context["actor"] is not None or g.get("is_personal", False)
    context["is_personal"] = personal
    context["csrf_token"] = form_token
    context["may"] = _may(context["actor"])
    context["lang"], context["text_direction"] = i18n.language(), i18n.direction()
    environment = current_app.jinja_env
    if fragment is None:
        body = environment.get_template(template).render(context)
    else:
        body = render_block(environment, template, fragment, context)
    response = Response(body, status, mimetype="text/html")
    response.headers["Vary"] = "HX-Request, Cookie"
    response.headers["Cache-Control"] = "no-store" if personal else PUBLIC
    return response


def paper(template: str, **context: Any) -> Markup:
    """A paper for one person, to stand in a page: `…_slip.html`, in the language spoken now."""
    drawn = current_app.jinja_env.get_template(template).render(lang=i18n.language(), **context)
    return Markup(drawn)  # noqa: S704 - a template of ours, which escapes what is filled in


def go_to(path: str) -> Response:
    """Leave for another page after a form: 303, or `HX-Redirect` for htmx."""
    if is_from_htmx():
        return Response(status=200, headers={"HX-Redirect": iri_to_uri(path)})
    # Without the type, what the headers say of it is looked up first.
    return Response(status=303, headers={"Location": path}, mimetype="text/html")


def slow_down(response: Response, *, seconds: float) -> Response:
    """The same page for who did it too often: 429, and after how long it can be done again."""
    response.status_code = 429
    response.headers["Retry-After"] = str(int(seconds))
    return response


def _compressed(compress: Compress, response: Response) -> Response:
    """Public pages only: compressing a page with a form token and typed text gives the token away
    (BREACH).
    """
    if response.status_code != 200 or response.headers.get("Cache-Control") != PUBLIC:
        return response
    squeezed: Response = compress.after_request(response)
    return squeezed


def _may(actor: Actor | None) -> Any:
    return lambda permission, subject=None: allows(actor, permission, subject)
