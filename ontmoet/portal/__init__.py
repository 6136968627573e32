"""Pages made of several slices: the list of rooms, the door, one's own page."""
