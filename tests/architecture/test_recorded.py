"""What is recorded about people is told in words where they read it, never by the name it has in code."""

from __future__ import annotations

import ast
import importlib
import inspect
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

    from flask import Flask

ROOT = Path(__file__).parents[2]
MODULES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in sorted((ROOT / "ontmoet").rglob("*.py"))
    # What fills a demo is nobody's deed.
    if path.name != "__init__.py" and path.parent.name != "seed"
]
WHAT_TO_DO = (
    "Nobody can read what was done: {}. Give it words in ACTIONS of ontmoet/<slice>/wording.py, and see that"
    " ontmoet/portal/recorded.py collects them."
)


def recorded_by(module: ModuleType, recorders: set[str]) -> set[str]:
    """The actions that a module records. Adds to `recorders` what hands an action on to one of them."""
    source = inspect.getsource(module)
    if not any(name in source for name in recorders):
        return set()
    tree = ast.parse(source)
    own, handed_on = set(recorders), set()
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        first = function.args.args[0].arg if function.args.args else ""
        if any(isinstance(given, ast.Name) and given.id == first for given in given_to(own, function)):
            own.add(function.name)
            handed_on.add(first)
    recorders |= {name for name in own if not name.startswith("_")}
    given = [node for node in given_to(own, tree) if ast.unparse(node) not in handed_on]
    return {action for node in given for action in values_of(node, module)}


def given_to(names: set[str], tree: ast.AST) -> list[ast.expr]:
    """The first argument of each call of one of these functions."""
    return [
        call.args[0]
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and call.args and last_name_of(call.func) in names
    ]


def last_name_of(called: ast.expr) -> str:
    """What is called, without where it is found."""
    match called:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def values_of(node: ast.expr, module: ModuleType) -> list[str]:
    """An action as it is written: a text, a name for one, or one of two. What is made up is not readable."""
    match node:
        case ast.Constant(value=value):
            return [str(value)]
        case ast.Name(id=name):
            return [str(getattr(module, name))]
        case ast.IfExp(body=one, orelse=other):
            return [*values_of(one, module), *values_of(other, module)]
        case _:
            raise AssertionError(f"{module.__name__} records an action by {ast.unparse(node)}: write it out.")


def recorded() -> set[str]:
    """Every action that the code records."""
    modules = [importlib.import_module(name) for name in MODULES]
    recorders = {"record", "record_all"}
    for module in modules:
        recorded_by(module, recorders)
    return set().union(*(recorded_by(module, recorders) for module in modules))


def test_every_action_that_is_recorded_has_words_and_none_is_left_over(app: Flask) -> None:
    words, found = app.extensions["ontmoet_actions"].keys(), recorded()
    assert found - words == set(), WHAT_TO_DO.format(", ".join(sorted(found - words)))
    assert words - found == set()


def test_every_kind_of_message_has_a_title(app: Flask) -> None:
    assert app.extensions["ontmoet_titles"].keys() == app.extensions["ontmoet_letters"].keys()


PLANTED = """
DONE = "done"

def record(action, **facts): ...

def _note(action, number):
    record(action, number=number)

def do(is_sure):
    record("plain")
    actions.record_all(DONE, [])
    _note("yes" if is_sure else "no", 1)
"""


def test_action_is_found_however_it_is_handed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "planted_actions.py").write_text(PLANTED, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    module = importlib.import_module("planted_actions")
    assert recorded_by(module, {"record", "record_all"}) == {"plain", "done", "yes", "no"}


def test_action_that_is_made_up_at_the_moment_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = 'def do(name):\n    record(f"made_{name}")\n'
    (tmp_path / "planted_more.py").write_text(source, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(AssertionError, match="write it out"):
        recorded_by(importlib.import_module("planted_more"), {"record"})
