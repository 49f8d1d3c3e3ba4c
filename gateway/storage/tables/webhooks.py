"""Webhook endpoints, what is sent to them, and how each attempt went."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY

from gateway.storage.tables.base import (
    belongs_to,
    belongs_to_merchant,
    id_column,
    merchant_column,
    metadata,
    moment,
)

webhook_endpoints = Table(
    "webhook_endpoints",
    metadata,
    merchant_column(),
    id_column(),
    Column("url", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("events", ARRAY(Text), nullable=False),
    Column("status", Text, nullable=False),
    Column("disabled_reason", Text),
    Column("secret_sealed", LargeBinary, nullable=False),
    Column("old_secret_sealed", LargeBinary),
    moment("old_secret_until", nullable=True),
    moment("failing_since", nullable=True),
    Column("revision", Integer, nullable=False),
    moment("created_at"),
    moment("deleted_at", nullable=True),
    belongs_to_merchant(),
    CheckConstraint("status IN ('enabled', 'disabled')", name="status"),
    Index(None, "merchant_id", "created_at"),
)

# The body as it is signed and sent, the same to every endpoint and at every try.
webhook_messages = Table(
    "webhook_messages",
    metadata,
    merchant_column(),
    id_column(),
    Column("type", Text, nullable=False),
    Column("body", Text, nullable=False),
    moment("created_at"),
    belongs_to_merchant(),
    Index(None, "merchant_id", "created_at"),
    Index("webhook_messages_created_at_index", "created_at"),
)

webhook_attempts = Table(
    "webhook_attempts",
    metadata,
    merchant_column(),
    id_column(),
    Column("endpoint_id", Uuid, nullable=False),
    Column("message_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("status", SmallInteger),
    Column("outcome", Text, nullable=False),
    Column("milliseconds", Integer, nullable=False),
    Column("excerpt", Text, nullable=False),
    moment("attempted_at"),
    belongs_to("webhook_endpoints", "endpoint_id"),
    Index(None, "merchant_id", "endpoint_id", "attempted_at"),
    Index("webhook_attempts_attempted_at_index", "attempted_at"),
)
