"""Who works for a merchant, with which till, session or key, and how often they guessed."""

from sqlalchemy import (
    ARRAY,
    Boolean,
    Column,
    Integer,
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

staff = Table(
    "staff",
    metadata,
    merchant_column(),
    id_column(),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("pin_hash", Text),
    Column("email", Text),
    Column("password_hash", Text),
    Column("active", Boolean, nullable=False),
    moment("created_at"),
    belongs_to_merchant(),
    UniqueConstraint("merchant_id", "email"),
)

# A till is paired when it has a secret; until then it waits for its pairing code.
tills = Table(
    "tills",
    metadata,
    merchant_column(),
    id_column(),
    Column("location_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("pairing_hash", LargeBinary),
    moment("pairing_expires_at", nullable=True),
    Column("secret_hash", LargeBinary),
    moment("created_at"),
    moment("paired_at", nullable=True),
    moment("revoked_at", nullable=True),
    belongs_to("locations", "location_id"),
    UniqueConstraint("merchant_id", "pairing_hash"),
)

sessions = Table(
    "sessions",
    metadata,
    merchant_column(),
    id_column(),
    Column("secret_hash", LargeBinary, nullable=False),
    Column("staff_id", Uuid, nullable=False),
    Column("till_id", Uuid),
    moment("created_at"),
    moment("seen_at"),
    moment("expires_at"),
    moment("ended_at", nullable=True),
    belongs_to("staff", "staff_id"),
    belongs_to("tills", "till_id"),
)

api_keys = Table(
    "api_keys",
    metadata,
    merchant_column(),
    id_column(),
    Column("name", Text, nullable=False),
    Column("secret_hash", LargeBinary, nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    moment("created_at"),
    moment("expires_at", nullable=True),
    moment("revoked_at", nullable=True),
    belongs_to_merchant(),
)

# A try is counted here before the secret is looked at, so that tries at once cannot slip by.
attempts = Table(
    "attempts",
    metadata,
    merchant_column(),
    Column("kind", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("tries", Integer, nullable=False),
    moment("window_began_at"),
    moment("locked_until", nullable=True),
    belongs_to_merchant(),
)
