"""QR codes to stand in a page."""

from __future__ import annotations

import segno
from markupsafe import Markup


def qr_drawing(address: str) -> Markup:
    """The code of an address as an SVG drawing without words: name it where it stands.

    Error correction M: paper in a letter stays clean, and a smaller code has larger blocks. One mask for
    all: to try the eight of them takes four fifths of the time, and readers read each as well. Measured
    for 200 letters: 0.4 instead of 1.3 s.
    """
    drawing = segno.make_qr(address, error="m", mask=3).svg_inline(
        scale=1, border=4, omitsize=True, svgclass="om-qr", lineclass=None, light="#fff"
    )
    return Markup(drawing)  # noqa: S704 - drawn by segno from blocks; the address is not in it
