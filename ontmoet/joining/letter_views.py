"""Making letters: which homes of a complex had one, and the letters themselves, on paper."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, g, request

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.permissions import Permission
from ontmoet.kernel.text import has_words
from ontmoet.kernel.tokens import in_groups, new_form_key
from ontmoet.kernel.walltime import day_of
from ontmoet.people.queries import contact_of
from ontmoet.rooms.pages import room_or_404, room_page
from ontmoet.rooms.rules import RoomView
from ontmoet.trail.actions import FormPost
from ontmoet.web import dates
from ontmoet.web.access import ensure, known_actor, requires
from ontmoet.web.leaves import leaf_of
from ontmoet.web.pieces import Piece
from ontmoet.web.qr import qr_drawing
from ontmoet.web.settings import current_config

from . import actions
from .actions import NewLetter
from .forms import LettersForm
from .queries import letters_of
from .rules import WORKS_FOR, HomeLetter, of_one_press
from .wording import letter_state, say

bp = Blueprint("letters", __name__)

UNUSED = "ongebruikt"
ON_A_LEAF = 50


@bp.get("/r/<slug:slug>/brieven")
@requires(Permission.LETTERS_MAKE)
def letters(slug: str) -> Response:
    """The homes with their letters, some at a time; with `toon=ongebruikt` where nobody takes part."""
    room = room_or_404(slug)
    ensure(Permission.LETTERS_MAKE, room)
    form = LettersForm()
    form.idempotency_key.data = new_form_key()
    return _letters_page(room, form, chosen=frozenset(), now=clock.now())


@bp.post("/r/<slug:slug>/brieven")
@requires(Permission.LETTERS_MAKE)
def make_letters(slug: str) -> Response:
    """New letters for the homes that were ticked, on whatever leaf, or for all that were listed. The
    answer is what is printed: their codes are shown this once. Looking further makes none: it keeps
    what was ticked.
    """
    now = clock.now()
    room = room_or_404(slug)
    ensure(Permission.LETTERS_MAKE, room)
    form = LettersForm(request.form)
    chosen = frozenset(request.form.getlist("home"))
    for_all = "all" in request.form
    if not form.validate():
        return _letters_page(room, form, chosen=chosen, now=now, status=422)
    if not for_all and ("vind" in request.form or "pagina" in request.form):
        return _letters_page(room, form, chosen=chosen, now=now)
    homes = _homes(room)
    meant = of_one_press(_listed(homes), now=now) if for_all else homes
    wanted = {letter.address_name for letter in meant}
    if not for_all:
        wanted &= chosen
    post = FormPost(
        known_actor().person_id, request.path, form.idempotency_key.data, {"homes": sorted(wanted)}
    )
    try:
        with unit_of_work():
            made = actions.make_letters(room, wanted, post=post, location=request.path, now=now)
    except Refused as refusal:
        form.refuse(refusal.objections, say)
        # The next press is a new form.
        form.idempotency_key.raw_data = None
        form.idempotency_key.data = new_form_key()
        return _letters_page(room, form, chosen=chosen, now=now, status=422)
    return _print_page(room, made, now)


def _homes(room: RoomView) -> list[HomeLetter]:
    only_unused = request.values.get("toon") == UNUSED
    letters = letters_of(room.room_id, today=day_of(clock.now()))
    return [letter for letter in letters if letter.is_empty or not only_unused]


def _words() -> str:
    # What somebody typed without looking is not what the page says that all are.
    return request.values.get("zoek" if "vind" in request.form else "gezocht", "")[:80]


def _listed(homes: list[HomeLetter]) -> list[HomeLetter]:
    words = _words()
    return [home for home in homes if has_words(f"{home.address} {home.address_name}", words)]


def _letters_page(
    room: RoomView, form: LettersForm, *, chosen: frozenset[str], now: datetime, status: int = 200
) -> Response:
    g.is_personal = True
    homes = _homes(room)
    listed = _listed(homes)
    asked = "1" if "vind" in request.form else request.values.get("pagina") or request.values.get("hier", "")
    leaf = leaf_of(listed, asked, size=ON_A_LEAF)
    in_one_press = of_one_press(listed, now=now)
    ticks = [
        (letter.address_name, letter.address, letter_state(letter, now=now), letter.address_name in chosen)
        for letter in leaf.items
    ]
    shown = {letter.address_name for letter in leaf.items}
    return room_page(
        "joining/letters.html",
        room,
        status=status,
        form=form,
        only_unused=request.values.get("toon") == UNUSED,
        words=_words(),
        number=len(listed),
        leaf=leaf,
        ticks=ticks,
        piece=Piece(("letters", room.room_id), ticks),
        ticked_elsewhere=[
            letter.address_name
            for letter in homes
            if letter.address_name in chosen and letter.address_name not in shown
        ],
        in_one_press=len(in_one_press),
        still_working=sum(letter.still_works(now) for letter in in_one_press),
    )


def _print_page(room: RoomView, made: tuple[NewLetter, ...], now: datetime) -> Response:
    base_url = current_config().base_url
    order = {
        letter.address_name: place for place, letter in enumerate(letters_of(room.room_id, today=day_of(now)))
    }
    return room_page(
        "joining/print.html",
        room,
        today=dates.full_day(day_of(now)),
        until=dates.full_day(day_of(now + WORKS_FOR)),
        site=base_url.split("://", 1)[1],
        contact=contact_of(room, today=day_of(now)),
        letters=[
            (letter, in_groups(letter.code), qr_drawing(f"{base_url}/welkom/{letter.code}"))
            for letter in sorted(made, key=lambda letter: order[letter.address_name])
        ],
    )
