"""Campaigns; their recipients are messages."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from gateway.storage.tables.base import (
    belongs_to,
    belongs_to_merchant,
    id_column,
    merchant_column,
    metadata,
    moment,
)

# `prepared_after` is how far the audience has been written down, so that a worker that takes
# over goes on there. `released_at` is up to when the throttle's allowance has been used. What was
# cancelled or failed has no `ended_at` before all that was queued is skipped.
campaigns = Table(
    "campaigns",
    metadata,
    merchant_column(),
    id_column(),
    Column("name", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("audience", JSONB, nullable=False),
    Column("channels", ARRAY(Text), nullable=False),
    Column("contents", JSONB, nullable=False),
    Column("per_minute_max", Integer),
    Column("google_mode", Text),
    Column("prepared_after", Uuid),
    moment("released_at", nullable=True),
    moment("scheduled_at", nullable=True),
    moment("prepared_at", nullable=True),
    moment("ended_at", nullable=True),
    Column("failure", Text),
    Column("created_by", Uuid),
    moment("created_at"),
    belongs_to_merchant(),
    belongs_to("staff", "created_by"),
    CheckConstraint(
        "status IN ('draft', 'scheduled', 'preparing', 'sending', 'paused', 'sent', 'cancelled', "
        "'failed')",
        name="status",
    ),
    CheckConstraint("google_mode IN ('class', 'announced', 'object')", name="google_mode"),
    Index(None, "merchant_id", "created_at"),
    Index(
        "campaigns_under_way_index",
        "merchant_id",
        postgresql_where=text("ended_at IS NULL AND status NOT IN ('draft', 'paused')"),
    ),
)

# How much of a provider's rate is used up, for every worker and all merchants that share the
# account: the moment from which the next call may be made, per lane.
provider_budgets = Table(
    "provider_budgets",
    metadata,
    Column("account", Text, primary_key=True),
    Column("lane", Integer, primary_key=True),
    moment("free_at"),
)
