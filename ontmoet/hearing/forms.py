"""The shape of what people choose about messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import BooleanField, ValidationError

from ontmoet.kernel.text import Malformed, TextReason
from ontmoet.kernel.walltime import MINUTES_A_DAY
from ontmoet.people.rules import Channel
from ontmoet.people.wording import LANGUAGE_NAMES
from ontmoet.web import dates
from ontmoet.web.forms import ChoiceField, Form, TimeField, say_malformed
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

from .rules import QuietHours, Reader

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ontmoet.outbox.letters import Optional

HOURS = [dates.field_time(minutes) for minutes in range(0, MINUTES_A_DAY, 60)]


class HourField(TimeField):
    """A whole hour of the day."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.choices = HOURS

    def parse(self, raw: str) -> int:
        minutes = super().parse(raw)
        if minutes % 60 or minutes >= MINUTES_A_DAY:
            raise Malformed(TextReason.NOT_A_TIME)
        return minutes


class WayForm(Form):
    """How somebody hears from us, and in which language."""

    channel = ChoiceField(_l("Hoe wil je van ons horen?"))
    language = ChoiceField(_l("In welke taal wil je berichten van ons?"), validate_choice=False)

    def validate_channel(self, field: ChoiceField) -> None:
        if field.data is None:
            raise ValueError(say_malformed(Malformed(TextReason.NOT_A_CHOICE)))

    def validate_language(self, field: ChoiceField) -> None:
        if not field.is_listed:
            raise ValidationError(_("Kies een van deze talen."))

    def offer(self, reader: Reader) -> None:
        """Mail only to who has an address."""
        self.channel.choices = [
            *([(Channel.MAIL.value, _("Een mail"))] if reader.has_address else []),
            (Channel.CALL.value, _("Een telefoontje")),
            (Channel.PRINT.value, _("Een briefje")),
        ]
        self.language.choices = [(language.value, name) for language, name in LANGUAGE_NAMES.items()]


class HearingForm(WayForm):
    """Quiet hours besides; `form_for` adds the kinds of message that one can ask for."""

    is_quiet = BooleanField(_l("Stuur me niets in mijn rustige uren"))
    quiet_from = HourField(_l("Rustig vanaf"))
    quiet_until = HourField(_l("Tot"))

    @property
    def quiet(self) -> QuietHours:
        """The quiet hours that were chosen."""
        if not self.is_quiet.data:
            return QuietHours(0, 0)
        return QuietHours(self.quiet_from.data, self.quiet_until.data)

    def wants(self, kinds: Mapping[str, Optional]) -> frozenset[str]:
        """The kinds of message that were asked for."""
        return frozenset(kind for kind in kinds if self[kind].data)


def form_for(reader: Reader, kinds: Mapping[str, Optional], sent: Any = None) -> HearingForm:
    """The form as it was sent, or else filled with what somebody chose before."""
    fields = {kind: BooleanField(optional.title) for kind, optional in kinds.items()}
    usual = QuietHours()
    quiet = reader.quiet if reader.quiet.starts != reader.quiet.ends else usual
    form: HearingForm = type("Form", (HearingForm,), fields)(
        sent,
        data={
            "channel": reader.hears_by,
            "language": reader.language,
            "is_quiet": reader.quiet.starts != reader.quiet.ends,
            "quiet_from": quiet.starts,
            "quiet_until": quiet.ends,
            **{kind: kind in reader.wants for kind in kinds},
        },
    )
    form.offer(reader)
    return form
