"""Whatever people are sent, told or given, they can read in each language that they can choose."""

from __future__ import annotations

import re
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from ontmoet.people.rules import Language
from ontmoet.people.wording import LANGUAGE_NAMES
from ontmoet.web import i18n

if TYPE_CHECKING:
    from flask import Flask

ROOT = Path(__file__).parents[2]
OTHERS = [language for language in Language if language is not Language.DUTCH]
TRANSLATE = "run `.venv/bin/python tools/catalogues.py`, then translate what is empty in the catalogue"
FACT = re.compile(r"%\(\w+\)s|%(?!\()")

sys.path.insert(0, str(ROOT / "tools"))
import catalogues  # noqa: E402 - tools are no package


@pytest.fixture(params=OTHERS)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    with (i18n.CATALOGUES / request.param / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file)


def home_of(words: Any) -> str:
    """The module of a composer or teller."""
    while isinstance(words, partial):
        words = words.func
    return str(words.__module__)


def test_every_language_that_can_be_chosen_has_its_name() -> None:
    assert set(LANGUAGE_NAMES) == set(Language)


def test_every_kind_of_message_brings_its_words_where_they_are_looked_for(app: Flask) -> None:
    kinds = [*app.extensions["ontmoet_letters"].values(), *app.extensions["ontmoet_told"].values()]
    assert {home_of(words) for words in kinds} == catalogues.modules_with_words()


def test_what_is_looked_for_is_letters_slips_sentences_and_what_they_are_made_of() -> None:
    found = catalogues.sentences()
    for sentence in (
        "Je wilt inloggen zonder wachtwoord.",  # a template of a letter
        "Scan de code met je telefoon:",  # a slip
        "%(room)s is van jou op %(day)s",  # a composer
        "Er is iets kapot.",  # what a composer uses, of its own slice
        "sleutelbeheerder",  # and of another
        "%(time)s\u00a0uur",  # by way of a module
        ("%(num)s persoon", "%(num)s mensen"),
    ):
        assert sentence in found
    assert "Bellijst" not in found, "what stands on pages only"


def test_every_sentence_is_translated_and_none_is_stale(catalogue: Catalog) -> None:
    said, listed = catalogues.sentences().keys(), {message.id for message in catalogue if message.id}
    translated = {message.id for message in catalogue if all(each(message.string))}
    assert said - translated == set(), TRANSLATE
    assert listed - said == set(), TRANSLATE
    assert not any(message.fuzzy for message in catalogue if message.id)


def test_sentence_of_which_a_form_is_empty_is_still_to_be_translated() -> None:
    catalogue = Catalog(locale="en")
    for number, said in enumerate(("", "Yes.", ("", ""), ("One", ""), ("One", "More"))):
        one = f"Zin {number}"
        catalogue.add(one if isinstance(said, str) else (one, f"Zinnen {number}"), said)
    assert catalogues.to_translate(catalogue) == 3


def test_translation_holds_the_same_facts(catalogue: Catalog) -> None:
    for message in catalogue:
        for dutch, other in zip(each(message.id), each(message.string), strict=True):
            if message.id:
                assert sorted(FACT.findall(other)) == sorted(FACT.findall(dutch)), dutch


def test_what_is_spoken_is_what_the_catalogue_says(catalogue: Catalog) -> None:
    with i18n.speaking(str(catalogue.locale)):
        for message in catalogue:
            if isinstance(message.id, str) and message.id:
                assert i18n.gettext(message.id) == message.string, "run `make assets`"


def each(text: Any) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)
