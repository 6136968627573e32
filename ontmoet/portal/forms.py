"""The shape of what people fill in on pages of several slices."""

import re

from wtforms import ValidationError

from ontmoet.kernel.tokens import code_in
from ontmoet.web.forms import Form, LineField
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

STRIP_CARD = re.compile(r"(?:^|/)k/[\w-]+/?$")
"""The address on a strip card."""


class TagCodeForm(Form):
    """The code of a label, typed over."""

    code = LineField(_l("Typ de code van het label"), longest=120, required=True)

    def validate_code(self, field: LineField) -> None:
        """Only whether it can be a code: whether there is such a label, its page says."""
        if field.data and STRIP_CARD.search(field.data):
            raise ValidationError(_("Dit is een strippenkaart. Die werkt hier nog niet."))
        if field.data and not code_in(field.data):
            raise ValidationError(
                _("Dit is geen code van een label. Er horen zeven groepjes van vier te staan.")
            )
