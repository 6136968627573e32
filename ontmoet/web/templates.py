"""Templates, with what never changes settled when they are compiled.

A quarter of a page's time went into calling functions that give the same answer every time: the sentence
for a sentence, the drawing for an icon's name, the address of a style sheet. Where all arguments are
written out in the template, these are called when it is compiled, and the answer becomes part of it.

What is filled in becomes text by the shortest way: a page does that a hundred times.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from jinja2 import nodes
from jinja2.compiler import CodeGenerator
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, _escape_inner, escape

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
    app.jinja_env.escaped = escaped  # type: ignore[attr-defined]
    app.jinja_env.code_generator_class = type("Settling", (_SettlingGenerator,), {"settled": helpers})


def escaped(value: Any) -> str:
    """The value as it stands in HTML: what `escape` gives, without marking it as safe. It becomes part of a
    page, and that is marked.
    """
    if type(value) is str:
        return _escape_inner(value)
    return value if type(value) is Markup else escape(value)


class _SettlingGenerator(CodeGenerator):
    settled: ClassVar[Settled] = {}

    def visit_Template(self, node: nodes.Template, frame: Any = None) -> None:
        is_for_one = is_for_one_person(self.name or "")
        settled = self.settled if is_for_one else {**self.settled, "_": i18n.gettext}
        super().visit_Template(_Settle(settled).visit(node), frame)

    def _output_child_pre(self, node: nodes.Expr, frame: Any, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.escaped(")


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
