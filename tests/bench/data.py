"""Large installations in a folder, made with the command of the contract."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.real.server import NOW, ROOT

SLUG = "de-linde"
WEEK = f"/r/{SLUG}/agenda?week=2026-W48"
DOOR = f"/r/{SLUG}"
RESERVE = f"/r/{SLUG}/reserveren"
RESIDENT = "noor@demo.example"
STAFF = "sanne@demo.example"
ADMINISTRATOR = "mo@demo.example"
DEMO_PASSWORD = "ontmoet-demo"


def filled(folder: Path, *, rooms: int, bookings: int, years: int) -> str:
    """The address of a new database with so much in it."""
    folder.mkdir()
    env = {**os.environ, "ONTMOET_DATA": str(folder), "ONTMOET_NOW": NOW}
    env.pop("DATABASE_URL", None)
    _flask(env, "db", "upgrade")
    _flask(env, "seed", "scale", f"--rooms={rooms}", f"--bookings={bookings}", f"--years={years}")
    return f"sqlite:///{folder / 'ontmoet.db'}"


def _flask(env: dict[str, str], *words: str) -> None:
    command = [sys.executable, "-m", "flask", "--app", "app", *words]
    subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own
