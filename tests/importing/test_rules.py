"""Days, times and numbers as lists have them, and columns by their heads."""

from __future__ import annotations

from datetime import date

import pytest

from ontmoet.importing.columns import Kind
from ontmoet.importing.rules import (
    Reason,
    day_in,
    fault_of_cells,
    minutes_in,
    number_in,
    rows_under,
)
from ontmoet.kernel.objections import Refused


@pytest.mark.parametrize(
    "cell", ["2026-02-01", "1-2-26", "01-02-2026", "1/2/2026", "1.2.2026", "46054", "2026-02-01 00:00:00"]
)
def test_day_is_read_however_it_is_written(cell: str) -> None:
    assert day_in(cell) == date(2026, 2, 1)


@pytest.mark.parametrize(
    "cell", ["", "31-2-2026", "2-13-2026", "morgen", "1-2-1026", "12", "9" * 300, "٣-2-26x"]
)
def test_what_is_no_day_is_none(cell: str) -> None:
    assert day_in(cell) is None


def test_times_and_numbers() -> None:
    assert [minutes_in(cell) for cell in ("14:30", "9.05", "14", "0.5", "24:00", "14:00:00")] == [
        870, 545, 840, 720, 1440, 840,
    ]  # fmt: skip
    assert [minutes_in(cell) for cell in ("24:01", "9:60", "1.75.2", "half drie", "-1", "")] == [None] * 6
    assert [number_in(cell, most=10) for cell in ("8", "8.0", "0", "8.5", "11", "acht")] == [
        8, 8, None, None, None, None,
    ]  # fmt: skip


def test_columns_are_found_in_any_order_and_by_other_names() -> None:
    [row] = rows_under(Kind.HOMES, [(1, ["Adres ", "COMPLEXNAAM"]), (2, ["Dorp 1", "Hof"]), (3, ["", " "])])
    assert (row.number, dict(row.cells)) == (2, {"adres": "Dorp 1", "complex": "Hof"})


@pytest.mark.parametrize(
    ("heads", "reason"),
    [
        (["adres"], Reason.COLUMN_MISSES),
        (["adres", "complex", "Adres"], Reason.COLUMN_TWICE),
        (["adres", "complex", "huur"], Reason.COLUMN_UNKNOWN),
        (["adres", "complex"], Reason.NO_ROWS),
    ],
)
def test_columns_that_do_not_fit_are_refused(heads: list[str], reason: Reason) -> None:
    with pytest.raises(Refused) as refusal:
        rows_under(Kind.HOMES, [(1, heads)])
    assert reason in {objection.reason for objection in refusal.value.objections}


@pytest.mark.parametrize("head", ["open", "eerst vragen", "soort", "mensen", "vierkante meter"])
def test_wrong_word_or_number_is_never_only_too_long(head: str) -> None:
    needed = {"complex": "H", "ruimte": "R", "mensen": "8"}
    found = rows_under(
        Kind.ROOMS, [(1, [*(needed | {head: ""})]), (2, [*(needed | {head: "dat weet ik niet"}).values()])]
    )
    assert [fault_of_cells(Kind.ROOMS, row) for row in found] == [None]


def test_cells_that_miss_are_too_long_or_stand_astray_are_faults() -> None:
    found = rows_under(
        Kind.HOMES,
        [(1, ["complex", "adres"]), (2, ["", "A 1"]), (3, ["H", "A" * 81]), (4, ["H", "A 1", "x"])],
    )
    faults = [fault_of_cells(Kind.HOMES, row) for row in found]
    assert [fault.objection.reason for fault in faults if fault and fault.objection] == [
        Reason.MISSES, Reason.TOO_LONG, Reason.STRAY_CELL,
    ]  # fmt: skip
