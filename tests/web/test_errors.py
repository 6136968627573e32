"""When it does not go on: a page in words with a way out, without the database."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from ontmoet.db import DatabaseBusy, execute, unit_of_work
from ontmoet.web import errors
from ontmoet.web.access import public
from tests import builders as make
from tests.cast import sign_in
from tests.watching import statements, visible

if TYPE_CHECKING:
    from flask import Flask, Response
    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood

STATUSES = (400, 401, 403, 404, 405, 411, 413, 429, 500, 503)


@pytest.mark.parametrize("status", STATUSES)
def test_error_page_needs_no_database_and_shows_a_way_out(app: Flask, status: int) -> None:
    with statements(app) as seen, app.test_request_context("/r/de-linde"):
        answer = errors.answer(status)
    page = answer.get_data(as_text=True)
    assert (seen, answer.status_code) == ([], status)
    assert page.count("<h1") == 1
    assert 'href="/"' in page
    assert answer.headers["Cache-Control"] == "no-store"
    explanation = errors.explain(status)
    assert f"<title>{explanation.title} – Ontmoet</title>" in page
    assert explanation.text in visible(page)


def test_error_page_leads_who_is_signed_in_to_their_own_page_and_others_to_sign_in(
    app: Flask, client: FlaskClient, hood: Neighbourhood
) -> None:
    sign_in(client, "noor")
    refused = client.get("/r/de-linde/beheer")
    assert refused.status_code == 403
    assert "/inloggen" not in refused.get_data(as_text=True)
    for reader, way, other in (
        (client, "/mijn", "/inloggen"),
        (app.test_client(), "/inloggen", "om-me__dot"),
    ):
        with statements(app) as seen:
            page = reader.get("/bestaat-niet").get_data(as_text=True)
        assert seen == []
        assert f'class="om-me" href="{way}"' in page
        assert other not in page


def test_every_status_has_words_of_its_own(app: Flask) -> None:
    with app.test_request_context():
        explained = [errors.explain(status) for status in STATUSES]
        assert len({found.title for found in explained}) == len(STATUSES)
        assert errors.explain(418) == errors.explain(500)
        sentences = [s for found in explained for s in found.text.split(". ")]
    assert max(len(sentence.split()) for sentence in sentences) <= 20


def test_error_for_htmx_is_a_message_with_the_status_kept(client: FlaskClient, hood: Neighbourhood) -> None:
    answer = client.get("/niet-hier", headers={"HX-Request": "true"})
    assert answer.status_code == 404
    assert (answer.headers["HX-Retarget"], answer.headers["HX-Reswap"]) == ("#messages", "innerHTML")
    assert not answer.get_data(as_text=True).startswith("<!doctype")


def test_fault_tells_nothing_of_itself(app_of_its_own: Flask) -> None:
    @app_of_its_own.get("/fault")
    @public
    def fault() -> str:
        raise RuntimeError("the secret cause")

    answer = app_of_its_own.test_client().get("/fault")
    assert answer.status_code == 500
    assert "secret cause" not in answer.get_data(as_text=True)
    assert 'href="/fault"' in answer.get_data(as_text=True)


def test_fault_of_the_database_is_written_down_without_what_people_typed(
    hood_on_both: Neighbourhood, logged: io.StringIO
) -> None:
    app = hood_on_both.app
    with app.test_request_context("/mijn"):
        with pytest.raises(IntegrityError) as failed:
            make.make_person(name="Vera Geheim", email="noor@proef.example")
        assert "Vera Geheim" not in str(failed.value)
        assert app.handle_user_exception(failed.value).status_code == 500
        try:
            raise ValueError("Vera Geheim") from failed.value
        except ValueError as error:
            app.handle_user_exception(error)
    first, second = [json.loads(line) for line in logged.getvalue().splitlines()]
    assert [cause["problem"] for cause in second["causes"]][:2] == ["ValueError", "IntegrityError"]
    assert "builders.py" in str(first["causes"][0]["places"])
    assert not any(word in logged.getvalue() for word in ("Vera", "noor@", "insert into"))


def test_database_that_does_not_write_is_written_down_by_what_it_is(
    hood: Neighbourhood, logged: io.StringIO
) -> None:
    with hood.app.test_request_context("/mijn"):
        with pytest.raises(DatabaseBusy) as failed, unit_of_work():  # noqa: PT012
            execute(text("pragma query_only = 1"))
            execute(text("insert into complex (name, public_id) values (:name, 'x')"), name="Vera Geheim")
        assert hood.app.handle_user_exception(failed.value).status_code == 503
        execute(text("pragma query_only = 0"))
    line = json.loads(logged.getvalue().splitlines()[-1])
    assert (line["event"], line["cause"], line["code"]) == (
        "database away",
        "OperationalError",
        "SQLITE_READONLY",
    )
    assert not any(word in logged.getvalue() for word in ("Vera", "insert into"))


def test_fault_after_the_page_is_written_down_without_what_people_typed(
    app_of_its_own: Flask, logged: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    @app_of_its_own.after_request
    def fail(_: Response) -> Response:
        raise RuntimeError("Vera Geheim")

    app_of_its_own.config["PROPAGATE_EXCEPTIONS"] = False
    assert app_of_its_own.test_client().get("/inloggen").status_code == 500
    assert "RuntimeError" in logged.getvalue()
    assert "Vera" not in logged.getvalue() + "".join(capsys.readouterr())


def test_busy_database_is_a_503_with_retry_after(app_of_its_own: Flask) -> None:
    @app_of_its_own.get("/busy")
    @public
    def busy() -> str:
        raise DatabaseBusy("no turn")

    answer = app_of_its_own.test_client().get("/busy")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


def test_signed_in_page_is_a_503_when_the_database_is_away(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "noor")
    with hood.app.app_context(), unit_of_work():
        execute(text("drop table session"))
    answer = client.get("/mijn")
    assert answer.status_code == 503
    assert client.get("/healthz").status_code == 200


def test_wrong_method_tells_which_are_right(client: FlaskClient, hood: Neighbourhood) -> None:
    answer = client.get("/uitloggen")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"OPTIONS", "POST"}


@pytest.mark.parametrize(
    ("path", "above"),
    [
        ("/sleutels/k3v9m2q7xt/geef", "/sleutels/k3v9m2q7xt"),
        ("/reeksen/k3v9m2q7xt/terugzetten", "/reeksen/k3v9m2q7xt"),
        ("/uitloggen", None),
    ],
)
def test_address_of_a_button_leads_back_to_the_page_it_stands_on(
    app: Flask, client: FlaskClient, path: str, above: str | None
) -> None:
    with statements(app) as seen:
        answer = client.get(path)
    page = answer.get_data(as_text=True)
    assert (seen, answer.status_code) == ([], 405)
    assert ("Terug naar de pagina" in visible(page)) is (above is not None)
    assert above is None or f'href="{above}"' in page
    assert 'href="/"' in page


def test_form_that_is_far_too_large_is_a_413(client: FlaskClient, hood: Neighbourhood) -> None:
    answer = client.post("/inloggen", data={"email": "x" * 300_000})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "path", ["/r/De-Linde", "/r/de--linde", "/r/-", "/r/de-linde%00", "/r/%C3%A9", "/r/x" * 500]
)
def test_path_that_is_none_is_a_404(client: FlaskClient, hood: Neighbourhood, path: str) -> None:
    assert client.get(path).status_code == 404
