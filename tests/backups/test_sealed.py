"""What is sealed comes out as it went in, or not at all."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest

from ontmoet.backups.rules import KEPT, MOST_REMOVED, made_at, name_for, over
from ontmoet.backups.sealed import PIECE, NotOurs, Sealing, Unsealing
from tests.fixtures import TUESDAY

KEY = "a key that only tests use, and only here"


def sealed(content: bytes, key: str = KEY) -> bytes:
    file = io.BytesIO()
    with Sealing(file, key=key) as stream:
        stream.write(content[:7])
        stream.write(content[7:])
    return file.getvalue()


def unsealed(content: bytes, key: str = KEY) -> bytes:
    with io.BufferedReader(Unsealing(io.BytesIO(content), key=key)) as stream:
        return stream.read()


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 5])
def test_comes_out_as_it_went_in(size: int) -> None:
    content = bytes(range(256)) * (size // 256) + bytes(size % 256)
    assert unsealed(sealed(content)) == content
    assert sealed(content) != sealed(content), "each with a salt of its own"


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(lambda file: file[:-1], id="last byte is missing"),
        pytest.param(lambda file: file[: 34 + PIECE + 16], id="ends after a whole piece"),
        pytest.param(lambda file: file + b"x", id="something follows"),
        pytest.param(lambda file: file[:50] + bytes([file[50] ^ 1]) + file[51:], id="a bit differs"),
        pytest.param(
            lambda file: file[:34] + file[34 + PIECE + 16 :] + file[34 : 34 + PIECE + 16], id="pieces moved"
        ),
        pytest.param(lambda file: file[:20], id="only a beginning"),
        pytest.param(lambda file: b"SQLite format 3" + file, id="another kind of file"),
        pytest.param(lambda file: b"", id="empty"),
    ],
)
def test_harm_is_noticed(harm: object) -> None:
    with pytest.raises(NotOurs):
        unsealed(harm(sealed(b"x" * (2 * PIECE + 10))))  # type: ignore[operator]


def test_another_key_opens_nothing() -> None:
    with pytest.raises(NotOurs, match="TOKEN_KEY"):
        unsealed(sealed(b"secret"), key=KEY[::-1])


def test_back_ups_go_after_their_term_and_a_wrong_clock_costs_few() -> None:
    names = [name_for("daily", TUESDAY - timedelta(days=day)) for day in range(60)]
    assert made_at(names[0]) == TUESDAY
    assert made_at("daily-20269999T000000Z.ontmoet") is None
    assert [made_at(name) for name in over([*names[:36], "notes.txt"], TUESDAY)] == []
    assert over(names[:37], TUESDAY) == [name_for("daily", TUESDAY - KEPT - timedelta(days=1))]
    assert len(over(names, TUESDAY + timedelta(days=365))) == MOST_REMOVED
    assert over(names, TUESDAY - timedelta(days=365)) == []
    assert over([name_for("before-restore", TUESDAY - KEPT - timedelta(days=1))], TUESDAY) != []
