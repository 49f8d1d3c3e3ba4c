"""Programs, their versions, which never change, and what surrounds them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
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

_KEPT = text("deleted_at IS NULL")
TURNS = text(
    "rule_kinds && ARRAY['amount_spent', 'visit_frequency']"
    " AND status IN ('active', 'paused', 'ended')"
)
"""Programs with cards that may count by periods; a query says it in the same words."""

# `name` and `rule_kinds` are those of the current version, to search and filter by. `turns_at` is
# when cards are next looked at because a period of its rules ended; null after a new version.
programs = Table(
    "programs",
    metadata,
    merchant_column(),
    id_column(),
    Column("status", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("current_number", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("rule_kinds", ARRAY(Text), nullable=False),
    moment("starts_at", nullable=True),
    moment("ends_at", nullable=True),
    moment("ended_at", nullable=True),
    moment("deleted_at", nullable=True),
    moment("turns_at", nullable=True),
    moment("created_at"),
    belongs_to_merchant(),
    CheckConstraint(
        "status IN ('draft', 'scheduled', 'active', 'paused', 'ended')", name="status"
    ),
    CheckConstraint(
        "starts_at IS NULL OR ends_at IS NULL OR starts_at < ends_at", name="schedule"
    ),
    Index("programs_listed_index", "merchant_id", "created_at", "id", postgresql_where=_KEPT),
    Index(
        "programs_by_status_index",
        "merchant_id",
        "status",
        "created_at",
        "id",
        postgresql_where=_KEPT,
    ),
    Index("programs_by_name_index", "merchant_id", "name", "id", postgresql_where=_KEPT),
    Index(
        "programs_deleted_index",
        "merchant_id",
        "deleted_at",
        "id",
        postgresql_where=text("deleted_at IS NOT NULL"),
    ),
    Index(
        "programs_starting_index",
        "starts_at",
        postgresql_where=text("status = 'scheduled' AND deleted_at IS NULL"),
    ),
    Index(
        "programs_turning_index",
        "turns_at",
        postgresql_where=TURNS,
    ),
    Index(
        "programs_ending_index",
        "ends_at",
        postgresql_where=text(
            "status IN ('scheduled', 'active', 'paused') AND deleted_at IS NULL"
        ),
    ),
)

# `look_back_days` is how many of a card's days its rules look at; `has_budgets` whether the plan
# caps what the whole program gives.
program_versions = Table(
    "program_versions",
    metadata,
    merchant_column(),
    id_column(),
    Column("program_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("plan", JSONB, nullable=False),
    Column("look", JSONB, nullable=False),
    Column("look_back_days", Integer, nullable=False),
    Column("has_budgets", Boolean, nullable=False),
    Column("published_by", Uuid),
    moment("published_at"),
    belongs_to("programs", "program_id"),
    belongs_to("staff", "published_by"),
    UniqueConstraint("merchant_id", "program_id", "number"),
)

# What the whole program gave so far of what a cap limits: a row per such cap, made with the
# version that has it.
program_budgets = Table(
    "program_budgets",
    metadata,
    merchant_column(),
    Column("program_id", Uuid, primary_key=True),
    Column("cap", Text, primary_key=True),
    Column("given", BigInteger, nullable=False),
    belongs_to("programs", "program_id"),
    CheckConstraint("given >= 0", name="given"),
)

# At most one runs per program; its variants name program versions, to which cards are then tied.
experiments = Table(
    "experiments",
    metadata,
    merchant_column(),
    id_column(),
    Column("program_id", Uuid, nullable=False),
    Column("key", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("hold_out", Integer, nullable=False),
    Column("variants", JSONB, nullable=False),
    moment("created_at"),
    moment("started_at", nullable=True),
    moment("ended_at", nullable=True),
    belongs_to("programs", "program_id"),
    UniqueConstraint("merchant_id", "program_id", "key"),
    CheckConstraint("status IN ('draft', 'running', 'ended')", name="status"),
    Index(
        "experiments_running_index",
        "merchant_id",
        "program_id",
        unique=True,
        postgresql_where=text("status = 'running'"),
    ),
)

segments = Table(
    "segments",
    metadata,
    merchant_column(),
    id_column(),
    Column("name", Text, nullable=False),
    Column("definition", JSONB, nullable=False),
    Column("revision", Integer, nullable=False),
    moment("created_at"),
    moment("deleted_at", nullable=True),
    belongs_to_merchant(),
)
