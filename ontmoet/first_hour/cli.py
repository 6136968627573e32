"""`flask init`: asks what an installation begins with, or takes it from its options."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import click
import flask_migrate
from flask import current_app
from flask.cli import with_appcontext
from werkzeug.datastructures import MultiDict

from ontmoet.db import db, migrations, unit_of_work
from ontmoet.db.alone import Alone, alone
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.membership.partners import Newcomer
from ontmoet.people.passwords import hash_password
from ontmoet.trail.queries import installation_kind
from ontmoet.web.settings import current_config

from .actions import Beginning, install
from .forms import InstallForm
from .rules import Reason
from .views import START
from .wording import say

FROM_SURROUNDINGS = "ONTMOET_ADMIN_PASSWORD"
"""Where an installer without a keyboard puts the password: options show in the list of processes."""


@click.command("init")
@click.option("--corporation", metavar="NAAM", help="The housing corporation.")
@click.option("--phone", metavar="NUMMER", help="Its telephone number, on pages and letters.")
@click.option("--name", metavar="NAAM", help="Who administers.")
@click.option("--email", metavar="ADRES", help="Their address, to sign in with.")
@click.option("--complex", metavar="NAAM", help="The first complex.")
@click.option("--room", metavar="NAAM", help="Its meeting room.")
@click.option("--capacity", metavar="GETAL", help="How many people may be in it.")
@with_appcontext
def init(**given: str | None) -> None:
    """Begin a real installation in an empty database. What no option says is asked; the password too,
    unless it stands in ONTMOET_ADMIN_PASSWORD.
    """
    _migrate()
    # Before anything is asked.
    if installation_kind() is not None:
        _refuse(Refused(Objection(Reason.IN_USE)))
    form = _filled_in({**given, "password": os.environ.get(FROM_SURROUNDINGS)})
    beginning = Beginning(
        corporation=form.corporation.data,
        phone=form.phone.data,
        administrator=Newcomer(form.name.data, email=form.email.data),
        password_hash=hash_password(form.password.data),
        complex=form.complex.data,
        room=form.room.data,
        capacity=form.capacity.data,
    )
    try:
        with unit_of_work():
            install(beginning, now=clock.now())
    except Refused as refusal:
        _refuse(refusal)
    click.echo("Klaar. Start de server met: make serve. Wat je daarvoor instelt, staat in de README.")
    click.echo(f"Log daarna in met {form.email.data} en ga verder op {current_config().base_url}{START}")


def _refuse(refusal: Refused) -> NoReturn:
    for objection in refusal.objections:
        click.echo(say(objection), err=True)
    sys.exit(1)


def _migrate() -> None:
    directory = current_app.extensions["migrate"].directory
    # Of two at once, the second would lock tables that the first is filling.
    with alone(Alone.BEGINNING):
        with db.engine.connect() as connection:
            is_current = migrations.is_current(connection, directory)
        if not is_current:
            flask_migrate.upgrade(directory=directory)


def _filled_in(given: dict[str, str | None]) -> InstallForm:
    """The form, once nothing in it is refused. Says what is wrong with an answer before it asks again."""
    while True:
        form = InstallForm(MultiDict({name: value for name, value in given.items() if value is not None}))
        if form.validate():
            return form
        for field in form.refused():
            if given[field.name] is not None:
                click.echo(" ".join(field.errors), err=True)
            given[field.name] = _asked(str(field.label.text), is_secret=field is form.password)


def _asked(question: str, *, is_secret: bool) -> str:
    try:
        answer: str = click.prompt(question, hide_input=is_secret, confirmation_prompt=is_secret)
    except click.Abort:
        # Ctrl-C, or a script without a keyboard.
        click.echo(
            "\nGestopt. Er is niets bewaard. Begin opnieuw, of geef alles mee als optie. Welke er zijn, zie"
            " je met: flask --app app init --help",
            err=True,
        )
        sys.exit(1)
    return answer
