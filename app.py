"""The entrance for servers and for `flask --app app`."""

import gc
import os
import sys

# What is loaded here stays: looking for garbage among it took a third of `flask jobs due`.
gc.disable()
from ontmoet.config import ConfigError  # noqa: E402
from ontmoet.factory import create_app  # noqa: E402

# The database, and whatever else is kept, is for who runs this and for nobody else on the machine.
os.umask(0o077)
try:
    app = create_app()
except ConfigError as problem:
    sys.exit(str(problem))
gc.freeze()
gc.enable()
