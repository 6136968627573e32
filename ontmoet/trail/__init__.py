"""What happened, and that it happened once: audit, idempotency, throttle, installation."""
