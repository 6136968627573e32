"""Templates, with what never changes settled when they are compiled.

A quarter of a page's time went into calling functions that give the same answer every time: the sentence
for a sentence, the drawing for an icon's name, the address of a style sheet. Where all arguments are
written out in the template, these are called when it is compiled, and the answer becomes part of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from jinja2 import nodes
from jinja2.compiler import CodeGenerator
from jinja2.visitor import NodeTransformer

from . import i18n

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask import Flask

    Settled = Mapping[str, Callable[[str], str]]


def is_for_one_person(name: str) -> bool:
    """Whether this template is what one person gets, a letter or a slip, in the language of that person."""
    return name.startswith("email/") or "_slip." in name


def init_app(app: Flask, **helpers: Callable[..., str]) -> None:
    """Give templates their helpers, which are settled. So are the sentences of pages, which are Dutch;
    those of letters and slips are not: they are in the language of who gets them.
    """
    app.jinja_env.globals.update(helpers)
    app.jinja_env.code_generator_class = type("Settling", (_SettlingGenerator,), {"settled": helpers})


class _SettlingGenerator(CodeGenerator):
    settled: ClassVar[Settled] = {}

    def visit_Template(self, node: nodes.Template, frame: Any = None) -> None:
        is_for_one = is_for_one_person(self.name or "")
        settled = self.settled if is_for_one else {**self.settled, "_": i18n.gettext}
        super().visit_Template(_Settle(settled).visit(node), frame)


class _Settle(NodeTransformer):
    """Replaces calls of settled functions with what they give."""

    def __init__(self, settled: Settled) -> None:
        self._settled = settled

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        self.generic_visit(node)
        function = self._settled.get(node.node.name) if isinstance(node.node, nodes.Name) else None
        if function is None or node.kwargs or node.dyn_args or node.dyn_kwargs:
            return node
        given = [argument.value for argument in node.args if isinstance(argument, nodes.Const)]
        if len(given) < len(node.args):
            return node
        # Template data is not escaped again: drawings are ours, and so are sentences.
        return nodes.TemplateData(str(function(*given)), lineno=node.lineno)
