"""A stranger guesses a PIN, very often at once; its owner signed in before on a phone of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.people.passwords import hash_password
from tests.builders import PIN
from tests.cast import token_in
from tests.real.browser import volley

if TYPE_CHECKING:
    from tests.real.browser import Answer, Browser
    from tests.real.server import Server
    from tests.real.world import World

BY_ADDRESS = "/inloggen/adres"
WHERE = {"address_name": "linde-100", "nickname": "bewoner", "pin": PIN}


def guessed_at_once(world: World, server: Server, times: int) -> tuple[list[Answer], Browser, Browser]:
    """The answers to so many wrong PINs at once, the stranger who sent them, and the owner's own phone."""
    add_pin(world)
    owner = at_the_door(server)
    assert owner.post(BY_ADDRESS, WHERE).status == 303
    stranger = at_the_door(server)
    guess = stranger.post_bytes(BY_ADDRESS, {**WHERE, "pin": "590274"})
    answers = volley(server.port, [guess] * times)
    # On a machine with other work the database may ask one to come back, and nothing of it was counted.
    heard = [answer for answer in answers if answer.status != 503]
    again = volley(server.port, [guess] * (times - len(heard))) if len(heard) < times else []
    return [*heard, *again], stranger, owner


def gets_in_again(owner: Browser) -> bool:
    """Whether the right PIN signs in on this phone, once it was signed out."""
    owner.cookies.pop("ontmoet")
    owner.token = token_in(owner.get(BY_ADDRESS).text)
    return owner.post(BY_ADDRESS, WHERE).status == 303


def at_the_door(server: Server) -> Browser:
    """A browser with the form to sign in by PIN."""
    browser = server.browser()
    browser.token = token_in(browser.get(BY_ADDRESS).text)
    return browser


def add_pin(world: World) -> None:
    """Somebody of linde-100 signs in by nickname and PIN from now on."""
    [(person_id, home_id)] = world.rows(
        "select r.person_id, r.home_id from residency r join home h on h.id = r.home_id"
        " where h.address_name = 'linde-100'"
    )
    world.run(
        "insert into credential (person_id, home_id, nickname, pin_hash)"
        " values (:person_id, :home_id, 'bewoner', :pin_hash)",
        person_id=person_id,
        home_id=home_id,
        pin_hash=hash_password(PIN),
    )
