"""The reader of codes: by camera in the browser, or typed over. Both lead to the page that the code opens."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ontmoet.kernel.permissions import Permission
from ontmoet.kernel.tokens import code_in
from ontmoet.web.access import requires
from ontmoet.web.headers import allow_camera
from ontmoet.web.pages import go_to, page
from ontmoet.web.settings import current_config

from .forms import TagCodeForm

bp = Blueprint("scanning", __name__)


@bp.route("/scan", methods=["GET", "POST"])
@requires(Permission.OWN_PAGES)
def scan() -> Response:
    """Scan or type the code of a label. What may be seen there is settled by the page that it opens."""
    form = TagCodeForm(request.form)
    is_sent = request.method == "POST"
    if is_sent and form.validate():
        return go_to(f"/s/{code_in(form.code.data)}")
    return allow_camera(
        page(
            "portal/scan.html",
            status=422 if is_sent else 200,
            nav="mine",
            form=form,
            # Labels name the address of the installation; a demo may be open under another.
            origin=current_config().base_url,
        )
    )
