"""homes and roles are found by person, also those of the past"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_residency_person_id"), "residency", ["person_id"])
    op.create_index(op.f("ix_role_person_id"), "role", ["person_id"])
