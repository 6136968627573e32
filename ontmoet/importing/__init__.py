"""Lists in and out. In: judged first, then stored, all or nothing. Out: under the same heads."""
