"""Pictures of rewards: a merchant names an address, and we keep what was there."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, LargeBinary, Table, Text, text

from gateway.storage.tables.base import belongs_to_merchant, merchant_column, metadata, moment

# `due_at` is when the address is asked next, null once it was or when nobody tries any more, and
# `reason` why there was no picture the last time. `content` is our own small drawing of it, and
# `digest` what that is called in addresses of ours.
reward_pictures = Table(
    "reward_pictures",
    metadata,
    merchant_column(),
    Column("address", Text, primary_key=True),
    moment("due_at", nullable=True),
    Column("tries", Integer, nullable=False),
    Column("reason", Text),
    Column("content", LargeBinary),
    Column("digest", Text),
    belongs_to_merchant(),
    CheckConstraint("(content IS NULL) = (digest IS NULL)", name="content"),
    Index(None, "merchant_id", "digest"),
    Index("reward_pictures_due_index", "due_at", postgresql_where=text("due_at IS NOT NULL")),
)
