"""Everything about HTTP and HTML that knows nothing of rooms."""
