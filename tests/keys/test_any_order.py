"""Whatever happens to a key, in whatever order: one holder, an unbroken history, nothing silently back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ontmoet.kernel.objections import Refused
from ontmoet.keys.rules import CABINET, LOST, Condition, Holder, HolderKind, person
from tests.keys.deeds import a_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Neighbourhood

PEOPLE = ("noor", "ali", "bram", "riet")
DEEDS = st.one_of(
    st.tuples(st.just("give"), st.sampled_from((*PEOPLE, "plumber")), st.sampled_from(PEOPLE)),
    st.tuples(st.just("take_back"), st.sampled_from(PEOPLE)),
    st.tuples(st.sampled_from(("lose", "find", "confirm", "object_to")), st.sampled_from(PEOPLE)),
    st.tuples(st.just("wait"), st.integers(-3, 30)),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=st.lists(DEEDS, min_size=1, max_size=14))
def test_key_is_always_with_exactly_one_and_only_finding_ends_that_it_is_lost(
    hood: Neighbourhood, moment: Callable[[timedelta], None], deeds: list[tuple[str, ...]]
) -> None:
    ring = a_key(hood)
    holder = CABINET
    for name, *rest in deeds:
        expected = holder
        try:
            match name, rest:
                case "wait", [hours]:
                    moment(timedelta(hours=int(hours)))
                case "give", [to, by]:
                    other = (
                        Holder(HolderKind.OTHER, name="Loodgieter")
                        if to == "plumber"
                        else person(hood.people[to])
                    )
                    ring.give(other, by=by)
                    expected = other
                case "take_back", [by]:
                    ring.take_back(by=by, condition=Condition.UNSEEN)
                    expected = CABINET
                case "lose", [by]:
                    ring.lose(by=by)
                    expected = LOST
                case "find", [by]:
                    ring.find(by=by)
                    assert holder == LOST
                    expected = CABINET
                case deed, [by]:
                    getattr(ring, deed)(by=by)
        except Refused:
            assert expected == holder
        assert ring.now.holder == expected
        if holder == LOST and expected != LOST:
            assert name == "find"
        holder = expected
    assert ring.breaks() == []
