"""Customers, sealed, and what they agreed to."""

from sqlalchemy import (
    Boolean,
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

# Personal data is sealed with a key of the customer's own, so that destroying the key erases it.
customers = Table(
    "customers",
    metadata,
    merchant_column(),
    id_column(),
    Column("wrapped_key", LargeBinary),
    Column("language", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    moment("created_at"),
    moment("erased_at", nullable=True),
    belongs_to_merchant(),
)

# At most one mail address and one phone number each. The index finds a customer by the same
# address again without storing it in the clear.
contacts = Table(
    "contacts",
    metadata,
    merchant_column(),
    Column("customer_id", Uuid, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("contact_index", LargeBinary, nullable=False),
    moment("added_at"),
    belongs_to("customers", "customer_id"),
    UniqueConstraint("merchant_id", "contact_index"),
    CheckConstraint("kind IN ('mail', 'phone')", name="kind"),
)

consents = Table(
    "consents",
    metadata,
    merchant_column(),
    id_column(),
    Column("customer_id", Uuid, nullable=False),
    Column("channel", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("granted", Boolean, nullable=False),
    Column("wording", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("remote_address", Text),
    moment("given_at"),
    belongs_to("customers", "customer_id"),
    Index(None, "merchant_id", "customer_id", "channel", "purpose", "given_at"),
)
