"""What is filled in stands in a page as text, never as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template_string
from jinja2 import Undefined
from markupsafe import Markup, escape

from ontmoet.web.i18n import lazy_gettext
from ontmoet.web.templates import escaped

if TYPE_CHECKING:
    from flask import Flask


class Shown(str):
    """Text of a kind of its own."""

    __slots__ = ()


VALUES = (
    "",
    "Noor",
    "<b>&\"'</b>",
    Shown("<i>"),
    Markup("<b>&amp;</b>"),
    3,
    None,
    lazy_gettext("Deur & <raam>"),
    Undefined(),
)


def test_value_is_escaped_as_markupsafe_does() -> None:
    assert [escaped(value) for value in VALUES] == [str(escape(value)) for value in VALUES]


def test_what_is_filled_in_is_escaped_once_wherever_it_stands(app: Flask) -> None:
    source = (
        "{% macro bold(word) %}<b>{{ word }}</b>{% endmacro %}"
        "{% set kept %}<i>{{ word }}</i>{% endset %}"
        "{{ word }} {{ bold(word) }} {{ kept }} {{ word|upper }} {{ word ~ kept }}"
    )
    with app.test_request_context():
        found = render_template_string(source, word="<&")
    assert found == "&lt;&amp; <b>&lt;&amp;</b> <i>&lt;&amp;</i> &lt;&amp; &lt;&amp;<i>&lt;&amp;</i>"
