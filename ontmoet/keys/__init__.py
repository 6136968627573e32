"""Keys of a room: which there are, who has them now and had them before, and when they are due back."""
