"""Sales as they stand now, and what they were judged by when they happened."""

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
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from gateway.storage.tables.base import belongs_to, id_column, merchant_column, metadata, moment

sales = Table(
    "sales",
    metadata,
    merchant_column(),
    id_column(),
    Column("card_id", Uuid, nullable=False),
    Column("source", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("total_paid", BigInteger, nullable=False),
    Column("total_refunded", BigInteger, nullable=False),
    Column("lines", JSONB, nullable=False),
    Column("program_version_id", Uuid, nullable=False),
    Column("location_id", Uuid, nullable=False),
    moment("occurred_at"),
    Column("business_day", Date, nullable=False),
    Column("basis", JSONB, nullable=False),
    Column("given", JSONB, nullable=False),
    Column("transactions", ARRAY(Uuid), nullable=False),
    Column("sequence", BigInteger),
    Column("revision", Integer, nullable=False),
    moment("changed_at"),
    belongs_to("cards", "card_id"),
    belongs_to("program_versions", "program_version_id"),
    belongs_to("locations", "location_id"),
    UniqueConstraint("merchant_id", "source", "reference"),
    CheckConstraint("total_refunded BETWEEN 0 AND total_paid", name="total"),
    Index(None, "merchant_id", "card_id", "occurred_at"),
)
