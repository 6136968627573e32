"""Mail servers, and messages of a kind that only these tests know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.outbox.mailbox import mail_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.outbox.mailbox import Mailbox


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server on loopback without encryption."""
    with mail_server() as found:
        yield found
