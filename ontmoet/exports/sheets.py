"""Sheets of plain values, and how one becomes a file. Rows go out as they come in.

The workbook is written here and not by a library, for three things the usual ones do not do: they keep
rows in files with a name until all is written, which somebody who pulls the plug leaves behind; they work
for a minute without giving way to anybody; and one writes a text that looks like its own mark-up as it is,
so that somebody's remark could break the file.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from ontmoet.kernel.cells import inert

from .rules import Format

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Value = str | int | bool | None

MOST_ROWS = 1_048_575
"""Beneath the heads, in a sheet of a workbook; what is more goes on in a second one."""

LARGEST_PAGE = 1_500_000_000
"""Bytes, before they are made smaller: beyond 2 GB a part is of a newer kind of zip, which Excel refuses."""

LONGEST_CELL = 32_767
"""Characters, in a workbook."""

_CUT = " … (ingekort)"
_UNUSUAL = re.compile("[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9a-fA-F]{4}_")
_OF_WORKBOOKS = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9a-fA-F]{4}_)")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_BOLD = ' s="1"'
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill'
    ' patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders'
    ' count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs'
    ' count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows under heads, in lots. Read once."""

    name: str
    heads: Sequence[str]
    lots: Iterable[Sequence[Sequence[Value]]]


def write(sheets: Sequence[Sheet], kind: Format, into: IO[bytes]) -> None:
    """Write the last sheet as a file of this kind. A workbook has them all: the legend comes first."""
    if kind is Format.XLSX:
        _workbook(sheets, into)
        return
    sheet = sheets[-1]
    for piece in _csv(sheet) if kind is Format.CSV else _json(sheet):
        into.write(piece.encode())


def part_of(files: zipfile.ZipFile, name: str, *, may_be_huge: bool = False) -> IO[bytes]:
    """A file in a zip, to write in. It has no date of its own: the same rows are the same zip."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return files.open(entry, "w", force_zip64=may_be_huge)


def _csv(sheet: Sheet) -> Iterator[str]:
    """As Dutch spreadsheets open it by a double click: with a mark that it is UTF-8, and semicolons."""
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, delimiter=";")
    lines.write("\ufeff")
    writer.writerow(sheet.heads)
    for lot in sheet.lots:
        writer.writerows([_plain(value) for value in row] for row in lot)
        yield lines.getvalue()
        lines.seek(0)
        lines.truncate()
    yield lines.getvalue()


def _plain(value: Value) -> str | int | None:
    if isinstance(value, str):
        return inert(value)
    return _yes_or_no(value) if isinstance(value, bool) else value


def _yes_or_no(value: bool) -> str:
    return "ja" if value else "nee"


def _json(sheet: Sheet) -> Iterator[str]:
    """A list with an object on each line."""
    before = "[\n"
    for lot in sheet.lots:
        lines = [json.dumps(dict(zip(sheet.heads, row, strict=True)), ensure_ascii=False) for row in lot]
        if lines:
            yield before + ",\n".join(lines)
            before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _workbook(sheets: Iterable[Sheet], into: IO[bytes]) -> None:
    names: list[str] = []
    with zipfile.ZipFile(into, "w") as parts:
        for sheet in sheets:
            lots = iter(sheet.lots)
            left: Sequence[Sequence[Value]] | None = next(lots, [])
            part = 0
            while left is not None:
                part += 1
                names.append(sheet.name if part == 1 else f"{sheet.name} {part}")
                with part_of(parts, f"xl/worksheets/sheet{len(names)}.xml") as page:
                    left = _page(sheet.heads, left, lots, page)
        for path, content in _around(names).items():
            with part_of(parts, path) as page:
                page.write(content.encode())


def _page(
    heads: Sequence[str],
    lot: Sequence[Sequence[Value]],
    lots: Iterator[Sequence[Sequence[Value]]],
    page: IO[bytes],
) -> Sequence[Sequence[Value]] | None:
    """Write one page of a workbook; the rows that did not fit in it, or None when all did."""
    letters = [_letters(number) for number in range(len(heads))]
    page.write(
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1"'
        ' topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'<cols><col min="1" max="{len(heads)}" width="22" customWidth="1"/></cols><sheetData>'
        f"{_line(1, letters, heads, _BOLD)}".encode()
    )
    number = 2
    left: Sequence[Sequence[Value]] | None = lot
    written = 0
    while left is not None and number < MOST_ROWS + 2 and written < LARGEST_PAGE:
        fitting = left[: MOST_ROWS + 2 - number]
        lines = "".join(_line(number + at, letters, row) for at, row in enumerate(fitting))
        written += page.write(lines.encode())
        number += len(fitting)
        left = left[len(fitting) :] or next(lots, None)
    page.write(b"</sheetData></worksheet>")
    return left


def _line(number: int, letters: Sequence[str], row: Sequence[Value], style: str = "") -> str:
    cells = [
        f'<c r="{letter}{number}"><v>{value}</v></c>'
        if type(value) is int
        else f'<c r="{letter}{number}" t="inlineStr"{style}><is><t xml:space="preserve">'
        f"{_text(_yes_or_no(value) if isinstance(value, bool) else str(value))}</t></is></c>"
        for letter, value in zip(letters, row, strict=True)
        if value is not None
    ]
    return f'<row r="{number}">{"".join(cells)}</row>'


def _text(text: str) -> str:
    """As workbooks write it. Signs that XML does not know have a number; what looks like one is marked."""
    if len(text) > LONGEST_CELL:
        text = text[: LONGEST_CELL - len(_CUT)] + _CUT
    if _UNUSUAL.search(text) is None:
        return text
    return escape(_OF_WORKBOOKS.sub(lambda found: f"_x{ord(found[0]):04X}_", text))


def _letters(number: int) -> str:
    """A for 0, Z for 25, AA for 26."""
    before, last = divmod(number, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)


def _around(names: Sequence[str]) -> dict[str, str]:
    """The parts of a workbook that say which pages there are."""
    numbers = range(1, len(names) + 1)
    pages = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>'
        for n, name in zip(numbers, names, strict=True)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for n in numbers
    )
    styles = len(names) + 1
    return {
        "xl/workbook.xml": f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}"><bookViews><workbookView/>'
        f"</bookViews><sheets>{pages}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{links}'
        f'<Relationship Id="rId{styles}" Type="{_DOCUMENT}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": _STYLES,
        "_rels/.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
        f' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{types}</Types>',
    }
