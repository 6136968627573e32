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
from collections.abc import Callable
from pathlib import Path

# The embedded PostgreSQL looks for a runtime folder when imported; any will do.
warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")

from tests.bench import data, demo, growth, letters, race, signing_in, speed, weight  # noqa: E402 - after the filter
from tests.bench.rows import Row  # noqa: E402

PARTS = ("speed", "weight", "statements", "growth", "race", "signing_in", "letters")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}; all without")
    parser.add_argument("--demo", action="store_true", help="also time `make demo` from a clean clone")
    asked = parser.parse_args()
    parts = asked.parts or PARTS
    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory(prefix="ontmoet-bench-") as folder:
        root = Path(folder)
        if {"speed", "weight", "statements", "letters"} & set(parts):
            usual, home = _filled(root / "usual", rooms=20, bookings=43_000, years=2)
            if "speed" in parts:
                show(lambda: speed.rows(usual, home))
            if "weight" in parts:
                show(lambda: weight.rows(usual, home))
            if "statements" in parts:
                show(lambda: growth.statement_rows(usual, home))
            if "letters" in parts:
                show(lambda: letters.rows(usual, home))
        if "growth" in parts:
            small = _filled(root / "small", rooms=2, bookings=4_300, years=2)
            large = _filled(root / "large", rooms=42, bookings=430_000, years=10)
            show(lambda: growth.growth_rows(small, large))
        if "race" in parts:
            show(race.rows)
        if "signing_in" in parts:
            show(signing_in.rows)
        if asked.demo:
            show(demo.rows)
    return 0


def _filled(folder: Path, *, rooms: int, bookings: int, years: int) -> tuple[str, Path]:
    print(f"# {bookings:,} bookings in {rooms} rooms over {years} years", flush=True)
    return data.filled(folder, rooms=rooms, bookings=bookings, years=years), folder


def show(measure: Callable[[], list[Row]]) -> None:
    """Print what was measured; a measurement that fails is missed, and the rest goes on."""
    try:
        for row in measure():
            print(row, flush=True)
    except Exception as problem:
        traceback.print_exc()
        print(Row(type(problem).__name__, "not measured", "", met=False), flush=True)


if __name__ == "__main__":
    sys.exit(main())
