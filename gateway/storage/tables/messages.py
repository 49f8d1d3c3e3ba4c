"""What is written to customers, in whose words, and whom not to write to any more."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Time,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from gateway.storage.tables.base import (
    belongs_to,
    belongs_to_merchant,
    id_column,
    merchant_column,
    metadata,
    moment,
)

# One row per intended contact: a customer, a channel, and a fact or a campaign. A campaign's
# recipients are its messages. `facts` is what the words are filled in with, nothing personal.
# Only a test send has an address of its own, sealed with a key of its own, and no customer.
# `not_before` of a campaign's message is when it may be released, and then when it was.
messages = Table(
    "messages",
    metadata,
    merchant_column(),
    id_column(),
    Column("customer_id", Uuid),
    Column("card_id", Uuid),
    Column("campaign_id", Uuid),
    Column("fact_id", Uuid),
    Column("event", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("fallbacks", ARRAY(Text), nullable=False),
    Column("facts", JSONB, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("card_version", BigInteger),
    Column("provider", Text),
    Column("reference", Text),
    Column("address_key", LargeBinary),
    Column("address_sealed", LargeBinary),
    moment("created_at"),
    moment("not_before", nullable=True),
    moment("sent_at", nullable=True),
    moment("ended_at", nullable=True),
    belongs_to_merchant(),
    belongs_to("customers", "customer_id"),
    belongs_to("cards", "card_id"),
    belongs_to("campaigns", "campaign_id"),
    CheckConstraint("channel IN ('mail', 'sms', 'apple', 'google')", name="channel"),
    CheckConstraint("purpose IN ('service', 'marketing')", name="purpose"),
    CheckConstraint(
        "state IN ('queued', 'sending', 'sent', 'delivered', 'fetched', 'bounced', 'failed', "
        "'skipped')",
        name="state",
    ),
    # Nobody twice: one message per campaign, customer and channel, one per fact and card.
    Index(
        "messages_campaign_key",
        "merchant_id",
        "campaign_id",
        "customer_id",
        "channel",
        unique=True,
        postgresql_where=text("campaign_id IS NOT NULL AND customer_id IS NOT NULL"),
    ),
    Index(
        "messages_fact_key",
        "merchant_id",
        "fact_id",
        "card_id",
        "event",
        unique=True,
        postgresql_where=text("fact_id IS NOT NULL"),
    ),
    Index(
        "messages_counts_index",
        "merchant_id",
        "campaign_id",
        "channel",
        "state",
        "reason",
        postgresql_where=text("campaign_id IS NOT NULL AND customer_id IS NOT NULL"),
    ),
    Index(
        "messages_queued_index",
        "merchant_id",
        "campaign_id",
        "channel",
        "not_before",
        "id",
        postgresql_where=text("state = 'queued'"),
    ),
    Index(
        "messages_offers_index",
        "merchant_id",
        "customer_id",
        "sent_at",
        postgresql_where=text("purpose = 'marketing' AND sent_at IS NOT NULL"),
    ),
    Index(
        "messages_under_way_index",
        "merchant_id",
        "card_id",
        postgresql_where=text("channel IN ('apple', 'google') AND state IN ('sending', 'sent')"),
    ),
    Index(
        "messages_reference_index",
        "merchant_id",
        "provider",
        "reference",
        postgresql_where=text("reference IS NOT NULL"),
    ),
    Index(
        "messages_merchant_id_customer_id_created_at_index",
        "merchant_id",
        "customer_id",
        "created_at",
    ),
    Index("messages_ended_index", "ended_at", postgresql_where=text("ended_at IS NOT NULL")),
)

# Addresses that are not written to any more, whoever has them: by their blind index.
suppressions = Table(
    "suppressions",
    metadata,
    merchant_column(),
    Column("medium", Text, primary_key=True),
    Column("contact_index", LargeBinary, primary_key=True),
    Column("reason", Text, nullable=False),
    moment("suppressed_at"),
    belongs_to_merchant(),
    CheckConstraint("medium IN ('mail', 'sms')", name="medium"),
    CheckConstraint("reason IN ('bounced', 'stopped')", name="reason"),
)

# A merchant's own words; where there is no row, ours.
wordings = Table(
    "wordings",
    metadata,
    merchant_column(),
    Column("event", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("language", Text, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    moment("changed_at"),
    belongs_to_merchant(),
)

# A merchant's manners and senders; without a row, those of its country.
message_settings = Table(
    "message_settings",
    metadata,
    merchant_column(),
    Column("quiet_begins", Time, nullable=False),
    Column("quiet_ends", Time, nullable=False),
    Column("quiet_sundays", Boolean, nullable=False),
    Column("offers_a_day", SmallInteger, nullable=False),
    Column("offers_a_week", SmallInteger, nullable=False),
    Column("silent_events", ARRAY(Text), nullable=False),
    Column("reply_to", Text),
    Column("sms_sender", Text),
    Column("revision", Integer, nullable=False),
    belongs_to_merchant(),
    Index(
        "message_settings_sms_sender_key",
        "sms_sender",
        unique=True,
        postgresql_where=text("sms_sender IS NOT NULL"),
    ),
)
