"""From what people and programs send to values: exact, and never more than a page can hold."""

# ruff: noqa: RUF001 - digits and letters that only look like ours are what is tested here

from __future__ import annotations

from datetime import date

import pytest

from ontmoet.kernel import text
from ontmoet.kernel.text import Malformed, TextReason


def reason(parse: object, *args: object, **limits: int) -> tuple[TextReason, int | None]:
    with pytest.raises(Malformed) as malformed:
        parse(*args, **limits)
    return malformed.value.reason, malformed.value.limit


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("", ""),
        ("  veel \t\r\n  wit\u00a0hier\u2028 ", "veel wit hier"),
        ("e\u0301e\u0301n", "één"),
        ("İstanbul ßen Ĳsland", "İstanbul ßen Ĳsland"),
        ("مرحبا", "مرحبا"),
        ("gezin 👨‍👩‍👧 ❤️", "gezin 👨‍👩‍👧 ❤️"),
        ("می‌خواهم", "می‌خواهم"),
        ("a\u202eb\u2066c\u2069d\u202a", "abcd"),
        ("a\u200fb\u200ec", "a\u200fb\u200ec"),
        ("van 't Hof-d'Été", "van 't Hof-d'Été"),
    ],
)
def test_line_keeps_every_letter_and_drops_what_rewrites_the_line(raw: str, clean: str) -> None:
    assert text.line(raw, longest=80) == clean


@pytest.mark.parametrize("bad", ["\x00", "\x1b", "\x7f", "\x85", "\ud800", "\ufffe"])
def test_line_refuses_what_is_no_text(bad: str) -> None:
    assert reason(text.line, f"a{bad}b", longest=80) == (TextReason.UNREADABLE, None)


def test_line_is_measured_after_it_is_cleaned_and_never_read_when_absurd() -> None:
    assert text.line(" " * 10 + "x" * 80, longest=80) == "x" * 80
    assert text.line("e\u0301" * 80, longest=80) == "é" * 80
    assert reason(text.line, "x" * 81, longest=80) == (TextReason.TOO_LONG, 80)
    assert reason(text.line, " " * (16 * 80 + 1), longest=80) == (TextReason.TOO_LONG, 80)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("", ""),
        ("morgen", "morgen"),
        ("x" * 40, "x" * 40),
        ("x" * 41, f"{'x' * 40}…"),
        ("x" * 2_000_000, f"{'x' * 40}…"),
        ("aan \r\n  elkaar", "aan elkaar"),
        ("\0", ""),
        ("za\0l\ud800\u202e", "zal"),
        (f"{'x' * 39} en meer", f"{'x' * 39}…"),
    ],
    ids=lambda value: value[:12],
)
def test_excerpt_of_anything_fits_on_one_line(raw: str, shown: str) -> None:
    assert text.excerpt(raw, longest=40) == shown


@pytest.mark.parametrize(("raw", "number"), [("1", 1), (" 40 ", 40), ("007", 7), ("100", 100)])
def test_whole_number_is_read(raw: str, number: int) -> None:
    assert text.whole_number(raw, least=1, most=100) == number


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("", (TextReason.EMPTY, None)),
        ("  ", (TextReason.EMPTY, None)),
        ("0", (TextReason.TOO_SMALL, 1)),
        ("101", (TextReason.TOO_LARGE, 100)),
        ("9" * 5000, (TextReason.TOO_LARGE, 100)),
        *[
            (raw, (TextReason.NOT_A_NUMBER, None))
            for raw in (
                "-1",
                "+1",
                "1_0",
                "1.0",
                "1,0",
                "1e3",
                "٤",
                "４",
                "²",
                "½",
                "NaN",
                "0x1",
                "1\n",
                "vier",
            )
        ],
    ],
)
def test_whole_number_is_plain_digits_within_bounds(raw: str, expected: tuple[object, object]) -> None:
    assert reason(text.whole_number, raw, least=1, most=100) == expected


def test_day_week_and_month_are_read() -> None:
    assert text.day(" 2026-11-24 ") == date(2026, 11, 24)
    assert text.week("2026-W48") == date(2026, 11, 23)
    assert text.week("2026-W53") == date(2026, 12, 28)
    assert text.month("2026-11") == date(2026, 11, 1)
    assert [text.day("2000-01-01"), text.day("2099-12-31")] == [date(2000, 1, 1), date(2099, 12, 31)]


