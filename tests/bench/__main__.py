"""`python -m tests.bench`: one table of figures, each with its bar. Always ends with 0.

The long history has the same number of bookings per room and week as the short one (about 19), in
more rooms over more years: 42 rooms × 10 years against 2 rooms × 2 years. So a page shows as much.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

# The embedded PostgreSQL looks for a runtime folder when imported; any will do.
warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")

from tests.bench import (  # noqa: E402 - after the filter
    administration,
    calendars_in,
    data,
    demo,
    exports,
    feeds,
    growth,
    importing,
    keys,
    letters,
    race,
    reminders,
    series,
    signing_in,
    speed,
    weight,
)
from tests.bench.rows import Row  # noqa: E402

OF_USUAL = {
    "speed": speed.rows,
    "weight": weight.rows,
    "statements": growth.statement_rows,
    "letters": letters.rows,
    "keys": keys.page_rows,
    "administration": administration.rows,
    "series": series.rows,
    # Last: it posts what the pages of the others would show.
    "reminders": reminders.rows,
}
"""Measured on the installation that most rooms would have."""

OF_SMALL_AND_LARGE = {"growth": growth.growth_rows, "exports": exports.rows}
"""Measured on a short and on a long history."""

OF_ITS_OWN = {
    "race": race.rows,
    "signing_in": signing_in.rows,
    "key_race": keys.race_rows,
    "importing": importing.rows,
    "feeds": feeds.rows,
    "calendars_in": calendars_in.rows,
}
PARTS = (*OF_USUAL, *OF_SMALL_AND_LARGE, *OF_ITS_OWN)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}; all without")
    parser.add_argument("--demo", action="store_true", help="also time `make demo` from a clean clone")
    asked = parser.parse_args()
    parts = asked.parts or PARTS
    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory(prefix="ontmoet-bench-") as folder:
        root = Path(folder)
        if asked_of_usual := [part for part in parts if part in OF_USUAL]:
            usual, home = _filled(root / "usual", rooms=20, bookings=43_000, years=2)
            for part in asked_of_usual:
                show(partial(OF_USUAL[part], usual, home))
        if asked_of_both := [part for part in parts if part in OF_SMALL_AND_LARGE]:
            small = _filled(root / "small", rooms=2, bookings=4_300, years=2)
            large = _filled(root / "large", rooms=42, bookings=430_000, years=10)
            for part in asked_of_both:
                show(partial(OF_SMALL_AND_LARGE[part], small, large))
        for part in parts:
            if part in OF_ITS_OWN:
                show(OF_ITS_OWN[part])
        if asked.demo:
            show(demo.rows)
    return 0


def _filled(folder: Path, *, rooms: int, bookings: int, years: int) -> tuple[str, Path]:
    print(f"# {bookings:,} bookings in {rooms} rooms over {years} years", flush=True)
    return data.filled(folder, rooms=rooms, bookings=bookings, years=years), folder


def show(measure: Callable[[], Iterable[Row]]) -> None:
    """Print what was measured; a measurement that fails is missed, and the rest goes on."""
    try:
        for row in measure():
            print(row, flush=True)
    except Exception as problem:
        traceback.print_exc()
        print(Row(type(problem).__name__, "not measured", "", met=False), flush=True)


if __name__ == "__main__":
    sys.exit(main())
