"""What tests look at from outside: rows in tables, statements that were run, fields of a page."""

from __future__ import annotations

import html
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import event, text

from ontmoet.db import db, execute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flask import Flask

    from ontmoet.db import AnyRow

COUNTED = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")


def rows(app: Flask, statement: str, **values: object) -> list[AnyRow]:
    """The rows of a query, in a transaction of its own."""
    with app.app_context():
        return list(execute(text(statement), **values).all())


def public_id_of(app: Flask, table: str, row_id: int) -> str:
    """What a row is called in addresses."""
    public_id: str = rows(app, f"select public_id from {table} where id = :row_id", row_id=row_id)[0][0]  # noqa: S608
    return public_id


def row_counts(app: Flask, *tables: str) -> dict[str, int]:
    """How many rows each table has."""
    return {table: rows(app, f"select count(*) from {table}")[0][0] for table in tables}  # noqa: S608


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """The statements that are run meanwhile; not BEGIN, COMMIT and PRAGMA."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith(COUNTED):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def writing(seen: Sequence[str]) -> list[str]:
    """Those of the statements that write."""
    return [one for one in seen if not one.lstrip().upper().startswith("SELECT")]


def inputs(page: str) -> dict[str, str]:
    """The fields of the first booking form on a page, as a browser would send them."""
    form = page.split("novalidate>", 1)[1].split("</form>", 1)[0]
    sent = {}
    for tag in re.findall(r"<input [^>]*>", form):
        attributes = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        is_choice = attributes.get("type") in ("radio", "checkbox")
        if "name" in attributes and (not is_choice or " checked" in tag):
            sent[attributes["name"]] = html.unescape(attributes.get("value", ""))
    for select in re.findall(r"<select .*?</select>", form, re.DOTALL):
        name = re.search(r'name="([^"]*)"', select)
        chosen = re.search(r'<option selected(?: value="([^"]*)")?>([^<]*)<', select)
        if name is not None and chosen is not None:
            sent[name[1]] = chosen[1] or chosen[2]
    return sent


def errors(page: str) -> dict[str, str]:
    """The sentence at each field that is refused."""
    found = re.findall(r'id="([a-z_]+)-error">.*?<span>(.*?)</span>', page)
    return {field: html.unescape(sentence) for field, sentence in found}


def visible(page: str) -> str:
    """The words of a page, without tags and without what only holds a line together."""
    return html.unescape(re.sub(r"<[^>]*>", " ", page)).replace("\u2060", "")
