"""The base of every form, and the fields that parse text, numbers, days and times.

A form checks shape, a rule checks meaning; `refuse` puts a rule's objection where it belongs. What was
typed stays in the field, also when it could not be read.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from wtforms import Field, RadioField
from wtforms import Form as WTForm
from wtforms.widgets import TextArea

from ontmoet.kernel import text
from ontmoet.kernel.text import Malformed, TextReason
from ontmoet.kernel.tokens import new_form_key

from . import dates
from .i18n import gettext as _
from .i18n import lazy_gettext as _l
from .widgets import DateInput, HiddenInput, PasswordInput, TextInput, TimeSelect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ontmoet.kernel.objections import Objection


FORM_REUSED = "form_reused"
"""The reason, in each slice that has it, for refusing a form whose key was used for another."""

_MALFORMED = {
    TextReason.EMPTY: _l("Vul dit in."),
    TextReason.TOO_LONG: _l("Gebruik hier hoogstens %(limit)s tekens."),
    TextReason.UNREADABLE: _l("Hier staat een teken dat we niet kunnen lezen. Haal het weg."),
    TextReason.NOT_A_NUMBER: _l("Vul een heel getal in, met de cijfers 0 tot en met 9."),
    TextReason.TOO_SMALL: _l("Vul een getal in van %(limit)s of meer."),
    TextReason.TOO_LARGE: _l("Vul een getal in van %(limit)s of minder."),
    TextReason.NOT_A_DAY: _l("Kies een dag uit de lijst."),
    TextReason.NOT_A_WRITTEN_DAY: _l("Vul een dag in, zoals 24-11-2026."),
    TextReason.NO_SUCH_DAY: _l("Deze dag kan niet. Kijk ook naar het jaar."),
    TextReason.NOT_A_TIME: _l("Kies een tijd, zoals 14:00."),
    TextReason.NOT_A_KEY: _l("Dit formulier is niet compleet. Laad de pagina opnieuw."),
    TextReason.NOT_A_CHOICE: _l("Kies iets uit de lijst."),
    TextReason.NOT_SO_MANY_DIGITS: _l("Vul %(limit)s cijfers in."),
}


def say_reused() -> str:
    """What is wrong when the key of a form was used up for other fields."""
    return _("Dit formulier is al gebruikt voor iets anders. Kijk het na en verstuur het opnieuw.")


def say_malformed(problem: Malformed) -> str:
    """Why a text could not be read, in a sentence that says what to do."""
    return str(_MALFORMED[problem.reason]) % {"limit": problem.limit}


class Form(WTForm):
    """A form that keeps what was typed and can be refused by a rule."""

    class Meta:
        locales = ("nl",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._general: list[str] = []

    def refuse(self, objections: Iterable[Objection], say: Callable[[Objection], str]) -> None:
        """Put each objection's sentence at its field, or above the form."""
        for objection in objections:
            sentence = say(objection)
            if objection.reason == FORM_REUSED:
                self._renew_key()
            if objection.field is not None and objection.field in self:
                field = self[objection.field]
                field.errors = (*field.errors, sentence)
            else:
                self._general.append(sentence)

    def _renew_key(self) -> None:
        """Or what comes back could never be sent again."""
        for field in self:
            if isinstance(field, FormKeyField):
                field.data, field.raw_data = new_form_key(), None

    @property
    def is_refused(self) -> bool:
        return bool(self._general) or any(field.errors for field in self)

    def errors_in_order(self) -> Iterator[tuple[str | None, str]]:
        """(field id, sentence) for the summary; without id where there is no field to go to."""
        for sentence in self._general:
            yield None, sentence
        for field in self:
            for sentence in field.errors:
                yield (None, sentence) if field.flags.hidden else (field.id, _named(field, sentence))


def _named(field: Field, sentence: str) -> str:
    """What could not be read, with the label before it: of three times "Vul dit in." nobody knows which."""
    if sentence not in field.process_errors:
        return sentence
    label = str(field.label.text)
    return f"{label} {sentence}" if label.endswith("?") else f"{label}: {sentence[0].lower()}{sentence[1:]}"


LONGEST_EXCERPT = 40


