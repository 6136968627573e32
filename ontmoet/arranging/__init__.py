"""Rooms arranged by their own people."""
