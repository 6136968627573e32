"""The scanner, in Chromium with a camera that is fed a film.

Chromium has no reader of QR codes of its own on Linux: what reads the films is the reader that we serve.
Where a test is about the browser's own reader, about the lamp or about a camera in use, the browser's
part is played by a few lines of script, put there before the page is loaded.
"""

from __future__ import annotations

import io
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from ontmoet.keys.tags import tag_code
from tests.browser.film import SHOWS, code, film
from tests.browser.looks import faults_of, listen
from tests.browser.machine import CAST, chromium, served, sign_in
from tests.keys.deeds import a_key

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

    from playwright.sync_api import Browser, Page, Playwright

    from tests.cast import Neighbourhood
    from tests.keys.deeds import Ring

pytestmark = pytest.mark.browser

ON, OFF = "Zet de camera aan", "Zet de camera uit"
KEPT = """
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wish) => (window.kept = await open(wish));
window.track = () => window.kept.getVideoTracks()[0];
"""
"""The camera's picture stays within reach of the test."""

OWN_READER = """
window.seen = [];
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["aztec", "qr_code"]; }
  async detect() { return window.seen.map((rawValue) => ({ rawValue })); }
};
"""
LAMP = """
MediaStreamTrack.prototype.getCapabilities = () => ({ torch: true });
MediaStreamTrack.prototype.applyConstraints = async (wish) => { window.lamp = wish.advanced[0].torch; };
"""


@pytest.fixture(scope="module")
def seeing(playwright: Playwright) -> Iterator[Browser]:
    """A browser with a camera that may be used; it shows nothing that can be read."""
    with chromium(playwright, *SHOWS) as browser:
        yield browser


@pytest.fixture
def address(hood: Neighbourhood) -> Iterator[str]:
    """Where the neighbourhood answers."""
    with served(hood.app) as address:
        yield address


@pytest.fixture
def ring(hood: Neighbourhood) -> Ring:
    return a_key(hood)


def label_of(ring: Ring) -> str:
    copy = ring.copy
    return tag_code(copy.public_id, copy.tag_edition, key=ring.app.extensions["ontmoet_config"].token_key)


@contextmanager
def visit(
    browser: Browser, address: str, name: str, path: str, script: str = "", **of: Any
) -> Iterator[Page]:
    """The phone of somebody who signed in, on this page."""
    context = browser.new_context(
        base_url=address, viewport={"width": 360, "height": 740}, locale="nl-NL", **of
    )
    if script:
        context.add_init_script(script)
    page = context.new_page()
    sign_in(page, name, CAST)
    page.goto(path)
    yield page
    context.close()


def test_printed_label_held_before_the_camera_opens_its_key(
    browser: Browser, playwright: Playwright, address: str, ring: Ring, tmp_path: Path
) -> None:
    with visit(browser, address, "sanne", "/r/de-linde/sleutels/labels") as paper:
        paper.emulate_media(media="print")
        label = Image.open(io.BytesIO(paper.locator(".om-key-tags li").screenshot()))
    [read] = zxingcpp.read_barcodes(label)
    assert read.text == f"http://127.0.0.1:8000/s/{label_of(ring)}"
    with (
        chromium(playwright, *SHOWS, film(tmp_path / "label.y4m", label)) as browser_with_camera,
        visit(browser_with_camera, address, "bram", "/r/de-linde/sleutels") as phone,
    ):
        complaints = listen(phone)
        asked: list[str] = []
        phone.on("request", lambda request: asked.append(request.url.removeprefix(address)))
        phone.get_by_role("link", name="Scan een label").click()
        phone.wait_for_url("**/scan")
        assert not phone.evaluate("'BarcodeDetector' in window")
        assert [path for path in asked if "reader" in path] == []
        phone.get_by_role("button", name=ON).click()
        phone.wait_for_url(f"**/sleutels/{ring.public_id}")
        fetched = [re.sub(r"\.[0-9a-f]{12}\.", ".", path) for path in asked if "reader" in path]
        assert fetched == ["/static/dist/reader.js", "/static/dist/reader.wasm"]
        assert complaints == []


