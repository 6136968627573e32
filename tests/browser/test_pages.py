"""Every page and state in Chromium: axe finds nothing, nothing scrolls sideways, nothing is blocked."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from ontmoet.people.personas import PIN_PERSONAS
from ontmoet.portal.style_guide import PARTS
from tests.browser.machine import sign_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Literal

    from playwright.sync_api import Browser, CDPSession, Page, ViewportSize

    Look = tuple[ViewportSize | None, Literal["light", "dark"]]

pytestmark = pytest.mark.browser

AXE = Path("node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

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
SMALLEST, PHONE, LAPTOP = (
    {"width": width, "height": height} for width, height in ((320, 640), (360, 740), (1280, 800))
)
OF_COLOURS = ["color-contrast", "link-in-text-block"]
OF_SIZES = ["scrollable-region-focusable", "target-size"]
OF_THE_LOOK = [*OF_COLOURS, *OF_SIZES]
"""Rules of axe whose answer depends on colours and sizes, and takes longest to find."""
SIDEWAYS = "document.documentElement.scrollWidth > innerWidth ? [`scrolls sideways at ${innerWidth} px`] : []"
FAULTS = f"""async ([where, rules]) => {{
  const context = where ? {{ include: where.map((kind) => ofKind.get(kind)) }} : document;
  const options = {{ ...rules, preload: false, resultTypes: ["violations"] }};
  const {{ violations }} = await axe.run(context, options);
  const faults = violations.map(({{ id, nodes }}) => `${{id}}: ${{nodes[0].html.slice(0, 120)}}`);
  return where ? faults : [...faults, ...{SIDEWAYS}];
}}"""
"""In words already: what axe tells of everything else takes longer to carry over than to find. Style sheets
and sound, which no rule of ours asks for, are not loaded once more.
"""
KINDS = """() => {
  const isText = (node) => node.nodeType === Node.TEXT_NODE && node.data.trim();
  const isField = ({ localName }) => /^(input|select|textarea)$/.test(localName);
  const isRead = (element) => isField(element) || [...element.childNodes].some(isText);
  window.ofKind = new Map();
  const note = (element, outside, surface) => {
    const kind = `${element.localName}.${element.getAttribute("class")} ${element.matches(":disabled")}`;
    const { backgroundColor, color } = getComputedStyle(element);
    const behind = backgroundColor === "rgba(0, 0, 0, 0)" ? surface : `${kind} ${backgroundColor}`;
    const whole = `${kind} ${color} in ${outside} on ${behind}`;
    if (!ofKind.has(whole) && isRead(element) && element.checkVisibility()) ofKind.set(whole, element);
    for (const child of element.children) note(child, `${element.localName} ${color}`, behind);
  };
  note(document.body, "html", "paper");
  return [...ofKind.keys()];
}"""
"""What a page says: kinds of elements with text, each in its colours on those of what is behind it."""
LOOKED_AT: set[str] = set()
"""The kinds that the rules of the look were asked about: most pages are made of the same."""


@pytest.fixture
def page(blind: Browser, demo_address: str) -> Iterator[Page]:
    """A tab in that browser, on a phone by day, that has axe in each page it visits."""
    context = blind.new_context(
        base_url=demo_address, viewport=PHONE, color_scheme="light", reduced_motion="reduce", locale="nl-NL"
    )
    # With each page: sending it along after every one took twice as long.
    context.add_init_script(AXE)
    yield context.new_page()
    context.close()


def faults_of(page: Page) -> list[str]:
    """What axe finds as the page is looked at, and what of its look on a laptop in the dark; and where it
    scrolls sideways: so, there and on the smallest phone.
    """
    # After a press the next page is there before its content is.
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    by_day: Look = (page.viewport_size, "light")
    _look(page, *by_day)
    faults = _faults(page, (LAPTOP, "dark"))
    _look(page, *by_day)
    return faults


def faults_at(page: Page, paths: Iterable[str | None]) -> dict[str | None, list[str]]:
    """The same of many pages, each loaded on a phone by day or on a laptop in the dark, by turns; and
    whether they fit on the phone with the browser's own letters at 200 %.
    """
    found = {}
    browser = page.context.new_cdp_session(page)
    looks: list[Look] = [(PHONE, "light"), (LAPTOP, "dark")]
    for path in paths:
        page.goto(str(path))
        before = _in_large_letters(page, browser)
        faults = [*before, *_faults(page, looks[1]), *_in_large_letters(page, browser)]
        if faults:
            found[path] = faults
        looks.reverse()
    browser.detach()
    _look(page, PHONE, "light")
    return found


def _in_large_letters(page: Page, browser: CDPSession) -> list[str]:
    if page.viewport_size != PHONE:
        return []
    browser.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    faults = [f"{fault} with letters twice as large" for fault in page.evaluate(SIDEWAYS)]
    browser.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
    return faults


def _look(page: Page, size: ViewportSize | None, scheme: Literal["light", "dark"]) -> None:
    page.set_viewport_size(size or PHONE)
    # A colour on its way to another is neither of the two.
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")


def _faults(page: Page, then: Look) -> list[str]:
    # It is on a phone that there is little room.
    elsewhere = OF_THE_LOOK if page.viewport_size == LAPTOP else OF_COLOURS
    all_others = {"runOnly": RULES, "rules": {rule: {"enabled": False} for rule in elsewhere}}
    faults = [*_found(page, all_others), *_of_what_is_new(page)]
    page.set_viewport_size(SMALLEST)
    faults += page.evaluate(SIDEWAYS)
    _look(page, *then)
    faults += _found(page, _only(OF_SIZES)) if page.viewport_size == PHONE else page.evaluate(SIDEWAYS)
    return [*faults, *_of_what_is_new(page)]


def _of_what_is_new(page: Page) -> list[str]:
    new = sorted({*page.evaluate(KINDS)} - LOOKED_AT)
    LOOKED_AT.update(new)
    return _found(page, _only(OF_THE_LOOK), new) if new else []


def _only(rules: list[str]) -> dict[str, object]:
    return {"runOnly": {"type": "rule", "values": rules}}


def _found(page: Page, rules: Mapping[str, object], where: list[str] | None = None) -> list[str]:
    """What axe finds in a page, and whether it scrolls sideways; or in an element of each of these kinds."""
    found: list[str] = page.evaluate(FAULTS, [where, rules])
    return found


def listen(page: Page) -> list[str]:
    """What the browser complains about: blocked by policy, script errors."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: (
            complaints.append(message.text)
            if message.type == "error" and "Failed to load resource" not in message.text
            else None
        ),
    )
    return complaints


