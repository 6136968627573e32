"""What is known about a person, in their own hands: see it, correct it, take it along, have it removed."""
