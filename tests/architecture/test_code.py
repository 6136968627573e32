"""What no reviewer should have to look for."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "ontmoet").rglob("*.py"))
LOCKS = sorted([*ROOT.glob("requirements*.txt"), *ROOT.glob("requirements*.in"), ROOT / "package-lock.json"])


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def tree_of(path: Path) -> ast.Module:
    """A module, taken apart."""
    return ast.parse(path.read_text(encoding="utf-8"))


def calls(path: Path) -> list[tuple[str, str]]:
    """(object, method) of each call such as `datetime.now()`."""
    found = [node.func for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)]
    return [
        (func.value.id, func.attr)
        for func in found
        if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name)
    ]


def test_only_the_clock_reads_the_clock() -> None:
    reading = {
        ("datetime", "now"),
        ("datetime", "utcnow"),
        ("datetime", "today"),
        ("date", "today"),
        ("time", "time"),
    }
    readers = [name_of(path) for path in MODULES if reading & set(calls(path))]
    assert readers == ["ontmoet/kernel/clock.py"]


def test_no_statement_asks_the_database_for_the_time() -> None:
    sources = {name_of(path): path.read_text(encoding="utf-8") for path in MODULES}
    asking = re.compile(r"func\.now\(|current_timestamp|server_default|\bnow\(\)['\"]", re.IGNORECASE)
    assert [name for name, source in sources.items() if asking.search(source)] == []


@pytest.mark.parametrize("path", LOCKS, ids=name_of)
def test_lock_file_holds_no_address(path: Path) -> None:
    """Else: make it again with `make lock`."""
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line.strip() for line in lines if re.search(r'://|file:|index-url|"resolved"', line)] == []


def test_every_locked_package_has_its_hash() -> None:
    for path in ROOT.glob("requirements*.txt"):
        text = path.read_text(encoding="utf-8")
        packages = re.findall(r"^[A-Za-z0-9._-]+(?:\[[^\]]*\])?==", text, re.MULTILINE)
        assert len(packages) <= text.count("--hash=sha256:"), path.name
        assert packages, path.name


def test_only_the_unit_of_work_commits() -> None:
    committing = [name_of(path) for path in MODULES if re.search(r"\.commit\(\)", path.read_text("utf-8"))]
    assert committing == ["ontmoet/db/work.py"]


def test_nothing_but_pages_knows_htmx_and_fragments() -> None:
    knowing = [
        name_of(path)
        for path in MODULES
        if re.search(
            r"^\s*(?:from|import) (?:htmx_flask|jinja2_fragments)", path.read_text("utf-8"), re.MULTILINE
        )
    ]
    assert knowing == ["ontmoet/web/pages.py"]


def test_private_names_of_a_module_are_used_in_it() -> None:
    unused = []
    for path in MODULES:
        names = [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Name)]
        made = {node.id for node in names if isinstance(node.ctx, ast.Store) and node.col_offset == 0}
        made |= {node.name for node in tree_of(path).body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        used = {node.id for node in names if isinstance(node.ctx, ast.Load)}
        unused += [f"{name_of(path)}: {name}" for name in sorted(made - used) if re.match("_[^_]", name)]
    assert unused == []


@pytest.mark.parametrize("folder", ["ontmoet", "tests"])
def test_every_module_says_what_it_is_for(folder: str) -> None:
    silent = [
        name_of(path)
        for path in sorted((ROOT / folder).rglob("*.py"))
        if path.stat().st_size and not ast.get_docstring(tree_of(path))
    ]
    assert silent == []


def test_tests_are_named_for_a_thing_and_its_behaviour() -> None:
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        tests = [
            node.name
            for node in tree_of(path).body
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        ]
        assert len(tests) == len(set(tests)), path
        assert [name for name in tests if name.count("_") < 2] == [], path


def test_settings_of_the_app_that_runs_are_asked_in_one_place() -> None:
    known = {"factory.py", "queue.py", "settings.py"}
    ours = {
        path.name
        for path in (ROOT / "ontmoet").rglob("*.py")
        if '"ontmoet_config"' in path.read_text("utf-8")
    }
    assert ours == known
