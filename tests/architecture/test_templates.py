"""Templates hold no style, no script and no word that cannot be translated."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jinja2 import Environment, nodes

from ontmoet.web import pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

TEMPLATES = Path(__file__).parents[2] / "templates"
PATHS = sorted(TEMPLATES.rglob("*.html"))
NAMES = [str(path.relative_to(TEMPLATES)) for path in PATHS]
COMPONENTS = {name for name in NAMES if name.startswith("components/")}
PAGES = [name for name in NAMES if name not in COMPONENTS]
# The name of the product, names of classes in a block, and signs.
NOT_WORDS = re.compile(r"Ontmoet|\bom-[a-z-]*|&\w+;|[\W\d_]+")


@cache
def source(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


@cache
def parsed(name: str) -> nodes.Template:
    return Environment(autoescape=True, extensions=["jinja2.ext.i18n"]).parse(source(name))


def found_in(names: Iterable[str], look: Callable[[str], list[Any]]) -> dict[str, list[Any]]:
    """What `look` finds in each template in which it finds something."""
    return {name: found for name in names if (found := look(name))}


def test_there_are_templates() -> None:
    assert set(pages.COMPONENTS) == COMPONENTS
    assert len(PAGES) > 100


def test_no_page_has_anything_at_its_top_that_a_fragment_would_miss() -> None:
    def missed(name: str) -> list[nodes.Node]:
        body = parsed(name).body
        return [
            *(node for node in body if isinstance(node, nodes.FromImport | nodes.Import | nodes.Assign)),
            *parsed(name).find_all((nodes.FromImport, nodes.Import)),
        ]

    assert found_in(PAGES, missed) == {}


@pytest.mark.parametrize(
    "of_its_own",
    [
        r"<style|\sstyle=|<script(?![^>]*\ssrc=)|javascript:",
        r"<[^>]*\s(on[a-z]+)=",
        r"hx-(?:on|vals|vars)\b",
    ],
)
def test_no_template_holds_a_style_or_a_script_of_its_own(of_its_own: str) -> None:
    assert found_in(NAMES, lambda name: re.findall(of_its_own, source(name))) == {}


def test_only_components_call_a_text_safe() -> None:
    def called_safe(name: str) -> list[str]:
        used = [node.name for node in parsed(name).find_all(nodes.Filter) if node.name == "safe"]
        return used + re.findall(r"autoescape|\|\s*safe|Markup", source(name))

    assert found_in(PAGES, called_safe) == {}


def test_every_word_between_tags_can_be_translated() -> None:
    def words(name: str) -> list[str]:
        text = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "\x00", source(name), flags=re.DOTALL)
        text = re.sub(r"<!--.*?-->|<svg.*?</svg>|<[^>]*>", "\x00", text, flags=re.DOTALL)
        # What is left of a tag that holds an expression is no text for people.
        return [word for part in text.split("\x00") if len(word := NOT_WORDS.sub("", part)) > 1]

    assert found_in(NAMES, words) == {}


def test_every_attribute_people_hear_or_read_can_be_translated() -> None:
    spoken = r'\s(?:aria-label|title|placeholder|alt)="([^"{]*[A-Za-z][^"{]*)"'
    assert found_in(NAMES, lambda name: re.findall(spoken, source(name))) == {}


def test_every_page_to_print_brings_what_makes_its_button_work() -> None:
    printing = {name for name in PAGES if "ui.print_button(" in source(name)}
    assert printing == {name for name in PAGES if "asset('print.js')" in source(name)}


def test_every_template_is_short_enough_to_read() -> None:
    lengths = {name: len(source(name).splitlines()) for name in PAGES if name != "layout.html"}
    assert {name: lines for name, lines in lengths.items() if lines > 150} == {}


def test_each_mail_says_whom_to_call() -> None:
    whole = [path for path in (TEMPLATES / "email").glob("*/*.txt") if not path.name.startswith("_")]
    silent = [path.name for path in whole if not re.search(r"phone|{% extends", path.read_text("utf-8"))]
    assert silent == []
