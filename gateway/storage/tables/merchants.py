"""Merchants, where they are, and the pass types that are theirs."""

from sqlalchemy import CheckConstraint, Column, Integer, Table, Text, UniqueConstraint, Uuid

from gateway.storage.tables.base import (
    belongs_to_merchant,
    id_column,
    merchant_column,
    metadata,
    moment,
)

# Public facts only: everybody who follows a link may see them before a merchant is known.
merchants = Table(
    "merchants",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("slug", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("language", Text, nullable=False),
    moment("created_at"),
)

# Apple's paths name the pass type only, so this is how a device's merchant is found.
apple_pass_types = Table(
    "apple_pass_types",
    metadata,
    merchant_column(),
    Column("pass_type_identifier", Text, primary_key=True, unique=True),
    Column("team_identifier", Text, nullable=False),
    Column("organization_name", Text, nullable=False),
    belongs_to_merchant(),
)

locations = Table(
    "locations",
    metadata,
    merchant_column(),
    id_column(),
    Column("name", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("cutoff_hour", Integer, nullable=False),
    moment("created_at"),
    moment("closed_at", nullable=True),
    belongs_to_merchant(),
    UniqueConstraint("merchant_id", "code"),
    CheckConstraint("cutoff_hour BETWEEN 0 AND 12", name="cutoff_hour"),
)
