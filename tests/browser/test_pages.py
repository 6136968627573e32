"""Every page and state in Chromium: axe finds nothing, nothing scrolls sideways, nothing is blocked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from ontmoet.people.personas import PIN_PERSONAS
from ontmoet.portal.style_guide import PARTS
from tests.browser.looks import faults_at, faults_of, listen, on_a_phone
from tests.browser.machine import sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

PUBLIC = (
    "/",
    "/inloggen",
    "/inloggen/adres",
    "/welkom",
    "/welkom/niet-een-code",
    "/inloggen?next=/mijn",
    "/inloggen/vergeten",
    "/inloggen/code",
    "/inloggen/link?t=x",
    "/inloggen/briefje",
    "/inloggen/wachten",
    "/r/de-linde",
    "/r/t-hoekje",
    "/r/de-ark",
    "/r/de-linde/agenda",
    "/wie-mag-wat",
    "/r/de-linde/huisregels",
    "/r/de-linde/huisregels?versie=2",
    "/r/de-linde/huisregels/afdrukken",
    "/r/de-linde/nood",
    "/r/de-linde/poster",
    "/r/de-linde/scherm",
    "/r/de-linde/agenda/telefoon",
    "/r/de-linde/agenda/afdrukken",
    "/r/bestaat-niet",
    "/s/0000000000",
    "/privacy",
    "/toegankelijkheid",
    "/geen-verbinding",
    *(f"/stijlgids?deel={part}" for part in PARTS),
)
NOORS = (
    "/scan",
    "/mijn/sleutels",
    "/mijn",
    "/r/de-linde",
    "/r/de-linde/agenda?week=2026-W48",
    "/r/de-linde/agenda?dag=2026-11-24",
    "/r/de-linde/agenda?maand=2026-11",
    "/r/de-linde/agenda?lijst=",
    "/r/de-linde/agenda?week=2026-W99",
    "/r/de-linde/reserveren",
    "/r/de-linde/reserveren?van=2026-11-24T19:00&tot=2026-11-24T21:00",
    "/r/de-linde/reserveren?day=2020-01-01&starts=14:00&ends=16:00&zone=keuken&people=4",
    "/r/de-linde/reserveren?day=2031-02-28&starts=14:00&ends=16:00&zone=keuken&people=4",
    f"/r/de-linde/reserveren?day={'m' * 99}&zone={'z' * 99}",
    "/r/het-plein/reserveren",
    "/r/de-linde/huisregels",
    "/r/de-linde/huisregels?versie=1",
    "/mijn/gegevens",
    "/mijn/gegevens/alles",
    "/mijn/gegevens/wijzigen",
    "/mijn/gegevens/e-mailadres",
    "/mijn/gegevens/e-mailadres/code",
    "/mijn/gegevens/verwijderen",
    "/mijn/berichten",
    "/mijn/agenda",
    "/mijn/wachtwoord",
    "/mijn/pincode",
    "/mijn/toegang",
)
HENKS = ("/mijn", "/mijn/pincode")
SANNES = (
    "/mijn",
    "/mijn/toegang",
    "/mijn/toegang/app",
    "/mijn/toegang/reservecodes",
    "/r/het-plein",
    "/r/het-plein/agenda",
    "/r/de-ark/agenda?maand=2026-11",
    "/r/de-linde/brieven",
    "/r/de-linde/brieven?pagina=2",
    "/r/de-linde/brieven?toon=ongebruikt",
    "/r/de-linde/beheer",
    "/corporatie/beheer",
    "/r/de-linde/opkomst?dag=2026-11-23",
    "/r/de-linde/inrichting",
    "/r/de-linde/inrichting/zones",
    "/r/de-linde/inrichting/zone?deel=keuken",
    "/r/de-linde/inrichting/gebruik",
    "/r/de-linde/inrichting/naam",
    "/r/de-linde/inrichting/sluiten",
    "/r/de-linde/inrichting/samenvoegen",
    "/r/t-hoekje/inrichting/samenvoegen?into=de-linde",
    "/r/de-linde/mensen",
    "/r/de-linde/mensen/zelf-stoppen?functie=staff",
    "/r/de-linde/buren",
    "/r/de-linde/organisaties",
    "/r/de-linde/openingstijden",
    "/r/de-linde/openingstijden/dagen",
    "/r/de-linde/openingstijden/feestdagen?regio=noord",
    "/r/de-linde/reserveerregels",
    "/r/de-linde/bellijst",
    "/r/de-linde/sleutels",
    "/r/de-linde/sleutels/nieuw",
    "/r/de-linde/sleutels/labels",
    "/r/de-linde/sleutels/dienst",
    "/r/de-linde/sleutels/kluis",
    "/r/de-linde/sleutels/kastjes",
    "/r/de-linde/sleutels/kastjes/nieuw",
    "/r/de-brug/sleutels/kluis",
    "/r/de-brug/sleutels/kastjes",
    "/r/de-linde/bellijst/briefjes",
    "/r/de-linde/briefje",
    "/r/de-linde/namens",
    "/r/de-linde/huisregels",
    "/r/de-linde/huisregels/nieuw",
    "/r/de-linde/huisregels/op-papier",
    "/r/de-linde/agenda/overnemen",
    "/r/de-linde/sluitingen",
    "/r/de-linde/sluitingen/nieuw",
    "/r/de-linde/werk",
    "/r/de-linde/werk/nieuw",
    "/r/de-ark/sluitingen",
)
MOS = (
    "/mijn",
    "/corporatie/mensen",
    "/corporatie/beheer/start",
    "/corporatie/beheer/inlezen",
    "/corporatie/beheer/inlezen/ruimtes",
    "/corporatie/beheer/inlezen/mensen",
    "/corporatie/beheer/vanzelf",
    "/corporatie/beheer/gegevens",
    "/corporatie/beheer/gegevens/tabel?naam=booking",
    "/r/de-linde/beheer",
    "/r/de-linde/mensen",
    "/r/het-plein/aanvragen",
    "/r/t-hoekje/aanvragen",
)
ABOUT_A_PERSON = (
    "",
    "/functie",
    "/stoppen?functie=host",
    "/verhuisd",
    "/reserveringen",
    "/overleden",
    "/samenvoegen",
    "/verwijderen",
)

REFUSED = re.compile("^Fout: ")
"""How the title of a page begins that has a form back."""


def test_public_pages_are_accessible(page: Page) -> None:
    complaints = listen(page)
    assert faults_at(page, PUBLIC) == {}
    assert complaints == []


def test_pages_of_a_resident_are_accessible(page: Page) -> None:
    sign_in(page, "noor")
    complaints = listen(page)
    page.goto("/mijn")
    first = page.locator(".om-rows a").first.get_attribute("href")
    paths = (*NOORS, first, f"{first}/wijzigen")
    assert faults_at(page, paths) == {}
    assert complaints == []


def test_pages_of_somebody_without_email_are_accessible(page: Page) -> None:
    henk = PIN_PERSONAS[0]
    page.goto("/inloggen/adres")
    for field, typed in (("address_name", henk.address_name), ("nickname", henk.nickname), ("pin", henk.pin)):
        page.fill(f"#{field}", typed)
    page.press("#pin", "Enter")
    page.wait_for_url("**/mijn")
    assert faults_at(page, HENKS) == {}
    page.goto("/mijn/pincode")
    page.get_by_role("button", name="Bewaar").press("Enter")
    expect(page.locator("#current-error")).to_be_visible()
    assert faults_of(page) == []


def test_pages_of_staff_are_accessible(page: Page) -> None:
    sign_in(page, "sanne")
    page.goto("/r/de-linde/agenda")
    booking = page.locator("[data-booking] a").first.get_attribute("href")
    page.goto("/r/de-linde/mensen")
    person = page.get_by_role("link", name="Bram Visser").first.get_attribute("href")
    other = page.get_by_role("link", name="Hennie Vos").first.get_attribute("href")
    page.goto("/r/de-linde/organisaties")
    partner = page.get_by_role("link", name="Zorggroep De Waard").get_attribute("href")
    page.goto("/r/de-linde/reeksen")
    series = page.locator("a[href^='/reeksen/']").first.get_attribute("href")
    paths = (
        *SANNES,
        booking,
        f"{booking}/briefje",
        *(f"{person}{path}" for path in ABOUT_A_PERSON),
        f"{person}/samenvoegen/{str(other).rsplit('/', 1)[1]}",
        partner,
        f"{partner}/wijzigen",
        f"{series}/afwijzen",
    )
    assert faults_at(page, paths) == {}


def test_series_that_is_declined_without_a_word_is_accessible(page: Page) -> None:
    sign_in(page, "sanne")
    page.goto("/r/de-linde/reeksen")
    series = page.locator("a[href^='/reeksen/']").first.get_attribute("href")
    page.goto(f"{series}/afwijzen")
    page.get_by_role("button", name="Wijs deze dagen af").press("Enter")
    expect(page).to_have_title(REFUSED)
    assert faults_of(page) == []


def test_pages_of_keys_are_accessible_in_the_cabinet_and_out(page: Page) -> None:
    sign_in(page, "bram")
    complaints = listen(page)
    page.goto("/r/de-linde/sleutels")
    keys = [link.get_attribute("href") for link in page.locator("a[href^='/sleutels/']").all()]
    paths = (
        "/r/de-linde",
        "/mijn/sleutels",
        *(f"{keys[0]}{path}" for path in ("", "/terug-voor", "/aan-een-organisatie")),
        # Of the key that was lent least: of others it is the same page, ten times as long.
        f"{keys[-1]}/hiervoor",
    )
    assert faults_at(page, paths) == {}
    page.goto(str(keys[-1]))
    for summary in page.locator("summary").all():
        summary.press("Enter")
    assert faults_of(page) == []
    page.get_by_role("link", name="Aan iemand anders geven").press("Enter")
    page.wait_for_url("**/aan-iemand-anders")
    assert faults_of(page) == []
    page.fill("#name", "noor")
    page.press("#name", "Enter")
    page.wait_for_url("**/aan-iemand-anders?gevonden")
    assert faults_of(page) == []
    page.get_by_label("Een andere tijd", exact=True).press("Space")
    page.get_by_label("Op welke dag?").fill("")
    page.get_by_role("button", name="Geef de sleutel").press("Enter")
    expect(page).to_have_title(REFUSED)
    assert faults_of(page) == []
    assert complaints == []


def test_key_duty_and_a_time_of_choice_are_accessible(page: Page) -> None:
    sign_in(page, "bram")
    complaints = listen(page)
    page.goto("/r/de-linde/sleutels/dienst")
    page.get_by_role("button", name="Schrijf de overdracht op").press("Enter")
    expect(page).to_have_title(REFUSED)
    assert faults_of(page) == []
    page.locator("li", has_text="De telling klopte niet").get_by_role("link").first.press("Enter")
    expect(page.get_by_text("Dat is er 1 minder dan in de lijst.")).to_be_visible()
    assert faults_of(page) == []
    page.goto("/r/de-linde/sleutels")
    page.locator("a[href^='/sleutels/']").last.press("Enter")
    page.get_by_role("link", name="Een andere tijd voor").first.press("Enter")
    expect(page.get_by_label("Op welke dag?")).to_be_hidden()
    page.get_by_label("Een andere tijd", exact=True).press("Space")
    page.get_by_label("Op welke dag?").fill("2020-01-01")
    assert faults_of(page) == []
    page.get_by_role("button", name="Geef aan").press("Enter")
    expect(page).to_have_title(REFUSED)
    expect(page.get_by_label("Op welke dag?")).to_be_visible()
    assert faults_of(page) == []
    page.goto("/r/de-linde/sleutels")
    assert complaints == []


def test_hours_and_rules_are_accessible_when_refused_and_when_looked_at(page: Page) -> None:
    sign_in(page, "sanne")
    complaints = listen(page)
    page.goto("/r/de-linde/openingstijden")
    page.locator("summary").first.press("Enter")
    page.fill("#day_0_opens", "25:00")
    page.get_by_role("button", name="Bewaar de openingstijden").press("Enter")
    expect(page).to_have_title(REFUSED)
    assert faults_of(page) == []
    page.fill("#day_0_opens", "21:00")
    page.get_by_role("button", name="Maandag tot en met vrijdag zo").press("Enter")
    expect(page.locator("#day_4_opens")).to_have_value("21:00")
    page.get_by_role("button", name="Bewaar de openingstijden").press("Enter")
    expect(page.get_by_role("button", name="Bewaar, deze blijven staan")).to_be_visible()
    assert faults_of(page) == []
    page.goto("/r/de-linde/openingstijden/dagen")
    expect(page.get_by_label("Open van")).to_be_hidden()
    page.get_by_label("Andere tijden").press("Space")
    page.get_by_role("button", name="Bewaar deze dag").press("Enter")
    expect(page).to_have_title(REFUSED)
    assert faults_of(page) == []
    page.goto("/r/de-linde/reserveerregels")
    page.select_option("#longest", "60")
    page.get_by_role("button", name="Bekijk wat dit betekent").press("Enter")
    expect(page).to_have_title(REFUSED)
    assert faults_of(page) == []
    page.select_option("#usual", "60")
    page.get_by_role("button", name="Bekijk wat dit betekent").press("Enter")
    expect(page.get_by_role("button", name="Bewaar deze regels")).to_be_visible()
    assert faults_of(page) == []
    page.goto("/r/de-linde/beheer")
    assert complaints == []


def test_figures_that_are_asked_back_are_accessible(page: Page) -> None:
    sign_in(page, "bram")
    complaints = listen(page)
    page.goto("/r/de-linde/opkomst?dag=2026-11-23")
    page.get_by_label("Inloop, zonder reservering").fill("400")
    page.get_by_role("button", name="Bewaar").press("Enter")
    expect(page).to_have_title(REFUSED)
    expect(page.get_by_role("button", name="Ja, dit klopt. Bewaar")).to_be_visible()
    assert faults_of(page) == []
    page.locator(".om-error-summary a").press("Enter")
    assert page.evaluate("document.activeElement.value") == "400"
    assert complaints == []


def test_code_of_a_box_and_forms_about_it_are_accessible(page: Page) -> None:
    sign_in(page, "sanne")
    complaints = listen(page)
    page.goto("/r/de-brug/sleutels/kluis")
    for summary in page.locator("summary").all():
        summary.press("Enter")
    assert faults_of(page) == []
    page.get_by_role("button", name="Laat de code zien").press("Enter")
    expect(page.locator(".om-box-code")).to_have_text("7 3 0 6 1 5")
    assert faults_of(page) == []
    page.goto("/r/de-brug/sleutels/kluis")
    page.fill("#code", "1234")
    page.get_by_role("button", name="Bewaar").press("Enter")
    expect(page.locator("#code-error")).to_be_visible()
    assert faults_of(page) == []
    page.goto("/r/de-brug/sleutels/kastjes")
    page.get_by_role("link", name="Verander kastje 3").press("Enter")
    page.locator("summary").press("Enter")
    assert faults_of(page) == []
    assert complaints == []


def test_requests_and_the_forms_about_them_are_accessible(page: Page) -> None:
    sign_in(page, "fatma")
    complaints = listen(page)
    queue = "/r/het-plein/aanvragen"
    page.goto(queue)
    settled = [link.get_attribute("href") for link in page.locator(".om-rows a").all()]
    assert faults_at(page, settled) == {}
    page.goto(queue)
    assert faults_of(page) == []
    page.get_by_role("link", name="Vraag iets").first.press("Enter")
    page.get_by_role("button", name="Stel de vraag").press("Enter")
    expect(page).to_have_title(REFUSED)
    assert faults_of(page) == []
    page.goto(queue)
    page.get_by_role("link", name="Afwijzen").first.press("Enter")
    page.get_by_role("button", name="Wijs de aanvraag af").press("Enter")
    expect(page).to_have_title(REFUSED)
    assert faults_of(page) == []
    page.goto("/mijn?alles=1")
    page.get_by_role("link", name="aangevraagd").first.press("Enter")
    assert faults_of(page) == []
    assert complaints == []


def test_series_is_accessible_from_the_form_to_its_page_and_back(page: Page) -> None:
    sign_in(page, "bram")
    complaints = listen(page)
    page.goto("/r/de-linde/reserveren")
    page.get_by_role("button", name="Vaker komen? Maak een reeks").press("Enter")
    assert faults_of(page) == []
    # What is asked of every month is asked of who chooses that.
    of_the_month, of_the_week = (
        page.get_by_role("group", name=f"Bij elke {each}")
        for each in ("maand: welke dag?", "week: op welke dagen?")
    )
    expect(of_the_month).to_be_hidden()
    expect(of_the_week).to_be_visible()
    page.get_by_label("Elke maand").press("Space")
    expect(of_the_week).to_be_hidden()
    page.get_by_label("Dezelfde datum").press("Space")
    page.get_by_label("Elke week").press("Space")
    expect(of_the_month).to_be_hidden()
    page.fill("#last", "2020-01-01")
    page.get_by_role("button", name="Bekijk de dagen").press("Enter")
    expect(page).to_have_title(REFUSED)
    assert faults_of(page) == []
    page.fill("#last", "2027-04-30")
    page.fill("#purpose", "Breiclub")
    page.get_by_role("button", name="Bekijk de dagen").press("Enter")
    assert faults_of(page) == []
    page.get_by_role("checkbox").first.press("Space")
    page.get_by_role("button", name="Maak deze reeks").press("Enter")
    page.wait_for_url("**/reeksen/*")
    assert faults_of(page) == []
    page.get_by_role("link", name="Verander alles wat nog komt").press("Enter")
    assert faults_of(page) == []
    page.get_by_role("button", name="Bekijk de dagen").press("Enter")
    assert faults_of(page) == []
    page.get_by_role("link", name="Toch niet").press("Enter")
    its = page.url
    page.locator("a[href^='/reserveringen/']").first.press("Enter")
    assert faults_of(page) == []
    page.goto("/r/de-linde/reeksen")
    assert faults_of(page) == []
    page.locator("a[href^='/reeksen/']", has_text="inloop").first.press("Enter")
    page.wait_for_url("**/reeksen/*")
    page.goto(f"{page.url}/gastheer")
    assert faults_of(page) == []
    page.goto(its)
    # It takes a tap more than one day does: of forty days none comes back by itself.
    expect(page.get_by_role("button", name="Zeg de hele reeks af")).to_be_hidden()
    page.locator("summary", has_text="helemaal niemand").press("Enter")
    assert faults_of(page) == []
    page.get_by_role("button", name="Zeg de hele reeks af").press("Enter")
    expect(page.get_by_text("Deze reeks is afgelopen.").first).to_be_visible()
    assert complaints == []


def test_closing_a_room_over_bookings_is_accessible(page: Page) -> None:
    sign_in(page, "sanne")
    complaints = listen(page)
    page.goto("/r/de-linde/sluitingen/nieuw")
    page.get_by_role("button", name="Sluit de ruimte").press("Enter")
    expect(page).to_have_title(REFUSED)
    assert faults_of(page) == []
    page.fill("#first", "2026-11-26")
    page.fill("#reason", "De vloer wordt gelakt")
    page.get_by_role("button", name="Sluit de ruimte").press("Enter")
    expect(page.get_by_role("heading", name="Wie moet plaatsmaken?")).to_be_visible()
    assert faults_of(page) == []
    page.get_by_role("button", name="Toch niet").press("Enter")
    assert page.locator("#reason").input_value() == "De vloer wordt gelakt"
    for path in ("/r/de-ark/sluitingen", "/r/de-linde/werk"):
        page.goto(path)
        page.get_by_role("link", name="Verander").first.press("Enter")
        assert faults_of(page) == []
    assert complaints == []


def test_pages_of_an_administrator_are_accessible(page: Page) -> None:
    sign_in(page, "mo")
    assert faults_at(page, MOS) == {}


def test_pages_for_a_neighbour_and_for_new_house_rules_are_accessible(page: Page) -> None:
    sign_in(page, "sanne")
    complaints = listen(page)
    page.goto("/r/de-linde/namens")
    page.fill("#name", "henk mul")
    page.press("#name", "Enter")
    assert faults_of(page) == []
    page.get_by_role("link", name="Henk Mulder").first.press("Enter")
    page.wait_for_url("**/reserveren?voor=*")
    assert faults_of(page) == []
    page.get_by_role("link", name="Hoe Henk van ons hoort").press("Enter")
    page.wait_for_url("**/namens/berichten?voor=*")
    assert faults_of(page) == []
    page.goto("/r/de-linde/huisregels/nieuw")
    page.fill("#body", page.locator("#body").input_value().replace("21:30", "21:00"))
    page.fill("#change_note", "Het is nu eerder stil.")
    page.get_by_role("button", name="Bekijk wat er verandert").press("Enter")
    assert page.locator("del").inner_text().endswith("21:30")
    assert faults_of(page) == []
    assert complaints == []


def test_refused_form_is_accessible_and_takes_focus(page: Page) -> None:
    sign_in(page, "noor")
    page.goto("/r/de-linde/reserveren")
    page.fill("#people", "1000000")
    page.fill("#purpose", "Café met de buren 🎉")
    page.get_by_role("button", name="Reserveer", exact=True).press("Enter")
    expect(page).to_have_title(REFUSED)
    assert page.locator("#purpose").input_value() == "Café met de buren 🎉"
    assert faults_of(page) == []
    page.locator(".om-error-summary a").first.press("Enter")
    assert page.evaluate("document.activeElement.id") == "people"


def test_waiting_and_an_offer_are_accessible(page: Page, browser: Browser, demo_address: str) -> None:
    wish = "/r/de-linde/reserveren?day=2027-04-09&starts=14:00&ends=16:00&zone=keuken&people=2&purpose="
    sign_in(page, "noor")
    page.goto(wish)
    page.get_by_role("button", name="Reserveer").press("Enter")
    page.wait_for_url("**/reserveringen/*")
    with on_a_phone(browser, demo_address) as context:
        neighbour = context.new_page()
        sign_in(neighbour, "bram")
        neighbour.goto(wish)
        neighbour.get_by_role("button", name="Zet mij op de wachtlijst").press("Enter")
        neighbour.wait_for_url("**/reserveringen/*")
        assert faults_of(neighbour) == []
        page.get_by_role("button", name="Zeg af").press("Enter")
        expect(page.get_by_text("Afgezegd.").first).to_be_visible()
        neighbour.reload()
        assert faults_of(neighbour) == []
        neighbour.get_by_role("button", name="Ja, ik neem hem").press("Enter")
        expect(neighbour.get_by_text("Gelukt. De tijd is van jou.")).to_be_visible()
