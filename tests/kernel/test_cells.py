"""Which text a spreadsheet would work out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontmoet.kernel.cells import as_it_was, inert

FORMULAS = (
    "=1+1",
    "+31 6 1234",
    "-5",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\0=1",
    " =1",
    "\uff1d1",
    "'=1",
    "''@a",
)
HARMLESS = ("", "Noor", "'s avonds", "a=b", "1-2-26", "{x}", "''", "مرحبا")


@pytest.mark.parametrize("text", FORMULAS)
def test_what_could_be_a_formula_gets_one_quote(text: str) -> None:
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert inert(text) == as_it_was(text) == text


@given(st.text(alphabet="'=+-@ \t\r\n\0a1\uff0b", max_size=6) | st.text())
def test_text_comes_back_as_it_was_and_no_cell_begins_as_a_formula(text: str) -> None:
    assert as_it_was(inert(text)) == text
    assert not inert(text).lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\0"))
