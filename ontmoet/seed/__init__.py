"""Fills a database: the demo world, and large installations for measuring."""
