"""Without a connection a phone shows a page of our own, and nothing of who used it last."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.looks import listen
from tests.browser.machine import served

if TYPE_CHECKING:
    from flask import Flask
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

KEPT = """async () => {
    const kept = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
    const requests = (await Promise.all(kept.map((one) => one.keys()))).flat();
    return requests.map((request) => new URL(request.url).pathname);
}"""


def test_page_of_our_own_stands_in_until_the_connection_is_back(browser: Browser, demo_app: Flask) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    complaints = listen(page)
    with served(demo_app) as address:
        page.goto(f"{address}/inloggen")
        page.fill("#email", "noor@demo.example")
        page.fill("#password", "ontmoet-demo")
        page.press("#password", "Enter")
        page.goto(f"{address}/r/de-linde/reserveren")
        page.evaluate("navigator.serviceWorker.ready")
        page.goto(f"{address}/mijn")
        expect(page.get_by_role("heading", level=1)).to_have_text("Mijn reserveringen")
        context.set_offline(True)
        page.goto(f"{address}/r/de-linde/agenda")
        expect(page.get_by_role("heading", level=1)).to_have_text("Je hebt geen verbinding")
        assert "Noor" not in page.content()
        assert page.evaluate("getComputedStyle(document.body).fontFamily.includes('Atkinson')")
        paths = [path for path in page.evaluate(KEPT) if not path.startswith("/static/dist/")]
        assert paths == ["/geen-verbinding"]
        context.set_offline(False)
        page.goto(f"{address}/mijn")
        page.get_by_role("button", name="Log uit", exact=True).click()
        page.wait_for_url(f"{address}/**")
        expect(page.get_by_role("link", name="Inloggen")).to_be_visible()
        context.set_offline(True)
        for way in (lambda: page.goto(f"{address}/mijn"), page.go_back):
            way()
            expect(page.get_by_role("heading", level=1)).to_have_text("Je hebt geen verbinding")
            assert "Noor" not in page.content()
        page.goto(f"{address}/r/de-linde/agenda")
        context.set_offline(False)
        page.get_by_role("link", name="Probeer opnieuw").click()
        page.wait_for_url("**/r/de-linde/agenda")
        expect(page.get_by_role("heading", level=1)).not_to_have_text("Je hebt geen verbinding")
    context.close()
    assert complaints == []


def test_what_is_sent_without_a_connection_is_left_to_the_browser(browser: Browser, demo_app: Flask) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    with served(demo_app) as address:
        page.goto(f"{address}/inloggen")
        page.evaluate("navigator.serviceWorker.register('/sw.js').then(() => navigator.serviceWorker.ready)")
        page.goto(f"{address}/inloggen")
        assert page.evaluate("navigator.serviceWorker.controller !== null")
        page.fill("#email", "noor@demo.example")
        page.fill("#password", "ontmoet-demo")
        context.set_offline(True)
        page.press("#password", "Enter")
        page.wait_for_url("chrome-error://**", timeout=5000)
    context.close()


def test_manifest_is_whole_and_its_pictures_are_there(demo_app: Flask) -> None:
    client = demo_app.test_client()

    def sent(path: str) -> bytes:
        with client.get(path) as answer:
            assert answer.status_code == 200, path
            return answer.get_data()

    page = sent("/").decode()
    [address] = re.findall(r'<link rel="manifest" href="([^"]+)"', page)
    manifest = json.loads(sent(address))
    assert (manifest["display"], manifest["scope"], manifest["lang"]) == ("standalone", "/", "nl")
    assert {icon["sizes"] for icon in manifest["icons"]} >= {"192x192", "512x512"}
    assert "maskable" in {icon.get("purpose") for icon in manifest["icons"]}
    for icon in manifest["icons"]:
        assert sent(f"/static/dist/{icon['src']}")


def test_worker_is_asked_for_anew_and_changes_with_what_it_keeps(demo_app: Flask) -> None:
    client = demo_app.test_client()
    answer = client.get("/sw.js")
    script = answer.get_data(as_text=True)
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/javascript", "no-cache")
    assert re.search(r'const KEPT = "ontmoet-[0-9a-f]{12}";', script)
    assert client.get("/sw.js", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    was = demo_app.jinja_env.globals["asset"]
    try:
        demo_app.jinja_env.globals["asset"] = lambda name: f"{was(name)}-other"
        assert client.get("/sw.js").get_data(as_text=True) != script
    finally:
        demo_app.jinja_env.globals["asset"] = was
