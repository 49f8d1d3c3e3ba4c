"""What makes a ledger auditable: adjustments with two persons, and signed checkpoints."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Table,
    Text,
    Uuid,
    text,
)

from gateway.storage.tables.base import (
    belongs_to,
    belongs_to_merchant,
    id_column,
    merchant_column,
    metadata,
    moment,
)

# The most that one person alone may add to or take from a card.
ledger_settings = Table(
    "ledger_settings",
    metadata,
    merchant_column(),
    Column("adjust_alone_max", BigInteger, nullable=False),
    belongs_to_merchant(),
    CheckConstraint("adjust_alone_max >= 0", name="adjust_alone_max"),
)

adjustments = Table(
    "adjustments",
    metadata,
    merchant_column(),
    id_column(),
    Column("card_id", Uuid, nullable=False),
    Column("unit", Text, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("may_owe", Boolean, nullable=False),
    Column("status", Text, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("asked_by_staff_id", Uuid),
    moment("asked_at"),
    Column("decided_by_staff_id", Uuid),
    moment("decided_at", nullable=True),
    Column("transaction_id", Uuid),
    belongs_to("cards", "card_id"),
    CheckConstraint("status IN ('asked', 'posted', 'refused')", name="status"),
    CheckConstraint("amount <> 0", name="amount"),
    Index(None, "merchant_id", "card_id", "asked_at"),
    Index(
        "adjustments_asked_index",
        "merchant_id",
        "asked_at",
        postgresql_where=text("status = 'asked'"),
    ),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    merchant_column(),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    moment("made_at"),
    Column("previous", LargeBinary, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("heads", BigInteger, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("signature", Text, nullable=False),
    belongs_to_merchant(),
)

# The heads of all chains that grew since the checkpoint before.
checkpoint_heads = Table(
    "checkpoint_heads",
    metadata,
    merchant_column(),
    Column("checkpoint_number", BigInteger, primary_key=True),
    Column("card_id", Uuid, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    ForeignKeyConstraint(
        ["merchant_id", "checkpoint_number"], ["checkpoints.merchant_id", "checkpoints.number"]
    ),
)
