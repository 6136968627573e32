"""Our own icon set, drawn on one grid: 24 × 24, stroke 2, round ends, no fill.

An icon always stands beside a word, so every drawing is hidden from screen
readers. Missing one? Draw it on the same grid with at most three strokes;
never add a second set.
"""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

PATHS: Final[dict[str, str]] = {
    "back": "M9 5 4 10l5 5M4 10h10a5.5 5.5 0 0 1 0 11h-3",
    "calendar": "M4 6h16v14.5H4zM4 11h16M8.5 3v4.5M15.5 3v4.5",
    "check": "M4.5 12.8 10 18.2 20 6.5",
    "chevron": "M9 5l7 7-7 7",
    "chevron-left": "M15 5l-7 7 7 7",
    "clock": "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0zM12 7v5.2l3.5 2",
    "cross": "M6 6l12 12M18 6 6 18",
    "cup": ("M4 9.5h12V15a5 5 0 0 1-5 5H9a5 5 0 0 1-5-5zM16 11h1.8a2.6 2.6 0 0 1 0 5.2H16M8 3v3M12 3v3"),
    "door": "M6 21V4.5A1.5 1.5 0 0 1 7.5 3h9A1.5 1.5 0 0 1 18 4.5V21M3 21h18M14.6 12.5v.01",
    "heart": (
        "M12 20.5S3.5 15.6 3.5 9.4A4.7 4.7 0 0 1 12 6.8a4.7 4.7 0 0 1 8.5 2.6C20.5 15.6 12 20.5 12 20.5z"
    ),
    "hourglass": "M7 3h10M7 21h10M8 3v4l4 5 4-5V3M8 21v-4l4-5 4 5v4",
    "house": "M3.5 11.5 12 4l8.5 7.5M6 9.5v11h12v-11",
    "info": "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0zM12 11v6M12 7.3v.01",
    "key": "M14 14.5a4.7 4.7 0 1 1-9.4 0 4.7 4.7 0 0 1 9.4 0zM12.7 11.2 20.5 3.5M17 7l3 3",
    "list": "M9 6h11M9 12h11M9 18h11M4.5 6v.01M4.5 12v.01M4.5 18v.01",
    "lock": "M5.5 11h13v9.5h-13zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
    "minus": "M5 12h14",
    "moon": "M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5z",
    "people": (
        "M12.6 8a3.6 3.6 0 1 1-7.2 0 3.6 3.6 0 0 1 7.2 0zM2.5 20.5c.4-4.4 3-6.3 6.5-6.3"
        "s6.1 1.9 6.5 6.3M16 4.8a3.3 3.3 0 0 1 0 6.3M18.2 14.6c2 .9 3.1 2.9 3.3 5.9"
    ),
    "person": "M16 8a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM4 21c.6-4.8 3.5-6.8 8-6.8s7.4 2 8 6.8",
    "phone": (
        "M6 3h3.5l1.5 5-2.2 1.6a12 12 0 0 0 5.6 5.6L16 13l5 1.5V18a3 3 0 0 1-3 3"
        "C10.3 21 3 13.7 3 6a3 3 0 0 1 3-3z"
    ),
    "plus": "M12 5v14M5 12h14",
    "printer": "M7 9V3.5h10V9M7 17.5H3.5V11a2 2 0 0 1 2-2h13a2 2 0 0 1 2 2v6.5H17M7 14.5h10v6H7z",
    "qr": "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2.5v2.5M20 14v.01M20 20h-3M14 20v.01",
    "share": "M12 15V3.8M8 7.5l4-4 4 4M5 12v8.5h14V12",
    "speech": "M4 5h16v11.5h-8L7 21v-4.5H4z",
    "tool": (
        "M20.3 5.6a4.6 4.6 0 0 1-6.2 5.9l-7.6 8a2.4 2.4 0 0 1-3.4-3.4l8-7.6"
        "A4.6 4.6 0 0 1 17 2.3l-2.8 2.9.6 2.9 2.9.6z"
    ),
    "warning": "M12 3.5 22 20.5H2zM12 10v4.8M12 17.6v.01",
}


_SVG: Final = Markup('<svg class="{}" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>')
_PLAIN: Final = {name: _SVG.format("om-icon", path) for name, path in PATHS.items()}
_FLIPPED: Final = {name: _SVG.format("om-icon om-icon--flip", path) for name, path in PATHS.items()}


def icon(name: str, flip: bool = False) -> Markup:
    """Return the drawing called `name` as safe HTML, ready to stand in a template.

    With *flip* it is mirrored in languages that run from right to left; arrows
    need that. An unknown name raises `KeyError`, so a typing error fails in
    the first test that renders the page.
    """
    return (_FLIPPED if flip else _PLAIN)[name]
