"""What wallets hold: passes, the devices that keep them, and who wants to hear of changes."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Index,
    Sequence,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from gateway.storage.tables.base import belongs_to, merchant_column, metadata, moment

# Apple's update tags, strictly increasing over all pass types.
pass_tags = Sequence("pass_tags", metadata=metadata)

# `published_version` is the card's version that devices were told of under `tag`.
passes = Table(
    "passes",
    metadata,
    merchant_column(),
    Column("pass_type_identifier", Text, primary_key=True),
    Column("serial_number", Text, primary_key=True),
    Column("card_id", Uuid, nullable=False),
    Column("published_version", BigInteger, nullable=False),
    Column("tag", BigInteger, nullable=False),
    moment("changed_at"),
    Column("fetched_version", BigInteger),
    moment("fetched_at", nullable=True),
    moment("created_at"),
    belongs_to("cards", "card_id"),
    belongs_to("apple_pass_types", "pass_type_identifier", key="pass_type_identifier"),
    UniqueConstraint("merchant_id", "card_id", "pass_type_identifier"),
)

devices = Table(
    "devices",
    metadata,
    merchant_column(),
    Column("pass_type_identifier", Text, primary_key=True),
    Column("device_library_identifier", Text, primary_key=True),
    Column("push_token", Text, nullable=False),
    moment("registered_at"),
    belongs_to("apple_pass_types", "pass_type_identifier", key="pass_type_identifier"),
)

registrations = Table(
    "registrations",
    metadata,
    merchant_column(),
    Column("pass_type_identifier", Text, primary_key=True),
    Column("device_library_identifier", Text, primary_key=True),
    Column("serial_number", Text, primary_key=True),
    moment("registered_at"),
    ForeignKeyConstraint(
        ["merchant_id", "pass_type_identifier", "device_library_identifier"],
        [
            "devices.merchant_id",
            "devices.pass_type_identifier",
            "devices.device_library_identifier",
        ],
    ),
    ForeignKeyConstraint(
        ["merchant_id", "pass_type_identifier", "serial_number"],
        ["passes.merchant_id", "passes.pass_type_identifier", "passes.serial_number"],
    ),
    Index(
        "registrations_serial_number_index",
        "merchant_id",
        "pass_type_identifier",
        "serial_number",
    ),
)
