"""Copies of the house: made while it is lived in, looked through, sealed, and put back when it must be."""
