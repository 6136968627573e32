"""How a round of sending went."""

from __future__ import annotations

from dataclasses import dataclass

from .models import MessageStatus


@dataclass(slots=True)
class Report:
    """How a round of sending went, in numbers of messages.

    `away` says why the mail server took nothing; then all that is left stays as it was. `barred` counts what
    its rules refused while it took others, `broken` faults of our own.
    """

    sent: int = 0
    by_hand: int = 0
    not_needed: int = 0
    put_off: int = 0
    failed: int = 0
    barred: int = 0
    broken: int = 0
    away: str | None = None

    def count(self, status: MessageStatus) -> None:
        """One more message that stands like this for good."""
        self.sent += status is MessageStatus.SENT
        self.by_hand += status is MessageStatus.BY_HAND
        self.not_needed += status is MessageStatus.NOT_NEEDED
        self.failed += status is MessageStatus.FAILED

    @property
    def is_well(self) -> bool:
        return self.away is None and not self.barred and not self.broken
