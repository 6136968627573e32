"""Where people may be sent."""

from __future__ import annotations

import re

_CONTROL = re.compile(r"[\x00-\x20\x7f]")
LONGEST = 500


def safe_path(raw: str | None) -> str | None:
    """The path if it stays on this site, else None.

    Exactly one slash at the start and no backslash, so that no browser reads a host in it; no control
    characters, which browsers drop before they read.
    """
    if not raw or len(raw) > LONGEST or _CONTROL.search(raw):
        return None
    if not raw.startswith("/") or raw[1:2] in ("/", "\\") or "\\" in raw:
        return None
    return raw
