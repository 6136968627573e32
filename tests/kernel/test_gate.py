"""Long work lets others through."""

from __future__ import annotations

import threading

from ontmoet.kernel.gate import Gate, giving_way

PATIENCE = 10
"""Seconds. Nobody waits that long unless it is broken."""


def test_who_stands_at_the_gate_goes_before_long_work_is_done() -> None:
    gate, begun, passed = Gate(1), threading.Event(), threading.Event()

    def pass_through() -> None:
        begun.wait(PATIENCE)
        with gate.passing():
            passed.set()

    other = threading.Thread(target=pass_through)
    other.start()
    with gate.passing():
        begun.set()
        turns = 0
        while not passed.is_set() and turns < PATIENCE * 1_000:
            giving_way()
            turns += 1
        assert passed.is_set()
    other.join()
