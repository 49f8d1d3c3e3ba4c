"""Accounts and what their balances are made of: lots, and what was taken from them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)

from gateway.storage.tables.base import belongs_to, merchant_column, metadata, moment

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
    CheckConstraint(
        "account IN ('issued', 'pending', 'available', 'reserved', 'redeemed', 'expired', "
        "'adjusted')",
        name="account",
    ),
    CheckConstraint(
        "balance >= 0 OR account IN ('issued', 'adjusted', 'available')", name="balance"
    ),
    postgresql_with={"fillfactor": 80},
)

# A lot is named by the transaction that opened it; only what is left of it changes, where it
# stands, and when it ends. `noticed_for` is the end that the customer was told of; a lot that
# `had_grace` already lived on once after it ended while it was set aside.
lots = Table(
    "lots",
    metadata,
    merchant_column(),
    Column("card_id", Uuid, primary_key=True),
    Column("transaction_id", Uuid, primary_key=True),
    Column("unit", Text, primary_key=True),
    Column("number", SmallInteger, primary_key=True),
    Column("account", Text, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("remaining", BigInteger, nullable=False),
    moment("earned_at"),
    moment("usable_from", nullable=True),
    moment("expires_at", nullable=True),
    moment("noticed_for", nullable=True),
    Column("had_grace", Boolean, nullable=False, server_default=text("false")),
    belongs_to("cards", "card_id"),
    CheckConstraint("account IN ('pending', 'available')", name="account"),
    CheckConstraint("amount > 0", name="amount"),
    CheckConstraint("remaining BETWEEN 0 AND amount", name="remaining"),
    Index(
        "lots_open_index",
        "merchant_id",
        "card_id",
        "unit",
        "account",
        "expires_at",
        "earned_at",
        "transaction_id",
        "number",
        postgresql_where=text("remaining > 0"),
    ),
    Index(
        "lots_expiring_index",
        "expires_at",
        postgresql_where=text(
            "remaining > 0 AND account = 'available' AND expires_at IS NOT NULL"
        ),
    ),
    Index(
        "lots_maturing_index",
        "usable_from",
        postgresql_where=text("remaining > 0 AND account = 'pending'"),
    ),
    postgresql_with={"fillfactor": 80},
)

# What a transaction took from a lot, or, below zero, put back; zero when it put back what the card
# owed, and so took it again.
consumptions = Table(
    "consumptions",
    metadata,
    merchant_column(),
    Column("card_id", Uuid, primary_key=True),
    Column("transaction_id", Uuid, primary_key=True),
    Column("unit", Text, primary_key=True),
    Column("lot_transaction_id", Uuid, primary_key=True),
    Column("lot_number", SmallInteger, primary_key=True),
    Column("amount", BigInteger, nullable=False),
    ForeignKeyConstraint(
        ["merchant_id", "card_id", "lot_transaction_id", "unit", "lot_number"],
        [
            "lots.merchant_id",
            "lots.card_id",
            "lots.transaction_id",
            "lots.unit",
            "lots.number",
        ],
        name="consumptions_lot_fkey",
    ),
)
