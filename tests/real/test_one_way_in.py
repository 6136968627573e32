"""A link, a code and a slip get one in, however many come at once; over four processes, on both databases."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from ontmoet.recovery.rules import Proof, keyed_digest
from tests.cast import token_in
from tests.real.browser import volley
from tests.real.server import SECRET_KEY, Server

if TYPE_CHECKING:
    from tests.real.browser import Answer, Browser
    from tests.real.world import World

pytestmark = pytest.mark.slow

AT_ONCE = 100


def asked(world: World, server: Server) -> tuple[Browser, Proof]:
    """Somebody asked for a link on this browser; what the mail would hold."""
    browser = server.browser()
    browser.token = token_in(browser.get("/inloggen/vergeten").text)
    assert browser.post("/inloggen/vergeten", {"email": world.residents[0]}).location == "/inloggen/code"
    [(public_id,)] = world.rows("select public_id from sign_in_link order by id desc limit 1")
    return browser, Proof(public_id, SECRET_KEY)


def outcome(answers: list[Answer]) -> dict[int, int]:
    return dict(Counter(answer.status for answer in answers))


def sessions(world: World) -> int:
    return world.number("select count(*) from session")


def test_of_100_uses_of_one_link_at_once_one_signs_in(world: World, server: Server) -> None:
    _browser, proof = asked(world, server)
    before = sessions(world)
    strangers = [server.browser_with_token() for _ in range(10)]
    requests = [strangers[n % 10].post_bytes(f"/inloggen/link?t={proof.token}", {}) for n in range(AT_ONCE)]
    assert outcome(volley(server.port, requests)) == {303: 1, 422: AT_ONCE - 1}
    assert sessions(world) == before + 1


def test_of_100_uses_of_one_code_at_once_one_signs_in_and_five_wrong_end_it(
    world: World, server: Server
) -> None:
    browser, proof = asked(world, server)
    before = sessions(world)
    wrong = f"{(int(proof.code) + 1) % 1_000_000:06d}"
    tries = [browser.post_bytes("/inloggen/code", {"code": wrong}) for _ in range(60)]
    assert outcome(volley(server.port, tries)) == {422: 60}
    assert world.number("select max(tries) from sign_in_link") == 5
    assert browser.post("/inloggen/code", {"code": proof.code}).status == 422

    browser, proof = asked(world, server)
    right = [browser.post_bytes("/inloggen/code", {"code": proof.code}) for _ in range(AT_ONCE)]
    assert outcome(volley(server.port, right)) == {303: 1, 422: AT_ONCE - 1}
    assert sessions(world) == before + 1


def test_of_many_uses_of_one_slip_at_once_one_signs_in(world: World, server: Server) -> None:
    asked(world, server)  # for its times, which are those of the server
    world.run(
        "insert into slip (person_id, room_id, made_by_id, code_digest, made_at, expires_at)"
        " select p.id, :room, :bram, :digest, l.asked_at, l.expires_at from person p, sign_in_link l"
        " where p.email = :email and l.id = (select max(id) from sign_in_link)",
        room=world.hood.linde,
        bram=world.hood.people["bram"],
        digest=keyed_digest(SECRET_KEY, "slip/0123456789ab"),
        email=world.residents[0],
    )
    before = sessions(world)
    strangers = [server.browser_with_token() for _ in range(10)]
    requests = [
        strangers[n % 10].post_bytes("/inloggen/briefje", {"code": "0123-4567-89AB"}) for n in range(60)
    ]
    found = outcome(volley(server.port, requests))
    assert found[303] == 1
    assert set(found) <= {303, 422, 429}
    assert sessions(world) == before + 1
