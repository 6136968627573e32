"""Getting in again without a password: by a link and a code, or by a slip from somebody of the room."""
