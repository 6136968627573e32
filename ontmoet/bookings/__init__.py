"""Who has the room when: booking, moving, cancelling, and the agenda over all of it."""
