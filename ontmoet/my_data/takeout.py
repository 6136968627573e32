"""Everything that is known about one person, to take along: one file for people and one for computers."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from flask import current_app

from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _

from .declared import PERSONAL
from .wording import how_long_in_all, value_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ontmoet.kernel.personal import Facts, PersonalData

NAME = "mijn-gegevens"
"""Of the zip, and of both files in it."""

SHOWN = 100
"""Facts of one kind that a page shows; the file has them all."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One subject with what is known."""

    name: str
    title: str
    what: str
    why: str
    how_long: str
    seen_by: str
    facts: Sequence[Facts]

    def table(self, most: int | None = None) -> tuple[list[str], list[tuple[str, ...]]]:
        """Heads and rows in words, the newest first; a head that nothing is under is left out."""
        shown = list(reversed(self.facts))[:most]
        heads = list(dict.fromkeys(head for fact in shown for head in fact))
        return heads, [tuple(value_in_words(fact.get(head, "–")) or "–" for head in heads) for fact in shown]


def explained(person_id: int | None = None, subjects: Sequence[PersonalData] = PERSONAL) -> list[Chapter]:
    """Subjects in the order of the table; with a person, with everything that is known about them: a
    statement for each.
    """
    return [
        Chapter(
            subject.name,
            str(subject.title),
            str(subject.what),
            str(subject.why),
            how_long_in_all(subject),
            str(subject.seen_by),
            () if person_id is None else subject.export(person_id),
        )
        for subject in subjects
    ]


def packed(chapters: Sequence[Chapter], *, now: datetime) -> bytes:
    """Both files in one zip."""
    page = current_app.jinja_env.get_template("my_data/takeout.html").render(
        chapters=chapters, made=value_in_words(now)
    )
    bundle = io.BytesIO()
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED) as files:
        for kind, content in (("html", page), ("json", _as_json(chapters, now))):
            files.writestr(f"{NAME}.{kind}", content)
    return bundle.getvalue()


def _as_json(chapters: Sequence[Chapter], now: datetime) -> str:
    listed = {
        _("Gemaakt op"): now,
        _("Onderwerpen"): [
            {
                _("Onderwerp"): chapter.title,
                _("Wat"): chapter.what,
                _("Waarom"): chapter.why,
                _("Hoe lang"): chapter.how_long,
                _("Wie ziet het"): chapter.seen_by,
                _("Gegevens"): list(chapter.facts),
            }
            for chapter in chapters
        ],
    }
    return json.dumps(listed, default=_for_machines, ensure_ascii=False, indent=1)


def _for_machines(value: object) -> str:
    if isinstance(value, datetime):
        return dates.iso(value)
    return value.isoformat() if isinstance(value, date) else str(value)
