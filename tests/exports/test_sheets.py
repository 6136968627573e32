"""Sheets as files, read again by programs that did not write them."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from xml.etree import ElementTree

import openpyxl
import pytest
from openpyxl.utils.escape import unescape

from ontmoet.exports import sheets
from ontmoet.exports.rules import Format
from ontmoet.exports.sheets import Sheet, write
from ontmoet.kernel.cells import as_it_was

HEADS = ("id", "tekst", "leeg", "vlag")
NASTY = (
    "=cmd|' /C calc'!A0",
    "-5",
    '"aanhaling"; en\nnieuwe regel\r\nen nog een',
    "a\x00b\x07c\x1fd",
    "<r>geen opmaak</r>",
    "</t></is></c>&amp;",
    "_x0041_ en _x000D_",
    "مرحبا بكم",
    "\u202egespiegeld",
    "👩‍👩‍👧‍👦 koffie",
    "\ufffe\uffff",
    "  spaties  ",
    "1-2-26",
    "00123",
)
ROWS = [[number, text, None, number % 2 == 0] for number, text in enumerate(NASTY)]


def written(kind: Format, rows: list[list[sheets.Value]] = ROWS, *, lot: int = 5) -> bytes:
    into = io.BytesIO()
    lots = [rows[first : first + lot] for first in range(0, len(rows), lot)]
    legend = Sheet("uitleg", ("kolom", "betekenis"), [[["id", "Nummer"]]])
    write([legend, Sheet("booking", HEADS, lots)], kind, into)
    return into.getvalue()


def test_csv_has_every_text_and_none_that_a_spreadsheet_works_out() -> None:
    text = written(Format.CSV).decode("utf-8-sig")
    assert written(Format.CSV).startswith(b"\xef\xbb\xbf")
    heads, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    assert tuple(heads) == HEADS
    assert [as_it_was(row[1]) for row in rows] == list(NASTY)
    assert [row[1][0] for row in rows if row[1].lstrip(" '").startswith(("=", "-"))] == ["'", "'"]
    assert [(row[0], row[2], row[3]) for row in rows][:2] == [("0", "", "ja"), ("1", "", "nee")]


def test_json_has_the_values_with_their_kinds() -> None:
    found = json.loads(written(Format.JSON))
    assert [list(row.values()) for row in found] == ROWS
    assert list(found[0]) == list(HEADS)


@pytest.mark.parametrize("kind", [Format.CSV, Format.JSON, Format.XLSX])
def test_table_without_rows_is_a_file_with_heads_or_an_empty_list(kind: Format) -> None:
    empty = written(kind, [])
    if kind is Format.XLSX:
        assert [
            [cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(empty))["booking"]
        ] == [list(HEADS)]
    elif kind is Format.JSON:
        assert json.loads(empty) == []
    else:
        assert empty.decode("utf-8-sig") == "id;tekst;leeg;vlag\r\n"


def test_workbook_is_read_by_another_program_with_all_text_as_text() -> None:
    book = openpyxl.load_workbook(io.BytesIO(written(Format.XLSX)))
    assert book.sheetnames == ["uitleg", "booking"]
    assert [[cell.value for cell in row] for row in book["uitleg"]] == [
        ["kolom", "betekenis"],
        ["id", "Nummer"],
    ]
    heads, *rows = book["booking"].iter_rows()
    assert [cell.value for cell in heads] == list(HEADS)
    assert [row[0].value for row in rows] == list(range(len(NASTY)))
    assert {type(row[0].value) for row in rows} == {int}
    assert {row[1].data_type for row in rows} == {"s"}
    assert [unescape(row[1].value) for row in rows] == list(NASTY)
    assert [row[3].value for row in rows][:2] == ["ja", "nee"]


def test_every_part_of_a_workbook_is_xml_and_named_once() -> None:
    with zipfile.ZipFile(io.BytesIO(written(Format.XLSX))) as parts:
        assert parts.testzip() is None
        names = parts.namelist()
        for name in names:
            ElementTree.fromstring(parts.read(name))  # noqa: S314 - written a moment ago
        types = parts.read("[Content_Types].xml").decode()
    assert len(names) == len(set(names))
    assert [
        name for name in names if name.startswith("xl/") and "_rels" not in name and name not in types
    ] == []


def test_rows_that_do_not_fit_go_on_in_a_next_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 4)
    for number in (4, 8, 14):
        book = openpyxl.load_workbook(io.BytesIO(written(Format.XLSX, ROWS[:number], lot=3)))
        pages = [page for page in book if page.title.startswith("booking")]
        found = [row[0].value for page in pages for row in page.iter_rows(min_row=2)]
        assert found == list(range(number))
        assert [page.title for page in pages] == ["booking", "booking 2", "booking 3", "booking 4"][
            : -(-number // 4)
        ]
        assert {page["A1"].value for page in pages} == {"id"}


def test_page_that_grows_too_large_goes_on_in_a_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "LARGEST_PAGE", 1)
    book = openpyxl.load_workbook(io.BytesIO(written(Format.XLSX, ROWS[:6], lot=3)))
    assert book.sheetnames == ["uitleg", "booking", "booking 2"]
    assert [row[0].value for page in book.worksheets[1:] for row in page.iter_rows(min_row=2)] == list(
        range(6)
    )


def test_text_longer_than_a_cell_is_cut_in_a_workbook_and_whole_elsewhere() -> None:
    long = "é" * 40_000
    book = openpyxl.load_workbook(io.BytesIO(written(Format.XLSX, [[1, long, None, True]])))
    cell = book["booking"]["B2"].value
    assert len(cell) == sheets.LONGEST_CELL
    assert cell.endswith("(ingekort)")
    assert json.loads(written(Format.JSON, [[1, long, None, True]]))[0]["tekst"] == long
