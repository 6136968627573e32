"""Where people meet: corporation, complexes, homes, rooms with their zones, hours and rules."""
