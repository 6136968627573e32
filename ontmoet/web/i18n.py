"""Languages: what stands in the code is Dutch, other languages are catalogues over it.

Pages are Dutch: no catalogue holds them. What is sent or given to one person is composed `speaking` the
language of that reader.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel import Locale
from flask_babel import LazyString

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

DUTCH = "nl"
CATALOGUES = Path(__file__).parent.parent / "translations"

_language: ContextVar[str] = ContextVar("language", default=DUTCH)
_NOTHING_OVER_DUTCH = NullTranslations()
_catalogue: ContextVar[NullTranslations] = ContextVar("catalogue", default=_NOTHING_OVER_DUTCH)


def init_app(app: Flask) -> None:
    """Give templates `_` and `ngettext`."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=_plain, ngettext=_plural, newstyle=True
    )


@contextmanager
def speaking(tag: str) -> Iterator[None]:
    """Sentences, days and times are in this language meanwhile, whatever happens inside. In Dutch where
    there is no catalogue, and so is each sentence that is not in it.
    """
    catalogue = _catalogue_of(tag)
    spoken = DUTCH if catalogue is _NOTHING_OVER_DUTCH else tag
    language_before, catalogue_before = _language.set(spoken), _catalogue.set(catalogue)
    try:
        yield
    finally:
        _catalogue.reset(catalogue_before)
        _language.reset(language_before)


@lru_cache
def _catalogue_of(tag: str) -> NullTranslations:
    path = CATALOGUES / tag / "LC_MESSAGES" / "messages.mo"
    if tag == DUTCH or not path.is_file():
        return _NOTHING_OVER_DUTCH
    with path.open("rb") as compiled:
        return GNUTranslations(compiled)


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
    """The language of what is said now, as the `lang` attribute wants it."""
    return _language.get()


def direction() -> str:
    """`ltr` or `rtl`."""
    return _direction(language())


@lru_cache
def _direction(tag: str) -> str:
    return Locale.parse(tag, sep="-").text_direction


def _plain(sentence: str) -> str:
    return _catalogue.get().gettext(sentence)


def _plural(one: str, more: str, num: int) -> str:
    return _catalogue.get().ngettext(one, more, num)
