"""Languages: what stands in the templates is Dutch, other languages are catalogues over it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from babel import Locale
from flask_babel import Babel, get_locale

if TYPE_CHECKING:
    from flask import Flask

DUTCH = "nl"


def init_app(app: Flask) -> None:
    """Make `gettext` known to views and templates."""
    Babel(app, default_locale=DUTCH, default_timezone="Europe/Amsterdam")


def language() -> str:
    """The language of this request, as the `lang` attribute wants it."""
    locale = get_locale()
    return DUTCH if locale is None else str(locale).replace("_", "-")


def direction() -> str:
    """`ltr` or `rtl`."""
    return _direction(language())


@lru_cache
def _direction(tag: str) -> str:
    return Locale.parse(tag, sep="-").text_direction
