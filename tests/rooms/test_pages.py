"""How pages find their room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.db import execute, unit_of_work
from tests.cast import sign_in
from tests.watching import statements

if TYPE_CHECKING:
    from tests.cast import Neighbourhood

OWN, OTHER = "/r/de-linde", "/r/het-plein"


def test_own_room_comes_with_who_asks_and_another_one_with_a_statement_more(hood: Neighbourhood) -> None:
    noor = hood.app.test_client()
    sign_in(noor, "noor")
    counts = []
    for path in (OWN, OTHER):
        noor.get(path)
        with statements(hood.app) as seen:
            assert noor.get(path).status_code == 200
        counts.append(len(seen))
    assert counts == [1, 2]


@pytest.mark.parametrize("path", [OWN, OTHER])
def test_what_changed_in_a_room_is_there_on_the_next_page(hood_on_both: Neighbourhood, path: str) -> None:
    hood = hood_on_both
    noor = hood.app.test_client()
    sign_in(noor, "noor")
    assert "Schuif aan" not in noor.get(path).text
    with hood.app.app_context(), unit_of_work():
        execute(text("update room set welcome = 'Schuif aan'"))
    assert "Schuif aan" in noor.get(path).text
    with hood.app.app_context(), unit_of_work():
        execute(text("update room set slug = 'anders' where slug = :slug"), slug=path.rsplit("/", 1)[1])
    assert noor.get(path).status_code == 404
    assert "Schuif aan" in noor.get("/r/anders").text
