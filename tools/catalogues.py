"""Bring the catalogues up to date with what people are sent, told and given: `python tools/catalogues.py`.

New sentences come in without a translation, those that nobody gets any more go. Pages are Dutch only, so
what stands on pages alone is in no catalogue.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from ontmoet.web.i18n import CATALOGUES
from ontmoet.web.templates import is_for_one_person

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = ROOT / "templates"
WORDS = ("LETTERS", "TOLD")
"""What a module calls its composers and its tellers; all its functions put messages into words."""
SPEAKING = "speaking"
"""What is called for saying something in somebody's language."""

HEAD = r"""# What people are sent, told and given. Kept up to date by tools/catalogues.py.
msgid ""
msgstr ""
"Language: {0.locale}\n"
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: {0.plural_forms}\n"

"""

Sentence = str | tuple[str, ...]
"""A sentence, or the one for one and the one for more."""


@cache
def sentences() -> dict[Sentence, set[str]]:
    """Each sentence that can reach somebody in another language than Dutch, with the files it is in."""
    found: defaultdict[Sentence, set[str]] = defaultdict(set)
    for path in (path for path in TEMPLATES.rglob("*.*") if is_for_one_person(_name_of(path))):
        for _line, sentence, _comments, _context in extract_from_file("jinja2", path):
            found[sentence].add(f"templates/{_name_of(path)}")
    for module, sentence in _spoken_in_code():
        found[sentence].add(f"{module.replace('.', '/')}.py")
    return found


@cache
def modules_with_words() -> frozenset[str]:
    """The modules that bring composers or tellers."""
    return frozenset(name for word in WORDS for name in _naming(word) if word in _module(name).values)


def update(path: Path) -> Catalog:
    """The catalogue in this file with all sentences and no others, in the order of their files."""
    with path.open("rb") as file:
        old = read_po(file)
    new = Catalog(locale=old.locale)
    for sentence, files in sorted(sentences().items(), key=lambda one: (sorted(one[1]), str(one[0]))):
        known = old.get(sentence if isinstance(sentence, str) else sentence[0])
        new.add(sentence, known.string if known else None, [(file, 0) for file in sorted(files)])
    return new


def to_translate(catalogue: Catalog) -> int:
    """How many sentences still miss a translation, or one of their forms."""
    strings = [message.string or "" for message in catalogue if message.id]
    return sum(not all([each] if isinstance(each, str) else each) for each in strings)


class _Module:
    """What a module defines and imports, by name."""

    def __init__(self, name: str) -> None:
        tree = ast.parse(_source(name))
        self.functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        self.values = {
            target.id: node.value
            for node in tree.body
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name)
        }
        self.imports = {
            alias.asname or alias.name: (_absolute(name, node), alias.name)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        self.spoken = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.With)
            and any(_called(item.context_expr) == SPEAKING for item in node.items)
        ]


def _spoken_in_code() -> set[tuple[str, Sentence]]:
    """What is said by composers, tellers and `with speaking(...)`, and by the functions that they use."""
    todo: list[tuple[str, ast.AST]] = []
    for name in _naming(SPEAKING):
        todo += [(name, node) for node in _module(name).spoken]
    for name in modules_with_words():
        todo += [(name, node) for node in _module(name).functions.values()]
    done, said = set(), set()
    while todo:
        name, node = todo.pop()
        if node in done:
            continue
        done.add(node)
        for inner in ast.walk(node):
            if isinstance(inner, ast.Call) and _called(inner) in ("_", "ngettext"):
                texts = [ast.literal_eval(argument) for argument in inner.args[:2]]
                said.add((name, texts[0] if _called(inner) == "_" else tuple(texts)))
            elif isinstance(inner, ast.Name | ast.Attribute):
                todo += _defined(name, inner)
    return said


def _defined(name: str, used: ast.Name | ast.Attribute) -> list[tuple[str, ast.AST]]:
    """The function of ours that is used by this name, or as `module.name`."""
    module = _module(name)
    if isinstance(used, ast.Attribute):
        if not isinstance(used.value, ast.Name) or used.value.id not in module.imports:
            return []
        place, what = ".".join(module.imports[used.value.id]), used.attr
    elif used.id in module.imports:
        place, what = module.imports[used.id]
    else:
        place, what = name, used.id
    if place not in _names():
        return []
    if what in _module(place).functions:
        return [(place, _module(place).functions[what])]
    alias = _module(place).values.get(what)
    return _defined(place, alias) if isinstance(alias, ast.Name | ast.Attribute) else []


def _name_of(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


def _called(node: ast.AST) -> str:
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def _absolute(name: str, node: ast.ImportFrom) -> str:
    above = name.split(".")[: -node.level] if node.level else []
    return ".".join([*above, *([node.module] if node.module else [])])


def _naming(word: str) -> list[str]:
    """The modules in which a word stands: only they have to be taken apart, which takes long."""
    return [name for name in _names() if word in _source(name)]


@cache
def _module(name: str) -> _Module:
    return _Module(name)


@cache
def _source(name: str) -> str:
    return (ROOT / f"{name.replace('.', '/')}.py").read_text(encoding="utf-8")


@cache
def _names() -> frozenset[str]:
    paths = (path.relative_to(ROOT) for path in (ROOT / "ontmoet").rglob("*.py"))
    return frozenset(".".join(path.with_suffix("").parts) for path in paths)


if __name__ == "__main__":
    for path in sorted(CATALOGUES.glob("*/LC_MESSAGES/messages.po")):
        catalogue = update(path)
        with path.open("wb") as file:
            file.write(HEAD.format(catalogue).encode())
            write_po(file, catalogue, width=110, include_lineno=False, omit_header=True)
        print(f"{path.relative_to(ROOT)}: {len(catalogue)} sentences, {to_translate(catalogue)} to translate")
