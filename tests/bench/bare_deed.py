"""The least that a deed can cost on these libraries: a cookie, a token, a form, five statements in a file of
its own, of which three write, a commit that reaches the disk, and a message for the next page.
"""

import os
from pathlib import Path

import sqlalchemy as sa
from flask import Flask, Response, flash, redirect
from flask_wtf import CSRFProtect, FlaskForm
from flask_wtf.csrf import generate_csrf
from wtforms import HiddenField, SelectField, StringField

COLUMNS = 12

engine = sa.create_engine(f"sqlite:///{Path(os.environ['ONTMOET_DATA'], 'bare.db')}")
metadata = sa.MetaData()
columns = (sa.Column(f"c{number}", sa.Text) for number in range(COLUMNS))
table = sa.Table("deed", metadata, sa.Column("id", sa.Integer, primary_key=True), *columns)
READ = sa.select(table).where(table.c.id == sa.bindparam("row"))
CHANGE = sa.update(table).where(table.c.id == sa.bindparam("row")).values(c1=sa.bindparam("text"))
ADD = sa.insert(table)
ROW = {f"c{number}": "tekst" for number in range(COLUMNS)}

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
CSRFProtect(app)


@sa.event.listens_for(engine, "connect")
def set_up(connection, _record) -> None:
    connection.isolation_level = None
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = full")


@sa.event.listens_for(engine, "begin")
def begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("begin immediate" if writes else "begin")


metadata.create_all(engine)


class DeedForm(FlaskForm):
    who = StringField()
    due = SelectField(choices=[("week", "Over een week")])
    custody = HiddenField()


@app.get("/")
def token() -> str:
    return generate_csrf()


@app.get("/readyz")
def ready() -> str:
    return "ok"


@app.post("/deed")
def deed() -> Response:
    form = DeedForm()
    if not form.validate():
        return Response(status=422)
    with engine.connect() as connection:
        connection.execute(READ, {"row": 1}).all()
        connection.execute(READ, {"row": 2}).all()
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(CHANGE, {"row": 1, "text": form.who.data})
        connection.execute(ADD, ROW)
        connection.execute(ADD, ROW)
    flash("Opgeschreven.")
    return redirect("/", 303)
