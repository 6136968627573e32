"""Which house rules hold, and who still has to agree."""

from __future__ import annotations

import pytest

from ontmoet.house_rules.rules import Agreement, Group, RulesVersion, groups_in, published_at
from tests.builders import at


def version(number: int, *, needs_acceptance: bool = True, since: str = "2026-03-03") -> RulesVersion:
    return RulesVersion(number, number, at(f"{since} 09:00"), "Lampen uit.", "Later.", needs_acceptance)


FIRST, MENDED, CHANGED = version(1), version(2, needs_acceptance=False), version(3)


@pytest.mark.parametrize(
    ("published", "accepted", "missing", "changes"),
    [
        ((), 0, False, ()),
        ((FIRST,), 0, True, ()),
        ((FIRST,), 1, False, ()),
        ((FIRST, MENDED), 0, True, ()),
        ((FIRST, MENDED), 1, False, ()),
        ((FIRST, MENDED, CHANGED), 1, True, (MENDED, CHANGED)),
        ((FIRST, MENDED, CHANGED), 2, True, (CHANGED,)),
        ((FIRST, MENDED, CHANGED), 3, False, ()),
    ],
)
def test_agreement_is_missing_only_when_it_matters(
    published: tuple[RulesVersion, ...], accepted: int, missing: bool, changes: tuple[RulesVersion, ...]
) -> None:
    agreement = Agreement(published, accepted)
    assert agreement.is_missing is missing
    assert agreement.changes == changes
    assert agreement.current == (published[-1] if published else None)
    assert (agreement.accepted_version.number if agreement.accepted_version else 0) == accepted


def test_version_holds_from_its_moment_on() -> None:
    later = version(2, since="2026-12-01")
    assert published_at((FIRST, later), at("2026-11-30 12:00")) == (FIRST,)
    assert published_at((FIRST, later), later.published_at) == (FIRST, later)


def test_line_with_a_colon_at_its_end_is_a_heading() -> None:
    assert groups_in("Groet elkaar.\n\nGeluid:\n Na 22:00 uur is het stil. \r\nMuziek zacht.\nLeeg:") == (
        Group("", ("Groet elkaar.",)),
        Group("Geluid", ("Na 22:00 uur is het stil.", "Muziek zacht.")),
        Group("Leeg", ()),
    )
    assert groups_in(" \n") == ()
