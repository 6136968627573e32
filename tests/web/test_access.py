"""Default deny: whatever is reachable says for whom it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from flask.sessions import SecureCookieSessionInterface
from werkzeug.http import parse_set_header

from ontmoet.kernel.permissions import GRANTS, WITHOUT_SUBJECT, Permission
from ontmoet.web.access import guarding_of, public, requires
from tests.cast import sign_in

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood

ANYBODY = {
    "health.alive",
    "health.ready",
    "metrics.metrics",  # asks for a token of its own
    "portal.accessibility",
    "portal.home",
    "portal.privacy",
    "portal.who_may_what",
    "portal.room",
    "portal.door_qr",
    "signage.poster",
    "offline.without_connection",
    "offline.worker",
    "signage.screen",
    "style_guide.style_guide",  # made up, and asks nothing of the database
    "bookings.agenda",
    "calendars.on_a_phone",
    "calendars.own_feed",  # its address is the secret
    "calendars.room_feed",
    "sheet.sheet",  # the agenda on paper
    "emergency.emergency",  # for whoever stands there
    "house_rules.house_rules",
    "joining.join",
    "joining.type_code",
    "house_rules_paper.poster",
    "key_tags.tag",  # of a key that was found
    "people.sign_in",
    "hearing.unsubscribe",  # its link is signed
    "one_tap.cancel",  # and so is this one
    "recovery.code",
    "recovery.forgotten",
    "recovery.link",
    "recovery.slip",
    "people.sign_in_by_address",
    "people.waiting",
    "passkeys.question",  # the same for everybody, and nothing is stored
    "passkeys.sign_in",
    "organisation_sign_in.leave",
    "organisation_sign_in.back",
    # Of who gave a password and nothing more yet: for all others they are not there.
    "second_step.second_step",
    "second_step.question",
    "second_step.first_passkey",
    "second_step.first_app",
    "second_step.stop",
}


def test_every_endpoint_is_guarded_and_only_these_are_public(app: Flask) -> None:
    guarding = {rule.endpoint: guarding_of(app, rule.endpoint) for rule in app.url_map.iter_rules()}
    assert [endpoint for endpoint, guard in guarding.items() if guard is None] == []
    assert {endpoint for endpoint, guard in guarding.items() if guard and guard.permission is None} == ANYBODY


def test_every_permission_is_granted_to_somebody() -> None:
    assert set(GRANTS) == set(Permission)
    assert all(GRANTS.values())


def test_urls_are_typed_by_our_converters_in_dutch_kebab_case(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        assert set(re.findall(r"<([^:>]+)", rule.rule)) <= {"slug", "public_id", "letter_code"}, rule.rule
        assert all(":" in part for part in re.findall(r"<[^>]+>", rule.rule)), rule.rule
        fixed = re.sub(r"<[^>]+>", "x", rule.rule)
        assert re.fullmatch(r"/(?:[a-z0-9]+(?:-[a-z0-9]+)*(?:\.(?:ics|svg|js))?/?)*", fixed), rule.rule


def test_endpoint_without_a_guard_is_refused(app_of_its_own: Flask) -> None:
    app_of_its_own.add_url_rule("/vergeten", "vergeten", lambda: "geheim")
    answer = app_of_its_own.test_client().get("/vergeten")
    assert (answer.status_code, b"geheim" in answer.data) == (403, False)


def test_view_that_forgets_its_subject_fails_in_tests(hood: Neighbourhood, app_of_its_own: Flask) -> None:
    app, client = app_of_its_own, app_of_its_own.test_client()
    app.add_url_rule("/vergeten", "vergeten", requires(Permission.BOOKING_SEE)(lambda: "geheim"))
    app.add_url_rule("/open", "open", public(lambda: "voor iedereen"))
    sign_in(client, "noor")
    assert client.get("/open").data == b"voor iedereen"
    with pytest.raises(AssertionError, match="did not ensure"):
        client.get("/vergeten")


def test_unknown_visitor_is_sent_to_sign_in_on_every_guarded_page(hood: Neighbourhood) -> None:
    client = hood.app.test_client()
    public_id = hood.book("noor", "2026-11-25 14:00", "2026-11-25 16:00")
    for rule in hood.app.url_map.iter_rules():
        guard = guarding_of(hood.app, rule.endpoint)
        assert guard is not None
        if guard.permission is None or "GET" not in (rule.methods or ()):
            continue
        path = re.sub(r"<public_id:\w+>", public_id, rule.rule.replace("<slug:slug>", "de-linde"))
        answer = client.get(path)
        assert (answer.status_code, answer.location) == (302, f"/inloggen?next={path}")


def test_what_signing_in_settles_has_no_subject() -> None:
    assert frozenset({Permission.OWN_PAGES}) == WITHOUT_SUBJECT


def test_message_in_a_cookie_that_flask_wrote_is_said_once(
    app: Flask, hood: Neighbourhood, client: FlaskClient
) -> None:
    """Flask marks in it that a message is a pair; cookies from before an update look so."""
    sign_in(client, "noor")
    flask = SecureCookieSessionInterface().get_signing_serializer(app)
    cookie = client.get_cookie("ontmoet")
    assert flask is not None
    assert cookie is not None
    known = flask.loads(cookie.value)
    client.set_cookie("ontmoet", flask.dumps({**known, "_flashes": [("good", "Zo is het.")]}))
    first, second = (client.get("/mijn") for _ in range(2))
    assert ["Zo is het." in answer.text for answer in (first, second)] == [True, False]
    varying = [set(parse_set_header(", ".join(answer.headers.getlist("Vary")))) for answer in (first, second)]
    assert varying == [{"HX-Request", "Cookie"}] * 2


def test_cookie_holds_a_secret_and_nothing_of_whose_device_it_is(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    sign_in(client, "noor")
    with client.session_transaction() as kept:
        assert set(kept) == {"_user_id", "_fresh", "_permanent", "csrf_token", "confirmed_at"}


def test_cookie_is_for_our_pages_only_and_out_of_reach_of_script(client: FlaskClient) -> None:
    cookie = client.get("/inloggen").headers["Set-Cookie"]
    assert cookie.split("; ")[1:] == ["HttpOnly", "Path=/", "SameSite=Lax"]
