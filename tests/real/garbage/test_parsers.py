"""The parsers, with text that nobody thought of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from ontmoet.kernel import text as parsers
from ontmoet.kernel.text import Malformed

if TYPE_CHECKING:
    from collections.abc import Callable


PARSERS: list[Callable[[str], object]] = [
    lambda raw: parsers.line(raw, longest=80),
    lambda raw: parsers.whole_number(raw, least=1, most=99_999_999),
    parsers.day,
    parsers.week,
    parsers.month,
    parsers.minutes,
    parsers.form_key,
]
NEAR_MISSES = st.one_of(
    st.text(),
    st.text(alphabet=st.characters(codec=None)),
    st.text(alphabet="0123456789-:W. +_eT", max_size=20),
    st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", fullmatch=True),
    st.from_regex(r"[0-9]{4}-W?[0-9]{2}", fullmatch=True),
    st.from_regex(r"\d{1,2}:\d{2}", fullmatch=True),
    st.from_regex(r"\d{1,30}", fullmatch=True),
)


@settings(max_examples=400, deadline=None)
@given(raw=NEAR_MISSES)
def test_a_parser_gives_a_value_or_malformed(raw: str) -> None:
    for parse in PARSERS:
        try:
            found = parse(raw)
        except Malformed:
            continue
        if isinstance(found, str):
            assert len(found) <= 80
            found.encode("utf-8")
            assert parse(found) == found, "reading it again changes nothing"
            assert not re.search("[\x00-\x08\x0e-\x1f\u202a-\u202e\u2066-\u2069\r\n]", found)


@given(st.integers(min_value=-(10**30), max_value=10**30))
def test_whole_numbers_are_within_bounds(number: int) -> None:
    try:
        assert 1 <= parsers.whole_number(str(number), least=1, most=500) <= 500
    except Malformed:
        assert not 1 <= number <= 500
