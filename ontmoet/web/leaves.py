"""A long list in leaves: a phone shows some of it at a time, and the way back and on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from ontmoet.kernel import text

from .i18n import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

Item = TypeVar("Item")

MOST = 10**6
"""No list has more leaves."""


@dataclass(frozen=True, slots=True)
class Leaf(Generic[Item]):
    """Some of a list, and where in it that is. Drawn with `ui.pager`."""

    items: Sequence[Item]
    number: int
    last: int

    @property
    def is_all(self) -> bool:
        """There is nothing to go back or on to."""
        return self.last == 1

    @property
    def title(self) -> str:
        """Where we are."""
        return _("Pagina %(number)s van %(last)s", number=self.number, last=self.last)

    def before(self, to: str = "%s") -> tuple[str, str] | None:
        """The way back: the number of the leaf as it stands in `to`, and the words."""
        return (to % (self.number - 1), _("Vorige")) if self.number > 1 else None

    def after(self, to: str = "%s") -> tuple[str, str] | None:
        """The way on, as `before`."""
        return (to % (self.number + 1), _("Volgende")) if self.number < self.last else None


def leaf_of(listed: Sequence[Item], asked: str, *, size: int) -> Leaf[Item]:
    """The leaf that was asked for by its number. What is no number gives the first; beyond the end is the
    last: the list may have become shorter.
    """
    last = max(1, -(-len(listed) // size))
    try:
        number = min(text.whole_number(asked, least=1, most=MOST), last)
    except text.Malformed:
        number = 1
    return Leaf(listed[(number - 1) * size : number * size], number, last)
