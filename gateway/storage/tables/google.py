"""What Google Wallet holds: issuers, classes, objects, callbacks and notifications used up."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from gateway.storage.tables.base import (
    belongs_to,
    belongs_to_merchant,
    id_column,
    merchant_column,
    metadata,
    moment,
)

google_issuers = Table(
    "google_issuers",
    metadata,
    merchant_column(),
    Column("issuer_id", Text, primary_key=True),
    belongs_to_merchant(),
)

# `written_digest` is of the body Google has; None before the class was made.
google_classes = Table(
    "google_classes",
    metadata,
    merchant_column(),
    Column("program_id", Uuid, primary_key=True),
    Column("issuer_id", Text, nullable=False),
    Column("class_id", Text, nullable=False),
    Column("written_digest", LargeBinary),
    moment("written_at", nullable=True),
    belongs_to("programs", "program_id"),
    belongs_to("google_issuers", "issuer_id", key="issuer_id"),
    UniqueConstraint("merchant_id", "class_id"),
)

# `written_version` is the card's version that Google has; None before the object was made.
google_objects = Table(
    "google_objects",
    metadata,
    merchant_column(),
    Column("card_id", Uuid, primary_key=True),
    Column("issuer_id", Text, nullable=False),
    Column("object_id", Text, nullable=False),
    Column("written_version", BigInteger),
    Column("written_balance", Text),
    moment("written_at", nullable=True),
    moment("saved_at", nullable=True),
    moment("removed_at", nullable=True),
    moment("created_at"),
    belongs_to("cards", "card_id"),
    belongs_to("google_issuers", "issuer_id", key="issuer_id"),
    UniqueConstraint("merchant_id", "object_id"),
)

google_callbacks = Table(
    "google_callbacks",
    metadata,
    merchant_column(),
    Column("issuer_id", Text, primary_key=True),
    Column("nonce", Text, primary_key=True),
    Column("object_id", Text, nullable=False),
    Column("event", Text, nullable=False),
    moment("expires_at"),
    moment("received_at"),
    belongs_to_merchant(),
    Index("google_callbacks_expires_at_index", "expires_at"),
)

# Google shows three updates and three messages a day per object or class, and no more.
google_notices = Table(
    "google_notices",
    metadata,
    merchant_column(),
    id_column(),
    Column("resource_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    moment("notified_at"),
    belongs_to_merchant(),
    CheckConstraint("kind IN ('update', 'message')", name="kind"),
    Index(None, "merchant_id", "resource_id", "kind", "notified_at"),
)
