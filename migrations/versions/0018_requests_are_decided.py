"""requests are decided: who said yes or no and why, who is responsible, what was asked back"""

import sqlalchemy as sa
from alembic import op

from ontmoet.db import types

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

REASONS = (
    "reason in ('plans_changed', 'clash', 'size', 'facility', 'access', 'hours', 'no_host', 'too_few', 'rules',"
    " 'money', 'defect', 'transport', 'closed', 'no_answer', 'fair_use', 'alcohol', 'other')"
)
OPEN = sa.text("answered_at is null")


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.add_column(sa.Column("responsible", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("decided_by_id", number, nullable=True))
        batch_op.add_column(sa.Column("decided_at", types.Instant(), nullable=True))
        batch_op.add_column(sa.Column("explanation", sa.Text(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_booking_decided_by_id"), "person", ["decided_by_id"], ["id"]
        )
        batch_op.drop_constraint(batch_op.f("ck_booking_reason_known"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_booking_reason_known"), REASONS)
        batch_op.create_check_constraint(
            batch_op.f("ck_booking_responsible_short"), "length(responsible) <= 80"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_booking_explanation_short"), "length(explanation) <= 200"
        )
    op.create_table(
        "request_question",
        sa.Column("id", number, nullable=False),
        sa.Column("booking_id", number, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_by_id", number, nullable=True),
        sa.Column("asked_at", types.Instant(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by_id", number, nullable=True),
        sa.Column("answered_at", types.Instant(), nullable=True),
        sa.CheckConstraint(
            "(answer is null) = (answered_at is null)", name=op.f("ck_request_question_answer_has_moment")
        ),
        sa.CheckConstraint("length(question) <= 200", name=op.f("ck_request_question_question_short")),
        sa.CheckConstraint("length(answer) <= 200", name=op.f("ck_request_question_answer_short")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_request_question_booking_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_request_question_asked_by_id")),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_request_question_answered_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_question")),
        sqlite_strict=True,
    )
    op.create_index("ix_request_question_booking_id", "request_question", ["booking_id"])
    op.create_index(
        "ux_request_question_open",
        "request_question",
        ["booking_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    # The guards on booking went with the table that was rebuilt; env.py puts them back.
