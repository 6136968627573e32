"""What a whole file holds: the events of each series, faults, and what is left out."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from ontmoet.kernel.objections import Objection, Refused

from . import repeating
from .components import CalendarFacts, Component, Reader, properties_of
from .rules import MOST_EVENTS, Event, Fault, ReadCalendar, Reason, Remark, Skip
from .text import NAME_OF_A_ZONE, OF_A_CALENDAR, OF_AN_EVENT, SURPRISES, Block, Text, Unreadable, cut
from .zones import LONGEST_ZONE, Zones

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from .repeating import Dated
    from .rules import Window

_MOST_FACTS, _MOST_ZONES = 20, 200


class Patience:
    """With what is read; this one has no end."""

    def one(self) -> AbstractContextManager[object]:
        """Around each event and each series. May raise `Unreadable` (TAKES_TOO_LONG) out of what is in it."""
        return nullcontext()

    def found(self, dates: int) -> None:
        """So many dates came of it."""


def read(raw: bytes, window: Window, patience: Patience | None = None) -> ReadCalendar:
    """Raises `Refused`."""
    patience = patience or Patience()
    text = cut(raw)
    if not text.events:
        raise Refused(Objection(Reason.EMPTY))
    zones = Zones(_described(text, patience))
    taking = _Taking(window)
    for series in _by_series(_components(text, zones, patience)):
        try:
            with patience.one():
                dates = taking.take(series)
            patience.found(dates)
        except Unreadable as unreadable:
            # What the library cannot count to in time repeats in a way that nobody means.
            is_slow = unreadable.reason is Reason.TAKES_TOO_LONG
            taking.fail(series.first, Reason.STRANGE_REPEAT if is_slow else unreadable.reason)
        except SURPRISES:
            taking.fail(series.first, Reason.STRANGE_REPEAT)
    return taking.result()


class _Series:
    """What a file says under one UID."""

    def __init__(self, components: Sequence[Component]) -> None:
        masters = [one for one in components if not one.is_change]
        # Lotus Notes gives only what is left of a series.
        masters = masters or [one for one in components if one.is_from_then_on and one.repeats]
        self.master = max(masters, key=lambda one: (one.version, one.number), default=None)
        """Of several the one that was written last."""
        self._is_there_twice = len(masters) > 1
        newest: dict[object, Component] = {}
        for one in sorted(
            (one for one in components if one.is_change and one is not self.master),
            key=lambda one: one.version,
        ):
            newest[one.original.instant if one.original else one.number] = one
        self.changes = sorted(newest.values(), key=lambda one: one.number)

    @property
    def first(self) -> Component:
        return self.master or self.changes[0]

    @property
    def is_off(self) -> bool:
        """Whether none of it goes on."""
        return _is_off(self.first) and not self.first.is_change

    @property
    def has_all(self) -> bool:
        """Whether a date that is not in it does not go on. Not so when single dates are all there is of it,
        when it is there twice, when it holds no time and so has no events, or when something of it cannot be
        read. Dates that are shifted from one of them on can have gone out of the window unseen.
        """
        first = self.first
        return self.is_off or (
            not (first.is_change or first.skip or first.reason or self._is_there_twice)
            and not any(one.reason or one.is_from_then_on for one in self.changes if not _is_off(one))
        )

    def dates(self, *, going_on: bool) -> list[str]:
        """The dates of which it says apart that they go on, at whatever time; or that they do not."""
        said = [
            repeating.name_of(one, self.master)
            for one in self.changes
            if one.original is not None and _is_off(one) is not going_on
        ]
        # What does not repeat is somewhere, also when that is out of the window.
        return [*said, ""] if going_on and self.master and not self.master.repeats else said


def _is_off(component: Component) -> bool:
    return component.skip is Skip.CANCELLED


class _Taking:
    """What was read so far."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._events: list[Event] = []
        self._faults: list[Fault] = []
        self._left_out: dict[Skip, int] = {}
        self._whole: dict[str, list[str]] = {}
        self._struck: dict[str, list[str]] = {}
        self._doubtful: set[str] = set()
        """Of these not every date could be read."""

    def take(self, series: _Series) -> int:
        """All dates of a series, and how many they are; or none: raises `Unreadable`."""
        master = series.master
        self._say_which_are_gone(series)
        if master is None or master.reason is not None or not (master.repeats or series.changes):
            alone = [self._only(one) for one in ([master] if master else []) + series.changes]
            dates = [date for date in alone if date is not None]
            self._store(dates, series)
            return len(dates)
        dates, goes_on = repeating.dates_of(master, series.changes, self._window)
        for change in series.changes:
            if change.reason is not None:
                self.fail(change, change.reason)
        if not dates:
            self._leave_out(self._why_none(master, goes_on=goes_on))
        self._store(dates, series, goes_on=goes_on)
        return len(dates)

    def fail(self, component: Component, reason: Reason) -> None:
        """Nothing is wrong with what would be left out all the same."""
        if not _is_off(component):
            self._doubtful.add(component.uid)
        if component.skip is not None:
            self._leave_out(component.skip)
            return
        self._faults.append(Fault(component.number, reason, component.title, component.starts))

    def result(self) -> ReadCalendar:
        return ReadCalendar(
            sorted(self._events, key=lambda event: (event.number, event.slot)),
            sorted(self._faults, key=lambda fault: fault.number),
            self._left_out,
            # What has lost its name can be a date of any of them.
            {uid: has for uid, has in self._whole.items() if not {uid, ""} & self._doubtful},
            self._struck,
        )

    def _say_which_are_gone(self, series: _Series) -> None:
        uid = series.first.uid
        if series.has_all:
            self._whole[uid] = [] if series.is_off else series.dates(going_on=True)
        if struck := series.dates(going_on=False):
            self._struck[uid] = struck

    def _only(self, one: Component) -> Dated | None:
        """A date that stands alone, when it can be taken."""
        if one.start is not None and not one.repeats and (reason := self._outside(one)):
            self._leave_out(reason)
        elif one.reason is not None:
            self.fail(one, one.reason)
        else:
            try:
                return repeating.only_date(one)
            except Unreadable as unreadable:
                self.fail(one, unreadable.reason)
        return None

    def _outside(self, one: Component) -> Skip | None:
        assert one.start is not None  # noqa: S101 - asked before
        # The year first: an instant has fewer years than a wall clock.
        year = one.start.wall.year
        if year < self._window.first.year - 1 or one.start.instant < self._window.first:
            return Skip.LONG_AGO
        if year > self._window.last.year + 1 or one.start.instant >= self._window.last:
            return Skip.FAR_AHEAD
        return None

    def _why_none(self, master: Component, *, goes_on: bool) -> Skip:
        if goes_on:
            return Skip.FAR_AHEAD
        return self._outside(master) or Skip.CANCELLED

    def _store(self, dates: Sequence[Dated], series: _Series, *, goes_on: bool = False) -> None:
        taken = []
        for date in dates:
            skip = Skip.CANCELLED if series.is_off else date.component.skip
            if skip is not None:
                self._leave_out(skip)
            else:
                taken.append(self._event(date, series.first))
        if goes_on and taken:
            taken[-1] = replace(taken[-1], remarks=taken[-1].remarks | {Remark.GOES_ON})
        self._events += taken
        if len(self._events) > MOST_EVENTS:
            raise Refused(Objection(Reason.TOO_MANY))

    def _event(self, date: Dated, first: Component) -> Event:
        one = date.component
        number = one.number if first.is_change else first.number
        return Event(number, one.uid, date.recurrence, date.slot, one.title, one.remarks)

    def _leave_out(self, skip: Skip) -> None:
        self._left_out[skip] = self._left_out.get(skip, 0) + 1


