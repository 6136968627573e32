"""Who does what in a room, and who is let in: functions, neighbours, organisations."""
