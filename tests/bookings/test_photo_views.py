"""A photo with the closing list: who may send and see it, what is refused, and when it is gone."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from sqlalchemy import text
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from ontmoet.bookings.photos import LARGEST_PHOTO, photo_folder
from ontmoet.db import execute, unit_of_work
from ontmoet.jobs import JOBS, run_due
from ontmoet.kernel import clock
from ontmoet.kernel.actor import Function
from ontmoet.my_data.erasing import erase, wipe_at_once, wipe_traces
from tests import builders as make
from tests.bookings.pictures import a_picture
from tests.cast import sign_in, token_in
from tests.watching import errors, row_counts, rows, visible

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.cast import Neighbourhood

    Move = Callable[[timedelta], None]

SOON = ("2026-11-24 14:15", "2026-11-24 16:00")


@pytest.fixture
def public_id(hood: Neighbourhood, moment: Move) -> str:
    """A booking of Noor's that runs."""
    booked = hood.book("noor", *SOON)
    moment(timedelta(hours=1))
    return booked


@pytest.fixture
def noor(client: FlaskClient, public_id: str) -> FlaskClient:
    sign_in(client, "noor")
    return client


def url_of(public_id: str, tail: str) -> str:
    return f"/reserveringen/{public_id}/{tail}"


def send(client: FlaskClient, public_id: str, raw: bytes, name: str = "foto.jpg") -> TestResponse:
    url = url_of(public_id, "afsluiten")
    fields = {
        "csrf_token": token_in(client.get(url).get_data(as_text=True)),
        "done": ["tidied", "lights"],
        "note": "De kraan lekt",
        "photo": FileStorage(io.BytesIO(raw), name),
    }
    # In memory: the client's own way leaves a file of what is large.
    boundary, body = encode_multipart(fields)
    return client.post(url, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def files(hood: Neighbourhood) -> list[Path]:
    return sorted(photo_folder(hood.app.extensions["ontmoet_config"].data).glob("*"))


def forget_photos(hood: Neighbourhood) -> str:
    with hood.app.app_context():
        (report,) = run_due(clock.now(), [job for job in JOBS if job.name == "forget_photos"])
    assert report.ok
    return report.note


def test_photo_is_kept_small_and_bare_and_is_shown(
    noor: FlaskClient, hood: Neighbourhood, public_id: str
) -> None:
    raw = a_picture(size=(3000, 2000), remark=b"bij Noor thuis")
    assert send(noor, public_id, raw, "../../etc/passwd\x00.svg").status_code == 303
    (path,) = files(hood)
    assert path.suffix == ".jpg"
    assert b"bij Noor thuis" not in path.read_bytes()
    assert "Bekijk de foto" in noor.get(f"/reserveringen/{public_id}").get_data(as_text=True)
    answer = noor.get(url_of(public_id, "foto"))
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert Image.open(io.BytesIO(answer.data)).size == (1600, 1067)
    assert path.stem not in str(answer.headers)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        (None, 302),
        ("bram", 200),
        ("sanne", 200),
        ("ali", 404),
        ("fatma", 404),
        ("mo", 404),
        ("organiser", 403),
    ],
)
def test_photo_is_only_for_the_booker_and_who_helps_here(
    noor: FlaskClient, hood: Neighbourhood, public_id: str, who: str | None, status: int
) -> None:
    send(noor, public_id, a_picture())
    if who == "organiser":
        with hood.app.app_context():
            make.make_role(person_id=hood.people["ali"], function=Function.ORGANISER, room_id=hood.linde)
        who = "ali"
    client = hood.app.test_client()
    if who:
        sign_in(client, who)
    assert client.get(url_of(public_id, "foto")).status_code == status
    if status == 403:
        page = client.get(f"/reserveringen/{public_id}").get_data(as_text=True)
        assert "Zo bleef de ruimte achter" in page
        assert "Bekijk de foto" not in page


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Dit is geen foto die we kunnen bewaren."),
        (a_picture("GIF"), "Dit is geen foto die we kunnen bewaren."),
        (a_picture()[:3000], "Dit is geen foto die we kunnen bewaren."),
        (b"", "Dit is geen foto die we kunnen bewaren."),
        (a_picture() + b"\x00" * LARGEST_PHOTO, "Deze foto is te groot."),
    ],
    ids=["drawing", "other kind", "broken off", "empty", "too large"],
)
def test_what_is_no_photo_is_refused_in_words_and_the_rest_stays(
    noor: FlaskClient, hood: Neighbourhood, public_id: str, raw: bytes, words: str
) -> None:
    answer = send(noor, public_id, raw)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert set(errors(page)) == {"photo"}
    assert words in errors(page)["photo"]
    assert page.count(" checked") == 2
    assert 'value="De kraan lekt"' in page
    assert files(hood) == []
    assert row_counts(hood.app, "closing_list") == {"closing_list": 0}


