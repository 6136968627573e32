"""An administrator takes a list along, and it is written down."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ontmoet.exports import actions, sending
from ontmoet.importing.columns import COLUMNS, Kind
from ontmoet.importing.reading import read
from ontmoet.importing.views import KINDS, PATH
from tests.arranging.deeds import press
from tests.cast import sign_in
from tests.importing.test_views import seal_in, send
from tests.watching import rows, statements

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood


@pytest.fixture
def mo(client: FlaskClient, hood: Neighbourhood) -> FlaskClient:
    sign_in(client, "mo")
    return client


@pytest.mark.parametrize(("what", "kind"), KINDS.items())
def test_each_list_has_its_page_an_example_and_a_file_with_the_same_heads(
    mo: FlaskClient, hood: Neighbourhood, what: str, kind: Kind
) -> None:
    with statements(hood.app) as seen:
        page = mo.get(f"{PATH}/{what}")
    assert (page.status_code, len(seen)) == (200, 2)
    heads = [column.head for column in COLUMNS[kind]]
    example = mo.get(f"{PATH}/{what}/voorbeeld").data
    assert read(example)[0][1] == heads
    for file_kind in ("csv", "xlsx"):
        with press(mo, f"{PATH}/{what}/meenemen", kind=file_kind) as answer:
            assert answer.status_code == 200
            assert f"filename=ontmoet-{kind}-2026-11-24.{file_kind}" in answer.headers["Content-Disposition"]
            assert read(answer.data)[0][1] == heads
    found = rows(hood.app, "select actor_id, changes from audit where action = 'data_exported' order by id")
    assert [(row.actor_id, json.loads(row.changes)["what"]) for row in found] == [
        (hood.people["mo"], kind)
    ] * 2


@pytest.mark.parametrize("what", ["organisaties", "mensen"])
def test_example_is_a_list_that_can_be_sent(mo: FlaskClient, what: str) -> None:
    content = mo.get(f"{PATH}/{what}/voorbeeld").data.replace(b"linde-14;", b"linde-16;")
    looked = send(mo, f"{PATH}/{what}", content)
    assert (looked.status_code, bool(seal_in(looked))) == (200, True)


def test_other_kinds_of_file_and_a_busy_server_are_refused_in_words(
    mo: FlaskClient, hood: Neighbourhood
) -> None:
    for kind in ("json", "", "exe"):
        answer = press(mo, f"{PATH}/mensen/meenemen", kind=kind)
        assert (answer.status_code, "Kies wat voor bestand" in answer.get_data(as_text=True)) == (422, True)
    with sending._one_at_a_time:
        answer = press(mo, f"{PATH}/mensen/meenemen", kind="csv")
    assert (answer.status_code, "al een bestand gemaakt" in answer.get_data(as_text=True)) == (422, True)
    assert rows(hood.app, "select id from audit where action = 'data_exported'") == []


def test_many_files_in_an_hour_are_refused_with_the_time_to_wait(
    mo: FlaskClient, hood: Neighbourhood, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST", 1)
    with press(mo, f"{PATH}/mensen/meenemen", kind="csv") as answer:
        assert answer.status_code == 200
    over = press(mo, f"{PATH}/mensen/meenemen", kind="csv")
    assert (over.status_code, over.headers["Retry-After"]) == (429, "3600")
    assert "Je maakte veel bestanden in korte tijd." in over.get_data(as_text=True)


def test_who_signed_in_long_ago_says_again_who_it_is(
    mo: FlaskClient, hood: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    moment(timedelta(hours=2))
    answer = press(mo, f"{PATH}/mensen/meenemen", kind="csv")
    assert (answer.status_code, answer.location) == (303, f"/mijn/gegevens/bevestigen?next={PATH}/mensen")
    assert rows(hood.app, "select id from audit where action = 'data_exported'") == []


def test_lists_are_not_there_for_others(hood: Neighbourhood) -> None:
    for who in ("noor", "sanne", "fatma"):
        client = hood.app.test_client()
        sign_in(client, who)
        for what in KINDS:
            assert press(client, f"{PATH}/{what}/meenemen", kind="csv").status_code == 404
    assert rows(hood.app, "select id from audit where action = 'data_exported'") == []


def test_command_writes_a_list_that_the_other_command_reads(hood: Neighbourhood, tmp_path: Path) -> None:
    run = hood.app.test_cli_runner().invoke
    for kind in Kind:
        path = tmp_path / f"{kind}.csv"
        assert run(args=["export", kind.value, "--to", str(path)]).exit_code == 0
        assert path.stat().st_mode & 0o777 == 0o600
        if len(read(path.read_bytes())) > 1:
            assert "0 rijen zijn nieuw." in run(args=["import", kind.value, str(path)]).output
    refused = run(args=["export", "people", "--format", "json", "--to", str(tmp_path / "x")])
    assert (refused.exit_code, list(tmp_path.glob("*x"))) == (2, [])
