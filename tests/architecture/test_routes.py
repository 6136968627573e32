"""Paths can be derived: a view's template, the contract's addresses."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ontmoet.cli import route_table

if TYPE_CHECKING:
    from flask import Flask

ROOT = Path(__file__).parents[2]
SLICES = sorted(path.parent.name for path in ROOT.glob("ontmoet/*/views.py"))
CONTRACT = {
    ("/", "GET"),
    ("/inloggen", "GET"),
    ("/inloggen", "POST"),
    ("/mijn", "GET"),
    ("/r/<slug:slug>", "GET"),
    ("/r/<slug:slug>/agenda", "GET"),
    ("/r/<slug:slug>/reserveren", "GET"),
    ("/r/<slug:slug>/reserveren", "POST"),
    ("/reserveringen/<public_id:public_id>", "GET"),
    ("/healthz", "GET"),
    ("/readyz", "GET"),
    ("/metrics", "GET"),
}


@cache
def templates_named_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    return {text for text in texts if isinstance(text, str) and text.endswith(".html")}


def test_addresses_of_the_contract_are_there(app: Flask) -> None:
    with app.app_context():
        found = {(route["path"], method) for route in route_table() for method in route["methods"]}
    assert found >= CONTRACT


def test_route_table_names_a_permission_for_every_path(app: Flask) -> None:
    with app.app_context():
        listed = route_table()
    assert [route["path"] for route in listed if not route["permission"]] == []


@pytest.mark.parametrize("name", SLICES)
def test_templates_of_a_slice_stand_in_its_own_folder(name: str) -> None:
    for path in sorted((ROOT / "ontmoet" / name).glob("*.py")):
        for template in templates_named_in(path):
            assert template.split("/", 1)[0] in (name, "errors", "components"), path
            assert (ROOT / "templates" / template).is_file(), template


def test_every_template_is_used() -> None:
    named = set().union(*(templates_named_in(path) for path in (ROOT / "ontmoet").rglob("*.py")))
    for path in (ROOT / "templates").rglob("*.html"):
        source = path.read_text(encoding="utf-8")
        named |= set(re.findall(r'{%-? *(?:extends|include|import|from) "([^"]+)"', source))
    there = {str(path.relative_to(ROOT / "templates")) for path in (ROOT / "templates").rglob("*.html")}
    assert there - named == set()
    assert named - there == set()
