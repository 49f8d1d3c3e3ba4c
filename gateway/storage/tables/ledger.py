"""The ledger: transactions and entries, appended and never changed, and what makes each unique."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from gateway.storage.tables.base import (
    belongs_to,
    belongs_to_merchant,
    id_column,
    merchant_column,
    metadata,
    moment,
)

# `number` and `hash` are the transaction's place in its card's chain. `actor` is the principal who
# did it. It was posted as of `occurred_at`; `happened_at` is when a till says that it happened.
# `earned_before` and `memory_before` are what the card remembered before it, for whoever takes it
# back.
transactions = Table(
    "transactions",
    metadata,
    merchant_column(),
    moment("occurred_at", primary_key=True),
    id_column(),
    Column("card_id", Uuid, nullable=False),
    Column("program_version_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("location_id", Uuid),
    Column("staff_id", Uuid),
    Column("till_id", Uuid),
    Column("source", Text, nullable=False),
    Column("remote_address", Text),
    Column("user_agent", Text),
    moment("earned_before", nullable=True),
    Column("memory_before", JSONB),
    Column("explanation", JSONB, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("actor", Text, nullable=False),
    moment("happened_at"),
    Column("business_day", Date, nullable=False),
    Column("earnings", Integer, nullable=False),
    Column("visits", Integer, nullable=False),
    Column("spent", BigInteger, nullable=False),
    Column("given", JSONB, nullable=False),
    Column("sale_id", Uuid),
    Column("reason", Text),
    Column("approved_by", Uuid),
    Column("counterpart_card_id", Uuid),
    belongs_to("cards", "card_id"),
    belongs_to("program_versions", "program_version_id"),
    belongs_to("locations", "location_id"),
    belongs_to("staff", "staff_id"),
    belongs_to("tills", "till_id"),
    Index(None, "merchant_id", "card_id", "occurred_at"),
    postgresql_partition_by="RANGE (occurred_at)",
)

# Written from the account row they change, in the same statement: a reference to it would only
# look the same row up once more.
entries = Table(
    "entries",
    metadata,
    merchant_column(),
    Column("card_id", Uuid, primary_key=True),
    moment("occurred_at", primary_key=True),
    Column("unit", Text, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("transaction_id", Uuid, nullable=False),
    Column("delta", BigInteger, nullable=False),
    Column("balance_after", BigInteger, nullable=False),
    ForeignKeyConstraint(
        ["merchant_id", "occurred_at", "transaction_id"],
        ["transactions.merchant_id", "transactions.occurred_at", "transactions.id"],
    ),
    postgresql_partition_by="RANGE (occurred_at)",
)

# One row per transaction that was taken back: the primary key is what makes it happen once.
reversals = Table(
    "reversals",
    metadata,
    merchant_column(),
    id_column("transaction_id"),
    Column("reversed_by", Uuid, nullable=False),
    moment("reversed_at"),
    belongs_to_merchant(),
)

# No reference to the merchant: it would take a shared lock on one row with every stamp.
idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    merchant_column(),
    Column("principal", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("status", SmallInteger, nullable=False),
    Column("body", Text, nullable=False),
    moment("created_at"),
    Index(None, "created_at"),
)

# A receipt earns once, for ever, whichever till sends it under whichever key, as a visit or as a
# sale. What a sale gave, its own row knows: it has no transaction here.
source_events = Table(
    "source_events",
    metadata,
    merchant_column(),
    Column("source", Text, primary_key=True),
    Column("source_event_id", Text, primary_key=True),
    Column("effect", Text, primary_key=True),
    Column("transaction_id", Uuid),
)
