"""an agenda counts each closure that comes or goes

Nothing but guards, which are put back at the end of all migrations.
"""

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
