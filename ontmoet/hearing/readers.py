"""The people whom the outbox writes to, as it finds them at the moment of sending."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from flask import current_app

from ontmoet.outbox.rules import Route, Way
from ontmoet.people.rules import News

from . import actions
from .queries import reader_of
from .rules import waits_until, way_to

if TYPE_CHECKING:
    from ontmoet.outbox.waiting import Waiting

_NOT_AT_ALL = Route(Way.NOT_AT_ALL)


class _Readers:
    def route(self, message: Waiting, *, now: datetime) -> Route:
        reader = reader_of(message.person_id)
        if reader is None:
            return _NOT_AT_ALL
        if message.kind == News.ADDRESS_CODE:
            # It proves an address that is not the reader's yet, and is over within the hour.
            return Route(Way.MAIL, language=reader.language)
        if message.kind in current_app.extensions["ontmoet_optional"] and message.kind not in reader.wants:
            return _NOT_AT_ALL
        way = way_to(reader, is_about_room=message.room_id is not None)
        if way is Way.NOT_AT_ALL:
            return _NOT_AT_ALL
        after = waits_until(reader.quiet, useful_until=message.useful_until, now=now)
        return Route(way, after, reader.language)

    def note_refused(self, person_id: int, address: str, *, now: datetime) -> None:
        actions.note_refused(person_id, address, now=now)


READERS = _Readers()
"""Everybody."""
