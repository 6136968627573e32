"""Taking lists in from elsewhere: judged first, then stored, all or nothing."""
