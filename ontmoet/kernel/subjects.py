"""What permissions are asked about, as far as they look at it."""

from __future__ import annotations

from typing import Protocol


class RoomLike(Protocol):
    """A room."""

    @property
    def room_id(self) -> int: ...
    @property
    def used_by_complexes(self) -> frozenset[int]: ...
    @property
    def used_by_homes(self) -> frozenset[int]: ...


class BookingLike(Protocol):
    """A booking."""

    @property
    def room_id(self) -> int: ...
    @property
    def person_id(self) -> int | None: ...
    @property
    def is_for_corporation(self) -> bool: ...


class ComplexLike(Protocol):
    """A complex: which rooms stand in it."""

    @property
    def room_ids(self) -> frozenset[int]: ...


class PersonLike(Protocol):
    """A person."""

    @property
    def person_id(self) -> int | None: ...
    @property
    def guardian_id(self) -> int | None: ...


class KeyLike(Protocol):
    """A copy of a key."""

    @property
    def room_id(self) -> int: ...
    @property
    def holder_id(self) -> int | None: ...
    @property
    def organisation_id(self) -> int | None: ...
    @property
    def next_ids(self) -> frozenset[int]: ...
    @property
    def opener_ids(self) -> frozenset[int]: ...
