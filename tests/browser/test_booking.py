"""Booking in Chromium: with a finger, by keyboard, without script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.machine import sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def page(browser: Browser, demo_address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(
        base_url=demo_address,
        viewport={"width": 360, "height": 740},
        java_script_enabled=request.param,
        has_touch=True,
        locale="nl-NL",
    )
    yield context.new_page()
    context.close()


def test_four_taps_from_the_door_to_a_booking_and_out_again(page: Page) -> None:
    page.goto("/r/t-hoekje")
    sign_in_as_staff(page)
    page.goto("/r/t-hoekje")
    page.get_by_role("link", name="Reserveer deze tijd").tap()
    page.get_by_role("button", name="Reserveer", exact=True).tap()
    expect(page.get_by_text("Gelukt, Sanne.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("van jou")
    page.get_by_role("button", name="Zeg af").tap()
    expect(page.get_by_text("Afgezegd.").first).to_be_visible()


def sign_in_as_staff(page: Page) -> None:
    sign_in(page, "sanne")


def test_taken_time_offers_three_that_work(page: Page) -> None:
    sign_in(page, "noor")
    page.goto("/r/de-linde/reserveren?van=2026-11-24T19:30&tot=2026-11-24T21:00")
    offers = page.get_by_role("group", name="Tijden die wel kunnen").get_by_role("button")
    expect(offers).to_have_count(3)
    page.fill("#purpose", "Blijft staan")
    offers.first.tap()
    expect(page.get_by_role("group", name="Tijden die wel kunnen")).to_have_count(0)
    expect(page.locator("#purpose")).to_have_value("Blijft staan")


def test_one_more_and_one_less(page: Page) -> None:
    sign_in(page, "noor")
    page.goto("/r/de-linde/reserveren")
    page.get_by_role("button", name="Een meer").tap()
    expect(page.locator("#people")).to_have_value("2")
    page.get_by_role("button", name="Een minder").tap()
    expect(page.locator("#people")).to_have_value("1")


def test_enter_in_a_field_books_and_chooses_nothing_else(page: Page) -> None:
    sign_in(page, "noor")
    page.goto("/r/de-linde/reserveren?van=2027-01-12T09:00&tot=2027-01-12T10:00")
    page.press("#people", "Enter")
    expect(page).to_have_url(re.compile(r"/reserveringen/[0-9a-z]{10}$"))
    page.get_by_role("button", name="Zeg af").tap()
    expect(page.get_by_text("Afgezegd.").first).to_be_visible()


def test_changing_the_time_shows_a_clash_before_sending(browser: Browser, demo_address: str) -> None:
    context = browser.new_context(base_url=demo_address, viewport={"width": 360, "height": 740})
    page = context.new_page()
    sign_in(page, "noor")
    page.goto("/r/de-linde/reserveren?van=2026-11-24T08:00&tot=2026-11-24T09:00")
    page.fill("#purpose", "Niet in de adresbalk")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.select_option("#starts", "19:30")
    page.select_option("#ends", "21:00")
    expect(page.get_by_role("group", name="Tijden die wel kunnen")).to_be_visible()
    assert all("Niet" not in url and "csrf" not in url and "purpose" not in url for url in asked)
    expect(page.locator("#purpose")).to_have_value("Niet in de adresbalk")
    context.close()


def test_back_after_signing_out_shows_nothing_personal(browser: Browser, demo_address: str) -> None:
    context = browser.new_context(base_url=demo_address, viewport={"width": 360, "height": 740})
    page = context.new_page()
    sign_in(page, "noor")
    page.goto("/mijn")
    page.get_by_role("button", name="Log uit").click()
    expect(page.get_by_text("Je bent uitgelogd.")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("Noor El Amrani")).to_have_count(0)
    context.close()


def test_day_that_is_chosen_stands_in_sight_and_the_page_stays_where_it_is(
    browser: Browser, demo_address: str
) -> None:
    with browser.new_page(base_url=demo_address, viewport={"width": 360, "height": 740}) as page:
        sign_in(page, "noor")
        page.goto("/r/de-linde/reserveren?van=2026-11-30T16:00&tot=2026-11-30T18:00")
        expect(page.locator("label[for=day-2026-11-30]")).to_be_in_viewport(ratio=1)
        page.goto("/r/de-linde/agenda?dag=2026-11-29")
        expect(page.locator("[data-days] [aria-current]")).to_be_in_viewport(ratio=1)
        assert page.evaluate("scrollY") == 0


@pytest.mark.parametrize("path", ["/r/de-linde/reserveren", "own"])
def test_button_in_the_form_leads_back_to_what_it_changed(page: Page, path: str) -> None:
    sign_in(page, "noor")
    if path == "own":
        page.goto("/mijn")
        path = f"{page.locator('.om-rows a').first.get_attribute('href')}/wijzigen"
    page.goto(path)
    for name, where in (("Een meer", "people"), ("Een minder", "people"), ("Verder vooruit", "day")):
        page.get_by_role("button", name=name).tap()
        expect(page.locator(f"#{where}")).to_be_focused()
        expect(page.locator(f"#{where}")).to_be_in_viewport()
        assert page.url.endswith(f"{path}#{where}")


def test_offered_time_that_was_chosen_is_confirmed_beside_the_button_to_book_it(page: Page) -> None:
    sign_in(page, "noor")
    page.goto("/r/de-linde/reserveren?van=2026-11-24T19:30&tot=2026-11-24T21:00")
    page.get_by_role("group", name="Tijden die wel kunnen").get_by_role("button").first.tap()
    expect(page.locator("#chosen")).to_be_focused()
    expect(page.locator("#chosen")).to_contain_text("Je koos vandaag")
    expect(page.get_by_role("button", name="Reserveer", exact=True)).to_be_in_viewport(ratio=1)


@pytest.fixture
def tab(browser: Browser, demo_address: str) -> Iterator[Page]:
    """A phone with script, on the form for a time of Noor's that is free."""
    with browser.new_page(base_url=demo_address, viewport={"width": 360, "height": 740}) as page:
        sign_in(page, "noor")
        page.goto("/r/de-linde/reserveren?van=2026-11-24T16:00&tot=2026-11-24T17:00")
        yield page


def test_what_the_last_choice_means_is_said_in_a_place_that_stays(tab: Page) -> None:
    said = tab.locator("#chosen")
    tab.evaluate("window.kept = document.getElementById('chosen')")
    expect(said).to_have_role("status")
    tab.select_option("#ends", "21:00")
    expect(said).to_contain_text("bezet")
    tab.select_option("#ends", "17:30")
    expect(said).to_contain_text("avonden")
    assert tab.evaluate("window.kept === document.getElementById('chosen')")
    assert tab.locator("#booking-preview[aria-live]").count() == 0


def test_preview_that_does_not_come_says_so_in_its_own_place_until_one_comes(tab: Page) -> None:
    tab.route("**/reserveren?*", lambda route: route.abort())
    tab.get_by_label("Hele ruimte").check(force=True)
    for place in ("#booking-preview", "#chosen"):
        expect(tab.locator(place)).to_contain_text("niet kijken")
    expect(tab.locator(".om-slotbar")).to_have_count(0)
    expect(tab.get_by_text("Niet verstuurd")).to_have_count(0)
    tab.unroute_all()
    tab.select_option("#ends", "18:00")
    expect(tab.locator(".om-slotbar")).to_have_count(1)
    expect(tab.get_by_text("niet kijken")).to_have_count(0)
    tab.evaluate("document.getElementById('messages').textContent = 'Van eerder'")
    tab.select_option("#ends", "17:00")
    expect(tab.locator("#messages")).to_be_empty()
