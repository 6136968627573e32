"""Bookings in people's own calendars: an address of one's own to follow, and a public one of each room."""
