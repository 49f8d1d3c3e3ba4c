"""Programs and their versions, which never change."""

from sqlalchemy import CheckConstraint, Column, Integer, Table, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from gateway.storage.tables.base import (
    belongs_to,
    belongs_to_merchant,
    id_column,
    merchant_column,
    metadata,
    moment,
)

programs = Table(
    "programs",
    metadata,
    merchant_column(),
    id_column(),
    Column("status", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("current_number", Integer, nullable=False),
    moment("created_at"),
    belongs_to_merchant(),
    CheckConstraint("status IN ('draft', 'active', 'paused', 'ended')", name="status"),
)

program_versions = Table(
    "program_versions",
    metadata,
    merchant_column(),
    id_column(),
    Column("program_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("rule_kind", Text, nullable=False),
    Column("rule", JSONB, nullable=False),
    Column("look", JSONB, nullable=False),
    Column("published_by", Uuid),
    moment("published_at"),
    belongs_to("programs", "program_id"),
    belongs_to("staff", "published_by"),
    UniqueConstraint("merchant_id", "program_id", "number"),
)
