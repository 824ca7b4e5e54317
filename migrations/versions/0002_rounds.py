"""Planning rounds and the Department's figures for them.

Revision 0002, after 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("plan_template", sa.String(length=40), nullable=False),
        sa.Column("report_card_template", sa.String(length=40), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("horizon_first_year", sa.String(length=7), nullable=False),
        sa.Column("horizon_last_year", sa.String(length=7), nullable=False),
        sa.Column("first_month", sa.String(length=7), nullable=False),
        sa.Column("last_month", sa.String(length=7), nullable=False),
        sa.CheckConstraint("closes_on >= opens_on", name=op.f("ck_rounds_closes_after_opening")),
        sa.CheckConstraint(
            "horizon_last_year >= horizon_first_year", name=op.f("ck_rounds_horizon_in_order")
        ),
        sa.CheckConstraint("last_month >= first_month", name=op.f("ck_rounds_months_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
        sa.UniqueConstraint("code", name=op.f("uq_rounds_code")),
    )
    op.create_table(
        "allocations",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("amount_gbp", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_allocations_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_allocations_round_id_rounds")
        ),
        sa.PrimaryKeyConstraint("round_id", "organisation_id", name=op.f("pk_allocations")),
    )
    with op.batch_alter_table("allocations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_allocations_organisation_id"), ["organisation_id"], unique=False
        )
    op.create_table(
        "round_criteria",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("set_id", sa.String(length=60), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_round_criteria_round_id_rounds")
        ),
        sa.PrimaryKeyConstraint("round_id", "set_id", name=op.f("pk_round_criteria")),
    )
    op.create_table(
        "round_regions",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("challenge_gbp", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_round_regions_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_round_regions_round_id_rounds")
        ),
        sa.PrimaryKeyConstraint("round_id", "organisation_id", name=op.f("pk_round_regions")),
    )
    with op.batch_alter_table("round_regions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_round_regions_organisation_id"), ["organisation_id"], unique=False
        )
    op.create_table(
        "round_workstreams",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("focus", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_round_workstreams_round_id_rounds")
        ),
        sa.PrimaryKeyConstraint("round_id", "code", name=op.f("pk_round_workstreams")),
    )


def downgrade() -> None:
    op.drop_table("round_workstreams")
    op.drop_table("round_regions")
    op.drop_table("round_criteria")
    op.drop_table("allocations")
    op.drop_table("rounds")
