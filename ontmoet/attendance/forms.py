"""The shape of a day's figures: a field for each row of the sheet, in its order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.web.forms import Form, NumberField

from .rules import MOST

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .rules import Figures
    from .sheet import SheetRow


class FiguresForm(Form):
    """Made by `figures_form`."""

    def figures(self) -> dict[str, int | None]:
        """What was filled in. Of a form that is valid."""
        return {field.name: field.data for field in self}

    def show_meanwhile(self, seen: Figures, there: Figures) -> None:
        """Put what somebody else wrote where nothing was changed of what was `seen`."""
        for field in self:
            if field.data == seen.get(field.name):
                field.raw_data = None
                field.data = there.get(field.name)


def figures_form(rows: Iterable[SheetRow], sent: Mapping[str, str] | None, figures: Figures) -> FiguresForm:
    """The form as it was sent, or filled in with the figures there are."""
    fields = {row.key: NumberField(row.label, least=0, most=MOST, required=False) for row in rows}
    form: FiguresForm = type("_FiguresForm", (FiguresForm,), fields)(sent, data=dict(figures))
    return form
