"""The app with one planted fault; served only by `planted`."""

import os

from tests.real import faults
from tests.real.server import FAULT

faults.plant(os.environ[FAULT])

from app import app  # noqa: E402 - the fault goes first

__all__ = ["app"]
