"""What happens to all that hangs on a person who moves, dies, or turns out to be here twice."""
