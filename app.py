"""The entrance for servers and for `flask --app app`."""

from ontmoet.factory import create_app

app = create_app()
