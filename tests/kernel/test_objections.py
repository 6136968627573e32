"""How the house says no."""

from __future__ import annotations

from enum import StrEnum

import pytest

from ontmoet.kernel.objections import Objection, Refused, refuse_any


class Why(StrEnum):
    LATE = "late"
    FULL = "full"


def test_objections_are_refused_together_and_none_is_no_refusal() -> None:
    found = (Objection(Why.LATE, "starts"), Objection(Why.FULL))
    with pytest.raises(Refused) as refused:
        refuse_any(found)
    assert refused.value.objections == found
    refuse_any(())
    refuse_any([])
