"""Answers that are made at once, and answers that are sent from a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ontmoet.kernel.gate import Gate
from ontmoet.web.gateway import IN_PIECES, through_gate

if TYPE_CHECKING:
    from collections.abc import Iterator


class Watched:
    """An answer that tells whether it was read and closed."""

    def __init__(self) -> None:
        self.read, self.closed = 0, False

    def __iter__(self) -> Iterator[bytes]:
        for piece in (b"een", b"twee"):
            self.read += 1
            yield piece

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize(("in_pieces", "read", "closed"), [(False, 2, True), (True, 0, False)])
def test_answer_is_read_inside_the_gate_unless_it_is_sent_in_pieces(
    in_pieces: bool, read: int, closed: bool
) -> None:
    answer, gate = Watched(), Gate(1)

    def application(environ: dict[str, object], _start: object) -> Watched:
        if in_pieces:
            environ[IN_PIECES] = True
        return answer

    sent = through_gate(application, gate, largest_body=lambda _: 10)({}, lambda *_: lambda _: None)  # type: ignore[arg-type]
    assert (answer.read, answer.closed) == (read, closed)
    with gate.passing():
        assert list(sent) == [b"een", b"twee"]
