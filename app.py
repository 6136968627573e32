"""The entrance for servers and for `flask --app app`."""

import gc

# What is loaded here stays: looking for garbage among it took a third of `flask jobs due`.
gc.disable()
from ontmoet.factory import create_app  # noqa: E402

app = create_app()
gc.freeze()
gc.enable()
