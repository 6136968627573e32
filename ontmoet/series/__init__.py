"""Series: the same group every week. Each date of one is an ordinary booking."""
