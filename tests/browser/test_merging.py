"""Two rooms become one on a phone: from choosing to the old code on the door."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.looks import faults_of
from tests.browser.machine import CAST, served, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.cast import Neighbourhood

pytestmark = pytest.mark.browser


def test_administrator_merges_two_rooms_on_a_phone(browser: Browser, hood: Neighbourhood) -> None:
    hood.book("fatma", "2026-11-25 14:00", "2026-11-25 16:00", room="plein", zone="")
    hood.book("noor", "2026-11-25 15:00", "2026-11-25 17:00")
    with served(hood.app) as address:
        context = browser.new_context(base_url=address, viewport={"width": 360, "height": 740})
        page = context.new_page()
        sign_in(page, "mo", CAST)
        page.goto("/r/het-plein/inrichting")
        page.get_by_role("link", name="Samenvoegen met een andere ruimte").click()
        page.get_by_role("button", name="Laat zien wat er gebeurt").click()
        expect(page.get_by_role("link", name="Kies iets uit de lijst")).to_be_visible()
        assert faults_of(page) == []
        page.get_by_label("De Linde").check()
        page.get_by_role("button", name="Laat zien wat er gebeurt").click()
        expect(page.get_by_role("heading", name="1 kan niet mee")).to_be_visible()
        assert faults_of(page) == []
        page.get_by_label("Keuken").check()
        page.set_viewport_size({"width": 1280, "height": 800})
        again = page.get_by_role("button", name="Reken opnieuw uit")
        button = again.bounding_box()
        link = page.get_by_role("link", name="Delen van De Linde").bounding_box()
        assert button is not None
        assert link is not None
        assert link["x"] - button["x"] - button["width"] >= 8
        page.set_viewport_size({"width": 360, "height": 740})
        again.click()
        expect(page.get_by_role("heading", name="1 kan niet mee")).to_have_count(0)
        page.get_by_role("button", name="Voeg samen, en sluit Het Plein").click()
        page.wait_for_url("**/r/de-linde/inrichting")
        page.goto("/r/het-plein")
        expect(page.get_by_role("heading", level=1)).to_have_text("De Linde")
        expect(page.get_by_text("Het Plein en De Linde zijn samen één ruimte geworden.")).to_be_visible()
        assert faults_of(page) == []
    context.close()
