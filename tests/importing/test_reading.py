"""Files of all kinds become rows, or are refused with a reason."""

from __future__ import annotations

import io
import zipfile
from datetime import date, time

import openpyxl
import pytest

from ontmoet.importing import workbooks
from ontmoet.importing.reading import LARGEST_FILE, read
from ontmoet.importing.rules import MOST_ROWS, Reason, day_in, minutes_in
from ontmoet.kernel.objections import Refused

TEXT = 'complex;adres\r\n"Café ""t"" Hof";"Dorp\n1"\r\n'
EXPECTED = [(1, ["complex", "adres"]), (2, ['Café "t" Hof', "Dorp\n1"])]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def workbook(rows: str, *, texts: str = "", settings: str = "", before: str = "") -> bytes:
    """A workbook as other programs write it, with these rows."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}">{settings}'
            '<sheets><sheet name="Blad1" sheetId="1" r:id="rId7"/></sheets></workbook>',
        )
        parts.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="rId7" Target="worksheets/sheet3.xml"/></Relationships>',
        )
        parts.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{texts}</sst>')
        parts.writestr(
            "xl/worksheets/sheet3.xml",
            f'{before}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>',
        )
    return made.getvalue()


def reason_of(raw: bytes) -> object:
    with pytest.raises(Refused) as refusal:
        read(raw)
    return refusal.value.objections[0].reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_is_read_in_any_encoding_and_with_any_delimiter(encoding: str, delimiter: str) -> None:
    assert read(TEXT.replace(";", delimiter).encode(encoding)) == EXPECTED


def test_line_that_names_the_delimiter_is_none_of_the_rows() -> None:
    assert read(f"sep=;\r\n{TEXT}".encode()) == [(number + 1, cells) for number, cells in EXPECTED]


def test_workbook_has_texts_numbers_and_gaps() -> None:
    rows = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>dag</t></is></c></row>'
        '<row r="2"/><row r="4"><c r="A4"><v>46054</v></c><c r="B4" t="str"><f>1+1</f><v>twee</v></c>'
        '<c r="C4"><v>0.5</v></c></row>'
    )
    texts = "<si><r><t>ru</t></r><r><t>imte</t></r><rPh><t>klank</t></rPh></si>"
    assert read(workbook(rows, texts=texts)) == [(1, ["ruimte", "", "dag"]), (4, ["46054", "twee", "0.5"])]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", Reason.EMPTY),
        (b" \n", Reason.EMPTY),
        (b"a;b\n1;\x00", Reason.NOT_READABLE),
        (b"\xff\xfea", Reason.NOT_READABLE),
        (b"\x81\x8d\x8f", Reason.NOT_READABLE),
        (b"\xd0\xcf\x11\xe0old", Reason.OLD_WORKBOOK),
        (b"PK\x03\x04 no zip", Reason.NOT_READABLE),
        (b'a;"' + b"x" * 200_000, Reason.NOT_READABLE),
        (b"a\n" * (MOST_ROWS + 2), Reason.TOO_MANY_ROWS),
        (b"a" * (LARGEST_FILE + 1), Reason.TOO_LARGE),
        (workbook('<row r="1"><c r="ZZZ1"><v>1</v></c></row>'), Reason.TOO_MANY_COLUMNS),
        (workbook('<row r="1"><c r="A1" t="s"><v>9</v></c></row>'), Reason.NOT_READABLE),
        (workbook("<row"), Reason.NOT_READABLE),
        (workbook("", before='<!DOCTYPE x [<!ENTITY a "b">]>'), Reason.NOT_READABLE),
        (workbook("", settings='<workbookPr date1904="1"/>'), Reason.OTHER_CALENDAR),
    ],
)
def test_what_cannot_be_read_is_refused(raw: bytes, reason: Reason) -> None:
    assert reason_of(raw) == reason


def test_workbook_of_another_program_is_read_as_people_see_it() -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["ruimte", "dag", "begin", "einde", "aantal mensen", "waarvoor", "open"])
    page.append(["De Linde", date(2026, 2, 1), time(14, 30), date(2026, 2, 3), 8, "=1+1", True])
    page.append([])
    page.append([None, None, None, None, 8.0, "  twee\nregels", None])
    made = io.BytesIO()
    book.save(made)
    [heads, first, last] = read(made.getvalue())
    assert heads[1][:2] == ["ruimte", "dag"]
    cells = first[1]
    assert (first[0], cells[0], day_in(cells[1]), minutes_in(cells[2])) == (
        2,
        "De Linde",
        date(2026, 2, 1),
        870,
    )
    assert (cells[4], cells[5:]) == ("8", ["", "ja"]), "what a formula gives is not in the file: it is empty"
    assert last == (4, ["", "", "", "", "8", "  twee\nregels"])


def test_workbook_with_too_much_of_anything_is_refused_before_it_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, MOST_ROWS + 3))
    assert reason_of(workbook(rows)) == Reason.TOO_MANY_ROWS
    corner = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    assert reason_of(workbook(corner)) == Reason.TOO_MANY_COLUMNS
    monkeypatch.setattr(workbooks, "MOST_TEXTS", 10)
    assert reason_of(workbook("", texts="<si><t>a</t></si>" * 11)) == Reason.TOO_MANY_ROWS


def test_workbook_that_unpacks_to_far_more_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "LARGEST_PART", 100_000)
    assert reason_of(workbook(" " * 1_000_000)) == Reason.TOO_LARGE


def test_workbook_with_a_tag_that_has_no_end_in_sight_is_refused() -> None:
    """The library begins a tag anew with each piece of it: one of 64 MB takes minutes, in a file of 64 kB."""
    cell = '<c r="A1" t="inlineStr"><is><t>Naam</t></is></c>'
    assert read(workbook(f'<row note="{"x" * 900_000}">{cell}</row>')) == [(1, ["Naam"])]
    assert reason_of(workbook(f'<row note="{"x" * 2_000_000}">{cell}</row>')) is Reason.NOT_READABLE
    long = '<c r="A1" t="inlineStr"><is><t>Naam</t><rPh>{}</rPh></is></c>'.format("x" * 3_000_000)
    assert read(workbook(f"<row>{long}</row>")) == [(1, ["Naam"])]
