"""Templates hold no style, no script and no word that cannot be translated."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from ontmoet.web import pages

TEMPLATES = Path(__file__).parents[2] / "templates"
PATHS = sorted(TEMPLATES.rglob("*.html"))
NAMES = [str(path.relative_to(TEMPLATES)) for path in PATHS]
COMPONENTS = {name for name in NAMES if name.startswith("components/")}
# The name of the product, names of classes in a block, and signs.
NOT_WORDS = re.compile(r"Ontmoet|\bom-[a-z-]*|&\w+;|[\W\d_]+")


def source(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def parsed(name: str) -> nodes.Template:
    return Environment(autoescape=True, extensions=["jinja2.ext.i18n"]).parse(source(name))


def test_there_are_templates() -> None:
    assert set(pages.COMPONENTS) == COMPONENTS
    assert len(NAMES) > 10


@pytest.mark.parametrize("name", [name for name in NAMES if name not in COMPONENTS])
def test_template_has_nothing_at_its_top_that_a_fragment_would_miss(name: str) -> None:
    top = [
        node for node in parsed(name).body if isinstance(node, nodes.FromImport | nodes.Import | nodes.Assign)
    ]
    assert top == []
    assert list(parsed(name).find_all((nodes.FromImport, nodes.Import))) == []


@pytest.mark.parametrize("name", NAMES)
def test_template_holds_no_style_and_no_script_of_its_own(name: str) -> None:
    assert re.findall(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|javascript:", source(name)) == []
    assert re.findall(r"<[^>]*\s(on[a-z]+)=", source(name)) == []
    assert re.findall(r"hx-(?:on|vals|vars)\b", source(name)) == []


@pytest.mark.parametrize("name", [name for name in NAMES if name not in COMPONENTS])
def test_only_components_call_a_text_safe(name: str) -> None:
    used = [node.name for node in parsed(name).find_all(nodes.Filter)]
    assert "safe" not in used
    assert re.findall(r"autoescape|\|\s*safe|Markup", source(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_word_between_tags_can_be_translated(name: str) -> None:
    text = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "\x00", source(name), flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->|<svg.*?</svg>|<[^>]*>", "\x00", text, flags=re.DOTALL)
    # What is left of a tag that holds an expression is no text for people.
    words = [NOT_WORDS.sub("", part) for part in text.split("\x00")]
    assert [word for word in words if len(word) > 1] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_attribute_people_hear_or_read_can_be_translated(name: str) -> None:
    found = re.findall(r'\s(?:aria-label|title|placeholder|alt)="([^"{]*[A-Za-z][^"{]*)"', source(name))
    assert found == []


@pytest.mark.parametrize("name", [name for name in NAMES if name not in COMPONENTS | {"layout.html"}])
def test_template_is_short_enough_to_read(name: str) -> None:
    assert len(source(name).splitlines()) <= 150
