"""Who comes: persons, where they live, what they do for a room, and how they sign in."""
