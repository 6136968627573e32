"""Reading the trail."""

from sqlalchemy import select

from ontmoet.db import execute

from .models import Installation, InstallationKind

_KIND = select(Installation.__table__.c.kind)


def installation_kind() -> InstallationKind | None:
    """What this database is; None before it was filled."""
    kind = execute(_KIND).scalar()
    return None if kind is None else InstallationKind(kind)