class _ParsedField(Field):
    """A field whose text goes through one of the kernel's parsers."""

    widget: Any = TextInput()

    def parse(self, raw: str) -> Any:
        raise NotImplementedError

    def show(self, value: Any) -> str:
        return str(value)

    @property
    def is_plain(self) -> bool:
        """Whether it is empty, or holds a value that is written as we write it ourselves."""
        return self._value() == ("" if self.data is None else self.show(self.data))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.show(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        try:
            self.data = self.parse(valuelist[0] if valuelist else "")
        except Malformed as problem:
            raise ValueError(say_malformed(problem)) from None


class LineField(_ParsedField):
    """One line of text; empty is allowed unless `required`."""

    def __init__(self, label: str, *, longest: int, required: bool = False, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.longest = longest
        self.required = required

    def parse(self, raw: str) -> str:
        line = text.line(raw, longest=self.longest)
        if self.required and not line:
            raise Malformed(TextReason.EMPTY)
        return line


class LinesField(_ParsedField):
    """Several lines of text; empty is allowed."""

    widget = TextArea()

    def __init__(self, label: str, *, longest: int, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.longest = longest

    def parse(self, raw: str) -> str:
        return text.lines(raw, longest=self.longest)


class SecretField(_ParsedField):
    """A password: taken as it is, never shown again."""

    widget = PasswordInput(hide_value=True)

    def __init__(self, label: str, *, longest: int, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.longest = longest

    def parse(self, raw: str) -> str:
        if not raw:
            raise Malformed(TextReason.EMPTY)
        if len(raw) > self.longest:
            raise Malformed(TextReason.TOO_LONG, self.longest)
        return raw

    def _value(self) -> str:
        return ""


class DigitsField(_ParsedField):
    """So many digits: a PIN. Hidden with the widget `PasswordInput`, and then never shown again."""

    def __init__(self, label: str, *, length: int, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.length = length

    def parse(self, raw: str) -> str:
        return text.digits(raw, length=self.length)


class NumberField(_ParsedField):
    """A whole number in plain digits; empty is allowed unless `required`."""

    def __init__(self, label: str, *, least: int, most: int, required: bool = True, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.least, self.most, self.required = least, most, required

    def parse(self, raw: str) -> int | None:
        if not self.required and not raw.strip(" "):
            return None
        return text.whole_number(raw, least=self.least, most=self.most)


class DayField(_ParsedField):
    """A day, YYYY-MM-DD."""

    def parse(self, raw: str) -> date:
        return text.day(raw)

    @property
    def unlisted(self) -> str:
        """What was sent and is no day, cut off: no choice can show it."""
        return _excerpt(self.raw_data) if self.data is None else ""


class DateField(_ParsedField):
    """A day that is typed or picked from the browser's own calendar; empty is allowed unless `required`."""

    widget = DateInput()

    def __init__(self, label: str, *, required: bool = False, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.required = required

    def parse(self, raw: str) -> date | None:
        if not raw.strip():
            if self.required:
                raise ValueError(_("Kies een dag."))
            return None
        return text.written_day(raw)


class ChoiceField(RadioField):
    """One of a few choices, or none of them."""

    @property
    def unlisted(self) -> str:
        """What was sent and is not among the choices, cut off."""
        return "" if self.is_listed else _excerpt(self.raw_data)

    @property
    def is_listed(self) -> bool:
        """Whether one of the choices was sent, or nothing."""
        return self.data is None or self.data in [self.coerce(choice[0]) for choice in self.choices or ()]


def _excerpt(raw_data: list[str] | None) -> str:
    return text.excerpt(raw_data[0], longest=LONGEST_EXCERPT) if raw_data else ""


class TimeField(_ParsedField):
    """A time of day as HH:MM, chosen from a list; the value is minutes after midnight."""

    widget = TimeSelect()

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.choices: list[str] = []

    def parse(self, raw: str) -> int:
        return text.minutes(raw)

    def show(self, value: int) -> str:
        return dates.field_time(value)


class TypedTimeField(_ParsedField):
    """A time of day that is typed; empty is allowed. The value is minutes after midnight."""

    def parse(self, raw: str) -> int | None:
        if not raw.strip(" "):
            return None
        try:
            return text.written_minutes(raw)
        except Malformed:
            raise ValueError(_("Vul een tijd in, zoals 9:00 of 24:00.")) from None

    def show(self, value: int) -> str:
        return dates.clock_of(value)


class FormKeyField(_ParsedField):
    """The hidden idempotency key."""

    widget = HiddenInput()

    def parse(self, raw: str) -> str:
        return text.form_key(raw)
