"""Which request, command or job the present work belongs to; read by logs and the audit."""

from contextvars import ContextVar

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
