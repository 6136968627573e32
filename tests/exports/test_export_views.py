"""The pages for an administrator, and for nobody else."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from ontmoet.exports import actions, sending, views
from ontmoet.exports.tables import TABLES
from ontmoet.exports.told import LEFT_OUT
from tests.arranging.deeds import press
from tests.cast import sign_in
from tests.watching import rows, statements, visible

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood

PATH = "/corporatie/beheer/gegevens"
BOOKINGS = f"{PATH}/tabel?naam=booking"
DOWNLOAD = f"{PATH}/downloaden"


@pytest.fixture
def mo(client: FlaskClient, hood: Neighbourhood) -> FlaskClient:
    sign_in(client, "mo")
    return client


def test_page_leads_to_every_table_and_says_what_stays(mo: FlaskClient) -> None:
    page = mo.get(PATH).get_data(as_text=True)
    assert [name for name in TABLES if f'href="{PATH}/tabel?naam={name}"' not in page] == []
    assert [left for left in LEFT_OUT if left not in visible(page)] == []
    for leads in ("/mijn", "/corporatie/beheer"):
        assert f'href="{PATH}"' in mo.get(leads).get_data(as_text=True)


def test_page_of_a_table_says_what_its_columns_mean(mo: FlaskClient) -> None:
    page = visible(mo.get(BOOKINGS).get_data(as_text=True))
    assert "Reserveringen" in page
    assert "requested, confirmed" in page
    assert "password_hash" in visible(mo.get(f"{PATH}/tabel?naam=person").get_data(as_text=True))
    assert mo.get(f"{PATH}/tabel?naam=session").status_code == 404
    assert mo.get(f"{PATH}/tabel").location == PATH


@pytest.mark.parametrize("path", [PATH, BOOKINGS])
def test_pages_ask_few_statements(mo: FlaskClient, hood: Neighbourhood, path: str) -> None:
    with statements(hood.app) as seen:
        mo.get(path)
    assert len(seen) == 2


def test_everything_comes_as_a_zip_that_is_not_kept_and_is_written_down(
    mo: FlaskClient, hood: Neighbourhood, house: Path
) -> None:
    before = sorted(path.name for path in house.iterdir())
    answer = press(mo, DOWNLOAD, what="alles", kind="csv")
    assert answer.status_code == 200
    assert answer.mimetype == "application/zip"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.content_length == len(answer.data)
    assert answer.headers["Content-Disposition"] == "attachment; filename=ontmoet-alles-2026-11-24-csv.zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as files:
        assert len(files.namelist()) == len(TABLES) + 1
    answer.close()
    assert sorted(path.name for path in house.iterdir()) == before
    (row,) = rows(hood.app, "select * from audit where action = 'data_exported'")
    assert (row.actor_id, json.loads(row.changes)) == (hood.people["mo"], {"kind": "csv", "what": "alles"})


@pytest.mark.parametrize(
    ("kind", "mimetype", "begin"),
    [
        ("csv", "text/csv", b"\xef\xbb\xbfid;"),
        ("json", "application/json", b'[\n{"id"'),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
    ],
)
def test_table_comes_in_the_kind_that_was_chosen(
    mo: FlaskClient, kind: str, mimetype: str, begin: bytes
) -> None:
    answer = press(mo, DOWNLOAD, what="room", kind=kind)
    assert (answer.status_code, answer.mimetype) == (200, mimetype)
    assert answer.headers["Content-Disposition"] == f"attachment; filename=ontmoet-room-2026-11-24.{kind}"
    assert answer.data.startswith(begin)
    answer.close()


@pytest.mark.parametrize("kind", ["", "exe", "csv;", "x" * 5000])
def test_kind_that_is_not_there_is_refused_beside_the_choice(
    mo: FlaskClient, hood: Neighbourhood, kind: str
) -> None:
    answer = press(mo, DOWNLOAD, what="room", kind=kind)
    assert answer.status_code == 422
    assert "Kies wat voor bestand je wilt." in answer.get_data(as_text=True)
    assert press(mo, DOWNLOAD).status_code == 422
    assert press(mo, DOWNLOAD, what="session", kind="csv").status_code == 404
    assert rows(hood.app, "select id from audit where action = 'data_exported'") == []


@pytest.mark.parametrize("who", [None, "noor", "bram", "sanne", "fatma", "riet"])
def test_pages_are_not_there_for_others(hood: Neighbourhood, who: str | None) -> None:
    client = hood.app.test_client()
    if who:
        sign_in(client, who)
    for path in (PATH, BOOKINGS):
        answer = client.get(path)
        assert (answer.status_code, answer.location) == (
            (404, None) if who else (302, f"/inloggen?next={quote(path)}")
        )
    if who:
        assert press(client, DOWNLOAD, what="alles", kind="csv").status_code == 404
        assert f'href="{PATH}"' not in client.get("/mijn").get_data(as_text=True)
    assert rows(hood.app, "select id from audit where action = 'data_exported'") == []


def test_who_signed_in_long_ago_says_again_who_it_is(
    mo: FlaskClient, hood: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    moment(timedelta(hours=2))
    assert mo.get(PATH).location == f"/mijn/gegevens/bevestigen?next={PATH}"
    assert mo.get(BOOKINGS).location == f"/mijn/gegevens/bevestigen?next={BOOKINGS}"
    answer = press(mo, DOWNLOAD, what="booking", kind="csv")
    assert (answer.status_code, answer.location) == (303, f"/mijn/gegevens/bevestigen?next={BOOKINGS}")
    assert rows(hood.app, "select id from audit where action = 'data_exported'") == []


def test_second_file_at_once_waits_for_the_first_and_many_in_an_hour_are_refused(
    mo: FlaskClient, hood: Neighbourhood, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sending._one_at_a_time:
        busy = press(mo, DOWNLOAD, what="room", kind="json")
    assert busy.status_code == 422
    assert "Er wordt al een bestand gemaakt." in busy.get_data(as_text=True)
    monkeypatch.setattr(actions, "MOST", 1)
    with press(mo, DOWNLOAD, what="room", kind="json") as answer:
        assert answer.status_code == 200
    again = press(mo, DOWNLOAD, what="room", kind="json")
    assert (again.status_code, again.headers["Retry-After"]) == (429, "3600")
    assert "Je maakte veel bestanden in korte tijd." in again.get_data(as_text=True)
    assert 'value="json" checked' in again.get_data(as_text=True)
    assert len(rows(hood.app, "select id from audit where action = 'data_exported'")) == 1


def test_disk_that_takes_no_file_is_a_moment_to_wait(
    mo: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(views, "make", full)
    answer = press(mo, DOWNLOAD, what="room", kind="json")
    assert answer.status_code == 503
    assert not sending._one_at_a_time.locked()
