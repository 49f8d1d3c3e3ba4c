"""Cards, what they did each day, and their tiers."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from gateway.storage.tables.base import belongs_to, id_column, merchant_column, metadata, moment

# The totals, `memory` and `tier` follow from the card's transactions; they are kept because the
# next decision needs them. `variant_version_id` ties the card to one version while an experiment
# runs. `chain_number` and `chain_hash` are those of its last transaction. `announcement_id` is the
# campaign whose words the card shows in the wallet.
cards = Table(
    "cards",
    metadata,
    merchant_column(),
    id_column(),
    Column("program_id", Uuid, nullable=False),
    Column("customer_id", Uuid, nullable=False),
    Column("code", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("blocked_reason", Text),
    Column("merged_into", Uuid),
    Column("version", BigInteger, nullable=False),
    Column("variant", Text),
    Column("variant_version_id", Uuid),
    moment("last_earned_at", nullable=True),
    Column("visits_total", BigInteger, nullable=False, server_default=text("0")),
    Column("spent_total", BigInteger, nullable=False, server_default=text("0")),
    Column("points_total", BigInteger, nullable=False, server_default=text("0")),
    Column("memory", JSONB, nullable=False, server_default=text("'{}'")),
    Column("tier", Text),
    moment("tier_since", nullable=True),
    Column("tier_review_on", Date),
    Column("chain_number", BigInteger, nullable=False, server_default=text("0")),
    Column("chain_hash", LargeBinary, nullable=False, server_default=text(f"'\\x{'00' * 32}'")),
    Column("announcement_id", Uuid),
    moment("opened_at"),
    belongs_to("programs", "program_id"),
    belongs_to("customers", "customer_id"),
    belongs_to("campaigns", "announcement_id"),
    belongs_to("program_versions", "variant_version_id"),
    belongs_to("cards", "merged_into"),
    UniqueConstraint("merchant_id", "code"),
    UniqueConstraint("merchant_id", "program_id", "customer_id"),
    CheckConstraint("status IN ('active', 'blocked', 'merged')", name="status"),
    Index(None, "merchant_id", "opened_at", "id"),
    Index("cards_program_index", "merchant_id", "program_id", "id"),
    Index(
        "cards_tier_review_index",
        "tier_review_on",
        postgresql_where=text("tier_review_on IS NOT NULL"),
    ),
    Index(
        "cards_merged_index",
        "merchant_id",
        "merged_into",
        postgresql_where=text("merged_into IS NOT NULL"),
    ),
    postgresql_with={"fillfactor": 80},
)

# What a card did on a business day, summed over its transactions; `given` is by rule.
card_days = Table(
    "card_days",
    metadata,
    merchant_column(),
    Column("card_id", Uuid, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("earnings", Integer, nullable=False),
    Column("visits", Integer, nullable=False),
    Column("spent", BigInteger, nullable=False),
    Column("points", BigInteger, nullable=False),
    Column("given", JSONB, nullable=False),
    belongs_to("cards", "card_id"),
    postgresql_with={"fillfactor": 80},
)

tier_moves = Table(
    "tier_moves",
    metadata,
    merchant_column(),
    Column("card_id", Uuid, primary_key=True),
    id_column(),
    Column("before", Text),
    Column("tier", Text),
    Column("reason", Text, nullable=False),
    moment("moved_at"),
    belongs_to("cards", "card_id"),
)