def _components(text: Text, zones: Zones, patience: Patience) -> Iterator[Component]:
    readers: dict[int, Reader] = {}
    for number, block in enumerate(text.events, 1):
        try:
            with patience.one():
                if block.calendar not in readers:
                    # One at a time: the events of a calendar stand together.
                    facts = _facts(text, text.calendars[block.calendar], zones)
                    readers = {block.calendar: Reader(facts, zones)}
                component = readers[block.calendar].read(number, text.lines(block, OF_AN_EVENT))
        except Unreadable as unreadable:
            component = Component(number, reason=unreadable.reason)
        if not block.is_whole:
            # The file was broken off in it: what came after is not known.
            component.reason = Reason.NOT_READABLE
        yield component


def _by_series(components: Iterable[Component]) -> list[_Series]:
    """In the order of the file; what has no name stands alone."""
    together: dict[str | int, list[Component]] = {}
    for component in components:
        together.setdefault(component.uid or component.number, []).append(component)
    return [_Series(group) for group in together.values()]


def _facts(text: Text, calendar: Block, zones: Zones) -> CalendarFacts:
    try:
        properties = properties_of(islice(text.lines(calendar, OF_A_CALENDAR), _MOST_FACTS))
    except (Unreadable, *SURPRISES):
        return CalendarFacts()
    zone = None
    if "X-WR-TIMEZONE" in properties:
        try:
            zone = zones.named(properties["X-WR-TIMEZONE"][0][1].strip())
        except Unreadable:
            zone = None
    method = properties["METHOD"][0][1] if "METHOD" in properties else ""
    return CalendarFacts(zone, is_cancelled=method.strip().upper() == "CANCEL")


def _described(text: Text, patience: Patience) -> Mapping[str, Callable[[], str]]:
    """The time zones that the file brings, by their names: of each name the first."""
    found: dict[str, Callable[[], str]] = {}
    seen: set[str] = set()
    for block in text.zones:
        try:
            with patience.one():
                line = next(text.lines(block, NAME_OF_A_ZONE), None)
                if line is not None and line not in seen and len(found) < _MOST_ZONES:
                    seen.add(line)
                    (name,) = properties_of([line])["TZID"]
                    found[name[1]] = partial(text.whole, block, longest=LONGEST_ZONE)
        except (Unreadable, *SURPRISES):
            continue
    return found
