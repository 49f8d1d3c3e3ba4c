"""Cards, their accounts, and the rewards they are redeemed for."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from gateway.storage.tables.base import belongs_to, id_column, merchant_column, metadata, moment

# What a card earned today and when it last did is kept here because the limits are decided by
# it; everything else about its value is in its accounts. `announcement_id` is the campaign whose
# words the card shows in the wallet.
cards = Table(
    "cards",
    metadata,
    merchant_column(),
    id_column(),
    Column("program_id", Uuid, nullable=False),
    Column("customer_id", Uuid, nullable=False),
    Column("code", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    moment("last_earned_at", nullable=True),
    Column("earned_on", Date),
    Column("earned_that_day", Integer, nullable=False),
    Column("announcement_id", Uuid),
    moment("opened_at"),
    belongs_to("programs", "program_id"),
    belongs_to("customers", "customer_id"),
    belongs_to("campaigns", "announcement_id"),
    UniqueConstraint("merchant_id", "code"),
    UniqueConstraint("merchant_id", "program_id", "customer_id"),
    CheckConstraint("status IN ('active', 'blocked')", name="status"),
    Index(None, "merchant_id", "opened_at", "id"),
    postgresql_with={"fillfactor": 80},
)

accounts = Table(
    "accounts",
    metadata,
    merchant_column(),
    Column("card_id", Uuid, primary_key=True),
    Column("unit", Text, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("balance", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    belongs_to("cards", "card_id"),
    CheckConstraint("account IN ('issued', 'available', 'reserved', 'redeemed')", name="account"),
    CheckConstraint("account = 'issued' OR balance >= 0", name="balance"),
    postgresql_with={"fillfactor": 80},
)

rewards = Table(
    "rewards",
    metadata,
    merchant_column(),
    id_column(),
    Column("program_version_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("cost", BigInteger, nullable=False),
    belongs_to("program_versions", "program_version_id"),
    CheckConstraint("cost > 0", name="cost"),
    Index(None, "merchant_id", "program_version_id"),
)

redemptions = Table(
    "redemptions",
    metadata,
    merchant_column(),
    id_column(),
    Column("card_id", Uuid, nullable=False),
    Column("reward_id", Uuid, nullable=False),
    Column("status", Text, nullable=False),
    Column("code", Text, nullable=False),
    moment("reserved_at"),
    moment("expires_at"),
    moment("ended_at", nullable=True),
    belongs_to("cards", "card_id"),
    belongs_to("rewards", "reward_id"),
    CheckConstraint("status IN ('reserved', 'redeemed', 'cancelled', 'expired')", name="status"),
    Index(None, "merchant_id", "card_id", "reserved_at"),
    Index("redemptions_open_index", "expires_at", postgresql_where=text("status = 'reserved'")),
)
