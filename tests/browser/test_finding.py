"""Finding somebody by name in Chromium, without script: forth, back and once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.looks import faults_of
from tests.browser.machine import sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("path", ["mensen", "namens"])
def test_going_back_and_loading_again_show_who_was_found(
    blind: Browser, demo_address: str, path: str
) -> None:
    context = blind.new_context(
        base_url=demo_address, java_script_enabled=False, viewport={"width": 360, "height": 740}
    )
    page = context.new_page()
    sign_in(page, "sanne")
    page.goto(f"/r/de-linde/{path}")
    page.fill("#name", "henk mul")
    page.press("#name", "Enter")
    link = page.get_by_role("link", name="Henk Mulder")
    link.press("Enter")
    expect(page.get_by_role("heading", name="Gevonden")).to_have_count(0)
    page.go_back()
    expect(link).to_be_visible()
    page.reload()
    expect(link).to_be_visible()
    page.go_back()
    expect(link).to_have_count(0)
    assert "henk" not in page.url.lower()
    context.close()


@pytest.mark.parametrize(
    ("path", "names"),
    [("mensen", ["henk", "niemand zo", "x"]), ("namens", ["henk"]), ("briefje", ["henk"])],
)
def test_answers_are_accessible(blind: Browser, demo_address: str, path: str, names: list[str]) -> None:
    """Who was found looks different on each page; that nobody was, or too little typed, the same."""
    context = blind.new_context(base_url=demo_address, viewport={"width": 360, "height": 740})
    page = context.new_page()
    sign_in(page, "sanne")
    for name in names:
        page.goto(f"/r/de-linde/{path}")
        page.fill("#name", name)
        page.press("#name", "Enter")
        page.wait_for_load_state()
        assert faults_of(page) == [], (path, name)
    context.close()
