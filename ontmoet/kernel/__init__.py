"""Pure building blocks: no Flask, no SQLAlchemy, nothing but the standard library."""
