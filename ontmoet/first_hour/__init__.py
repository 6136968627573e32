"""The first hour of a corporation: from an empty database to a room that people book."""
