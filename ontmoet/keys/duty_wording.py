"""The key duty in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import ngettext

from .duty_rules import Step
from .wording import moment_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from .duty_queries import Duty
    from .duty_rules import Count
    from .queries import Copy


def duty_line(duty: Duty | None, now: datetime) -> str:
    """Who has the duty, in a few words."""
    if duty is None or duty.to_id is None:
        return _("Niemand heeft nu de dienst")
    return _("%(name)s, sinds %(moment)s", name=duty.to_name, moment=moment_words(duty.at, now))


def step_line(duty: Duty) -> str:
    """What happened, as it reads afterwards."""
    names = {"giver": duty.from_name or _("iemand"), "getter": duty.to_name or _("iemand")}
    return {
        Step.START: _("%(getter)s begon met de dienst", **names),
        Step.HAND_OVER: _("Van %(giver)s naar %(getter)s", **names),
        Step.STOP: _("%(giver)s stopte met de dienst", **names),
    }[duty.step]


def answer_line(duty: Duty, *, reader_id: int) -> str:
    """Whether the other said that it is so; where it is not, that people sort it out."""
    name = (duty.to_name if duty.other_id == duty.to_id else duty.from_name) or _("De ander")
    if duty.objected_at is not None:
        if duty.other_id == reader_id:
            return _("Jij zei dat dit niet klopt. Zoek samen uit hoe het zit.")
        return _("%(name)s zegt dat dit niet klopt. Zoek samen uit hoe het zit.", name=name)
    if duty.is_one_sided:
        return _("%(name)s heeft dit nog niet bevestigd.", name=name)
    return _("Bevestigd.")


def expected_line(copies: Sequence[Copy]) -> str:
    """What the register says about the copies of one key."""
    if not copies:
        return _("Volgens de lijst ligt er geen.")
    return ngettext(
        "Volgens de lijst ligt er 1: sleutel %(numbers)s.",
        "Volgens de lijst liggen er %(num)s: sleutel %(numbers)s.",
        len(copies),
        numbers=", ".join(str(copy.number) for copy in copies),
    )


def count_line(count: Count) -> str:
    """What was counted beside what was expected, a difference in words."""
    if count.missing:
        return ngettext(
            "%(counted)s geteld. Dat is er 1 minder dan in de lijst.",
            "%(counted)s geteld. Dat zijn er %(num)s minder dan in de lijst.",
            count.missing,
            counted=count.counted,
        )
    if count.extra:
        return ngettext(
            "%(counted)s geteld. Dat is er 1 meer dan in de lijst.",
            "%(counted)s geteld. Dat zijn er %(num)s meer dan in de lijst.",
            count.extra,
            counted=count.counted,
        )
    return _("%(counted)s geteld, zoals in de lijst.", counted=count.counted)
