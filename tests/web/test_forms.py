"""Fields that parse, keep what was typed, and are refused by a rule."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

import pytest
from werkzeug.datastructures import MultiDict

from ontmoet.kernel.objections import Objection
from ontmoet.web.forms import (
    ChoiceField,
    DayField,
    Form,
    FormKeyField,
    LineField,
    NumberField,
    SecretField,
    TimeField,
)
from ontmoet.web.widgets import attributes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask


class Why(StrEnum):
    CLASH = "clash"
    SHUT = "shut"
    ELSEWHERE = "elsewhere"


class Sample(Form):
    name = LineField("Naam", longest=5)
    must = LineField("Moet", longest=5, required=True)
    secret = SecretField("Geheim", longest=5)
    number = NumberField("Aantal", least=1, most=10)
    day = DayField("Dag")
    time = TimeField("Tijd")
    count = NumberField("Hoeveel?", least=1, most=10)
    part = ChoiceField("Deel", validate_choice=False)
    key = FormKeyField()


GOOD = {
    "name": "",
    "must": "ja",
    "secret": "abc",
    "number": "3",
    "day": "2026-11-25",
    "time": "14:00",
    "count": "2",
    "part": "",
    "key": "a" * 16,
}


@pytest.fixture(autouse=True)
def request_of_somebody(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def sent(**fields: str) -> Sample:
    form = Sample(MultiDict({**GOOD, **fields}))
    form.validate()
    return form


def errors(form: Sample) -> dict[str, tuple[str, ...]]:
    return {field.name: tuple(field.errors) for field in form if field.errors}


def test_good_form_gives_values() -> None:
    form = sent()
    assert errors(form) == {}
    assert not form.is_refused
    assert form.data == {
        "name": "",
        "must": "ja",
        "secret": "abc",
        "number": 3,
        "day": date(2026, 11, 25),
        "time": 840,
        "count": 2,
        "part": "",
        "key": "a" * 16,
    }


@pytest.mark.parametrize(
    ("field", "raw", "sentence"),
    [
        ("must", "", "Vul dit in."),
        ("must", "  ", "Vul dit in."),
        ("name", "te lang", "Gebruik hier hoogstens 5 tekens."),
        ("secret", "", "Vul dit in."),
        ("number", "0", "Vul een getal in van 1 of meer."),
        ("number", "11", "Vul een getal in van 10 of minder."),
        ("number", "drie", "Vul een heel getal in, met de cijfers 0 tot en met 9."),
        ("day", "25-11-2026", "Kies een dag uit de lijst."),
        ("time", "2 uur", "Kies een tijd, zoals 14:00."),
        ("key", "kort", "Dit formulier is niet compleet. Laad de pagina opnieuw."),
    ],
)
def test_bad_field_says_what_to_do_and_keeps_what_was_typed(field: str, raw: str, sentence: str) -> None:
    form = sent(**{field: raw})
    assert errors(form) == {field: (sentence,)}
    assert form[field].data is None
    if field != "secret":
        assert form[field]._value() == raw
    # The key is hidden: there is no field on the page to go to. The others are named.
    named = f"{form[field].label.text}: {sentence[0].lower()}{sentence[1:]}"
    assert list(form.errors_in_order()) == [(None, sentence) if field == "key" else (field, named)]


def test_summary_names_a_question_with_its_own_mark() -> None:
    form = sent(count="")
    assert list(form.errors_in_order()) == [("count", "Hoeveel? Vul dit in.")]


def test_missing_fields_are_empty_ones() -> None:
    form = Sample(MultiDict({"other": "x"}))
    assert not form.validate()
    assert set(errors(form)) == {"must", "secret", "number", "day", "time", "count", "key"}


def test_secret_is_never_shown_again() -> None:
    assert "abc" not in str(sent().secret())


def test_typed_text_is_inert_in_the_page() -> None:
    form = sent(name='"><b>x', time='"><b>')
    assert "<b>" not in str(form.name()) + str(form.time())


def test_attributes_are_escaped_and_stand_in_order() -> None:
    drawn = attributes(value='"><b>', readonly=True, maxlength=80, required=False, **{"aria-label": "Aan"})
    assert drawn == 'aria-label="Aan" maxlength="80" readonly value="&#34;&gt;&lt;b&gt;"'


def test_time_that_is_not_in_the_list_is_added_to_it() -> None:
    form = sent(time="14:07")
    form.time.choices = ["14:00", "14:15"]
    assert str(form.time()) == (
        '<select id="time" name="time"><option>14:00</option><option selected>14:07</option>'
        "<option>14:15</option></select>"
    )


def test_early_time_is_read_without_its_zero_and_sent_with_it() -> None:
    form = sent(time="09:00")
    form.time.choices = ["00:15", "09:00", "10:00"]
    assert str(form.time()) == (
        '<select id="time" name="time"><option value="00:15">0:15</option>'
        '<option selected value="09:00">9:00</option><option>10:00</option></select>'
    )


def test_what_no_choice_can_show_is_told_apart_and_cut_off() -> None:
    form = sent(day="morgen", part="z" * 41)
    form.part.choices = [("hal", "Hal"), ("", "Alles")]
    assert (form.day.unlisted, form.part.unlisted) == ("morgen", f"{'z' * 40}…")
    assert not form.part.is_listed
    for part in ("hal", ""):
        form = sent(part=part)
        form.part.choices = [("hal", "Hal"), ("", "Alles")]
        assert (form.day.unlisted, form.part.unlisted, form.part.is_listed) == ("", "", True)
    assert (Sample().day.unlisted, Sample().part.unlisted, Sample().part.is_listed) == ("", "", True)


def test_objection_stands_at_its_field_or_above_the_form_in_order() -> None:
    form = sent()
    objections = [Objection(Why.CLASH, "time"), Objection(Why.SHUT), Objection(Why.ELSEWHERE, "zone")]
    form.refuse(objections, lambda objection: f"{objection.reason}!")
    assert form.is_refused
    assert list(form.errors_in_order()) == [(None, "shut!"), (None, "elsewhere!"), ("time", "clash!")]
