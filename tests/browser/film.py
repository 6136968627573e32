"""A film of QR codes for the camera that Chromium pretends to have."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import segno
from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

WIDTH, HEIGHT = 640, 480
SECOND = 10
"""Pictures."""

SHOWS = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
"""Flags for a browser with a camera that may be used without a question."""


def code(text: str) -> Image.Image:
    """A QR code, drawn."""
    drawn = io.BytesIO()
    segno.make_qr(text).save(drawn, kind="png", scale=8, border=4)
    return Image.open(drawn)


def film(path: Path, *scenes: Image.Image) -> str:
    """Make a film in which each picture is seen for two seconds, and return the flag that shows it."""
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{SECOND}:1 Ip A1:1 C420\n".encode())
        for scene in scenes:
            file.write((b"FRAME\n" + _grey(scene)) * 2 * SECOND)
    return f"--use-file-for-fake-video-capture={path}"


def _grey(scene: Image.Image) -> bytes:
    """One picture, on a table that is neither black nor white; without colour."""
    table = Image.new("L", (WIDTH, HEIGHT), 128)
    held = scene.convert("L")
    held.thumbnail((HEIGHT - 60, HEIGHT - 60))
    table.paste(held, ((WIDTH - held.width) // 2, (HEIGHT - held.height) // 2))
    # Video has its black at 16 and its white at 235.
    return table.point([16 + grey * 219 // 255 for grey in range(256)]).tobytes() + bytes([128]) * (
        WIDTH * HEIGHT // 2
    )
