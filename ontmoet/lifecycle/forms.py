"""The shape of what is filled in about somebody who moves, dies, or is here twice."""

from wtforms import BooleanField, ValidationError

from ontmoet.kernel.objections import Objection
from ontmoet.web.forms import DateField, Form
from ontmoet.web.i18n import lazy_gettext as _l

from .rules import Reason
from .wording import say


class MoveForm(Form):
    """From which day on somebody lives elsewhere."""

    day = DateField(_l("Woont hier niet meer vanaf"), required=True)


class SureForm(Form):
    """Something that cannot be undone."""

    is_sure = BooleanField(_l("Ja, ik weet het zeker"))

    def validate_is_sure(self, field: BooleanField) -> None:
        """Nothing happens without the tick."""
        if not field.data:
            raise ValidationError(say(Objection(Reason.NOT_SURE)))