def test_code_of_another_site_is_named_so_and_not_followed(
    playwright: Playwright, address: str, ring: Ring, tmp_path: Path
) -> None:
    elsewhere = code(f"https://evil.example/s/{label_of(ring)}")
    with (
        chromium(playwright, *SHOWS, film(tmp_path / "evil.y4m", elsewhere)) as browser,
        visit(browser, address, "bram", "/scan", KEPT) as phone,
    ):
        complaints = listen(phone)
        asked: list[str] = []
        phone.on("request", lambda request: asked.append(request.url))
        phone.get_by_role("button", name=ON).click()
        expect(phone.get_by_role("status").last).to_contain_text("Deze code hoort niet bij Ontmoet.")
        assert faults_of(phone) == []
        assert phone.evaluate("track().readyState") == "live"
        assert phone.evaluate("track().getConstraints().facingMode") == "environment"
        assert [url for url in asked if not url.startswith(address)] == []
        assert phone.url == f"{address}/scan"
        assert complaints == []


def test_own_reader_of_the_browser_is_used_and_only_our_paths_are_followed(
    seeing: Browser, address: str, ring: Ring
) -> None:
    label = label_of(ring)
    ours = "http://127.0.0.1:8000"
    with visit(seeing, address, "fatma", "/scan", KEPT + OWN_READER) as phone:
        asked: list[str] = []
        phone.on("request", lambda request: asked.append(request.url))
        phone.get_by_role("button", name=ON).click()
        for other in (
            f"https://evil.example/s/{label}",
            f"{ours}@evil.example/s/{label}",
            f"{ours}.evil.example/s/{label}",
            f"//evil.example/s/{label}",
            f"{ours}//evil.example/s/{label}",
            f"{ours}/s/..//evil.example",
            f"javascript:location.assign('/s/{label}')",
            f"data:text/html,/s/{label}",
            f"{ours}/uitloggen",
            f"{ours}/s/{label}/x",
            label,
            "WIFI:S:Linde;T:WPA;P:geheim;;",
            "",
        ):
            # Each must be told anew.
            phone.evaluate(
                "text => { document.getElementById('scanner-says').dataset.says = ''; seen = [text]; }", other
            )
            expect(phone.locator("#scanner-says[data-says=foreign]"), other).to_be_visible()
        assert [url for url in asked if "favicon" not in url] == []
        # Of another room: who found it reads whom to call.
        phone.evaluate("texts => { seen = texts; }", ["https://evil.example/", f"{ours}/s/{label}?x=1#y"])
        expect(phone.get_by_role("heading", name="Een sleutel gevonden?")).to_be_visible()
        assert phone.url == f"{address}/s/{label}"
        for path in ("/r/de-linde", f"/welkom/{label}"):
            phone.goto("/scan")
            phone.get_by_role("button", name=ON).click()
            phone.evaluate("text => { seen = [text]; }", f"{address}{path}")
            phone.wait_for_url(f"**{path}")
        phone.goto("/scan")
        phone.get_by_role("button", name=ON).click()
        phone.evaluate("text => { seen = [text]; }", f"{address}/k/een_geheim-van-een-kaart")
        said = "Dit is een strippenkaart. Die werkt hier nog niet."
        expect(phone.get_by_role("status").last).to_have_text(said)
        assert phone.url == f"{address}/scan"
        assert [url for url in asked if "reader" in url] == []


def test_camera_goes_off_by_hand_and_when_the_page_is_left(seeing: Browser, address: str) -> None:
    with visit(seeing, address, "noor", "/scan", KEPT + OWN_READER) as phone:
        on, off = phone.get_by_role("button", name=ON), phone.get_by_role("button", name=OFF)
        on.focus()
        phone.keyboard.press("Enter")
        expect(phone.get_by_role("status").last).to_have_text("Houd het label voor de camera.")
        expect(off).to_be_focused()
        expect(phone.get_by_role("button", name="Lamp")).to_be_hidden()
        phone.keyboard.press("Enter")
        expect(phone.get_by_role("status").last).to_have_text("De camera is uit.")
        expect(on).to_be_focused()
        assert phone.evaluate("track().readyState") == "ended"
        phone.keyboard.press("Enter")
        expect(phone.locator("#camera")).to_be_visible()
        expect(phone.get_by_role("status").last).to_have_text("Houd het label voor de camera.")
        phone.evaluate(
            "Object.defineProperty(document, 'hidden', {value: true});"
            "document.dispatchEvent(new Event('visibilitychange'))"
        )
        assert phone.evaluate("track().readyState") == "ended"
        expect(phone.locator("#camera")).to_be_hidden()


