"""`python -m tests.real.planted`: plants one fault at a time and shows that the test for it fails.

A test that never failed proves little. Ends with 1 when a planted fault is not seen.
"""

from __future__ import annotations

import os
import subprocess
import sys

from tests.real.faults import FAULTS
from tests.real.server import FAULT, ROOT

SEEN_BY = {
    "check_then_insert": ("test_race.py", "200_overlapping"),
    "key_not_looked_up": ("test_race.py", "one_form_sent_40"),
    "key_looked_up_without_fields": ("test_race.py", "two_sets_of_fields"),
    "zones_of_the_whole_room_forgotten": ("test_race.py", "a_part_and_the_whole"),
    "fair_use_read_before_the_lock": ("test_race.py", "fair_use_of_four"),
    "move_takes_before_it_gives": ("test_race.py", "moving_and_booking"),
    "tries_counted_in_memory": ("test_race.py", "of_60_wrong"),
    "answer_before_commit": ("test_kill.py", "survives_kill_9"),
    "booking_and_occupancy_apart": ("test_kill.py", "survives_kill_9"),
    "plain_int": ("garbage/test_fields.py", "bad_input"),
    "text_as_it_comes": ("garbage/test_fields.py", "bad_input or purpose_keeps"),
    "any_year": ("garbage/test_addresses.py", "in_a_query"),
    "next_by_its_start": ("garbage/test_signing_in.py", "next_never_leaves"),
    "no_origin_check": ("garbage/test_forgery.py", "of_another_site"),
    "no_token_check": ("garbage/test_forgery.py", "without_a_token"),
    "busy_is_a_bug": ("test_database_away.py", "locked_by_another"),
    "locked_for_long": ("test_database_away.py", "locked_by_another"),
}


def main() -> int:
    wanted = sys.argv[1:] or list(FAULTS)
    unseen = [name for name in wanted if not _is_seen(name)]
    print(f"{len(wanted) - len(unseen)} of {len(wanted)} planted faults were seen.")  # noqa: T201 - for the terminal
    return 1 if unseen else 0


def _is_seen(name: str) -> bool:
    file, words = SEEN_BY[name]
    # Only SQLite unless asked: each fault is in code that both databases share.
    chosen = ["-k", f"({words}) and not postgresql", "-x", "-q", "--tb=line", "-p", "no:cacheprovider"]
    done = subprocess.run(  # noqa: S603 - our own tests
        [sys.executable, "-m", "pytest", f"tests/real/{file}", *chosen],
        cwd=ROOT,
        env={**os.environ, FAULT: name},
        capture_output=True,
        text=True,
        check=False,
    )
    # 1 is "a test failed"; anything else is no test that ran, or a fault that could not be planted.
    seen = done.returncode == 1 and " failed" in done.stdout
    reason = next((line for line in done.stdout.splitlines() if line.startswith("E  ")), "")
    said = reason.removeprefix("E").strip() or done.stdout.strip().splitlines()[-1]
    print(f"{'seen' if seen else 'NOT SEEN':9} {name:36} {said[:100]}", flush=True)  # noqa: T201
    return seen


if __name__ == "__main__":
    sys.exit(main())
