"""The app, where a writer waits longer for its turn: others use the cores of a run of tests, and who is sent
away for that has met no fault of ours. That one second is enough is for `make bench` to tell.
"""

from app import app
from ontmoet.db import work

work.LONGEST_WAIT = 10.0

__all__ = ["app"]
