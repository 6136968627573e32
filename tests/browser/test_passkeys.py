"""A passkey in a real browser, with a device of Chromium's own making: made, and signed in with."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyotp
import pytest
from playwright.sync_api import expect

from ontmoet.kernel import clock
from tests import builders as make
from tests.browser.looks import faults_of
from tests.browser.machine import served
from tests.cast import Neighbourhood
from tests.proving.deeds import set_up
from tests.watching import rows

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

A_PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_passkey_is_made_and_signs_in_and_a_device_without_one_says_so(
    hood: Neighbourhood, browser: Browser
) -> None:
    with served(hood.app) as address:
        # Browsers make no passkeys for a number.
        address = address.replace("127.0.0.1", "localhost")
        set_up(hood.app, base_url=address)
        context = browser.new_context(base_url=address)
        page = context.new_page()
        problems: list[str] = []
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        devices = context.new_cdp_session(page)
        devices.send("WebAuthn.enable")
        device = devices.send("WebAuthn.addVirtualAuthenticator", {"options": A_PHONE})["authenticatorId"]

        page.goto("/inloggen")
        page.fill("#email", "noor@proef.example")
        page.fill("#password", make.PASSWORD)
        page.get_by_role("button", name="Log in", exact=True).click()
        page.goto("/mijn/toegang")
        page.get_by_role("button", name="Maak een toegangssleutel").click()
        expect(page.get_by_text("Je kunt nu ook inloggen met deze toegangssleutel")).to_be_visible()
        assert len(devices.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]) == 1

        page.goto("/mijn")
        page.get_by_role("button", name="Log uit", exact=True).click()
        page.goto("/inloggen?next=/mijn/toegang")
        page.get_by_label("Dit is mijn eigen telefoon").check()
        page.get_by_role("button", name="Log in met een toegangssleutel").click()
        expect(page.get_by_role("heading", name="Hoe je inlogt")).to_be_visible()
        assert rows(hood.app, "select own_phone from session order by id desc")[0][0] == 1
        assert rows(hood.app, "select sign_count > 1 from passkey")[0][0] == 1

        devices.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": device})
        devices.send("WebAuthn.disable")
        page.goto("/mijn")
        page.get_by_role("button", name="Log uit", exact=True).click()
        devices.send("WebAuthn.enable")
        devices.send("WebAuthn.addVirtualAuthenticator", {"options": {**A_PHONE, "isUserVerified": False}})
        page.get_by_role("button", name="Log in met een toegangssleutel").click()
        expect(page.get_by_text("Dat lukte niet. Probeer het nog eens")).to_be_visible()
        assert problems == []
        context.close()


def test_second_step_can_be_seen_and_done_by_all(hood: Neighbourhood, browser: Browser) -> None:
    with served(hood.app) as address:
        set_up(hood.app, base_url=address.replace("127.0.0.1", "localhost"), second_factor=True)
        page = browser.new_page(base_url=hood.app.extensions["ontmoet_config"].base_url)
        page.goto("/inloggen?next=/corporatie/mensen")
        page.fill("#email", "mo@proef.example")
        page.fill("#password", make.PASSWORD)
        page.press("#password", "Enter")
        expect(page.get_by_role("heading", name="Stel je tweede stap in")).to_be_visible()
        assert faults_of(page) == []
        page.get_by_role("link", name="Stel een app met codes in").click()
        assert faults_of(page) == []
        secret = page.locator("strong", has_text=re.compile("^[A-Z2-7 ]+$")).inner_text().replace(" ", "")
        page.fill("#code", pyotp.TOTP(secret).at(clock.now()))
        page.press("#code", "Enter")
        page.get_by_role("button", name="Maak reservecodes").click()
        codes = page.locator("li.om-slip__typed").all_inner_texts()
        assert (len(codes), faults_of(page)) == (8, [])
        # Going on before they are kept is what nobody should do by the way.
        assert page.locator("main .utrecht-button--primary-action:visible").all_inner_texts() == ["Druk af"]
        page.get_by_role("link", name="Ik heb ze bewaard").click()
        page.get_by_role("link", name="Sanne de Proef", exact=True).click()
        assert faults_of(page) == []
        page.goto("/mijn")
        page.get_by_role("button", name="Log uit", exact=True).click()
        page.fill("#email", "mo@proef.example")
        page.fill("#password", make.PASSWORD)
        page.press("#password", "Enter")
        expect(page.get_by_role("heading", name="Tweede stap", exact=True)).to_be_visible()
        assert faults_of(page) == []
        page.fill("#code", codes[0])
        page.press("#code", "Enter")
        expect(page.get_by_role("heading", name="Mijn reserveringen")).to_be_visible()
        page.close()
