"""The style guide shows every component: who makes one shows it there too."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jinja2 import Environment, nodes
from wtforms import Field

from ontmoet.portal.style_forms import ExampleForm
from ontmoet.portal.style_guide import PARTS
from ontmoet.web import forms, pages

if TYPE_CHECKING:
    from flask import Flask

TEMPLATES = Path(__file__).parents[2] / "templates"
NOBODY_SEES = {"FormKeyField"}
NO_LOOKS = {"attrs", "classes", "data", "name", "value"}
"""Arguments that go to an element as they are."""


def parsed(name: str) -> nodes.Template:
    source = (TEMPLATES / name).read_text(encoding="utf-8")
    return Environment(autoescape=True, extensions=["jinja2.ext.i18n"]).parse(source)


def components() -> dict[str, nodes.Macro]:
    macros = [macro for name in pages.COMPONENTS for macro in parsed(name).find_all(nodes.Macro)]
    return {macro.name: macro for macro in macros if not macro.name.startswith("_")}


def calls() -> list[nodes.Call]:
    """What the templates of the guide call of `ui`."""
    found = [
        call
        for template in ("portal/_style.html", *(template for template, _shown in PARTS.values()))
        for call in parsed(template).find_all(nodes.Call)
    ]
    return [call for call in found if isinstance(call.node, nodes.Getattr) and call.node.node.name == "ui"]


def test_every_component_stands_in_the_guide() -> None:
    assert len(components()) > 40
    assert set(components()) - {call.node.attr for call in calls()} == set()


def test_every_argument_of_a_component_is_given_somewhere() -> None:
    """Each option is a state."""
    macros = components()
    given: dict[str, set[str]] = {name: set() for name in macros}
    for call in calls():
        names = [argument.name for argument in macros[call.node.attr].args]
        given[call.node.attr] |= {*names[: len(call.args)], *(keyword.key for keyword in call.kwargs)}
    missing = {
        name: left
        for name, macro in macros.items()
        if (left := {argument.name for argument in macro.args} - given[name] - NO_LOOKS)
    }
    assert missing == {}


def test_every_field_stands_in_the_guide() -> None:
    there = {
        name
        for name, made in inspect.getmembers(forms, inspect.isclass)
        if issubclass(made, Field) and made.__module__ == forms.__name__ and not name.startswith("_")
    }
    assert there - {type(field).__name__ for field in ExampleForm()} == NOBODY_SEES


@pytest.mark.parametrize("part", [*PARTS, "bestaat-niet"])
def test_guide_is_for_who_looks_for_it(app: Flask, part: str) -> None:
    answer = app.test_client().get(f"/stijlgids?deel={part}")
    assert (answer.status_code, answer.headers["X-Robots-Tag"]) == (200, "noindex")
    ids = re.findall(r'\sid="([^"]+)"', answer.get_data(as_text=True))
    assert sorted(ids) == sorted(set(ids))


def test_refused_fields_say_what_is_wrong(app: Flask) -> None:
    shown = app.test_client().get("/stijlgids?deel=velden").get_data(as_text=True)
    for name in ExampleForm()._fields:
        assert f'id="fout-{name}-error"' in shown, name
        assert f'id="leeg-{name}-error"' not in shown
        assert f'id="gevuld-{name}-error"' not in shown
