"""`python -m tests.real.planted`: plants one fault at a time and shows that the test for it fails.

A test that never failed proves little. Ends with 1 when a planted fault is not seen.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import NamedTuple

from tests.real.faults import FAULTS
from tests.real.server import FAULT, ROOT


class Sight(NamedTuple):
    """The test that sees a fault, and what its failure must say: a test may also fail for another reason."""

    file: str
    tests: str
    says: str


SEEN_BY = {
    "check_then_insert": Sight(
        "test_race.py", "200_overlapping", r"\{.*\b303: ([2-9]|\d\d)\b.*\} == \{303: 1, "
    ),
    "key_not_looked_up": Sight("test_race.py", "one_form_sent_40", r"\{.*\b422: 39\b.*\} == "),
    "key_looked_up_without_fields": Sight("test_race.py", "two_sets_of_fields", r"assert \{303: 20\}"),
    "zones_of_the_whole_room_forgotten": Sight(
        "test_race.py", "a_part_and_the_whole", r"assert \((True|False) \+ (True|False)\) == "
    ),
    "fair_use_read_before_the_lock": Sight(
        "test_race.py", "fair_use_of_four", r"\{.*\b303: ([5-9]|1\d|20)\b.*\} == "
    ),
    "move_takes_before_it_gives": Sight(
        "test_race.py", "moving_and_booking", r"assert \(15 \+ \d+\) == 15|assert \{303: (1[6-9]|[23]\d)"
    ),
    "tries_counted_in_memory": Sight("test_race.py", "of_60_wrong", r"\{.*\b422: ([2-9]\d|1[1-9])\b.*\} == "),
    "answer_before_commit": Sight("test_kill.py", "survives_kill_9", "acknowledged bookings are gone"),
    "booking_and_occupancy_apart": Sight("test_kill.py", "survives_kill_9", r"assert \d+ == \d+"),
    "plain_int": Sight("garbage/test_fields.py", "bad_input", r"\(500, "),
    "text_as_it_comes": Sight("garbage/test_fields.py", "bad_input or purpose_keeps", r"\(303, "),
    "any_year": Sight("garbage/test_addresses.py", "in_a_query", ": 500"),
    "next_by_its_start": Sight(
        "garbage/test_signing_in.py", "next_never_leaves", "'//evil.example' == '/mijn'"
    ),
    "no_origin_check": Sight("garbage/test_forgery.py", "of_another_site", "303 == 400"),
    "no_token_check": Sight("garbage/test_forgery.py", "without_a_token", "'/inloggen'|303"),
    "busy_is_a_bug": Sight("test_database_away.py", "locked_by_another", r"AssertionError: 500"),
    "key_goes_to_whoever_asks": Sight(
        "test_key_race.py", "of_50_takes", r"Counter\(\{.*\b303: ([2-9]|\d\d)\b"
    ),
    "locked_for_long": Sight("test_database_away.py", "locked_by_another", "timed out"),
}


def main() -> int:
    wanted = sys.argv[1:] or list(FAULTS)
    unseen = [name for name in wanted if not _is_seen(name)]
    print(f"{len(wanted) - len(unseen)} of {len(wanted)} planted faults were seen.")  # noqa: T201 - for the terminal
    return 1 if unseen else 0


def _is_seen(name: str) -> bool:
    sight = SEEN_BY[name]
    # Only SQLite unless asked: each fault is in code that both databases share.
    chosen = ["-k", f"({sight.tests}) and not postgresql", "-x", "-q", "--tb=line", "-p", "no:cacheprovider"]
    done = subprocess.run(  # noqa: S603 - our own tests
        [sys.executable, "-m", "pytest", f"tests/real/{sight.file}", *chosen],
        cwd=ROOT,
        env={**os.environ, FAULT: name},
        capture_output=True,
        text=True,
        check=False,
    )
    # 1 is "a test failed"; anything else is no test that ran, or a fault that could not be planted.
    reasons = [line for line in done.stdout.splitlines() if line.startswith("E  ")]
    reason = next((line for line in reasons if re.search(sight.says, line)), "")
    seen = done.returncode == 1 and bool(reason)
    said = (
        (reason or next(iter(reasons), "") or done.stdout.strip().splitlines()[-1]).removeprefix("E").strip()
    )
    print(f"{'seen' if seen else 'NOT SEEN':9} {name:36} {said[:100]}", flush=True)  # noqa: T201
    return seen


if __name__ == "__main__":
    sys.exit(main())
