"""When a message may come, and how it goes to somebody who wants it so."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from ontmoet.kernel.walltime import day_of, instant_or_next, minutes_of
from ontmoet.outbox.rules import Way
from ontmoet.people.rules import Channel, Language

TIME_TO_READ = timedelta(hours=1)
"""Between the end of quiet hours and what a message is about; less, and it does not wait for that end."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one whole hour to another on the wall clock, in minutes; over midnight, or within a day.

    The same twice is none at all.
    """

    starts: int = 21 * 60
    ends: int = 8 * 60

    def ending(self, moment: datetime) -> datetime | None:
        """The instant at which they end when it is quiet at `moment`; None when it is not quiet then."""
        minutes = minutes_of(moment)
        if self.starts <= self.ends:
            is_quiet, is_tonight = self.starts <= minutes < self.ends, False
        else:
            is_quiet, is_tonight = minutes >= self.starts or minutes < self.ends, minutes >= self.starts
        if not is_quiet:
            return None
        ends = instant_or_next(day_of(moment) + timedelta(days=is_tonight), self.ends)
        # In the hour that comes twice in October, the end may have passed already: it comes once more.
        return ends if ends > moment else ends + timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody as a message finds them. `wants` are the kinds that are not necessary and asked for."""

    channel: Channel
    has_address: bool
    is_refused: bool = False
    quiet: QuietHours = QuietHours()
    wants: Collection[str] = ()
    language: Language = Language.DUTCH

    @property
    def hears_by(self) -> Channel:
        """The channel, or a call when mail cannot come."""
        if self.channel is Channel.MAIL and (self.is_refused or not self.has_address):
            return Channel.CALL
        return self.channel


def way_to(reader: Reader, *, is_about_room: bool) -> Way:
    """How a message goes. What is about no room nobody there can tell: it is mailed where mail can come,
    such as the link that somebody asks for who otherwise wants to be called.
    """
    if reader.hears_by is Channel.MAIL or (reader.has_address and not is_about_room):
        return Way.MAIL
    return Way.BY_HAND if is_about_room else Way.NOT_AT_ALL


def waits_until(quiet: QuietHours, *, useful_until: datetime | None, now: datetime) -> datetime | None:
    """Until when a message waits for quiet hours to end; None when it goes at once.

    What would be too late then does not wait: a link to sign in, or that tonight's booking is off.
    """
    ends = quiet.ending(now)
    if ends is None or (useful_until is not None and ends + TIME_TO_READ > useful_until):
        return None
    return ends
