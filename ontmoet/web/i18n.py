"""Languages: what stands in the code is Dutch, other languages are catalogues over it.

Flask-Babel loads and keeps the catalogues. It looks up the request, the locale and the catalogue again
for every sentence, which took a fifth of a page; here that happens once per request.
"""

from __future__ import annotations

from contextvars import ContextVar
from functools import lru_cache
from gettext import NullTranslations
from typing import TYPE_CHECKING, Any

from babel import Locale
from flask_babel import Babel, LazyString, get_locale, get_translations

if TYPE_CHECKING:
    from flask import Flask

DUTCH = "nl"

_language: ContextVar[str] = ContextVar("language", default=DUTCH)
_catalogue: ContextVar[NullTranslations] = ContextVar("catalogue", default=NullTranslations())  # noqa: B039


def init_app(app: Flask) -> None:
    """Choose the language of each request, and give templates `_` and `ngettext`."""
    Babel(app, default_locale=DUTCH, default_timezone="Europe/Amsterdam", configure_jinja=False)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=_plain, ngettext=_plural, newstyle=True
    )

    if has_catalogues(app):
        app.before_request(_choose_language)


def has_catalogues(app: Flask) -> bool:
    """Whether there is any language besides Dutch."""
    with app.app_context():
        return len(app.extensions["babel"].instance.list_translations()) > 1


def gettext(sentence: str, **facts: Any) -> str:
    """The sentence in the reader's language, its `%(name)s` filled in."""
    said = _catalogue.get().gettext(sentence)
    return said % facts if facts else said


def ngettext(one: str, more: str, num: int, **facts: Any) -> str:
    """The sentence for one or for more; `num` can stand in it."""
    return _catalogue.get().ngettext(one, more, num) % {"num": num, **facts}


def lazy_gettext(sentence: str, **facts: Any) -> LazyString:
    """A sentence that is named before there is a reader: the label of a field."""
    return LazyString(gettext, sentence, **facts)


def language() -> str:
    """The language of this request, as the `lang` attribute wants it."""
    return _language.get()


def direction() -> str:
    """`ltr` or `rtl`."""
    return _direction(language())


@lru_cache
def _direction(tag: str) -> str:
    return Locale.parse(tag, sep="-").text_direction


def _choose_language() -> None:
    _language.set(str(get_locale() or DUTCH).replace("_", "-"))
    _catalogue.set(get_translations())


def _plain(sentence: str) -> str:
    return _catalogue.get().gettext(sentence)


def _plural(one: str, more: str, num: int) -> str:
    return _catalogue.get().ngettext(one, more, num)
