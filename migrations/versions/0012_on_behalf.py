"""organisations go along with house rules too; why a booking may go beyond fair use"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    with op.batch_alter_table("acceptance", schema=None) as batch_op:
        batch_op.alter_column("person_id", existing_type=number, nullable=True)
        batch_op.add_column(sa.Column("organisation_id", number, nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_acceptance_organisation_id"), "organisation", ["organisation_id"], ["id"]
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_acceptance_organisation_id_rules_version_id"),
            ["organisation_id", "rules_version_id"],
        )
        batch_op.drop_constraint(batch_op.f("ck_acceptance_paper_is_recorded"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_acceptance_for_another_is_recorded"),
            "(how = 'paper' or organisation_id is not null) = (recorded_by_id is not null)",
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_acceptance_one_party"), "(person_id is null) <> (organisation_id is null)"
        )
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fair_use_exception", sa.Text(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_booking_fair_use_exception_short"), "length(fair_use_exception) <= 120"
        )