SOUND = """<!doctype html><html lang="nl"><meta name="viewport" content="width=device-width">
<title>Een pagina</title><style>
html {{ background: white; color: black }} body {{ margin: 0 }}
@media (prefers-color-scheme: dark) {{ html {{ background: black; color: white }} }}
{}</style><main><h1>Een pagina</h1><div class="{}">Tekst</div></main>"""
PLANTED = {
    "": [],
    "@media (prefers-color-scheme: light) { div { color: silver } }": ["color-contrast"],
    "@media (prefers-color-scheme: dark) { div { color: #333 } }": ["color-contrast"],
    "@media (width > 1000px) { div { width: 1281px } }": ["scrolls sideways at 1280 px"],
    "div { width: 340px }": ["scrolls sideways at 320 px"],
    "div { width: 18rem }": ["scrolls sideways at 360 px with letters twice as large"],
}
"""What is wrong with a page, and in which of the looks it is found."""


@pytest.fixture
def _looked_at_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages with a style sheet of their own, and ours, do not know each other's kinds."""
    monkeypatch.setitem(globals(), "LOOKED_AT", set())


@pytest.mark.usefixtures("_looked_at_nothing")
@pytest.mark.parametrize("name", ["known", "planted-{}"], ids=["of one class", "each of its own"])
def test_fault_is_found_in_whatever_look_it_is_there(page: Page, name: str) -> None:
    for before in ((), ("data:text/html,",)):
        planted = {
            f"data:text/html,{quote(SOUND.format(style, name.format(f'{len(before)}{number}')))}": faults
            for number, (style, faults) in enumerate(PLANTED.items())
        }
        LOOKED_AT.clear()
        found = faults_at(page, [*before, *planted])
        assert {path: [fault.split(": <")[0] for fault in found.get(path, [])] for path in planted} == planted


@pytest.mark.usefixtures("_looked_at_nothing")
def test_what_was_looked_at_is_not_looked_at_again(page: Page) -> None:
    light = next(style for style, faults in PLANTED.items() if "light" in style and faults)
    path = f"data:text/html,{quote(SOUND.format(light, 'known'))}"
    assert [[*faults_at(page, [path])] for _ in range(2)] == [[path], []]


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
        "/mijn/sleutels",
        *(f"{keys[0]}{path}" for path in ("", "/terug-voor", "/aan-een-organisatie")),
        # Of the key that was lent least: of others it is the same page, ten times as long.
        f"{keys[-1]}/hiervoor",
        keys[-1],
    )
    assert faults_at(page, paths) == {}
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
    page.get_by_role("button", name="Zeg de hele reeks af").press("Enter")
    assert "Deze reeks is afgelopen." in page.inner_text("main")
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
    with browser.new_context(base_url=demo_address, viewport=PHONE, reduced_motion="reduce") as context:
        context.add_init_script(AXE)
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