def test_lamp_is_offered_where_there_is_one(seeing: Browser, address: str) -> None:
    with visit(seeing, address, "noor", "/scan", OWN_READER + LAMP, reduced_motion="reduce") as phone:
        phone.get_by_role("button", name=ON).click()
        lamp, off = (phone.get_by_role("button", name=name) for name in ("Lamp", OFF))
        for pressed in ("true", "false", "true"):
            lamp.click()
            expect(lamp).to_have_attribute("aria-pressed", pressed)
            assert phone.evaluate("String(lamp)") == pressed
            phone.mouse.move(0, 0)
            shown = "e => getComputedStyle(e).backgroundColor"
            assert (lamp.evaluate(shown) != off.evaluate(shown)) == (pressed == "true")
        assert faults_of(phone) == []
        off.click()
        expect(lamp).to_be_hidden()


SLOW = """
const usual = navigator.mediaDevices.getUserMedia;
navigator.mediaDevices.getUserMedia = async (wish) => {
  await new Promise((resolve) => { window.agree = resolve; });
  return usual(wish);
};
"""


def test_camera_that_comes_after_all_goes_off_at_once(seeing: Browser, address: str) -> None:
    """Somebody stops before they answer the browser's question."""
    with visit(seeing, address, "noor", "/scan", KEPT + OWN_READER + SLOW) as phone:
        phone.get_by_role("button", name=ON).click()
        expect(phone.get_by_role("status").last).to_contain_text("De camera gaat aan.")
        phone.get_by_role("button", name=OFF).click()
        phone.evaluate("agree()")
        for _ in range(50):
            if phone.evaluate("window.kept && track().readyState") == "ended":
                break
            phone.wait_for_timeout(50)
        assert phone.evaluate("track().readyState") == "ended"
        expect(phone.get_by_role("status").last).to_have_text("De camera is uit.")


BUSY = (
    "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotReadableError'); };"
)


@pytest.fixture
def refusing(playwright: Playwright) -> Iterator[Browser]:
    """A browser with a camera, whose user does not agree."""
    with chromium(playwright, *SHOWS, "--use-fake-ui-for-media-stream=deny") as browser:
        yield browser


@pytest.mark.parametrize(
    ("having", "permissions", "script", "sentence"),
    [
        ("refusing", [], "", "De camera mag niet aan van je browser."),
        ("browser", ["camera"], "", "We vinden geen camera."),
        ("browser", [], BUSY, "De camera is bezet."),
    ],
    ids=["refused", "absent", "busy"],
)
def test_without_a_camera_a_sentence_leads_to_typing(
    request: pytest.FixtureRequest,
    address: str,
    ring: Ring,
    having: str,
    permissions: list[str],
    script: str,
    sentence: str,
) -> None:
    browser: Browser = request.getfixturevalue(having)
    with visit(browser, address, "bram", "/scan", script, permissions=permissions) as phone:
        phone.get_by_role("button", name=ON).click()
        expect(phone.get_by_role("status").last).to_contain_text(sentence)
        expect(phone.get_by_role("button", name=ON)).to_be_visible()
        assert faults_of(phone) == []
        phone.get_by_label("Typ de code van het label").fill(label_of(ring).upper())
        phone.keyboard.press("Enter")
        phone.wait_for_url(f"**/sleutels/{ring.public_id}")


def test_reader_that_does_not_come_is_told(seeing: Browser, address: str) -> None:
    with visit(seeing, address, "noor", "/scan", KEPT) as phone:
        phone.route("**/*.wasm", lambda route: route.abort())
        phone.get_by_role("button", name=ON).click()
        expect(phone.get_by_role("status").last).to_contain_text("Het lezen van codes lukt nu niet.")
        assert phone.evaluate("track().readyState") == "ended"


def test_without_script_there_is_only_the_form(browser: Browser, address: str, ring: Ring) -> None:
    with visit(browser, address, "bram", "/scan", java_script_enabled=False) as phone:
        expect(phone.get_by_role("button", name=ON)).to_be_hidden()
        field = phone.get_by_label("Typ de code van het label")
        field.fill("hallo?")
        phone.get_by_role("button", name="Verder").click()
        expect(phone.locator("#code-error")).to_contain_text("Dit is geen code van een label.")
        expect(field).to_have_value("hallo?")
        field.fill(f"{' '.join(label_of(ring)).upper()}")
        phone.get_by_role("button", name="Verder").click()
        phone.wait_for_url(f"**/sleutels/{ring.public_id}")