@pytest.mark.parametrize(
    ("parse", "raw"),
    [
        *[
            (text.day, raw)
            for raw in (
                "",
                "24-11-2026",
                "2026-2-3",
                "2026-02-30",
                "1999-12-31",
                "2100-01-01",
                "٢٠٢٦-11-24",
                "2026-11-24T10:00",
                "2026-11-24\n",
                "０2026-11-24",
            )
        ],
        *[(text.week, raw) for raw in ("2026-48", "2026-W54", "2027-W53", "2026-W00", "2026-w48", "")],
        *[(text.month, raw) for raw in ("2026-13", "2026-00", "2026-1", "0000-01", "9999-12")],
    ],
)
def test_day_that_is_none_is_refused(parse: object, raw: str) -> None:
    assert reason(parse, raw) == (TextReason.NOT_A_DAY, None)


@pytest.mark.parametrize(
    ("raw", "minutes"), [("00:00", 0), ("9:05", 545), (" 14:00 ", 840), ("23:59", 1439), ("24:00", 1440)]
)
def test_time_is_minutes_after_midnight(raw: str, minutes: int) -> None:
    assert text.minutes(raw) == minutes


@pytest.mark.parametrize(
    "raw", ["", "24:01", "25:00", "12:60", "12", "12:0", "12.00", "-1:00", "١٢:٠٠", "12:00:00"]
)
def test_time_that_is_none_is_refused(raw: str) -> None:
    assert reason(text.minutes, raw) == (TextReason.NOT_A_TIME, None)


@pytest.mark.parametrize(
    ("raw", "minutes"),
    [("9", 540), ("17.30", 1050), (" 9:05 uur ", 545), ("24", 1440), ("12uur", 720), ("00:00", 0)],
)
def test_time_is_read_as_people_write_it(raw: str, minutes: int) -> None:
    assert text.written_minutes(raw) == minutes


@pytest.mark.parametrize("raw", ["", "negen", "25", "9.5", "9:60", "9 30", "900", "-9", "١٢"])
def test_written_time_that_is_none_is_refused(raw: str) -> None:
    assert reason(text.written_minutes, raw) == (TextReason.NOT_A_TIME, None)


@pytest.mark.parametrize(
    "raw", ["2026-11-04", "4-11-2026", "04-11-2026", "4/11/2026", "4.11.2026", " 4 11 2026"]
)
def test_day_is_read_as_people_write_it(raw: str) -> None:
    assert text.written_day(raw) == date(2026, 11, 4)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("9999-01-01", TextReason.NO_SUCH_DAY),
        ("31-11-2026", TextReason.NO_SUCH_DAY),
        ("0000-00-00", TextReason.NO_SUCH_DAY),
        ("kerst", TextReason.NOT_A_WRITTEN_DAY),
        ("4-11-26", TextReason.NOT_A_WRITTEN_DAY),
        ("", TextReason.NOT_A_WRITTEN_DAY),
    ],
)
def test_written_day_that_is_none_is_refused(raw: str, said: TextReason) -> None:
    assert reason(text.written_day, raw) == (said, None)


def test_form_key_is_16_to_64_safe_characters() -> None:
    assert [text.form_key(key) for key in ("aZ09_-" * 3, "a" * 16, "a" * 64)] == [
        "aZ09_-" * 3,
        "a" * 16,
        "a" * 64,
    ]
    for bad in ("", "a" * 15, "a" * 65, "a" * 16 + "\n", "a" * 15 + "é", "a" * 15 + " "):
        assert reason(text.form_key, bad) == (TextReason.NOT_A_KEY, None)


def test_folded_addresses_are_the_same_whatever_their_capitals() -> None:
    assert text.folded("  Noor@Proef.Example ") == text.folded("NOOR@PROEF.EXAMPLE") == "noor@proef.example"
    assert text.folded("e\u0301@x") == text.folded("É@x")
    assert text.folded("noor@x") != text.folded("noor@y")
