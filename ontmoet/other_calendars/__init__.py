"""Calendars that another program kept, read into the agenda of a room."""
