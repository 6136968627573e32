"""What is different between two texts of house rules: rule by rule, and word by word within a rule. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import TYPE_CHECKING

from .rules import groups_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ALIKE = 0.5
"""Two rules that share half their words are one rule that was changed; else one went and one came."""


class Kind(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a rule that stayed, came or went together."""

    kind: Kind
    text: str


Rule = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class MarkedGroup:
    """Rules under a heading, each in pieces."""

    heading: str
    rules: tuple[Rule, ...]

    @property
    def is_changed(self) -> bool:
        return any(piece.kind is not Kind.SAME for rule in self.rules for piece in rule)


def changes_between(old: str, new: str) -> tuple[MarkedGroup, ...]:
    """The new rules in their order with what is different marked; groups that went come last."""
    before = {group.heading: group.rules for group in groups_in(old)}
    after = {group.heading: group.rules for group in groups_in(new)}
    found = [
        MarkedGroup(heading, tuple(_rules(before.get(heading, ()), rules)))
        for heading, rules in after.items()
    ]
    gone = [
        MarkedGroup(heading, tuple(_rules(rules, ())))
        for heading, rules in before.items()
        if heading not in after
    ]
    return tuple(group for group in (*found, *gone) if group.heading or group.rules)


def _rules(old: Sequence[str], new: Sequence[str]) -> Iterator[Rule]:
    for same, was, now in _runs(old, new):
        if same:
            yield from ((Piece(Kind.SAME, rule),) for rule in now)
            continue
        pairs = min(len(was), len(now))
        for one, other in zip(was[:pairs], now[:pairs], strict=True):
            yield from _mended(one, other)
        yield from ((Piece(Kind.REMOVED, rule),) for rule in was[pairs:])
        yield from ((Piece(Kind.ADDED, rule),) for rule in now[pairs:])


def _mended(old: str, new: str) -> Iterator[Rule]:
    was, now = old.split(), new.split()
    if SequenceMatcher(None, was, now, autojunk=False).ratio() < ALIKE:
        yield (Piece(Kind.REMOVED, old),)
        yield (Piece(Kind.ADDED, new),)
        return
    pieces: list[Piece] = []
    for same, gone, come in _runs(was, now):
        if same:
            pieces.append(Piece(Kind.SAME, " ".join(come)))
            continue
        if gone:
            pieces.append(Piece(Kind.REMOVED, " ".join(gone)))
        if come:
            pieces.append(Piece(Kind.ADDED, " ".join(come)))
    yield tuple(pieces)


def _runs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[bool, Sequence[str], Sequence[str]]]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for deed, i, j, k, m in matcher.get_opcodes():
        yield deed == "equal", old[i:j], new[k:m]
