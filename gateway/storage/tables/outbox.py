"""What must follow a commit: events in the outbox, deliveries to the world, and the audit."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from gateway.storage.tables.base import (
    belongs_to_merchant,
    id_column,
    merchant_column,
    metadata,
    moment,
)

# Neither queue refers to the merchant: that would take a shared lock on one row each time.
outbox = Table(
    "outbox",
    metadata,
    merchant_column(),
    id_column(),
    Column("type", Text, nullable=False),
    Column("data", JSONB, nullable=False),
    moment("announced_at"),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    moment("relayed_at", nullable=True),
    Column("dead_reason", Text),
    Index(
        "outbox_waiting_index",
        "merchant_id",
        "announced_at",
        postgresql_where=text("relayed_at IS NULL"),
    ),
    Index("outbox_relayed_index", "relayed_at", postgresql_where=text("relayed_at IS NOT NULL")),
)

# `id` is the provider's key for life: every retry carries the same. `lease` fences: only who
# holds the lease may say how the attempt ended.
deliveries = Table(
    "deliveries",
    metadata,
    merchant_column(),
    moment("created_at", primary_key=True),
    id_column(),
    Column("channel", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("lane", SmallInteger, nullable=False, server_default=text("0")),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    moment("next_at"),
    Column("lease", Uuid),
    moment("leased_until", nullable=True),
    Column("reason", Text),
    moment("ended_at", nullable=True),
    CheckConstraint("state IN ('waiting', 'done', 'dead')", name="state"),
    Index(
        "deliveries_waiting_index",
        "channel",
        "merchant_id",
        "lane",
        "next_at",
        postgresql_where=text("state = 'waiting'"),
    ),
    Index(
        "deliveries_target_index",
        "merchant_id",
        "channel",
        "topic",
        "target",
        postgresql_where=text("state = 'waiting'"),
    ),
    postgresql_partition_by="RANGE (created_at)",
)

audit = Table(
    "audit",
    metadata,
    merchant_column(),
    id_column(),
    moment("happened_at"),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", JSONB, nullable=False),
    Column("request_id", Text),
    Column("remote_address", Text),
    belongs_to_merchant(),
    Index(None, "merchant_id", "happened_at"),
)