def test_photo_of_fifty_megabytes_is_not_even_read(
    noor: FlaskClient, hood: Neighbourhood, public_id: str
) -> None:
    body = b"\xff\xd8" + b"\x00" * 50_000_000
    url = url_of(public_id, "afsluiten")
    answer = noor.post(url, data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413
    assert "kies een kleinere foto" in visible(answer.get_data(as_text=True))
    assert files(hood) == []


@pytest.mark.parametrize("path", ["/inloggen", "/r/de-linde/reserveren", "/reserveringen/{}/ik-ben-er"])
def test_only_the_closing_list_takes_so_much(noor: FlaskClient, public_id: str, path: str) -> None:
    fields = {"csrf_token": "x", "photo": (io.BytesIO(b"\x00" * 300_000), "foto.jpg")}
    answer = noor.post(path.format(public_id), data=fields, content_type="multipart/form-data")
    assert answer.status_code == 413


def test_list_without_a_photo_leaves_the_photo_and_a_new_one_replaces_it(
    noor: FlaskClient, hood: Neighbourhood, public_id: str
) -> None:
    send(noor, public_id, a_picture(size=(300, 200)))
    (first,) = files(hood)
    assert send(noor, public_id, b"", "").status_code == 303
    assert rows(hood.app, "select photo from closing_list")[0].photo == first.stem
    send(noor, public_id, a_picture(size=(500, 400)))
    assert Image.open(io.BytesIO(noor.get(url_of(public_id, "foto")).data)).size == (500, 400)
    assert forget_photos(hood) == "0 vergeten."
    (second,) = files(hood)
    assert second.stem == rows(hood.app, "select photo from closing_list")[0].photo != first.stem


@pytest.mark.parametrize(("who", "goes"), [("noor", True), ("bram", True), ("ali", False), (None, False)])
def test_photo_is_taken_away_alone_by_who_may_and_however_late(
    noor: FlaskClient, hood: Neighbourhood, public_id: str, moment: Move, who: str | None, goes: bool
) -> None:
    send(noor, public_id, a_picture())
    assert "Haal de foto weg" in noor.get(f"/reserveringen/{public_id}").get_data(as_text=True)
    moment(timedelta(days=20))
    client = hood.app.test_client()
    if who:
        sign_in(client, who)
    for _ in range(2):  # a second tap changes nothing
        token = token_in(client.get("/mijn" if who else "/inloggen").get_data(as_text=True))
        answer = client.post(url_of(public_id, "foto/weg"), data={"csrf_token": token})
        assert answer.status_code == (404 if who == "ali" else 303)
    assert (files(hood) == []) == goes
    [(tidied, photo)] = rows(hood.app, "select tidied, photo from closing_list")
    assert (tidied, photo is None) == (1, goes)
    removed = rows(hood.app, "select actor_id from audit where action = 'photo_removed'")
    assert [row[0] for row in removed] == ([hood.people[str(who)]] if goes else [])


def test_photo_goes_after_its_term_and_what_was_done_stays(
    noor: FlaskClient, hood: Neighbourhood, public_id: str, moment: Move
) -> None:
    send(noor, public_id, a_picture())
    moment(timedelta(days=89))
    assert (forget_photos(hood), len(files(hood))) == ("0 vergeten.", 1)
    moment(timedelta(days=2))
    assert (forget_photos(hood), files(hood)) == ("1 vergeten.", [])
    assert [row[0] for row in rows(hood.app, "select tidied from closing_list where photo is null")] == [1]
    sign_in(noor, "noor")
    assert noor.get(url_of(public_id, "foto")).location == f"/reserveringen/{public_id}"


@pytest.mark.parametrize(("sender", "leaves"), [("noor", "noor"), ("bram", "noor"), ("bram", "bram")])
def test_photo_goes_with_who_booked_and_with_who_took_it(
    client: FlaskClient, hood: Neighbourhood, public_id: str, sender: str, leaves: str
) -> None:
    sign_in(client, sender)
    assert send(client, public_id, a_picture()).status_code == 303
    with hood.app.app_context(), unit_of_work():
        erase(hood.people[leaves], by=None, now=clock.now())
    assert rows(hood.app, "select photo from closing_list")[0].photo is None
    with hood.app.app_context():
        wipe_at_once(clock.now())
    assert files(hood) == []


def test_what_no_row_names_is_swept_and_nothing_else(
    noor: FlaskClient, hood: Neighbourhood, public_id: str
) -> None:
    send(noor, public_id, a_picture())
    (kept,) = files(hood)
    folder = kept.parent
    for stray in ("aaaa.jpg", "bbbb.part", "leesmij.txt"):
        (folder / stray).write_bytes(b"x")
    forget_photos(hood)
    assert files(hood) == sorted([kept, folder / "leesmij.txt"])


def test_photo_that_comes_in_while_files_are_swept_stays(
    noor: FlaskClient, hood: Neighbourhood, public_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(_folder: Path) -> int:
        assert execute(text("select count(*) from closing_list")).scalar() == 0
        send(noor, public_id, a_picture())
        return 0

    monkeypatch.setattr("ontmoet.my_data.erasing.sweep", meanwhile)
    with hood.app.app_context():
        wipe_traces(clock.now())
    assert len(files(hood)) == 1


def test_photo_whose_file_is_gone_leads_back_to_the_booking(
    noor: FlaskClient, hood: Neighbourhood, public_id: str
) -> None:
    send(noor, public_id, a_picture())
    files(hood)[0].unlink()
    assert noor.get(url_of(public_id, "foto")).location == f"/reserveringen/{public_id}"


def test_refused_list_keeps_no_photo(noor: FlaskClient, hood: Neighbourhood, public_id: str) -> None:
    url = url_of(public_id, "afsluiten")
    token = token_in(noor.get(url).get_data(as_text=True))
    fields = {"csrf_token": token, "note": "x" * 201, "photo": (io.BytesIO(a_picture()), "foto.jpg")}
    assert noor.post(url, data=fields, content_type="multipart/form-data").status_code == 422
    assert files(hood) == []
