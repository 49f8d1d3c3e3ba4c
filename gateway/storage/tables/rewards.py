"""Rewards, promised by a version or kept in the catalogue, and how they go over the counter."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from gateway.storage.tables.base import belongs_to, id_column, merchant_column, metadata, moment

# A reward of a version has its `program_version_id` and the `key` of what promised it, and never
# changes. One of the catalogue has neither; its `stock` counts down, null is without end.
rewards = Table(
    "rewards",
    metadata,
    merchant_column(),
    id_column(),
    Column("program_id", Uuid, nullable=False),
    Column("program_version_id", Uuid),
    Column("key", Text),
    Column("name", Text, nullable=False),
    Column("category", Text),
    Column("description", Text, nullable=False),
    Column("terms", Text, nullable=False),
    Column("image", Text),
    Column("localised", JSONB, nullable=False),
    Column("promise", JSONB),
    Column("unit", Text, nullable=False),
    Column("cost", BigInteger, nullable=False),
    Column("tier_min", Text),
    Column("per_member_max", Integer),
    Column("stock", BigInteger),
    moment("valid_from", nullable=True),
    moment("valid_until", nullable=True),
    Column("reservation_minutes", Integer, nullable=False),
    Column("needs_fulfilment", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("revision", Integer, nullable=False),
    moment("created_at"),
    moment("deleted_at", nullable=True),
    belongs_to("programs", "program_id"),
    belongs_to("program_versions", "program_version_id"),
    CheckConstraint("cost > 0", name="cost"),
    CheckConstraint("stock >= 0", name="stock"),
    Index(None, "merchant_id", "program_version_id"),
    Index(
        "rewards_catalogue_index",
        "merchant_id",
        "program_id",
        "created_at",
        postgresql_where=text("program_version_id IS NULL AND deleted_at IS NULL"),
    ),
)

# `unit` and `cost` are what was paid, whatever the reward costs by now; `transaction_id` is the
# one that set it aside, whose lots come back when nothing is handed out, `end_transaction_id` the
# one that ended it; `has_taken_stock` says that a piece was counted down for it.
redemptions = Table(
    "redemptions",
    metadata,
    merchant_column(),
    id_column(),
    Column("card_id", Uuid, nullable=False),
    Column("reward_id", Uuid, nullable=False),
    Column("unit", Text, nullable=False),
    Column("cost", BigInteger, nullable=False),
    Column("transaction_id", Uuid, nullable=False),
    Column("end_transaction_id", Uuid),
    Column("has_taken_stock", Boolean, nullable=False),
    Column("status", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("fulfilment", Text, nullable=False),
    moment("reserved_at"),
    moment("expires_at"),
    moment("ended_at", nullable=True),
    moment("fulfilled_at", nullable=True),
    Column("fulfilled_by", Text),
    moment("reversed_at", nullable=True),
    belongs_to("cards", "card_id"),
    belongs_to("rewards", "reward_id"),
    CheckConstraint(
        "status IN ('reserved', 'redeemed', 'cancelled', 'expired', 'reversed')", name="status"
    ),
    CheckConstraint("fulfilment IN ('none', 'open', 'fulfilled')", name="fulfilment"),
    Index(None, "merchant_id", "card_id", "reserved_at"),
    Index(None, "merchant_id", "reward_id", "card_id"),
    Index("redemptions_open_index", "expires_at", postgresql_where=text("status = 'reserved'")),
    Index(
        "redemptions_merchant_id_code_index",
        "merchant_id",
        "code",
        postgresql_where=text("status = 'reserved' OR fulfilment = 'open'"),
    ),
)
